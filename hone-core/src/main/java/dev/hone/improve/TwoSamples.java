package dev.hone.improve;

import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.function.ToDoubleFunction;
import org.apache.commons.statistics.distribution.ChiSquaredDistribution;

/**
 * Whether two samples are of one distribution, each looked at once. Draws are seeded: the same samples have the same p.
 */
final class TwoSamples {
    /** Permutations: the smallest p that they can give is a two-thousandth. */
    private static final int PERMUTATIONS = 1_999;

    /** Of vectors, on each side. */
    private static final int MOST_VECTORS = 150;

    /** Cochran's rule: below it the asymptotic distribution is not to be trusted. */
    private static final double LEAST_EXPECTED = 5;

    private TwoSamples() {}

    /**
     * What a test found.
     *
     * @param test its name
     */
    record Result(String test, double statistic, double p) {}

    /** Where one of the samples is empty. */
    static final Result NOTHING = new Result("none", 0, 1);

    /**
     * Counts of the same categories in both: G = 2 Σ O ln(O/E) against χ² (Wilks 1938); where an expected count is below 5, against permutations of the
     * calls.
     */
    static Result counts(int[] then, int[] now, long seed) {
        int first = Arrays.stream(then).sum();
        int second = Arrays.stream(now).sum();
        if (first == 0 || second == 0) {
            return NOTHING;
        }
        double g = g(then, now, first, second);
        int categories = 0;
        boolean small = false;
        for (int i = 0; i < then.length; i++) {
            int both = then[i] + now[i];
            if (both > 0) {
                categories++;
                small |= (double) both * Math.min(first, second) / (first + second) < LEAST_EXPECTED;
            }
        }
        if (categories < 2) {
            return new Result("G-test", 0, 1);
        }
        if (!small) {
            return new Result(
                    "G-test",
                    g,
                    Math.clamp(ChiSquaredDistribution.of(categories - 1).survivalProbability(g), 0, 1));
        }
        int[] all = new int[first + second];
        int at = 0;
        for (int i = 0; i < then.length; i++) {
            Arrays.fill(all, at, at + then[i] + now[i], i);
            at += then[i] + now[i];
        }
        SplittableRandom random = new SplittableRandom(seed);
        int beyond = 0;
        for (int k = 0; k < PERMUTATIONS; k++) {
            int[] drawn = new int[then.length];
            int[] rest = new int[then.length];
            for (int i = 0; i < all.length; i++) {
                int j = i + random.nextInt(all.length - i);
                int swapped = all[i];
                all[i] = all[j];
                all[j] = swapped;
                (i < first ? drawn : rest)[all[i]]++;
            }
            beyond += g(drawn, rest, first, second) >= g - 1e-9 ? 1 : 0;
        }
        return new Result("G-test by permutation", g, (1.0 + beyond) / (1 + PERMUTATIONS));
    }

    private static double g(int[] then, int[] now, int first, int second) {
        double sum = 0;
        for (int i = 0; i < then.length; i++) {
            double both = then[i] + now[i];
            sum += term(then[i], both * first / (first + second)) + term(now[i], both * second / (first + second));
        }
        return Math.max(0, 2 * sum);
    }

    private static double term(int observed, double expected) {
        return observed == 0 ? 0 : observed * Math.log(observed / expected);
    }

    /**
     * Vectors: the energy distance 2 E|X−Y| − E|X−X'| − E|Y−Y'| (Székely and Rizzo 2013) against permutations, on as many of each side as stand evenly
     * over it.
     */
    static Result vectors(List<float[]> then, List<float[]> now, long seed) {
        List<float[]> first = thinned(then);
        List<float[]> second = thinned(now);
        if (first.size() < 2 || second.size() < 2) {
            return NOTHING;
        }
        int n = first.size();
        int all = n + second.size();
        double[][] distances = new double[all][all];
        for (int i = 0; i < all; i++) {
            for (int j = 0; j < i; j++) {
                float[] a = i < n ? first.get(i) : second.get(i - n);
                float[] b = j < n ? first.get(j) : second.get(j - n);
                distances[i][j] = Vectors.distance(a, b);
                distances[j][i] = distances[i][j];
            }
        }
        double whole = 0;
        for (double[] row : distances) {
            whole += Arrays.stream(row).sum();
        }
        int[] order = new int[all];
        Arrays.setAll(order, i -> i);
        double found = energy(distances, order, n, whole);
        SplittableRandom random = new SplittableRandom(seed);
        int beyond = 0;
        for (int k = 0; k < PERMUTATIONS; k++) {
            shuffle(order, random);
            beyond += energy(distances, order, n, whole) >= found - 1e-12 ? 1 : 0;
        }
        return new Result("energy distance", found, (1.0 + beyond) / (1 + PERMUTATIONS));
    }

