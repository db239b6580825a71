package dev.hone.loop;

import dev.hone.evaluate.Judged;
import dev.hone.record.Task;
import dev.hone.run.JsonFile;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;

/**
 * What came of each task of a round's evaluation, by its trace: a file beside the report, which names no traces. For whoever knows more of the tasks than the round
 * does, and would compare on some of them.
 */
public record TaskScores(List<Row> rows) {
    private static final String FILE = "scores.json";

    public TaskScores {
        rows = List.copyOf(rows);
    }

    /**
     * A task.
     *
     * @param before whether an earlier round judged by it
     * @param right whether the answer was, of each contender that gave one
     */
    public record Row(String trace, boolean before, Map<String, Boolean> right) {
        public Row {
            right = Map.copyOf(right);
        }
    }

    /** @param before whether an earlier round judged by a task */
    static TaskScores of(List<Judged> judged, Predicate<Task> before) {
        Map<String, Task> tasks = new LinkedHashMap<>();
        Map<String, Map<String, Boolean>> right = new LinkedHashMap<>();
        for (Judged one : judged) {
            for (int i = 0; i < one.tasks().size(); i++) {
                Task task = one.tasks().get(i);
                tasks.put(task.id(), task);
                right.computeIfAbsent(task.id(), id -> new LinkedHashMap<>())
                        .put(one.contender(), one.grades().get(i).score() == 1);
            }
        }
        List<Row> rows = new ArrayList<>();
        tasks.forEach((id, task) -> rows.add(new Row(id, before.test(task), right.getOrDefault(id, Map.of()))));
        return new TaskScores(rows);
    }

    void write(RoundFolder folder) throws IOException {
        JsonFile.write(folder.file(FILE), this);
    }

    /** Of a round; empty where its evaluation is not done, or was done by a Hone that kept none. */
    public static Optional<TaskScores> read(RoundFolder folder) throws IOException {
        return JsonFile.read(folder.file(FILE), TaskScores.class);
    }
}
