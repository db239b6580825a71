package dev.hone.web;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.hone.evaluate.Interval;
import dev.hone.web.SequencePlot.Mark;
import dev.hone.web.SequencePlot.Placed;
import dev.hone.web.SequencePlot.Point;
import dev.hone.web.SequencePlot.Stratum;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.DoubleStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

final class SequencePlotTest {
    private static final Instant BEGUN = Instant.parse("2026-03-01T10:00:00Z");

    private static Stratum stratum(String name, int points, int seconds) {
        List<Point> list = new ArrayList<>();
        for (int i = 0; i < points; i++) {
            double half = 1.0 / (1 + i);
            list.add(new Point(BEGUN.plusSeconds((long) seconds * i), new Interval(-0.05, -0.05 - half, -0.05 + half)));
        }
        return new Stratum(name, list);
    }

    private static SequencePlot plot(int points, int seconds) {
        Instant end = BEGUN.plusSeconds((long) seconds * points);
        return new SequencePlot(
                "quality",
                BEGUN,
                end,
                List.of(stratum("step 1", points, seconds)),
                List.of(new Mark(BEGUN.minusSeconds(5), "shadow"), new Mark(end.plusSeconds(3), "roll-back")));
    }

    private static SequencePlot over(Duration whole, Mark... marks) {
        return new SequencePlot("quality", BEGUN, BEGUN.plus(whole), List.of(stratum("step 1", 1, 1)), List.of(marks));
    }

    private static DoubleStream heights(String path) {
        return Stream.of(path.replace("Z", "").substring(1).split("[LM]"))
                .mapToDouble(place -> Double.parseDouble(place.split(" ")[1]));
    }

    @Test
    void timesHaveTheUnitThatSuits() {
        assertEquals("milliseconds", over(Duration.ofMillis(1)).unit());
        assertEquals("seconds", plot(10, 1).unit());
        assertEquals("minutes", plot(10, 60).unit());
        assertEquals("hours", plot(10, 3_600).unit());
        assertEquals("days", plot(10, 86_400).unit());
    }

    /** From a millisecond to a year. */
    @Test
    void theTimesAtTheAxisAreToldApartAtAnyDuration() {
        for (double millis = 1; millis < 3.2e10; millis *= 1.37) {
            SequencePlot plot = over(Duration.ofMillis(Math.round(millis)));
            List<Scale.Tick> ticks = plot.x().ticks();
            assertTrue(ticks.size() >= 3, millis + " " + ticks);
            assertEquals(
                    ticks.size(),
                    ticks.stream().map(Scale.Tick::label).distinct().count(),
                    () -> plot.unit() + " " + ticks);
            for (int i = 0; i < ticks.size(); i++) {
                double half = 3.6 * ticks.get(i).label().length();
                assertTrue(
                        ticks.get(i).at() + half
                                < (i + 1 < ticks.size() ? ticks.get(i + 1).at() - half : SequencePlot.WIDTH),
                        millis + " " + ticks);
            }
        }
    }

    /** The first intervals reach from −1 to 1 and more: the axis is that of what follows, and nothing is drawn beyond it. */
    @Test
    void nothingIsDrawnBeyondTheAxes() {
        SequencePlot plot = plot(50, 60);
        assertTrue(plot.y().low() > -0.5 && plot.y().high() < 0.5, plot.y().toString());
        assertTrue(heights(plot.band(plot.strata().getFirst()))
                .allMatch(y -> y >= plot.y().to() - 0.1 && y <= plot.y().from() + 0.1));
        List<Placed> marks = plot.placed();
        assertEquals(
                List.of("roll-back", "shadow"),
                marks.stream().map(Placed::label).sorted().toList());
        Placed shadow = marks.stream()
                .filter(one -> one.label().equals("shadow"))
                .findFirst()
                .orElseThrow();
        Placed back = marks.stream()
                .filter(one -> !one.label().equals("shadow"))
                .findFirst()
                .orElseThrow();
        assertEquals(plot.x().from(), shadow.x());
        assertEquals(plot.x().to(), back.x());
        assertTrue(back.late());
        assertFalse(shadow.late());
    }

