package dev.hone.promote;

import dev.hone.evaluate.Interval;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What is known of a model version when its gates judge it. Made by {@link ReportEvidence}; what is not known is null, NaN or not there.
 *
 * @param contender the version's name in the report
 * @param baseline the name of what it would replace; null where nobody is known
 * @param rows that it was judged on
 * @param testRows that it could have been judged on, with the data that there is
 * @param quality share of right answers
 * @param costPerThousand in the report's currency
 * @param p95Ms of single requests
 * @param latenciesMs of each of these
 * @param difference its share of right answers less that of the baseline, on the tasks that both answered
 * @param slices the same on parts of the tasks
 * @param retained the same on sets of earlier tasks, by name
 */
public record GateEvidence(
        String contender,
        @Nullable String baseline,
        int rows,
        int testRows,
        @Nullable Interval quality,
        double costPerThousand,
        double p95Ms,
        List<Double> latenciesMs,
        @Nullable Difference difference,
        List<Slice> slices,
        List<Retained> retained) {
    public GateEvidence {
        latenciesMs = List.copyOf(latenciesMs);
        slices = List.copyOf(slices);
        retained = List.copyOf(retained);
    }

    /**
     * Of two shares.
     *
     * @param rows that both answered
     * @param discordant share of these that exactly one of both has right; NaN where it is not known
     * @param paired whether it was taken task by task
     */
    public record Difference(Interval interval, int rows, double discordant, boolean paired) {}

    /** On a part of the tasks. */
    public record Slice(String name, Difference difference) {}

    /**
     * On earlier tasks.
     *
     * @param data as the gate names it
     * @param difference null where no report says
     */
    public record Retained(String data, @Nullable Difference difference) {}
}
