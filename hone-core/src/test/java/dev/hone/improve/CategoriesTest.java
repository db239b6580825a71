package dev.hone.improve;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.UUID;
import org.junit.jupiter.api.Test;

/** Answers of few names, and of hundreds. */
final class CategoriesTest {
    private static final int NAMES = 300;

    @Test
    void fewHaveAPartEachAsWideAsTheirShare() {
        Categories parts = Categories.of(new int[] {7, 0, 2, 0, 3});
        double all = 12 + 0.5 * 4;
        assertArrayEquals(new double[] {0.5 / all, 2.5 / all, 3.5 / all, 7.5 / all}, parts.widths(), 1e-12);
        assertEquals(List.of(0.0, 3.0, 2.0, 3.0, 1.0), values(parts, 5), "unseen ones are nearest to 0");
    }

    /** However many there are, so many are bet on: the rarest together, and what was never seen apart from these. */
    @Test
    void theRarestOfManyHaveOnePart() {
        int[] counts = new int[NAMES];
        Arrays.setAll(counts, i -> i < 20 ? 0 : i);
        Categories parts = Categories.of(counts);
        double[] widths = parts.widths();
        assertEquals(Categories.MOST + 2, widths.length);
        assertEquals(1, Arrays.stream(widths).sum(), 1e-12);
        List<Double> values = values(parts, NAMES);
        Set<Double> frequent = new HashSet<>(values.subList(NAMES - Categories.MOST, NAMES));
        assertEquals(Categories.MOST, frequent.size(), "a part each");
        Set<Double> rare = new HashSet<>(values.subList(20, NAMES - Categories.MOST));
        assertEquals(1, rare.size(), "one part together");
        Set<Double> unseen = new HashSet<>(values.subList(0, 20));
        assertEquals(1, unseen.size());
        frequent.addAll(rare);
        frequent.addAll(unseen);
        assertEquals(Categories.MOST + 2, frequent.size(), "and none of them is another's");
        double together = Arrays.stream(counts, 20, NAMES - Categories.MOST).sum();
        double all = Arrays.stream(counts).sum() + 0.5 * widths.length;
        assertEquals((together + 0.5) / all, widths[1], 1e-12);
    }

    private static List<Double> values(Categories parts, int count) {
        List<Double> values = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            values.add(parts.value(i));
        }
        return values;
    }

    private static List<Sight> calls(SplittableRandom random, int count, double one) {
        List<Sight> calls = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            // Twenty names have three fifths of the calls, the others are rare, and one of these becomes frequent.
            int usual = random.nextDouble() < 0.6 ? random.nextInt(20) : 20 + random.nextInt(NAMES - 20);
            int name = random.nextDouble() < one ? NAMES - 1 : usual;
            calls.add(new Sight(
                    new UUID(random.nextLong(), random.nextLong()),
                    i + 1,
                    Vectors.unit(new float[] {(float) random.nextGaussian(), (float) random.nextGaussian(), 1}),
                    "name " + name,
                    40,
                    Set.of()));
        }
        return calls;
    }

    private static double evidence(List<Sight> reference, List<Sight> since) {
        return Drift.look(reference, since, Math.min(100, since.size()), List.of(), 0.01, 3).findings().stream()
                .filter(finding -> finding.of().equals("answers: names"))
                .findFirst()
                .orElseThrow()
                .evidence();
    }

    /** Of three hundred names one of the rarest takes two fifths of the calls: seen within two hundred calls, and not before. */
    @Test
    void whatHappensAmongTheRarestIsSeen() {
        SplittableRandom random = new SplittableRandom(5);
        List<Sight> reference = calls(random, 600, 0);
        List<Sight> since = new ArrayList<>(calls(random, 300, 0));
        double before = evidence(reference, since);
        assertTrue(before < 2, "a hundredth is 2 powers of ten, and usual calls had " + before);
        since.addAll(calls(random, 200, 0.4));
        double after = evidence(reference, since);
        assertTrue(after > 2, "only " + after);
    }
}
