package dev.hone.demo;

import dev.hone.evaluate.DifferenceInterval;
import dev.hone.loop.TaskScores;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Predicate;

/** Two versions on the tasks of a round, by the kind of call: the round does not know which tools came later, and the demo does. */
final class Kinds {
    private Kinds() {}

    /**
     * Compares on each kind that there is, new tools first.
     *
     * @param isNew whether a trace asked for a tool that came later
     * @param version what reports call the new version
     * @param before what they call the one before
     */
    static List<Story.Kind> of(TaskScores scores, Predicate<String> isNew, String version, String before) {
        Map<String, List<TaskScores.Row>> kinds = new TreeMap<>();
        for (TaskScores.Row row : scores.rows()) {
            if (row.right().containsKey(version) && row.right().containsKey(before)) {
                kinds.computeIfAbsent(
                                "%s, %s"
                                        .formatted(
                                                isNew.test(row.trace()) ? "new tools" : "old tools",
                                                row.before() ? "judged by before, too" : "not judged by before"),
                                name -> new ArrayList<>())
                        .add(row);
            }
        }
        List<Story.Kind> made = new ArrayList<>();
        kinds.forEach((name, rows) -> made.add(kind(name, rows, version, before)));
        return made;
    }

    private static Story.Kind kind(String name, List<TaskScores.Row> rows, String version, String before) {
        int own = 0;
        int others = 0;
        int wins = 0;
        int losses = 0;
        for (TaskScores.Row row : rows) {
            boolean a = row.right().getOrDefault(version, false);
            boolean b = row.right().getOrDefault(before, false);
            own += a ? 1 : 0;
            others += b ? 1 : 0;
            wins += a && !b ? 1 : 0;
            losses += b && !a ? 1 : 0;
        }
        return new Story.Kind(
                name, rows.size(), version, own, before, others, DifferenceInterval.paired(wins, losses, rows.size()));
    }
}
