package dev.hone.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.hone.store.Database;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** What is typed to watch a use case, from an empty store on. */
@Timeout(180)
final class WatchCommandsTest {
    @TempDir
    Path folder;

    private static JsonNode json(HoneScript.Outcome outcome) {
        assertEquals(0, outcome.exit(), outcome.out());
        return JsonMapper.shared().readTree(outcome.last());
    }

    @Test
    void whatIsTypedIsDoneAndTold() throws IOException {
        Files.createDirectory(folder.resolve("home"));
        Path charters = Files.createDirectory(folder.resolve("charters"));
        Files.writeString(charters.resolve("support.yaml"), """
                name: support
                owner: Ada
                job: Says what it is about.
                good: {kind: label, classes: [refund, shipping]}
                viewers: [all]
                improve: {sample: 1, second-labels: 0}
                loop: {judge: 0}
                """);
        Path rows = Files.writeString(folder.resolve("rows.jsonl"), """
                {"id": "r-1", "input": "Where is my order?", "output": "shipping", "response": "I do not know"}
                {"id": "r-2", "input": "Cancel it", "output": "refund", "response": "refund"}
                """);
        String at = charters.toString();
        List<HoneScript.Outcome> done;
        try (Database held = Database.open(Map.of(), folder.resolve("home"), text -> {})) {
            assertEquals(folder.resolve("home").resolve("db").toString(), held.shown());
            done = HoneScript.run(
                    folder.resolve("home"),
                    folder.resolve("errors"),
                    List.of(
                            List.of("watch", "support", "--use-cases", at),
                            List.of("import", "--use-case", "support", rows.toString()),
                            List.of("watch", "nobody", "--use-cases", at),
                            List.of("watch", "support", "--use-cases", at, "--json"),
                            List.of("watch", "support", "--use-cases", at, "--now", "--json"),
                            List.of("watch", "support", "--use-cases", at),
                            List.of("watch", "support", "--use-cases", at, "--adopt"),
                            List.of("queue", "support", "--use-cases", at, "--json"),
                            List.of("queue", "support", "--use-cases", at, "--limit", "0"),
                            List.of("labels", "support", "--use-cases", at, "--json"),
                            List.of("labels", "support", "--use-cases", at),
                            List.of("check", at)));
        }
        assertEquals(
                List.of(2, 0, 2),
                List.of(done.get(0).exit(), done.get(1).exit(), done.get(2).exit()));
        JsonNode before = json(done.get(3));
        assertEquals(0, before.path("watched").asInt());
        assertEquals(100, before.path("missing").asInt());
        assertTrue(before.path("look").isNull() && before.path("round").isNull(), before.toString());
        JsonNode after = json(done.get(4));
        assertEquals(2, after.path("round").path("sampled").asInt());
        assertEquals(2, after.path("round").path("demonstrated").asInt());
        assertEquals(2, after.path("newLabels").asInt());
        assertEquals(
                "demonstration", after.path("grades").path(0).path("grader").asString());
        assertEquals(0.5, after.path("grades").path(0).path("mean").doubleValue());
        assertTrue(
                done.get(5).out().contains("98 more calls must be watched"),
                done.get(5).out());
        assertTrue(
                done.get(5).out().contains("loop         need not start"),
                done.get(5).out());
        assertEquals(2, done.get(6).exit(), "two calls are no reference");
        assertEquals(0, json(done.get(7)).path("items").size(), "both came with a demonstration");
        assertEquals(2, done.get(8).exit());
        assertEquals(0, json(done.get(9)).path("labels").asInt());
        assertTrue(
                done.get(10).out().contains("nothing was labelled by two"),
                done.get(10).out());
        assertTrue(
                done.get(11)
                        .out()
                        .contains("watched    100 % of its calls, 500 a day at most; drift of 7d against 28d"),
                done.get(11).out());
        String errors = Files.readString(folder.resolve("errors"));
        assertTrue(errors.contains("There is no use case [support]") && errors.contains("has no charter"), errors);
    }
}
