package dev.hone.promote;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.hone.evaluate.Interval;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** The golden values are of a program that integrates the mixture by sums and tries all means on a grid (Python, 400,000 and 40,000 points). */
final class ConfidenceSequenceTest {
    private static final double CLOSE = 2e-6;
    private static final Tally LIVE = new Tally(900, 630);
    private static final Tally CANDIDATE = new Tally(100, 50);

    private final ConfidenceSequence sequence = new ConfidenceSequence(0.01);

    private static void assertInterval(double value, double low, double high, Interval interval) {
        assertEquals(value, interval.value(), CLOSE);
        assertEquals(low, interval.low(), CLOSE);
        assertEquals(high, interval.high(), CLOSE);
    }

    @Test
    void aMeanHasItsInterval() {
        assertInterval(0.7, 0.5141457, 0.8494274, sequence.mean(new Tally(100, 70)));
        assertInterval(1, 0.3007600, 1, sequence.mean(new Tally(5, 5)));
        assertInterval(0, 0, 1, sequence.mean(Tally.NONE));
    }

    @Test
    void aDifferenceHasItsInterval() {
        assertInterval(-0.2, -0.4319264, 0.0326305, sequence.difference(LIVE, CANDIDATE));
        assertInterval(-1, -1, -0.3354568, sequence.difference(new Tally(10, 10), new Tally(10, 0)));
        assertInterval(0, -1, 1, sequence.difference(LIVE, Tally.NONE));
        assertInterval(
                -0.0754464,
                -0.2586659,
                0.0963683,
                sequence.difference(List.of(
                        new Split(new Tally(500, 400.5), new Tally(50, 30.25)),
                        new Split(new Tally(300, 150), new Tally(300, 141)))));
    }

    /** Calls of a second split say nearly as much as more of the first, where nothing has changed. */
    @Test
    void whatStaysTheSameIsLearnedOnce() {
        Split more = new Split(new Tally(300, 210), new Tally(100, 50));
        Interval two = sequence.difference(List.of(new Split(LIVE, CANDIDATE), more));
        assertInterval(-0.2, -0.3868313, -0.0118589, two);
        Interval one = sequence.difference(new Tally(1_200, 840), new Tally(200, 100));
        assertEquals(one.high() - one.low(), two.high() - two.low(), 0.03);
    }

    /** Whatever is added where, no value is expected to add evidence against the truth. */
    @Test
    void inWhateverOrderValuesComeNothingIsWon() {
        Random random = new Random(3);
        for (int i = 0; i < 500; i++) {
            List<Split> splits = new ArrayList<>();
            for (int k = 0; k < 3; k++) {
                splits.add(new Split(some(random), some(random)));
            }
            double before = Math.exp(ConfidenceSequence.logMixture(firsts(splits)));
            for (int k = 0; k < 3; k++) {
                double after = 0;
                for (int value = 0; value < 2; value++) {
                    List<Split> more = new ArrayList<>(splits);
                    more.set(
                            k,
                            new Split(
                                    splits.get(k).first().plus(value),
                                    splits.get(k).second()));
                    after += Math.exp(ConfidenceSequence.logMixture(firsts(more)));
                }
                assertEquals(1, after / before, 1e-9, "what comes next is one of two: " + splits);
            }
        }
    }

    private static Tally some(Random random) {
        long count = random.nextInt(30);
        return new Tally(count, count == 0 ? 0 : random.nextInt((int) count + 1));
    }

    private static List<Tally> firsts(List<Split> splits) {
        return splits.stream().map(Split::first).toList();
    }

    @Test
    void theOtherWayRoundItIsTheSame() {
        Interval there = sequence.difference(LIVE, CANDIDATE);
        Interval back = sequence.difference(CANDIDATE, LIVE);
        assertInterval(-there.value(), -there.high(), -there.low(), back);
    }

    @Test
    void worseIsWhatTheIntervalSays() {
        Random random = new Random(1);
        int worse = 0;
        int notWorse = 0;
        for (int i = 0; i < 300; i++) {
            long count = 1 + random.nextInt(400);
            List<Split> splits = List.of(new Split(
                    new Tally(1_000, 1_000 * random.nextDouble()), new Tally(count, count * random.nextDouble())));
            double loss = random.nextDouble(0.2);
            Interval interval = sequence.difference(splits);
            assertEquals(interval.high() < -loss, sequence.isWorse(splits, loss));
            assertEquals(interval.low() > -loss, sequence.isNotWorse(splits, loss));
            assertEquals(interval.low() <= -loss && -loss <= interval.high(), sequence.has(splits, -loss));
            worse += sequence.isWorse(splits, loss) ? 1 : 0;
            notWorse += sequence.isNotWorse(splits, loss) ? 1 : 0;
        }
        assertTrue(worse > 50 && notWorse > 50, worse + " and " + notWorse);
        assertFalse(sequence.isWorse(List.of(new Split(LIVE, Tally.NONE)), 0));
        assertFalse(sequence.isNotWorse(List.of(), 0));
    }

    /** While all calls get harder a candidate that is as good gets more of them: within each split there is no difference. */
    @Test
    void aGrowingShareOfHarderCallsIsNoDifference() {
        List<Split> splits = List.of(
                new Split(new Tally(9_000, 8_100), new Tally(1_000, 900)),
                new Split(new Tally(5_000, 2_500), new Tally(5_000, 2_500)));
        assertFalse(sequence.isWorse(splits, 0));
        Split together = new Split(new Tally(14_000, 10_600), new Tally(6_000, 3_400));
        assertTrue(sequence.isWorse(List.of(together), 0), "together it looks like one");
    }

    @Test
    void splitsThatContradictEachOtherLeaveNothing() {
        Interval interval = sequence.difference(List.of(
                new Split(new Tally(1_000, 900), new Tally(1_000, 300)),
                new Split(new Tally(1_000, 300), new Tally(1_000, 900))));
        assertInterval(0, 0, 0, interval);
    }

    @Test
    void valuesAreFromZeroToOne() {
        assertThrows(IllegalArgumentException.class, () -> new Tally(3, 3.5));
        assertThrows(IllegalArgumentException.class, () -> new Tally(3, Double.NaN));
        assertThrows(IllegalArgumentException.class, () -> new Tally(-1, 0));
        assertThrows(IllegalArgumentException.class, () -> Tally.NONE.plus(1.5));
        assertThrows(IllegalArgumentException.class, () -> new ConfidenceSequence(0));
        assertEquals(new Tally(2, 1.25), Tally.NONE.plus(1).plus(0.25));
    }
}