    private static double energy(double[][] distances, int[] order, int n, double whole) {
        int m = order.length - n;
        double within = 0;
        double others = 0;
        for (int i = 0; i < n; i++) {
            double[] row = distances[order[i]];
            for (int j = 0; j < i; j++) {
                within += row[order[j]];
            }
        }
        for (int i = n; i < order.length; i++) {
            double[] row = distances[order[i]];
            for (int j = n; j < i; j++) {
                others += row[order[j]];
            }
        }
        double between = whole / 2 - within - others;
        return 2 * between / n / m - 2 * within / n / n - 2 * others / m / m;
    }

    private static void shuffle(int[] order, SplittableRandom random) {
        for (int i = order.length - 1; i > 0; i--) {
            int j = random.nextInt(i + 1);
            int swapped = order[i];
            order[i] = order[j];
            order[j] = swapped;
        }
    }

    private static List<float[]> thinned(List<float[]> vectors) {
        if (vectors.size() <= MOST_VECTORS) {
            return vectors;
        }
        return java.util.stream.IntStream.range(0, MOST_VECTORS)
                .mapToObj(i -> vectors.get((int) ((long) i * vectors.size() / MOST_VECTORS)))
                .toList();
    }

    /** Numbers: the largest distance of the two distribution functions, by Kolmogorov and Smirnov; p is too large where values are equal. */
    static Result numbers(double[] then, double[] now) {
        if (then.length == 0 || now.length == 0) {
            return NOTHING;
        }
        double[] a = then.clone();
        double[] b = now.clone();
        Arrays.sort(a);
        Arrays.sort(b);
        double most = 0;
        int i = 0;
        int j = 0;
        while (i < a.length && j < b.length) {
            double at = Math.min(a[i], b[j]);
            while (i < a.length && a[i] <= at) {
                i++;
            }
            while (j < b.length && b[j] <= at) {
                j++;
            }
            most = Math.max(most, Math.abs((double) i / a.length - (double) j / b.length));
        }
        double effective = Math.sqrt((double) a.length * b.length / (a.length + b.length));
        // Stephens 1970.
        double lambda = (effective + 0.12 + 0.11 / effective) * most;
        return new Result("Kolmogorov-Smirnov", most, kolmogorov(lambda));
    }

    private static double kolmogorov(double lambda) {
        if (lambda < 0.2) {
            return 1;
        }
        double sum = 0;
        for (int k = 1; k <= 100; k++) {
            sum += (k % 2 == 1 ? 2 : -2) * Math.exp(-2 * k * k * lambda * lambda);
        }
        return Math.clamp(sum, 0, 1);
    }

    /** Means: their difference against permutations. */
    static Result means(double[] then, double[] now, long seed) {
        if (then.length == 0 || now.length == 0) {
            return NOTHING;
        }
        double[] all = Arrays.copyOf(then, then.length + now.length);
        System.arraycopy(now, 0, all, then.length, now.length);
        double whole = Arrays.stream(all).sum();
        ToDoubleFunction<Double> apart = sum -> Math.abs(sum / then.length - (whole - sum) / now.length);
        double found = apart.applyAsDouble(Arrays.stream(then).sum());
        SplittableRandom random = new SplittableRandom(seed);
        int beyond = 0;
        for (int k = 0; k < PERMUTATIONS; k++) {
            double sum = 0;
            for (int i = 0; i < then.length; i++) {
                int j = i + random.nextInt(all.length - i);
                double swapped = all[i];
                all[i] = all[j];
                all[j] = swapped;
                sum += all[i];
            }
            beyond += apart.applyAsDouble(sum) >= found - 1e-12 ? 1 : 0;
        }
        return new Result(
                "difference of means by permutation",
                Arrays.stream(now).average().orElse(0)
                        - Arrays.stream(then).average().orElse(0),
                (1.0 + beyond) / (1 + PERMUTATIONS));
    }
}
