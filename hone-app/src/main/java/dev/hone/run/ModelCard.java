package dev.hone.run;

import dev.hone.evaluate.Interval;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What is known of a model version, for whoever decides whether to use it. Made by {@link ModelCards} from the store, the charter and the reports alone: what nobody said is null, or
 * not there.
 *
 * @param owner who answers for the use case; null where no charter says
 * @param job what it is for; null where no charter says
 * @param good the kind of grader that says what is right; null where no charter says
 * @param evaluations the newest first
 * @param verdicts of its gates, the newest first
 * @param limits slices on which it is shown to be worse than on the whole, by the newest evaluation; the worst first
 * @param parents what it began with, the nearest first
 * @param pointed when which alias pointed at it
 * @param forgotten sentences about rows that it saw and that were forgotten since
 */
public record ModelCard(
        int schemaVersion,
        String version,
        String useCase,
        @Nullable String owner,
        @Nullable String job,
        @Nullable String good,
        String created,
        String artifact,
        List<String> aliases,
        Base base,
        Data data,
        Training training,
        List<Evaluated> evaluations,
        List<Gated> verdicts,
        List<Limit> limits,
        List<String> parents,
        List<String> children,
        List<Pointed> pointed,
        List<String> forgotten) {
    public ModelCard {
        aliases = List.copyOf(aliases);
        evaluations = List.copyOf(evaluations);
        verdicts = List.copyOf(verdicts);
        limits = List.copyOf(limits);
        parents = List.copyOf(parents);
        children = List.copyOf(children);
        pointed = List.copyOf(pointed);
        forgotten = List.copyOf(forgotten);
    }

    /**
     * What everything began with.
     *
     * @param weights SHA-256 of them; empty where it is not known
     * @param licence SPDX identifier of a known model; null where nothing says
     */
    public record Base(
            String model, String weights, @Nullable String licence) {}

    /**
     * What it learned from.
     *
     * @param dataset hash of the frozen dataset; null where the data was a file
     * @param hash of the data as the run has it
     * @param examples that it learned from
     * @param train rows that the dataset has now; null without a dataset
     */
    public record Data(
            @Nullable String dataset,
            String hash,
            int examples,
            @Nullable Integer train,
            @Nullable Integer validation,
            @Nullable Integer test,
            @Nullable String rebuilt) {}

    /** How it learned; names and values as the run wrote them. */
    public record Training(
            String finished, Map<String, String> settings, Map<String, String> figures, Map<String, String> versions) {}

    /**
     * A report.
     *
     * @param contender what the report calls the version; null where it does not say, and the figures are not known then
     * @param rows that it was judged on
     * @param costPerThousand null where nobody knows
     * @param p95Ms null where nobody measured
     */
    public record Evaluated(
            String report,
            String created,
            String dataHash,
            @Nullable String grader,
            @Nullable String contender,
            int rows,
            @Nullable Interval quality,
            @Nullable Double costPerThousand,
            @Nullable Double p95Ms,
            List<Compared> comparisons) {
        public Evaluated {
            comparisons = List.copyOf(comparisons);
        }
    }

    /** Its share of right answers less that of another contender, on the same tasks. */
    public record Compared(String other, Interval difference, int rows) {}

    /** What gates said. @param forced why somebody let it pass whatever they say; null where they were asked */
    public record Gated(
            String created, boolean passed, @Nullable String forced, String who, List<Line> lines) {
        public Gated {
            lines = List.copyOf(lines);
        }

        /** In a word or two, for people. */
        public String word() {
            return !passed ? "not passed" : forced == null ? "passed" : "forced";
        }

        /** What one said. */
        public record Line(String gate, String state, String sentence) {}
    }

    /** A part of the tasks. */
    public record Limit(String slice, int rows, Interval quality, double whole) {}

    /** @param to null where it does still */
    public record Pointed(
            String alias, String from, @Nullable String to, String who) {}
}