    /** Shadow and step 1 began in the same second. */
    @Test
    void labelsOfWhatHappenedAtOnceStandAboveEachOther() {
        SequencePlot plot = over(
                Duration.ofSeconds(100),
                new Mark(BEGUN.plusSeconds(10), "shadow"),
                new Mark(BEGUN.plusSeconds(11), "step 1"),
                new Mark(BEGUN.plusSeconds(50), "step 2"),
                new Mark(BEGUN.plusSeconds(99), "ready"),
                new Mark(BEGUN.plusSeconds(100), "promote"));
        assertEquals(
                List.of("promote 1", "ready 0", "shadow 1", "step 1 0", "step 2 0"),
                plot.placed().stream()
                        .map(one -> one.label() + " " + one.row())
                        .sorted()
                        .toList());
        assertTrue(plot.height() > over(Duration.ofSeconds(100)).height());
        assertTrue(plot.top(plot.placed().getFirst()) >= 22, "within the picture");
        Random random = new Random(5);
        for (int i = 0; i < 300; i++) {
            Mark[] marks = new Mark[1 + random.nextInt(9)];
            int at = 0;
            for (int j = 0; j < marks.length; j++) {
                at += random.nextInt(random.nextBoolean() ? 400 : 9_000);
                marks[j] = new Mark(BEGUN.plusMillis(at), "m" + "x".repeat(random.nextInt(9)) + j);
            }
            apart(over(Duration.ofMillis(at + 1L + random.nextInt(20_000)), marks), marks.length);
        }
    }

    private static void apart(SequencePlot plot, int marks) {
        List<Placed> placed = plot.placed();
        assertEquals(marks, placed.stream().map(Placed::label).distinct().count());
        for (Placed one : placed) {
            assertTrue(plot.top(one) - 12 >= 0, placed.toString());
            double from = one.late() ? one.text() - 6.8 * one.label().length() : one.text();
            double to = one.late() ? one.text() : one.text() + 6.8 * one.label().length();
            assertTrue(from >= 0 && to <= SequencePlot.WIDTH, placed.toString());
            for (Placed other : placed) {
                if (other != one && other.row() == one.row()) {
                    double begins =
                            other.late() ? other.text() - 6.8 * other.label().length() : other.text();
                    double ends = other.late()
                            ? other.text()
                            : other.text() + 6.8 * other.label().length();
                    assertTrue(ends <= from || begins >= to, one + " " + other);
                }
            }
        }
    }

    @Test
    void oneLookIsAPointWithWhiskersAndNoneIsNone() {
        SequencePlot one = plot(1, 60);
        Stratum only = one.strata().getFirst();
        assertTrue(only.isOne());
        assertEquals(List.of(List.of("step 1", "0.0", "-0.050", "-1.050", "+0.950")), one.values());
        assertEquals(
                List.of(one.y(-1.05), one.y(0.95), one.y(-1.05), one.y(-1.05), one.y(0.95), one.y(0.95)).stream()
                        .map(y -> Math.round(10 * y))
                        .toList(),
                heights(one.whiskers(only)).mapToObj(y -> Math.round(10 * y)).toList(),
                "from end to end, and a stroke at each");
        assertTrue(one.y(-1.05) - one.y(0.95) > 100, "as far as it is known");
        assertEquals(12, plot(50, 60).values().size());
        assertThrows(
                IllegalArgumentException.class,
                () -> new SequencePlot("x", BEGUN, BEGUN.plusSeconds(1), List.of(), List.of()));
        assertThrows(IllegalArgumentException.class, () -> new Stratum("x", List.of()));
        assertThrows(
                IllegalArgumentException.class,
                () -> new SequencePlot("x", BEGUN, BEGUN, List.of(only), List.of()),
                "no time is no axis");
    }

    /** The last of each is told in figures, however few looks it has. */
    @Test
    void eachStratumIsDrawnAndToldByItself() {
        Stratum copies = stratum("copies", 40, 1);
        Point only = new Point(BEGUN.plusSeconds(41), new Interval(-0.1, -0.4, 0.2));
        Stratum users = new Stratum("step 1: 25.0 %", List.of(only));
        SequencePlot plot =
                new SequencePlot("answered", BEGUN, BEGUN.plusSeconds(60), List.of(copies, users), List.of());
        assertEquals(2 * 40, plot.band(copies).split("L").length, "copies alone");
        assertEquals(40, plot.line(copies).split("L").length);
        assertTrue(plot.values().stream().anyMatch(row -> row.getFirst().equals("step 1: 25.0 %")));
        assertEquals(
                List.of("copies", "39.0"),
                plot.values().get(plot.values().size() - 2).subList(0, 2));
        assertTrue(plot.x(only.at()) < plot.x().to()
                && plot.x(only.at()) > plot.x().from());
    }
}
