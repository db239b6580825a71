package dev.hone.promote;

import dev.hone.evaluate.Interval;
import java.util.Comparator;
import java.util.List;
import java.util.function.DoubleUnaryOperator;
import java.util.stream.DoubleStream;
import org.apache.commons.numbers.gamma.LogBeta;

/**
 * Intervals that may be looked at after every call, and acted upon at any time: over all times together the truth is outside with a probability of
 * {@code alpha} at most. Values are from 0 to 1, their means do not change, and what a call is worth does not depend on which variant
 * the calls before it went to; nothing else is assumed, neither a distribution nor how calls are divided.
 *
 * <p>For a mean p, the product of (q/p)^x ((1−q)/(1−p))^(1−x) over the values x is a nonnegative supermartingale for every q, since the factor is convex in x and has
 * the expectation 1 at the ends; and so is its mean over q with the weights of Beta(1/2, 1/2) (the mixture of Robbins 1970). By Ville's inequality it
 * reaches 1/alpha with a probability of alpha at most: the p for which it has not are the interval. It is a function of the number
 * and sum of the values alone. Where calls were divided in several proportions, a variant's means are taken to be the same in all, or others in each, with a weight of a half: a prior of all means
 * together, so that in whatever order values come, late ones of an early split too, the mean over it stays such a supermartingale. For a difference of two means the product of both has to reach 1/alpha for every pair of means with that difference, that
 * is, at the most likely such pair (the split likelihood ratio of Wasserman, Ramdas and Balakrishnan 2020, with a mixture in the place of an estimate).
 */
public final class ConfidenceSequence {
    /** Ends are found as closely as this. */
    private static final double CLOSE = 1e-7;

    private static final double GOLDEN = (Math.sqrt(5) - 1) / 2;
    /** Of an interval of means, until nothing is left of it. */
    private static final int HALVINGS = 50;

    private static final double PRIOR = 0.5;
    private static final double OF_PRIOR = LogBeta.value(PRIOR, PRIOR);

    private final double threshold;

    /** @param alpha how probable it may be that the truth is ever outside, such as 0.01 */
    public ConfidenceSequence(double alpha) {
        if (!(alpha > 0 && alpha < 1)) {
            throw new IllegalArgumentException("[%s] is no probability between 0 and 1".formatted(alpha));
        }
        this.threshold = -Math.log(alpha);
    }

    /** Of a mean; 0 to 1 before the first value. */
    public Interval mean(Tally tally) {
        return ends(tally.mean(), 0, 1, mean -> logMixture(tally) - logLikelihood(tally, mean));
    }

    /** Of the second mean less the first; −1 to 1 before both have values. */
    public Interval difference(Tally first, Tally second) {
        return difference(List.of(new Split(first, second)));
    }

    /**
     * The same where calls were divided in several proportions, one after the other: means may change from one to the next, their difference is the
     * same in all.
     */
    public Interval difference(List<Split> splits) {
        if (!isComparable(splits)) {
            return new Interval(0, -1, 1);
        }
        return ends(estimate(splits), -1, 1, difference -> against(splits, difference));
    }

    /** Whether the interval of the difference has a value. */
    boolean has(List<Split> splits, double difference) {
        return against(splits, difference) < threshold;
    }

    /** Whether the second mean is surely less than the first by more than a loss; the same as the interval's upper end being below it. */
    public boolean isWorse(List<Split> splits, double loss) {
        return isComparable(splits) && against(splits, -loss) >= threshold && estimate(splits) < -loss;
    }

    /** Whether the second mean is surely not less than the first by more than a loss. */
    public boolean isNotWorse(List<Split> splits, double loss) {
        return isComparable(splits) && against(splits, -loss) >= threshold && estimate(splits) > -loss;
    }

    private static boolean isComparable(List<Split> splits) {
        return splits.stream()
                .anyMatch(split -> split.first().count() > 0 && split.second().count() > 0);
    }

    /** The most likely difference. */
    private static double estimate(List<Split> splits) {
        return lowest(difference -> against(splits, difference), -1, 1);
    }

