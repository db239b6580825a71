package dev.hone.demo;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.hone.evaluate.DifferenceInterval;
import dev.hone.loop.TaskScores;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Two versions are compared by the kind of call, task by task. */
final class KindsTest {
    private final List<TaskScores.Row> rows = new ArrayList<>();

    private void add(int count, String kind, boolean before, boolean now, boolean then) {
        for (int i = 0; i < count; i++) {
            rows.add(new TaskScores.Row(
                    kind + rows.size(), before, Map.of("letters/2", now, "letters/1", then, "production", true)));
        }
    }

    @Test
    void eachKindHasItsOwnFigures() {
        add(17, "new", false, true, false);
        add(2, "new", false, false, true);
        add(1, "new", false, true, true);
        add(20, "old", false, true, true);
        add(5, "old", false, false, true);
        add(100, "old", true, true, true);
        rows.add(new TaskScores.Row("new0", false, Map.of("letters/2", true)));
        List<Story.Kind> kinds =
                Kinds.of(new TaskScores(rows), trace -> trace.startsWith("new"), "letters/2", "letters/1");
        assertEquals(
                List.of(
                        new Story.Kind(
                                "new tools, not judged by before",
                                20,
                                "letters/2",
                                18,
                                "letters/1",
                                3,
                                DifferenceInterval.paired(17, 2, 20)),
                        new Story.Kind(
                                "old tools, judged by before, too",
                                100,
                                "letters/2",
                                100,
                                "letters/1",
                                100,
                                DifferenceInterval.paired(0, 0, 100)),
                        new Story.Kind(
                                "old tools, not judged by before",
                                25,
                                "letters/2",
                                20,
                                "letters/1",
                                25,
                                DifferenceInterval.paired(0, 5, 25))),
                kinds);
    }
}
