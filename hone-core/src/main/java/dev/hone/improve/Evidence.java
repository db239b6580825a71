package dev.hone.improve;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;

/**
 * Evidence that calls are not of the reference's distribution any more, which may be looked at after every call. It is a conformal test martingale
 * (Vovk, Nouretdinov and Gammerman 2003): the place of each value among all before it and the reference's, ties broken by chance, is an even draw from
 * [0, 1] and independent of those before as long as calls are exchangeable, whatever their distribution. Bets are made on these places; what they have
 * earned, begun with 1, exceeds 1/alpha at any time with a probability of alpha at most (Ville 1939). Where it matters which way values went, bets are made on
 * one of them alone: what comes of the other earns nothing, so that neither hides behind the other.
 *
 * <p>How bets are made costs power alone, never validity. A bettor divides what it has evenly among many who each believe that one part of [0, 1] has
 * become more or less likely, and one who learns how likely each part is (a Dirichlet mixture). Since nobody knows when a change comes, bettors begin
 * again and again, with the share 1/((s+1)(s+2)) of all that there is for the s-th.
 */
final class Evidence {
    private static final int FIRST_STEP = 50;
    private static final double LATER_STEP = 1.1;
    private static final double[] MORE = {0.1, 0.3};
    private static final double LESS = 0.5;

    /** On which change bets are made. */
    enum Side {
        ANY,
        /** That values are higher than they were. */
        HIGHER,
        /** That they are lower. */
        LOWER
    }

    private final Side side;
    private final double[] ends;
    private final double[][] logBets;
    private final double[] widths;
    private final SplittableRandom random;
    private final List<Bettor> bettors = new ArrayList<>();

    /** Sorted, of the reference and of the calls so far. */
    private double[] values;

    private int size;
    private int calls;
    private int next;
    private double log;
    private double most;
    private int from;
    private int until;

    /** Of any change. */
    Evidence(double[] reference, double[] widths, long seed) {
        this(reference, widths, seed, Side.ANY);
    }

    /**
     * @param reference values
     * @param widths of the parts of [0, 1], from 0 on; they depend on nothing that is in the reference or comes after
     */
    Evidence(double[] reference, double[] widths, long seed, Side side) {
        this.side = side;
        this.values = Arrays.copyOf(reference, Math.max(16, reference.length * 2));
        this.size = reference.length;
        Arrays.sort(values, 0, size);
        this.widths = widths;
        this.ends = new double[widths.length];
        double end = 0;
        for (int i = 0; i < widths.length; i++) {
            end += widths[i];
            ends[i] = end;
        }
        this.logBets = side == Side.ANY ? bets(widths) : bets(widths, side);
        this.random = new SplittableRandom(seed);
    }

    /** Parts of the same width. */
    static double[] even(int parts) {
        double[] widths = new double[parts];
        Arrays.fill(widths, 1.0 / parts);
        return widths;
    }

    /** Someone who began at a time: what each of their bets has earned, and how often each part came since. Who bets on one way alone learns nothing. */
    private final class Bettor {
        private final double[] logs = new double[logBets.length + (side == Side.ANY ? 1 : 0)];
        private final int[] seen = new int[widths.length];
        private final int begun = calls;
        private int count;

        void see(int part) {
            for (int i = 0; i < logBets.length; i++) {
                logs[i] += logBets[i][part];
            }
            if (logs.length > logBets.length) {
                learn(part);
            }
            count++;
        }

        private void learn(int part) {
            double prior = widths.length / 2.0;
            logs[logBets.length] += Math.log((seen[part] + prior * widths[part]) / (count + prior) / widths[part]);
            seen[part]++;
        }

        /** The logarithm of the mean of what its bets have. */
        double log() {
            double highest = Arrays.stream(logs).max().orElse(0);
            double sum = 0;
            for (double one : logs) {
                sum += Math.exp(one - highest);
            }
            return highest + Math.log(sum / logs.length);
        }
    }

    private static double[][] bets(double[] widths) {
        List<double[]> bets = new ArrayList<>();
        for (int from = 0; from < widths.length; from++) {
            add(bets, widths, from, from + 1);
        }
        for (int parts = 2; parts <= widths.length / 3 + 1 && parts < widths.length; parts++) {
            add(bets, widths, 0, parts);
            add(bets, widths, widths.length - parts, widths.length);
        }
        return bets.toArray(double[][]::new);
    }

