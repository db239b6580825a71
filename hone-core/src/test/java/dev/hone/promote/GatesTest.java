package dev.hone.promote;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.hone.evaluate.DifferenceInterval;
import dev.hone.evaluate.Interval;
import dev.hone.promote.GateEvidence.Difference;
import dev.hone.promote.GateEvidence.Retained;
import dev.hone.promote.GateEvidence.Slice;
import dev.hone.promote.Gates.Line;
import dev.hone.promote.Gates.State;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

final class GatesTest {
    private static final List<Gate> ALL = List.of(
            new Gate.Quality(0.02),
            new Gate.Slices(0.1, 20),
            new Gate.Cost(0.05),
            new Gate.P95(Duration.ofMillis(800)),
            new Gate.Retention(List.of("4f2a", "old.jsonl"), 0.02),
            new Gate.SampleSize(200));

    private static Difference paired(int wins, int losses, int tasks) {
        return new Difference(
                DifferenceInterval.paired(wins, losses, tasks), tasks, (double) (wins + losses) / tasks, true);
    }

    private static GateEvidence evidence(
            int rows,
            int testRows,
            double cost,
            double p95,
            List<Double> times,
            @Nullable Difference difference,
            List<Slice> slices,
            List<Retained> retained) {
        return new GateEvidence(
                "support/2",
                "support/1",
                rows,
                testRows,
                Interval.wilson(1, 2),
                cost,
                p95,
                times,
                difference,
                slices,
                retained);
    }

    private static List<Double> times(int count, double from, double to) {
        return IntStream.range(0, count)
                .mapToObj(i -> from + (to - from) * i / Math.max(1, count - 1))
                .toList();
    }

    private static GateEvidence good() {
        return evidence(
                1_000,
                1_000,
                0.04,
                300,
                times(100, 100, 400),
                paired(60, 30, 1_000),
                List.of(new Slice("refund", paired(20, 5, 600)), new Slice("shipping", paired(9, 4, 400))),
                List.of(new Retained("4f2a", paired(10, 5, 800)), new Retained("old.jsonl", paired(3, 3, 900))));
    }

    private static Line line(Gate gate, GateEvidence evidence) {
        return new Gates(List.of(gate), null, null).judge(evidence).lines().getFirst();
    }

    private static State state(Gate gate, GateEvidence evidence) {
        return line(gate, evidence).state();
    }

    private static GateEvidence with(@Nullable Difference difference) {
        return evidence(1_000, 1_000, 0, 1, List.of(), difference, List.of(), List.of());
    }

    @Test
    void aVersionThatKeepsAllPassesAndEachLineSaysWhy() {
        Gates.Verdict verdict = new Gates(ALL, null, null).judge(good());
        assertTrue(verdict.passed(), verdict.toString());
        assertEquals(
                List.of("quality", "slices", "cost-per-thousand", "p95", "retention", "sample-size"),
                verdict.lines().stream().map(Line::gate).toList());
        assertEquals(
                "[support/2] less [support/1]: +3.0 points (+1.2 to +4.9) on 1,000 tasks; it may be worse by 2.0 points",
                verdict.lines().getFirst().sentence());
        assertEquals(-0.02, verdict.lines().getFirst().limit());
        assertNotNull(verdict.lines().getFirst().interval());
        verdict.lines().forEach(line -> assertNull(line.remedy(), line.toString()));
    }