    /** The logarithm of the evidence against a difference. */
    private static double against(List<Split> splits, double difference) {
        return logMixture(splits.stream().map(Split::first).toList())
                + logMixture(splits.stream().map(Split::second).toList())
                - splits.stream()
                        .mapToDouble(split -> mostLikely(split.first(), split.second(), difference))
                        .sum();
    }

    /**
     * The places on both sides of an estimate up to which the evidence against them is below the threshold; it grows with the distance. The
     * estimate alone where nothing is below: splits that contradict each other.
     */
    private Interval ends(double estimate, double least, double most, DoubleUnaryOperator evidence) {
        return new Interval(estimate, end(estimate, least, evidence), end(estimate, most, evidence));
    }

    private double end(double estimate, double farthest, DoubleUnaryOperator evidence) {
        double within = estimate;
        double beyond = farthest;
        if (evidence.applyAsDouble(beyond) < threshold) {
            return beyond;
        }
        while (Math.abs(beyond - within) > CLOSE) {
            double middle = (within + beyond) / 2;
            if (evidence.applyAsDouble(middle) < threshold) {
                within = middle;
            } else {
                beyond = middle;
            }
        }
        return beyond;
    }

    /** The logarithm of the likelihood, meaned over all means by the prior. */
    private static double logMixture(Tally tally) {
        return LogBeta.value(PRIOR + tally.sum(), PRIOR + tally.rest()) - OF_PRIOR;
    }

    /** Of a variant in all splits: its mean is the same in all or another in each, which are weighed alike. */
    static double logMixture(List<Tally> tallies) {
        double same = logMixture(tallies.stream().reduce(Tally.NONE, Tally::plus));
        double apart =
                tallies.stream().mapToDouble(ConfidenceSequence::logMixture).sum();
        double more = Math.max(same, apart);
        return more + Math.log((Math.exp(same - more) + Math.exp(apart - more)) / 2);
    }

    private static double logLikelihood(Tally tally, double mean) {
        return times(tally.sum(), Math.log(mean)) + times(tally.rest(), Math.log1p(-mean));
    }

    /** Where 0 times minus infinity is 0. */
    private static double times(double count, double logarithm) {
        return count == 0 ? 0 : count * logarithm;
    }

    /** The highest likelihood of two means with a difference; it is concave in the first, so its slope falls. */
    private static double mostLikely(Tally first, Tally second, double difference) {
        double low = Math.max(0, -difference);
        double high = Math.min(1, 1 - difference);
        for (int i = 0; i < HALVINGS; i++) {
            double mean = (low + high) / 2;
            if (slope(first, mean) + slope(second, mean + difference) > 0) {
                low = mean;
            } else {
                high = mean;
            }
        }
        double mean = (low + high) / 2;
        return logLikelihood(first, mean) + logLikelihood(second, Math.clamp(mean + difference, 0, 1));
    }

    private static double slope(Tally tally, double mean) {
        return (tally.sum() == 0 ? 0 : tally.sum() / mean) - (tally.rest() == 0 ? 0 : tally.rest() / (1 - mean));
    }

    /** Where a convex function is lowest. */
    private static double lowest(DoubleUnaryOperator function, double least, double most) {
        double low = least;
        double high = most;
        double left = high - GOLDEN * (high - low);
        double right = low + GOLDEN * (high - low);
        double ofLeft = function.applyAsDouble(left);
        double ofRight = function.applyAsDouble(right);
        while (high - low > CLOSE) {
            if (ofLeft <= ofRight) {
                high = right;
                right = left;
                ofRight = ofLeft;
                left = high - GOLDEN * (high - low);
                ofLeft = function.applyAsDouble(left);
            } else {
                low = left;
                left = right;
                ofLeft = ofRight;
                right = low + GOLDEN * (high - low);
                ofRight = function.applyAsDouble(right);
            }
        }
        return DoubleStream.of(least, (low + high) / 2, most)
                .boxed()
                .min(Comparator.comparingDouble(function::applyAsDouble))
                .orElseThrow();
    }
}
