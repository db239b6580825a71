package dev.hone.improve;

import static dev.hone.improve.SixKinds.SHIFTED;
import static dev.hone.improve.SixKinds.USUAL;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import org.apache.commons.statistics.distribution.BinomialDistribution;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * How often drift is told of a product that stays as it is, and how soon of one that shifts. Streams differ by their seed, that of chance within a look too: streams that share it have false alarms together. A look at
 * the end has seen what all looks before it would have ({@code DriftTest}), and no window, which only describes, is asked for.
 */
@Tag("slow")
final class DriftSimulationTest {
    private static final int UNCHANGED = 1_000;
    private static final int UNCHANGED_CALLS = 600;
    private static final int CHANGED = 200;
    private static final int REFERENCE = 400;
    private static final int BEFORE = 300;
    private static final int LONGEST = 400;
    private static final int BETWEEN = 10;
    private static final double LEVEL = 0.01;

    /** What docs/improve.md says of calls until a shift is told, in the median. */
    private static final int MEDIAN = 80;

    /** How improbable a share of alarms may be that is taken for chance. */
    private static final double CHANCE = 0.001;

    private static Look look(List<Sight> reference, List<Sight> since, double level, long seed) {
        return Drift.look(reference, since, 0, List.of(), level, seed);
    }

    /** The most alarms that a rate of the level explains: more come with a probability of {@value #CHANCE} at most (exact, one-sided binomial). */
    private static int most(int streams, double level) {
        return BinomialDistribution.of(streams, level).inverseSurvivalProbability(CHANCE);
    }

    @Test
    void streamsThatDoNotChangeAlarmNoMoreOftenThanTheLevel() {
        double[] levels = {0.01, 0.05, 0.2};
        int[] alarms = new int[levels.length];
        for (int stream = 0; stream < UNCHANGED; stream++) {
            SixKinds product = new SixKinds(1_000 + stream);
            List<Sight> reference = product.calls(USUAL, REFERENCE);
            List<Sight> since = product.calls(USUAL, UNCHANGED_CALLS);
            double least = look(reference, since, LEVEL, stream).findings().stream()
                    .mapToDouble(Finding::pDecides)
                    .min()
                    .orElseThrow();
            for (int i = 0; i < levels.length; i++) {
                alarms[i] += least <= levels[i] ? 1 : 0;
            }
        }
        for (int i = 0; i < levels.length; i++) {
            int most = most(UNCHANGED, levels[i]);
            System.out.printf(
                    "unchanged, level %.2f: %d of %,d streams alarm within %d calls; at most %d are explained by the level%n",
                    levels[i], alarms[i], UNCHANGED, UNCHANGED_CALLS, most);
            assertTrue(alarms[i] <= most, "%d of %d at the level %s".formatted(alarms[i], UNCHANGED, levels[i]));
        }
    }

    @Test
    void aShiftIsToldSoon() {
        List<Integer> found = new ArrayList<>();
        int early = 0;
        int never = 0;
        for (int stream = 0; stream < CHANGED; stream++) {
            SixKinds product = new SixKinds(5_000 + stream);
            List<Sight> reference = product.calls(USUAL, REFERENCE);
            List<Sight> since = new ArrayList<>(product.calls(USUAL, BEFORE));
            if (look(reference, since, LEVEL, stream).drifted()) {
                early++;
                continue;
            }
            int calls = 0;
            boolean told = false;
            while (!told && calls < LONGEST) {
                since.addAll(product.calls(SHIFTED, BETWEEN));
                calls += BETWEEN;
                told = look(reference, since, LEVEL, stream).drifted();
            }
            if (told) {
                found.add(calls);
            } else {
                never++;
            }
        }
        found.sort(Integer::compare);
        int median = found.get(found.size() / 2);
        System.out.printf(
                "shifted after %d calls, level %.2f: told within %d calls (median of %d), %d at most; %d before the shift, %d never%n",
                BEFORE, LEVEL, median, found.size(), found.getLast(), early, never);
        assertTrue(early <= most(CHANGED, LEVEL), "false alarms: " + early);
        assertTrue(never == 0, "never told: " + never);
        assertTrue(median <= MEDIAN, found.toString());
    }
}