    /** Whatever is missing, alone and together with others: what is not known is not met, and whoever lacks one gate does not pass. */
    @Test
    void whatIsMissingNeverPasses() {
        for (int mask = 1; mask < 64; mask++) {
            GateEvidence all = good();
            List<Retained> retained = (mask & 16) == 0
                    ? all.retained()
                    : List.of(all.retained().getFirst(), new Retained("old.jsonl", null));
            Difference difference = (mask & 1) == 0 ? all.difference() : null;
            GateEvidence less = evidence(
                    (mask & 32) == 0 ? 1_000 : 0,
                    1_000,
                    (mask & 4) == 0 ? all.costPerThousand() : Double.NaN,
                    (mask & 8) == 0 ? all.p95Ms() : Double.NaN,
                    all.latenciesMs(),
                    difference,
                    (mask & 2) == 0 ? all.slices() : List.of(),
                    retained);
            Gates.Verdict verdict = new Gates(ALL, null, null).judge(less);
            assertFalse(verdict.passed(), "mask " + mask);
            for (int gate = 0; gate < 5; gate++) {
                assertEquals(
                        (mask & 1 << gate) == 0 ? State.MET : State.UNKNOWN,
                        verdict.lines().get(gate).state(),
                        "mask " + mask + " gate " + gate);
                assertEquals((mask & 1 << gate) != 0, verdict.lines().get(gate).remedy() != null);
            }
        }
        GateEvidence nothing = new GateEvidence(
                "support/2", null, 0, 0, null, Double.NaN, Double.NaN, List.of(), null, List.of(), List.of());
        new Gates(ALL, null, null)
                .judge(nothing)
                .lines()
                .forEach(line -> assertTrue(line.state() != State.MET, line.toString()));
    }

    @Test
    void qualityIsJudgedByTheLowerEndAndNotByTheFigure() {
        assertEquals(State.MET, state(new Gate.Quality(0.02), with(paired(10, 10, 2_000))));
        assertEquals(State.NOT_MET, state(new Gate.Quality(0.02), with(paired(10, 10, 200))), "the same, too few");
        assertEquals(State.NOT_MET, state(new Gate.Quality(0.02), with(paired(11, 10, 200))), "better, and not shown");
        Difference exactly = new Difference(new Interval(0.01, -0.02, 0.04), 100, 0.1, true);
        assertEquals(State.MET, state(new Gate.Quality(0.02), with(exactly)));
        Difference below = new Difference(new Interval(0.01, -0.0201, 0.04), 100, 0.1, true);
        assertEquals(State.NOT_MET, state(new Gate.Quality(0.02), with(below)));
        assertEquals(State.MET, state(new Gate.Quality(0), with(paired(40, 10, 200))), "shown to be better");
    }

    /** Met with one margin, met with every wider one; with more wins in the place of losses as well. */
    @Test
    void whatIsMetStaysMetWhenItIsBetterOrMayBeWorse() {
        SplittableRandom random = new SplittableRandom(3);
        for (int i = 0; i < 2_000; i++) {
            int tasks = 20 + random.nextInt(2_000);
            int discordant = random.nextInt(tasks / 2);
            int wins = random.nextInt(discordant + 1);
            double margin = random.nextDouble() * 0.2;
            GateEvidence evidence = with(paired(wins, discordant - wins, tasks));
            if (state(new Gate.Quality(margin), evidence) == State.MET) {
                assertEquals(
                        State.MET,
                        state(new Gate.Quality(Math.min(0.99, margin + random.nextDouble() * 0.3)), evidence));
                if (wins < discordant) {
                    assertEquals(
                            State.MET,
                            state(new Gate.Quality(margin), with(paired(wins + 1, discordant - wins - 1, tasks))));
                }
            } else if (wins > 0) {
                assertEquals(
                        State.NOT_MET,
                        state(new Gate.Quality(margin), with(paired(wins - 1, discordant - wins + 1, tasks))));
            }
        }
    }

