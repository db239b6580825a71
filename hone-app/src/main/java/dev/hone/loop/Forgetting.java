package dev.hone.loop;

import dev.hone.evaluate.Report;
import dev.hone.loop.Results.Evaluated;
import dev.hone.loop.Results.Figures;
import dev.hone.record.ModelVersion;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Whether a version still can what the live one can, by the tasks that earlier rounds judged by.
 *
 * @param sentence for people; empty where nobody could have forgotten anything
 */
record Forgetting(State state, String sentence) {
    /** Tasks below which nothing is said: an interval of fewer says little, and of one is a point. */
    static final int LEAST = 30;

    /** Quality that may be lost without anybody calling it forgetting. */
    private static final double MARGIN = 0.05;

    /** What is known. */
    enum State {
        /** Nothing was live. */
        NOTHING_BEFORE,
        /** There are too few tasks to tell. */
        UNKNOWN,
        /** No loss is seen, and one of more than the margin would not be either. */
        BLIND,
        /** It has lost the margin at most. */
        KEPT,
        /** It is surely worse. */
        LOST
    }

    /** @param live null where nothing is */
    static Forgetting of(Evaluated evaluated, @Nullable ModelVersion live) {
        if (live == null) {
            return new Forgetting(State.NOTHING_BEFORE, "");
        }
        int tasks = evaluated.retained().stream()
                .filter(one -> one.contender().equals(live.reference()))
                .mapToInt(Figures::rows)
                .findFirst()
                .orElse(0);
        Optional<Report.Comparison> found = evaluated.comparisons().stream()
                .filter(one ->
                        one.on().equals("retained") && one.difference().b().equals(live.reference()))
                .map(Results.Comparison::difference)
                .findFirst();
        if (found.isEmpty() || tasks < LEAST) {
            return new Forgetting(
                    State.UNKNOWN,
                    "whether it has forgotten anything is not known: [%d] tasks that earlier rounds judged by are judged by again, and to tell takes [%d]"
                            .formatted(tasks, LEAST));
        }
        Report.Comparison difference = found.get();
        if (difference.high() < 0) {
            return new Forgetting(
                    State.LOST,
                    String.format(
                            Locale.ROOT,
                            "it has forgotten: %.1f points (%.1f to %.1f) below [%s] on the [%d] tasks that earlier rounds judged by",
                            -100 * difference.difference(),
                            -100 * difference.high(),
                            -100 * difference.low(),
                            live.reference(),
                            tasks));
        }
        String seen = String.format(
                Locale.ROOT,
                "[%d] tasks that earlier rounds judged by show no loss against [%s]",
                tasks,
                live.reference());
        return difference.low() < -MARGIN
                ? new Forgetting(
                        State.BLIND,
                        String.format(
                                Locale.ROOT,
                                "%s, and are too few to show one of %.1f points",
                                seen,
                                -100 * difference.low()))
                : new Forgetting(
                        State.KEPT,
                        String.format(
                                Locale.ROOT,
                                "%s of more than %.1f points",
                                seen,
                                100 * Math.max(0, -difference.low())));
    }

    /** Whether it stands in nobody's way. */
    boolean passes() {
        return state != State.LOST;
    }
}
