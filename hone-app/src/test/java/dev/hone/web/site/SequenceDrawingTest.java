package dev.hone.web.site;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.hone.record.RolloutDecision;
import dev.hone.record.StoredRollout;
import dev.hone.store.Rollouts;
import dev.hone.web.SequencePlot;
import dev.hone.web.SequencePlot.Placed;
import dev.hone.web.SequencePlot.Stratum;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Test;

final class SequenceDrawingTest {
    private static final Instant BEGUN = Instant.parse("2026-11-27T07:31:01Z");
    private static final UUID ID = new UUID(1, 2);

    private static StoredRollout rollout(String phase, Instant since) {
        return new StoredRollout(
                ID,
                new UUID(1, 1),
                "letters",
                "default",
                new UUID(1, 3),
                3,
                "ab".repeat(32),
                null,
                phase,
                0,
                false,
                since,
                "[]",
                "[]",
                "ann",
                BEGUN);
    }

    private static Rollouts.Look look(int second, boolean copies, int step, double share, String... measures) {
        return new Rollouts.Look(
                BEGUN.plusSeconds(second),
                "{\"copies\": %s, \"step\": %d, \"share\": %s, \"alpha\": 0.005, \"measures\": [%s]}"
                        .formatted(
                                copies,
                                step,
                                share,
                                String.join(
                                        ",",
                                        List.of(measures).stream()
                                                .map(
                                                        "{\"measure\": \"%s\", \"splits\": [[20, 20, 6, 0]], \"difference\": [-1, -1, -0.191]}"
                                                                ::formatted)
                                                .toList())));
    }

    private static RolloutDecision decision(int second, String action, int step) {
        return new RolloutDecision(
                new UUID(2, second), ID, BEGUN.plusSeconds(second), "x", step, action, "hone serve", "why", "{}");
    }

    /** Taken back 17 s after it began: by feedback, at which was looked once. */
    @Test
    void whatDecidedIsSeenHoweverSoonItWas() {
        List<SequencePlot> plots = new SequenceDrawing(
                        rollout("rolled-back", BEGUN.plusSeconds(17)),
                        List.of(
                                look(10, true, 0, 0, "answered"),
                                look(12, true, 0, 0, "answered"),
                                look(14, true, 0, 0, "answered"),
                                look(17, false, 0, 0.25, "answered", "feedback")),
                        List.of(
                                decision(0, "begin", 0),
                                decision(9, "shadow", 0),
                                decision(11, "hold", 0),
                                decision(14, "canary", 0),
                                decision(17, "roll-back", 0)))
                .plots();
        assertEquals(2, plots.size());
        for (SequencePlot plot : plots) {
            assertEquals(BEGUN, plot.from());
            assertEquals(BEGUN.plusSeconds(17), plot.to());
            assertEquals("seconds", plot.unit());
            assertEquals(
                    List.of("roll-back", "shadow", "step 1"),
                    plot.placed().stream().map(Placed::label).sorted().toList());
        }
        SequencePlot feedback = plots.stream()
                .filter(plot -> plot.title().endsWith("by feedback"))
                .findFirst()
                .orElseThrow();
        assertEquals(1, feedback.strata().size());
        Stratum once = feedback.strata().getFirst();
        assertTrue(once.isOne());
        assertEquals("step 1: 25.0 %", once.name());
        assertEquals(feedback.x().to(), feedback.x(once.points().getFirst().at()));
        SequencePlot answered = plots.stream()
                .filter(plot -> plot.title().endsWith("by answered"))
                .findFirst()
                .orElseThrow();
        assertEquals(
                List.of("copies 3", "step 1: 25.0 % 1"),
                answered.strata().stream()
                        .map(one -> one.name() + " " + one.points().size())
                        .toList(),
                "what copies showed is not joined with what users did");
    }

    /** The charter was given another share meanwhile; the gateway's clock is behind. */
    @Test
    void eachShareIsByItselfAndAllTimesAreOnTheAxis() {
        List<SequencePlot> plots = new SequenceDrawing(
                        rollout("canary", BEGUN.plusSeconds(3)),
                        List.of(
                                look(-2, false, 0, 0.1, "answered"),
                                look(-1, false, 0, 0.2, "answered"),
                                look(3, false, 1, 0.5, "answered"),
                                look(4, false, 1, 0.5, "answered")),
                        List.of(decision(3, "canary", 1)))
                .plots();
        SequencePlot plot = plots.getFirst();
        assertEquals(
                List.of(1, 1, 2),
                plot.strata().stream().map(one -> one.points().size()).toList());
        assertEquals(BEGUN.minusSeconds(2), plot.from());
        assertEquals(BEGUN.plusSeconds(4), plot.to());
        assertEquals(
                List.of(BEGUN, BEGUN.plusSeconds(1)),
                new SequenceDrawing(rollout("canary", BEGUN), List.of(look(0, false, 0, 0.1, "answered")), List.of())
                        .plots().stream()
                                .flatMap(one -> List.of(one.from(), one.to()).stream())
                                .toList(),
                "what is known at once has an axis all the same");
        assertEquals(
                List.of(),
                new SequenceDrawing(rollout("waiting", BEGUN), List.of(), List.of(decision(0, "begin", 0))).plots());
    }
}