    /** Three gates at their limits at once: all pass together no more often than one alone. */
    @Test
    void aVersionAtTheLimitPassesAllNoMoreOftenThanOne() {
        SplittableRandom random = new SplittableRandom(11);
        int passed = 0;
        int tries = 2_000;
        for (int i = 0; i < tries; i++) {
            List<Difference> drawn = new ArrayList<>();
            for (int part = 0; part < 3; part++) {
                int wins = 0;
                int losses = 0;
                for (int task = 0; task < 200; task++) {
                    double at = random.nextDouble();
                    wins += at < 0.05 ? 1 : 0;
                    losses += at >= 0.05 && at < 0.15 ? 1 : 0;
                }
                drawn.add(paired(wins, losses, 200));
            }
            Gates gates = new Gates(
                    List.of(new Gate.Quality(0.05), new Gate.Slices(0.05, 20), new Gate.Retention(List.of("a"), 0.05)),
                    null,
                    null);
            passed += gates.judge(evidence(
                                    200,
                                    200,
                                    0,
                                    1,
                                    List.of(),
                                    drawn.get(0),
                                    List.of(new Slice("s", drawn.get(1))),
                                    List.of(new Retained("a", drawn.get(2)))))
                            .passed()
                    ? 1
                    : 0;
        }
        assertTrue(passed <= 0.01 * tries, passed + " of " + tries);
    }

    @Test
    void noSliceHidesBehindTheOthersAndSmallOnesAreJudgedTogether() {
        Slice fine = new Slice("refund", paired(20, 5, 600));
        Slice worse = new Slice("shipping", paired(5, 60, 300));
        GateEvidence one = evidence(900, 900, 0, 1, List.of(), null, List.of(fine, worse), List.of());
        Line line = line(new Gate.Slices(0.1, 20), one);
        assertEquals(State.NOT_MET, line.state());
        assertTrue(
                line.sentence().contains("[shipping] is lowest")
                        && line.sentence().contains("1 may be by more"),
                line.sentence());
        assertNull(line.remedy(), "it is worse: more tasks would not mend that");
        List<Slice> small = IntStream.range(0, 30)
                .mapToObj(i -> new Slice("small " + i, paired(0, i % 2, 10)))
                .toList();
        Line together = line(new Gate.Slices(0.1, 20), evidence(300, 300, 0, 1, List.of(), null, small, List.of()));
        assertEquals(State.MET, together.state(), together.sentence());
        assertEquals(-15 / 300.0, together.figure(), 1e-12);
        assertEquals(DifferenceInterval.paired(0, 15, 300), together.interval());
        assertEquals(
                State.NOT_MET,
                state(
                        new Gate.Slices(0.1, 20),
                        evidence(
                                300,
                                300,
                                0,
                                1,
                                List.of(),
                                null,
                                small.stream()
                                        .map(slice -> new Slice(slice.name(), paired(0, 2, 10)))
                                        .toList(),
                                List.of())),
                "all of them are worse");
        Difference loose = new Difference(new Interval(0, -0.4, 0.4), 10, Double.NaN, false);
        Line unpaired = line(
                new Gate.Slices(0.2, 20),
                evidence(
                        160,
                        160,
                        0,
                        1,
                        List.of(),
                        null,
                        IntStream.range(0, 16)
                                .mapToObj(i -> new Slice("x" + i, loose))
                                .toList(),
                        List.of()));
        assertEquals(-0.1, unpaired.interval().low(), 1e-9, "0.4 / √16");
        assertTrue(unpaired.sentence().contains("not taken task by task"), unpaired.sentence());
    }

