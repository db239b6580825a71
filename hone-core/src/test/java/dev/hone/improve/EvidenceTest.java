package dev.hone.improve;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/** What may be looked at after every call. */
final class EvidenceTest {
    private static final int LOOKS = 100;
    private static final int CALLS_A_LOOK = 8;
    private static final double LEVEL = 0.1;

    private static Evidence of(int reference, SplittableRandom random, boolean ties) {
        return of(reference, random, ties, Evidence.Side.ANY);
    }

    private static Evidence of(int reference, SplittableRandom random, boolean ties, Evidence.Side side) {
        double[] values = new double[reference];
        for (int i = 0; i < reference; i++) {
            values[i] = draw(random, ties);
        }
        return new Evidence(values, Evidence.even(10), random.nextLong(), side);
    }

    /** Of two values alone, or of many. */
    private static double draw(SplittableRandom random, boolean ties) {
        return ties ? (random.nextInt(4) == 0 ? 1 : 0) : random.nextGaussian();
    }

    /** Nothing changes, and somebody looks a hundred times: the share of those who are ever alarmed is at most the level, whatever the values are. */
    @Test
    void aHundredLooksAlarmNoMoreOftenThanTheLevel() {
        SplittableRandom random = new SplittableRandom(11);
        int runs = 300;
        for (int kind = 0; kind < 6; kind++) {
            boolean ties = kind % 2 == 1;
            int alarms = 0;
            for (int run = 0; run < runs; run++) {
                Evidence evidence = of(60, random, ties, Evidence.Side.values()[kind / 2]);
                boolean alarmed = false;
                for (int look = 0; look < LOOKS; look++) {
                    for (int call = 0; call < CALLS_A_LOOK; call++) {
                        evidence.add(draw(random, ties));
                    }
                    alarmed |= evidence.p() <= LEVEL;
                }
                alarms += alarmed ? 1 : 0;
            }
            assertTrue(alarms <= LEVEL * runs, "alarmed %d of %d times".formatted(alarms, runs));
        }
    }

    /** The same looks at a test that is meant to be made once: many times as often. It is what the evidence is for. */
    @Test
    void aTestThatIsMadeAgainAndAgainDoesNot() {
        SplittableRandom random = new SplittableRandom(12);
        int runs = 200;
        int alarms = 0;
        for (int run = 0; run < runs; run++) {
            double[] reference = random.doubles(60).toArray();
            double[] all = random.doubles(LOOKS * CALLS_A_LOOK).toArray();
            boolean alarmed = false;
            for (int look = 1; look <= LOOKS; look++) {
                double[] window =
                        java.util.Arrays.copyOfRange(all, Math.max(0, look * CALLS_A_LOOK - 60), look * CALLS_A_LOOK);
                alarmed |= TwoSamples.numbers(reference, window).p() <= LEVEL;
            }
            alarms += alarmed ? 1 : 0;
        }
        assertTrue(alarms > 3 * LEVEL * runs, "alarmed %d of %d times".formatted(alarms, runs));
    }

    /** What bets have is 1 in the mean, after however many calls: they are fair. */
    @Test
    void betsAreFair() {
        SplittableRandom random = new SplittableRandom(13);
        int runs = 4_000;
        double sum = 0;
        for (int run = 0; run < runs; run++) {
            Evidence evidence = of(20, random, run % 2 == 0);
            for (int call = 0; call < 12; call++) {
                evidence.add(draw(random, run % 2 == 0));
            }
            sum += Math.exp(evidence.log());
        }
        assertEquals(1, sum / runs, 0.05);
    }

    /** Bets on one way are as fair, earn nothing of the other, and find theirs also behind it. */
    @Test
    void betsOnOneWayAreFairAndSeeNoOther() {
        SplittableRandom random = new SplittableRandom(16);
        for (Evidence.Side side : new Evidence.Side[] {Evidence.Side.HIGHER, Evidence.Side.LOWER}) {
            int runs = 4_000;
            double sum = 0;
            for (int run = 0; run < runs; run++) {
                Evidence evidence = of(20, random, run % 2 == 0, side);
                for (int call = 0; call < 12; call++) {
                    evidence.add(draw(random, run % 2 == 0));
                }
                sum += Math.exp(evidence.log());
            }
            assertEquals(1, sum / runs, 0.05);
            double way = side == Evidence.Side.HIGHER ? 1 : -1;
            Evidence evidence = of(200, random, false, side);
            for (int call = 0; call < 200; call++) {
                evidence.add(random.nextGaussian() - 2 * way);
            }
            assertTrue(evidence.p() > 0.05, side + " " + evidence.p());
            for (int call = 0; call < 100; call++) {
                evidence.add(random.nextGaussian() + way);
            }
            assertTrue(evidence.p() < 1e-4, side + " " + evidence.p());
            assertTrue(evidence.from() >= 150 && evidence.from() <= 250, "began at " + evidence.from());
            assertTrue(evidence.until() > 250 && evidence.until() <= 300, "ended at " + evidence.until());
        }
    }

    @Test
    void aChangeIsFound() {
        SplittableRandom random = new SplittableRandom(14);
        Evidence evidence = of(200, random, false);
        for (int call = 0; call < 300; call++) {
            evidence.add(random.nextGaussian());
        }
        assertTrue(evidence.p() > 0.05, "" + evidence.p());
        int calls = 0;
        while (evidence.p() > 0.01 / 8 && calls < 1_000) {
            evidence.add(random.nextGaussian() + 1);
            calls++;
        }
        assertTrue(calls <= 120, "found after " + calls);
    }

    /** What was found stays found. */
    @Test
    void theMostNeverFalls() {
        SplittableRandom random = new SplittableRandom(15);
        Evidence evidence = of(50, random, false);
        double before = 0;
        for (int call = 0; call < 500; call++) {
            evidence.add(random.nextGaussian() + (call < 100 ? 2 : 0));
            assertTrue(evidence.most() >= before && evidence.most() >= evidence.log());
            before = evidence.most();
        }
        assertTrue(evidence.p() < 1e-6, "" + evidence.p());
    }
}
