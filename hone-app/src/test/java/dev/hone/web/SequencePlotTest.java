package dev.hone.web;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.hone.evaluate.Interval;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

final class SequencePlotTest {
    private static final Instant BEGUN = Instant.parse("2026-03-01T10:00:00Z");

    private static SequencePlot plot(int points, int seconds) {
        List<SequencePlot.Point> list = new ArrayList<>();
        for (int i = 0; i < points; i++) {
            double half = 1.0 / (1 + i);
            list.add(new SequencePlot.Point(
                    BEGUN.plusSeconds((long) seconds * i), new Interval(-0.05, -0.05 - half, -0.05 + half)));
        }
        return new SequencePlot(
                "quality",
                list,
                List.of(
                        new SequencePlot.Mark(BEGUN.minusSeconds(5), "shadow"),
                        new SequencePlot.Mark(BEGUN.plusSeconds((long) seconds * points), "roll-back")));
    }

    @Test
    void timesHaveTheUnitThatSuits() {
        assertEquals("seconds", plot(10, 1).unit());
        assertEquals("minutes", plot(10, 60).unit());
        assertEquals("hours", plot(10, 3_600).unit());
        assertEquals("days", plot(10, 86_400).unit());
    }

    /** The first intervals reach from −1 to 1 and more: the axis is that of what follows, and nothing is drawn beyond it. */
    @Test
    void nothingIsDrawnBeyondTheAxes() {
        SequencePlot plot = plot(50, 60);
        assertTrue(plot.y().low() > -0.5 && plot.y().high() < 0.5, plot.y().toString());
        assertTrue(Stream.of(plot.band().substring(1).replace("Z", "").split("L"))
                .mapToDouble(place -> Double.parseDouble(place.split(" ")[1]))
                .allMatch(y -> y >= plot.y().to() - 0.1 && y <= plot.y().from() + 0.1));
        assertEquals(plot.x().from(), plot.at(plot.marks().getFirst()));
        assertEquals(plot.x().to(), plot.at(plot.marks().getLast()));
        assertTrue(plot.isLate(plot.marks().getLast()));
        assertFalse(plot.isLate(plot.marks().getFirst()));
    }

    @Test
    void onePointIsAPlotAndNoneIsNone() {
        SequencePlot one = plot(1, 60);
        assertEquals(List.of(List.of("0.0", "-0.050", "-1.050", "+0.950")), one.values());
        assertTrue(one.line().startsWith("M"));
        assertEquals(12, plot(50, 60).values().size());
        assertThrows(IllegalArgumentException.class, () -> new SequencePlot("x", List.of(), List.of()));
    }
}
