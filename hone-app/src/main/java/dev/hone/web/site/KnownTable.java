package dev.hone.web.site;

import dev.hone.evaluate.Interval;
import dev.hone.promote.Evidence;
import dev.hone.promote.Split;
import dev.hone.promote.Stage;
import dev.hone.promote.Tally;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * What is known of a candidate, step by step, as it is compared: the means of all steps together say nothing, since a candidate has few of the calls of one step and
 * many of those of another, which may be harder.
 *
 * @param rows by measure, and of each in the order of its steps; the last of each has the difference that counts
 */
public record KnownTable(List<Row> rows) {
    private static final String NOTHING = "–";

    public KnownTable {
        rows = List.copyOf(rows);
    }

    /**
     * A line of it.
     *
     * @param step which, or that it is all of them
     * @param candidate its mean of so many values; of all steps the number of values alone
     * @param others the same of whom it is compared with
     * @param difference of the means of a step; of all steps the most likely one in all of them at once, with its interval
     */
    public record Row(String measure, String step, String candidate, String others, String difference) {}

    /** @param stages of the rollout, to the last of which the evidence belongs */
    static KnownTable of(Evidence evidence, List<Stage> stages) {
        List<Stage> compared = stages.stream()
                .filter(stage -> stage.copies() == evidence.copies())
                .toList();
        List<Row> rows = new ArrayList<>();
        for (Evidence.Known known : evidence.measures()) {
            String measure = known.measure().word();
            List<Split> splits = known.splits();
            if (splits.size() == 1) {
                rows.add(new Row(
                        measure,
                        step(compared, 0),
                        mean(known.candidate()),
                        mean(known.others()),
                        difference(known.difference())));
                continue;
            }
            for (int i = 0; i < splits.size(); i++) {
                Split split = splits.get(i);
                rows.add(new Row(
                        measure, step(compared, i), mean(split.second()), mean(split.first()), difference(split)));
            }
            rows.add(new Row(
                    measure,
                    "all steps, each apart",
                    values(known.candidate()),
                    values(known.others()),
                    difference(known.difference())));
        }
        return new KnownTable(rows);
    }

    /** Whether some measure has several steps. */
    public boolean hasSteps() {
        return rows.stream().anyMatch(row -> row.step().startsWith("all steps"));
    }

    /** The same in a line for each measure. */
    static List<String> lines(Evidence evidence) {
        return evidence.measures().stream().map(KnownTable::line).toList();
    }

    private static String line(Evidence.Known known) {
        List<String> steps = known.splits().stream()
                .map(split -> "%s against %s".formatted(mean(split.second()), mean(split.first())))
                .toList();
        return steps.size() == 1
                ? "%s: %s, difference %s"
                        .formatted(known.measure().word(), steps.getFirst(), difference(known.difference()))
                : "%s: %s; difference, each step apart, %s"
                        .formatted(
                                known.measure().word(), String.join(", then ", steps), difference(known.difference()));
    }

    /** As people read it. */
    static String step(Stage stage) {
        return stage.copies()
                ? "copies"
                : "step %d: %s".formatted(stage.step() + 1, Figures.share(Math.round(1_000 * stage.share()), 1_000));
    }

    private static String step(List<Stage> stages, int number) {
        return number < stages.size() ? step(stages.get(number)) : "step " + (number + 1);
    }

    private static String mean(Tally tally) {
        return tally.count() == 0 ? NOTHING : String.format(Locale.ROOT, "%.3f of %,d", tally.mean(), tally.count());
    }

    private static String values(Tally tally) {
        return String.format(Locale.ROOT, "%,d values", tally.count());
    }

    private static String difference(Split split) {
        return split.first().count() == 0 || split.second().count() == 0
                ? NOTHING
                : String.format(
                        Locale.ROOT,
                        "%+.3f",
                        split.second().mean() - split.first().mean());
    }

    private static String difference(Interval difference) {
        return String.format(
                Locale.ROOT, "%+.3f (%+.3f to %+.3f)", difference.value(), difference.low(), difference.high());
    }
}
