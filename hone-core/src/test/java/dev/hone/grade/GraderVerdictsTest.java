package dev.hone.grade;

import dev.hone.fetch.FetchListener;
import dev.hone.fetch.FileCache;
import dev.hone.record.Task;
import dev.hone.task.AssistantActions;
import java.io.BufferedWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/**
 * Writes the grader's verdicts on every gold call and on corrupted ones, for {@code goldens/bfcl/check.py} to compare with
 * the leaderboard's own. Properties: {@code hone.verdicts} (file to write), {@code hone.verdicts.count}, {@code
 * hone.verdicts.seed}.
 */
@Tag("slow")
class GraderVerdictsTest {
    @Test
    void everyGoldCallAndManyCorruptedOnes() throws Exception {
        List<Task> tasks = AssistantActions.load(FileCache.standard(), FetchListener.SILENT)
                .tasks();
        Random random = new Random(Long.getLong("hone.verdicts.seed", 1));
        int corrupted = Integer.getInteger("hone.verdicts.count", 2000);
        Path file = Path.of(System.getProperty("hone.verdicts", "target/verdicts.jsonl"));
        try (BufferedWriter out = Files.newBufferedWriter(file)) {
            for (Task task : tasks) {
                write(out, task, task.reference());
            }
            for (int i = 0; i < corrupted; i++) {
                Task task = tasks.get(random.nextInt(tasks.size()));
                Task other = tasks.get(random.nextInt(tasks.size()));
                write(out, task, CorruptedCall.of(task, other, random));
            }
        }
    }

    private static void write(BufferedWriter out, Task task, String output) throws Exception {
        ObjectNode row = JsonMapper.shared().createObjectNode();
        row.put("id", task.id());
        row.put("output", output);
        row.put("right", new ToolCallGrader().grade(task, output).score() == 1);
        out.write(row.toString());
        out.newLine();
    }
}