    /** Each is no less the nearer a place is to the end where it believes that values have gone: high ones have their place near 0. */
    private static double[][] bets(double[] widths, Side side) {
        List<double[]> bets = new ArrayList<>();
        for (int cut = 1; cut < widths.length; cut++) {
            int from = side == Side.LOWER ? cut : 0;
            int to = side == Side.LOWER ? widths.length : cut;
            double width = width(widths, from, to);
            for (double more : MORE) {
                bets.add(bet(widths, from, to, 1 - more + more / width, 1 - more));
            }
            bets.add(bet(widths, from, to, (1 - LESS * (1 - width)) / width, LESS));
        }
        return bets.toArray(double[][]::new);
    }

    private static double width(double[] widths, int from, int to) {
        double width = 0;
        for (int i = from; i < to; i++) {
            width += widths[i];
        }
        return width;
    }

    /** Bets on and against a range of parts; each has the mean 1 over [0, 1]. */
    private static void add(List<double[]> bets, double[] widths, int from, int to) {
        double width = width(widths, from, to);
        if (width >= 1 - 1e-9) {
            return;
        }
        for (double more : MORE) {
            bets.add(bet(widths, from, to, 1 - more + more / width, 1 - more));
        }
        bets.add(bet(widths, from, to, LESS, (1 - LESS * width) / (1 - width)));
    }

    private static double[] bet(double[] widths, int from, int to, double within, double without) {
        double[] logs = new double[widths.length];
        for (int i = 0; i < logs.length; i++) {
            logs[i] = Math.log(i >= from && i < to ? within : without);
        }
        return logs;
    }

    /** The next call's value; the higher, the nearer to 0 is its place. */
    void add(double value) {
        int part = part(place(value));
        if (calls == next) {
            bettors.add(new Bettor());
            next = Math.max(calls + FIRST_STEP, (int) (calls * LATER_STEP));
        }
        calls++;
        double had = 1.0 / (bettors.size() + 1);
        double highest = Math.log(had);
        int first = 0;
        double[] logs = new double[bettors.size()];
        for (int s = 0; s < logs.length; s++) {
            Bettor bettor = bettors.get(s);
            bettor.see(part);
            logs[s] = bettor.log() - Math.log((s + 1.0) * (s + 2.0));
            first = logs[s] > logs[first] ? s : first;
            highest = Math.max(highest, logs[s]);
        }
        double sum = Math.exp(Math.log(had) - highest);
        for (double one : logs) {
            sum += Math.exp(one - highest);
        }
        log = highest + Math.log(sum);
        if (log > most) {
            most = log;
            from = bettors.get(first).begun;
            until = calls;
        }
    }

    private double place(double value) {
        int from = lower(value);
        int to = upper(value);
        int above = size - to;
        double place = (above + random.nextDouble() * (to - from + 1)) / (size + 1);
        if (size == values.length) {
            values = Arrays.copyOf(values, 2 * size);
        }
        System.arraycopy(values, to, values, to + 1, size - to);
        values[to] = value;
        size++;
        return place;
    }

    /** How many are less. */
    private int lower(double value) {
        int low = 0;
        int high = size;
        while (low < high) {
            int middle = (low + high) >>> 1;
            if (values[middle] < value) {
                low = middle + 1;
            } else {
                high = middle;
            }
        }
        return low;
    }

    /** How many are not more. */
    private int upper(double value) {
        int low = 0;
        int high = size;
        while (low < high) {
            int middle = (low + high) >>> 1;
            if (values[middle] <= value) {
                low = middle + 1;
            } else {
                high = middle;
            }
        }
        return low;
    }

    private int part(double place) {
        for (int i = 0; i < ends.length - 1; i++) {
            if (place < ends[i]) {
                return i;
            }
        }
        return ends.length - 1;
    }

    /** The logarithm of the most that bets ever had. */
    double most() {
        return most;
    }

    /** The first of the calls that are the evidence, counted from 0: where the bettor began who had most when all had. */
    int from() {
        return from;
    }

    /** The one behind the last of these, after which bets never had more. */
    int until() {
        return until;
    }

    /** What they have now. */
    double log() {
        return log;
    }

    /** How probable it is that they ever have so much without a change, at most. */
    double p() {
        return Math.min(1, Math.exp(-most));
    }
}