    @Test
    void timesAreJudgedByTheUpperEndOfTheirQuantile() {
        Gate gate = new Gate.P95(Duration.ofMillis(390));
        Line line = line(gate, evidence(1, 1, 0, 385, times(100, 100, 400), null, List.of(), List.of()));
        assertEquals(State.NOT_MET, line.state(), "385 is below, the upper end is not: " + line);
        assertEquals(400, line.interval().high(), 1e-9, "the longest of 100 (binomial, 0.975)");
        assertEquals(times(100, 100, 400).get(89), line.interval().low(), 1e-9, "the 90th");
        assertEquals(State.MET, state(new Gate.P95(Duration.ofMillis(400)), good()));
        Line few = line(gate, evidence(1, 1, 0, 350, times(20, 100, 395), null, List.of(), List.of()));
        assertEquals(State.NOT_MET, few.state(), "of too few the longest counts");
        assertEquals("time 72 requests or more", few.remedy());
        assertEquals(State.MET, state(gate, evidence(1, 1, 0, 350, times(20, 100, 389), null, List.of(), List.of())));
        assertNull(line(gate, evidence(1, 1, 0, 1, times(71, 1, 2), null, List.of(), List.of()))
                .interval());
        assertNotNull(line(gate, evidence(1, 1, 0, 1, times(72, 1, 2), null, List.of(), List.of()))
                .interval());
        Line alone = line(gate, evidence(1, 1, 0, 350, List.of(), null, List.of(), List.of()));
        assertEquals(State.MET, alone.state());
        assertTrue(alone.sentence().contains("figure alone"), alone.sentence());
    }

    @Test
    void aGateThatCanNeverPassSaysSoAndHowItCould() {
        Line size = line(new Gate.SampleSize(500), evidence(165, 165, 0, 1, List.of(), null, List.of(), List.of()));
        assertEquals(State.NOT_MET, size.state());
        assertTrue(
                size.remedy().contains("only 165 tasks") && size.remedy().contains("no evaluation on it can pass"),
                size.remedy());
        Line more = line(new Gate.SampleSize(100), evidence(50, 165, 0, 1, List.of(), null, List.of(), List.of()));
        assertTrue(more.remedy().contains("more of the 165"), more.remedy());
        Line fewPaired = line(
                new Gate.SampleSize(100), evidence(165, 165, 0, 1, List.of(), paired(1, 1, 40), List.of(), List.of()));
        assertEquals(State.NOT_MET, fewPaired.state(), "what counts is what both answered");
        Line margin = line(new Gate.Quality(0.01), with(paired(15, 15, 150)));
        assertTrue(
                margin.remedy().contains("on 150 tasks a version that is just as good cannot pass")
                        && margin.remedy().contains("it takes about 15,"),
                margin.remedy());
        Line nothing = line(new Gate.Quality(0), with(paired(15, 15, 150)));
        assertTrue(nothing.remedy().contains("give a margin above 0"), nothing.remedy());
        assertNull(line(new Gate.Quality(0.01), with(paired(5, 60, 150))).remedy(), "that one is worse");
    }

    @Test
    void costIsWhatItIs() {
        assertEquals(State.MET, state(new Gate.Cost(0.04), good()));
        assertEquals(State.NOT_MET, state(new Gate.Cost(0.0399), good()));
        GateEvidence boundless = evidence(1, 1, Double.POSITIVE_INFINITY, 1, List.of(), null, List.of(), List.of());
        assertEquals(State.NOT_MET, state(new Gate.Cost(1e300), boundless));
    }

    @Test
    void gatesThatCannotBeAreRefused() {
        assertThrows(IllegalArgumentException.class, () -> new Gates(List.of(), null, null));
        for (double margin : new double[] {-0.1, 1, Double.NaN}) {
            assertThrows(IllegalArgumentException.class, () -> new Gate.Quality(margin));
            assertThrows(IllegalArgumentException.class, () -> new Gate.Slices(margin, 20));
            assertThrows(IllegalArgumentException.class, () -> new Gate.Retention(List.of("a"), margin));
        }
        assertThrows(IllegalArgumentException.class, () -> new Gate.Slices(0.1, 0));
        assertThrows(IllegalArgumentException.class, () -> new Gate.Retention(List.of(), 0.1));
        assertThrows(IllegalArgumentException.class, () -> new Gate.SampleSize(0));
        assertThrows(IllegalArgumentException.class, () -> new Gate.Cost(Double.NaN));
        assertEquals(
                List.of("a", "b"),
                new Gates(List.of(new Gate.SampleSize(1), new Gate.Retention(List.of("a", "b"), 0)), null, null)
                        .retention());
    }
}
