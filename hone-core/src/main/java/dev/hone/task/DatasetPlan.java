package dev.hone.task;

import dev.hone.record.Split;
import java.util.List;

/**
 * How a dataset is made.
 *
 * @param kind how tasks are given to the splits
 * @param shares of train, validation and test in per cent
 * @param seed of the order of tasks, and of the choice where several are as good
 * @param groupBy metadatum whose equal values stay in one split; empty for none
 * @param stratifyBy metadatum whose values are spread evenly; empty for the answer
 * @param duplicate Jaccard index from which tasks with one answer are the same task
 * @param near Jaccard index from which tasks stay in one split
 * @param meaning cosine of embeddings from which tasks stay in one split; 0 where meaning does not count
 */
public record DatasetPlan(
        Kind kind,
        List<Integer> shares,
        long seed,
        String groupBy,
        String stratifyBy,
        double duplicate,
        double near,
        double meaning) {
    /** How tasks are given to the splits; near-duplicates are never parted. */
    public enum Kind {
        /** By chance, group by group. */
        GROUPED,
        /** Every class in the same shares, as far as groups allow. */
        STRATIFIED,
        /** The earliest to learn from, the latest to judge by. */
        TIME
    }

    public DatasetPlan {
        shares = List.copyOf(shares);
        if (shares.size() != 3
                || shares.stream().anyMatch(share -> share < 0)
                || shares.stream().mapToInt(share -> share).sum() != 100) {
            throw new IllegalArgumentException(
                    "The shares %s must be three numbers that add up to 100: train, validation, test, for instance 80,10,10"
                            .formatted(shares));
        }
        if (shares.getFirst() == 0) {
            throw new IllegalArgumentException("The shares %s leave nothing to learn from".formatted(shares));
        }
        if (!(near > 0 && near <= duplicate && duplicate <= 1)) {
            throw new IllegalArgumentException(
                    "Thresholds must be 0 < near [%s] <= duplicate [%s] <= 1".formatted(near, duplicate));
        }
        if (!(meaning >= 0 && meaning <= 1)) {
            throw new IllegalArgumentException(
                    "The threshold of meaning must be a cosine above 0 and at most 1, or 0 for none, not [" + meaning
                            + "]");
        }
        if (kind != Kind.STRATIFIED && !stratifyBy.isEmpty()) {
            throw new IllegalArgumentException(
                    "To stratify by [%s] does nothing in a [%s] split: leave it out, or split stratified"
                            .formatted(stratifyBy, kind.name().toLowerCase(java.util.Locale.ROOT)));
        }
    }

    /** A plan with what suits most: near-duplicates from 0.9 are dropped, those from 0.6 stay together. */
    public static DatasetPlan of(Kind kind, long seed) {
        return new DatasetPlan(kind, List.of(80, 10, 10), seed, "", "", 0.9, Folds.NEAR, 0);
    }

    int share(Split split) {
        return shares.get(split.ordinal());
    }
}
