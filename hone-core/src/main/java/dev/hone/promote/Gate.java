package dev.hone.promote;

import java.time.Duration;
import java.util.List;

/** A rule that a model version must keep before it gets any traffic. Declared in a use case's charter; judged by {@link Gates}. */
public sealed interface Gate {
    String QUALITY = "quality";
    String SLICES = "slices";
    String COST = "cost-per-thousand";
    String P95 = "p95";
    String RETENTION = "retention";
    String SAMPLE_SIZE = "sample-size";

    /** Its key in the charter. */
    String key();

    /**
     * It is right no less often than what it replaces.
     *
     * @param margin share of right answers by which it may be worse
     */
    record Quality(double margin) implements Gate {
        public Quality {
            requireMargin(margin);
        }

        @Override
        public String key() {
            return QUALITY;
        }
    }

    /**
     * It is so on every part of the tasks.
     *
     * @param margin share of right answers by which it may be worse on one
     * @param leastRows tasks of a part that is judged by itself; smaller ones are judged together
     */
    record Slices(double margin, int leastRows) implements Gate {
        public Slices {
            requireMargin(margin);
            if (leastRows < 1) {
                throw new IllegalArgumentException("A slice has a task at least, not [%d]".formatted(leastRows));
            }
        }

        @Override
        public String key() {
            return SLICES;
        }
    }

    /**
     * It costs no more.
     *
     * @param most that a thousand requests may cost, in the report's currency
     */
    record Cost(double most) implements Gate {
        public Cost {
            if (!(most >= 0)) {
                throw new IllegalArgumentException("A price is 0 or more, not [%s]".formatted(most));
            }
        }

        @Override
        public String key() {
            return COST;
        }
    }

    /** It is no slower: 95 of 100 single requests take no longer. */
    record P95(Duration most) implements Gate {
        @Override
        public String key() {
            return Gate.P95;
        }
    }

    /**
     * It has forgotten nothing: on sets of earlier tasks it is right no less often than what it replaces.
     *
     * @param data each the beginning of a dataset's hash, or a file
     * @param margin share of right answers by which it may be worse on each
     */
    record Retention(List<String> data, double margin) implements Gate {
        public Retention {
            data = List.copyOf(data);
            requireMargin(margin);
            if (data.isEmpty()) {
                throw new IllegalArgumentException("Retention needs earlier tasks to be judged on");
            }
        }

        @Override
        public String key() {
            return RETENTION;
        }
    }

    /** It was judged on tasks enough. */
    record SampleSize(int least) implements Gate {
        public SampleSize {
            if (least < 1) {
                throw new IllegalArgumentException("A sample has a task at least, not [%d]".formatted(least));
            }
        }

        @Override
        public String key() {
            return SAMPLE_SIZE;
        }
    }

    private static void requireMargin(double margin) {
        if (!(margin >= 0 && margin < 1)) {
            throw new IllegalArgumentException(
                    "A margin is a share of right answers from 0 to below 1, not [%s]".formatted(margin));
        }
    }
}
