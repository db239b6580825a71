package dev.hone.loop;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.hone.evaluate.Interval;
import dev.hone.evaluate.Report;
import dev.hone.loop.Forgetting.State;
import dev.hone.loop.Results.Comparison;
import dev.hone.loop.Results.Evaluated;
import dev.hone.loop.Results.Figures;
import dev.hone.record.ModelVersion;
import dev.hone.record.Project;
import dev.hone.store.SharedDatabase;
import dev.hone.store.VersionRows;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What a few tasks of earlier rounds can tell, and what they cannot. */
@Timeout(60)
final class ForgettingTest {
    private final ModelVersion live = new VersionRows(SharedDatabase.database()).passed("forgetting", Project.DEFAULT);

    private Forgetting of(int tasks, double difference, double low, double high) {
        List<Figures> figures = List.of(
                new Figures(live.reference(), tasks, Interval.wilson(tasks, tasks)),
                new Figures("forgetting/2", tasks, Interval.wilson(tasks, tasks)));
        Report.Comparison compared =
                new Report.Comparison("forgetting/2", live.reference(), difference, low, high, 0.5, 0.5);
        return Forgetting.of(
                new Evaluated(figures, List.of(), figures, List.of(new Comparison("retained", compared))), live);
    }

    private static void assertSays(Forgetting forgetting, State state, String... words) {
        assertEquals(state, forgetting.state(), forgetting.sentence());
        for (String word : words) {
            assertTrue(forgetting.sentence().contains(word), forgetting.sentence());
        }
    }

    @Test
    void tooFewTasksTellNothingAndThatIsSaid() {
        Forgetting few = of(29, -0.2, -0.4, -0.05);
        assertSays(few, State.UNKNOWN, "not known", "[29] tasks", "[30]");
        assertTrue(few.passes(), "what is not known stands in nobody's way");
        assertSays(of(1, -1, -1, -1), State.UNKNOWN, "[1] tasks");
        assertSays(
                Forgetting.of(new Evaluated(List.of(), List.of(), List.of(), List.of()), live),
                State.UNKNOWN,
                "[0] tasks");
    }

    @Test
    void aLossThatWouldNotBeSeenIsNamed() {
        Forgetting blind = of(40, -0.05, -0.174, 0.074);
        assertSays(blind, State.BLIND, "[40] tasks", "too few to show one of 17.4 points", live.reference());
        assertTrue(blind.passes());
        assertSays(of(500, 0.01, -0.02, 0.04), State.KEPT, "no loss", "of more than 2.0 points");
        assertSays(of(500, 0.05, 0.02, 0.08), State.KEPT, "of more than 0.0 points");
    }

    @Test
    void whatIsSurelyLostDoesNotPass() {
        Forgetting lost = of(30, -0.2, -0.34, -0.06);
        assertSays(lost, State.LOST, "it has forgotten: 20.0 points (6.0 to 34.0) below", "[30] tasks");
        assertFalse(lost.passes());
        assertEquals(
                new Forgetting(State.NOTHING_BEFORE, ""),
                Forgetting.of(new Evaluated(List.of(), List.of(), List.of(), List.of()), null));
    }
}
