package dev.hone.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.hone.store.Database;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** {@code hone loop --dry-run} of gates that no version could pass, or hardly one, as somebody types it. */
@Timeout(120)
final class LoopDryRunTest {
    @TempDir
    Path folder;

    private String charter(String name, String gates) throws IOException {
        Path file = Files.createDirectories(folder.resolve(name)).resolve("few.yaml");
        Files.writeString(file, """
                name: few
                owner: Ada
                job: Answers.
                good: {kind: string_check, operation: eq}
                viewers: [everyone]
                loop: {least-tasks: 10, model: /no/model}
                gates: %s
                """.formatted(gates));
        return file.toString();
    }

    private static JsonNode json(HoneScript.Outcome outcome) {
        assertEquals(0, outcome.exit(), outcome.out());
        return JsonMapper.shared().readTree(outcome.last());
    }

    @Test
    void whatCannotPassDoesNotBegin() throws IOException {
        Files.createDirectory(folder.resolve("home"));
        StringBuilder rows = new StringBuilder();
        for (int i = 0; i < 30; i++) {
            String word = new Random(i)
                    .ints(12, 'a', 'z' + 1)
                    .mapToObj(Character::toString)
                    .collect(Collectors.joining());
            rows.append("{\"input\": \"%s\", \"output\": \"%s\"}\n".formatted(word, word.substring(0, 1)));
        }
        Path data = Files.writeString(folder.resolve("rows.jsonl"), rows);
        String never = charter("never", "{sample-size: 100000}");
        String unbeside = charter("unbeside", "{quality: {not-worse-than: 0.05}}");
        try (Database held = Database.open(Map.of(), folder.resolve("home"), text -> {})) {
            assertTrue(held.shown().contains("home"));
            List<HoneScript.Outcome> done = HoneScript.run(
                    folder.resolve("home"),
                    folder.resolve("errors"),
                    List.of(
                            List.of("import", "--use-case", "few", data.toString()),
                            List.of("loop", "few", "--dry-run", "--json", "--use-cases", never),
                            List.of("loop", "few", "--dry-run", "--use-cases", never),
                            List.of("loop", "few", "--use-cases", never),
                            List.of("loop", "few", "--dry-run", "--no-rollout", "--use-cases", never),
                            List.of("loop", "few", "--dry-run", "--json", "--use-cases", unbeside)));
            JsonNode view = json(done.get(1));
            int test = view.path("plan").path("test").asInt();
            assertTrue(test > 0 && test < 30, view.toString());
            String obstacle = view.path("obstacle").asString();
            String asked = "[sample-size] asks for 100,000 tasks to judge by, and there are %d at most".formatted(test);
            assertTrue(obstacle.contains(asked) && obstacle.contains("--no-rollout"), obstacle);
            assertTrue(
                    done.get(2).out().contains("would not begin: No version of [few] could pass"),
                    done.get(2).out());
            assertEquals(2, done.get(3).exit(), "before a model is fetched: there is none");
            String errors = Files.readString(folder.resolve("errors"));
            assertTrue(errors.contains(asked), errors);
            assertTrue(
                    done.get(4).out().contains("warning:  [sample-size] asks for 100,000"),
                    done.get(4).out());
            JsonNode alone = json(done.get(5));
            assertTrue(
                    alone.path("obstacle")
                            .asString("")
                            .contains("[quality] compares with what the version would replace"),
                    "nothing is live, and nobody recorded what production answered: " + alone);
        }
    }
}
