package dev.hone.grade;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.hone.record.ChatMessage;
import dev.hone.record.Conversation;
import dev.hone.record.Grader;
import dev.hone.record.Task;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * The numeric grader against the published verdicts on 5,276 completions of four models (openai/grade-school-math,
 * {@code example_model_solutions.jsonl}, MIT): {@code mvn -Pslow -pl hone-core -am test -Dtest=Gsm8kAgreementTest
 * -Dhone.gsm8k=FILE}.
 */
@Tag("slow")
final class Gsm8kAgreementTest {
    @Test
    void everyReferenceIsRightAndNoOtherNumber() throws IOException {
        List<Task> tasks = new ArrayList<>();
        for (String line : Files.readAllLines(Path.of(System.getProperty("hone.gsm8k", "")))) {
            String truth =
                    JsonMapper.shared().readTree(line).path("ground_truth").asString();
            tasks.add(new Task("row " + tasks.size(), Conversation.of(ChatMessage.of("user", "?")), truth, Map.of()));
        }
        assertEquals(1319, tasks.size());
        assertEquals(
                new GoldCheck.Result(1319, 1319, List.of(), List.of()),
                GoldCheck.of(new GraderDefinition.Numeric(0), tasks));
    }

    @Test
    void verdictsAgree() throws IOException {
        Path file = Path.of(System.getProperty("hone.gsm8k", ""));
        assertTrue(
                Files.isRegularFile(file), "-Dhone.gsm8k must name example_model_solutions.jsonl, not [" + file + "]");
        Grader grader = new NumericGrader(0);
        int compared = 0;
        List<String> different = new ArrayList<>();
        for (String line : Files.readAllLines(file)) {
            JsonNode row = JsonMapper.shared().readTree(line);
            String truth = row.path("ground_truth").asString();
            Task task = new Task(
                    "row",
                    Conversation.of(ChatMessage.of("user", row.path("question").asString())),
                    truth,
                    Map.of());
            for (JsonNode answer : row) {
                if (answer.isObject()) {
                    String solution = answer.path("solution").asString();
                    compared++;
                    if (grader.grade(task, solution).score()
                            == 1
                            != answer.path("is_correct").asBoolean()) {
                        different.add(truth.lines().toList().getLast() + " | " + solution.replace("\n", " / "));
                    }
                }
            }
        }
        assertEquals(5276, compared);
        System.out.printf("%d of %d verdicts agree%n", compared - different.size(), compared);
        different.forEach(System.out::println);
        assertTrue(different.size() <= compared / 1000, different.size() + " verdicts differ");
    }
}
