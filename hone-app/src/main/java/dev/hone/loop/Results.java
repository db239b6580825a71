package dev.hone.loop;

import dev.hone.evaluate.Interval;
import dev.hone.evaluate.Report;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What the steps of a round come to: each is a file of its folder, and a row of the store. */
public final class Results {
    private Results() {}

    /**
     * The dataset.
     *
     * @param hash of the frozen dataset
     * @param labels demonstrations that there were
     * @param leftOut labelled traces of which no task could be made
     * @param train tasks to learn from
     * @param fresh of these, those that no version has learned from
     * @param validation tasks to choose by
     * @param test tasks to judge by
     * @param retained of these, those that earlier rounds judged by, too
     * @param imported labelled rows of files, which may be judged by
     * @param drawn labelled calls that were drawn by chance, which may be judged by
     * @param chosen inputs of all other labelled calls, which are learned from alone
     */
    public record DatasetMade(
            String hash,
            int labels,
            int leftOut,
            int train,
            int fresh,
            int validation,
            int test,
            int retained,
            int imported,
            int drawn,
            int chosen) {}

    /**
     * A training.
     *
     * @param from {@code base} or {@code live}
     * @param rows that it learned from
     * @param replayed of these, those that a version has learned from before
     * @param quality mean grade on the validation split
     */
    public record Arm(
            String from, int rows, int replayed, long steps, double finalLoss, double seconds, double quality) {}

    /**
     * The trainings.
     *
     * @param chosen {@link Arm#from} of the best
     */
    public record Trained(List<Arm> arms, String chosen) {
        public Trained {
            arms = List.copyOf(arms);
        }
    }

    /** @param version as users write it */
    public record Registered(String version, int number) {}

    /**
     * How a contender did.
     *
     * @param quality share of right answers
     */
    public record Figures(String contender, int rows, Interval quality) {}

    /**
     * The judging.
     *
     * @param all on all tasks to judge by
     * @param fresh on those that no earlier round judged by
     * @param retained on those that earlier rounds judged by
     * @param comparisons the version against each of the others on all, on the fresh and on the retained tasks, in that order; with the intervals of gates (Tango 1998)
     */
    public record Evaluated(
            List<Figures> all, List<Figures> fresh, List<Figures> retained, List<Comparison> comparisons) {
        public Evaluated {
            all = List.copyOf(all);
            fresh = List.copyOf(fresh);
            retained = List.copyOf(retained);
            comparisons = List.copyOf(comparisons);
        }
    }

    /** @param on {@code all}; {@code fresh}, which no earlier round judged by, whatever they ask; or {@code retained} tasks */
    public record Comparison(String on, Report.Comparison difference) {}

    /**
     * What the gates said.
     *
     * @param sentences one a gate
     */
    public record Judged(boolean passed, List<String> sentences) {
        public Judged {
            sentences = List.copyOf(sentences);
        }
    }

    /**
     * The rollout that was asked for.
     *
     * @param rollout its id; null where none was asked for
     */
    public record Asked(@Nullable String rollout) {}
}
