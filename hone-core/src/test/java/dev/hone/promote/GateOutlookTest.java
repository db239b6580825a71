package dev.hone.promote;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.hone.evaluate.DifferenceInterval;
import dev.hone.evaluate.Interval;
import dev.hone.promote.GateEvidence.Difference;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** What gates can say of a version before it is there agrees with what they say when it is. */
final class GateOutlookTest {
    private static Gates gates(Gate... all) {
        return new Gates(List.of(all), null, null);
    }

    private static GateOutlook outlook(Gate gate, int tasks) {
        return GateOutlook.of(gates(gate), new GateOutlook.Tasks(tasks, tasks, Map.of()));
    }

    /** By the gates themselves, of a version that is right where this many more are. */
    private static boolean passes(Gate gate, int wins, int losses, int tasks) {
        Difference difference = new Difference(
                DifferenceInterval.paired(wins, losses, tasks), tasks, (double) (wins + losses) / tasks, true);
        return gates(gate)
                .judge(new GateEvidence(
                        "support/2",
                        "support/1",
                        tasks,
                        tasks,
                        Interval.wilson(1, 2),
                        Double.NaN,
                        Double.NaN,
                        List.of(),
                        difference,
                        List.of(),
                        List.of()))
                .passed();
    }

    @Test
    void aSampleLargerThanTheTasksIsImpossible() {
        GateOutlook none = outlook(new Gate.SampleSize(100_000), 6);
        assertEquals(1, none.impossible().size());
        String said = none.impossible().getFirst();
        assertTrue(said.contains("asks for 100,000 tasks to judge by, and there are 6 at most"), said);
        assertTrue(said.contains("import labelled rows") && said.contains("ask for less"), "how to mend it: " + said);
        assertEquals(List.of(), outlook(new Gate.SampleSize(6), 6).impossible());
        assertEquals(1, outlook(new Gate.SampleSize(7), 6).impossible().size());
    }

    /** Whatever number of tasks: impossible is what the best version that can be does not pass, and unlikely what one that answers alike does not. */
    @Test
    void whatIsSaidIsWhatTheGateWouldSay() {
        for (double margin : List.of(0.0, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5)) {
            Gate gate = new Gate.Quality(margin);
            for (int tasks = 1; tasks <= 250; tasks++) {
                GateOutlook outlook = outlook(gate, tasks);
                String which = margin + " of " + tasks + ": " + outlook;
                assertEquals(
                        !passes(gate, tasks, 0, tasks), !outlook.impossible().isEmpty(), which);
                if (outlook.impossible().isEmpty() && !passes(gate, 0, 0, tasks)) {
                    int lead = GateOutlook.lead(margin, tasks);
                    assertTrue(passes(gate, lead, 0, tasks) && !passes(gate, lead - 1, 0, tasks), which);
                    assertTrue(outlook.unlikely().getFirst().contains("have " + lead + " more right"), which);
                }
            }
        }
    }

    @Test
    void howManyTasksItTakesIsTold() {
        String few = outlook(new Gate.Quality(0.05), 40).unlikely().getFirst();
        assertTrue(few.contains("on 40 tasks") && few.contains("reaches -8.8 points"), few);
        assertTrue(few.contains("2 more right, and none less; or take 73 tasks or more"), few);
        for (double margin : List.of(0.005, 0.02, 0.05, 0.3)) {
            int least = GateOutlook.least(margin);
            assertTrue(passes(new Gate.Quality(margin), 0, 0, least), margin + ": " + least);
            assertTrue(!passes(new Gate.Quality(margin), 0, 0, least - 1), margin + ": " + least);
        }
        String zero = outlook(new Gate.Quality(0), 84).unlikely().getFirst();
        assertTrue(
                zero.contains("none is allowed") && zero.contains("4 more right") && !zero.contains("or take"), zero);
    }

    /** Enough for two that agree, too few for two that differ as often as is usual: by Connor, whose assumption is told. */
    @Test
    void whatIsMerelyUnlikelyIsWarnedOf() {
        GateOutlook some = outlook(new Gate.Quality(0.05), 100);
        assertEquals(List.of(), some.impossible());
        String said = some.unlikely().getFirst();
        assertTrue(
                said.contains("155 to 940 tasks, where exactly one of both is right on 5 to 30 % of them")
                        && said.contains("four times of five, and there are 100 tasks"),
                said);
        assertEquals(List.of(), outlook(new Gate.Quality(0.05), 155).unlikely());
    }

    @Test
    void whoIsComparedWithNobodyCannotPass() {
        GateOutlook alone = GateOutlook.of(
                gates(new Gate.Quality(0.05), new Gate.Slices(0.1, 20), new Gate.SampleSize(40)),
                new GateOutlook.Tasks(200, 0, Map.of()));
        assertEquals(2, alone.impossible().size(), alone::toString);
        assertTrue(alone.impossible().getFirst().startsWith("[quality] compares"), alone::toString);
    }

    @Test
    void earlierTasksCountAsFarAsTheyAreKnown() {
        Gate gate = new Gate.Retention(List.of("4f2a", "77aa", "none"), 0.02);
        GateOutlook outlook =
                GateOutlook.of(gates(gate), new GateOutlook.Tasks(200, 200, Map.of("4f2a", 40, "none", 0)));
        assertEquals(1, outlook.impossible().size(), outlook::toString);
        assertTrue(outlook.impossible().getFirst().contains("[retention] of [none]"), outlook::toString);
        assertEquals(1, outlook.unlikely().size(), outlook::toString);
        assertTrue(outlook.unlikely().getFirst().startsWith("[retention] of [4f2a]: on 40 tasks"), outlook::toString);
    }

    @Test
    void whatNoNumberOfTasksBoundsIsNotTold() {
        GateOutlook outlook = GateOutlook.of(
                gates(new Gate.Cost(0), new Gate.P95(Duration.ofMillis(1))), new GateOutlook.Tasks(1, 0, Map.of()));
        assertEquals(new GateOutlook(List.of(), List.of()), outlook);
    }

    /** What can be known of the charter alone. */
    @Test
    void gatesThatDoNotFitEachOtherAreTold() {
        List<String> told =
                GateOutlook.declared(gates(new Gate.Quality(0.05), new Gate.Slices(0.1, 20), new Gate.SampleSize(40)));
        assertEquals(2, told.size(), told::toString);
        assertTrue(told.get(0).startsWith("[sample-size] lets 40 tasks do, and [quality] does not"), told.get(0));
        assertTrue(told.get(0).contains("73 tasks or more"), told.get(0));
        assertTrue(told.get(1).contains("let [least-rows] be 35 or more, or [not-worse-than] 0.162"), told.get(1));
        assertEquals(
                List.of(),
                GateOutlook.declared(gates(new Gate.Quality(0.05), new Gate.Slices(0.1, 35), new Gate.SampleSize(73))));
        assertEquals(List.of(), GateOutlook.declared(gates(new Gate.Quality(0), new Gate.SampleSize(40))));
    }
}
