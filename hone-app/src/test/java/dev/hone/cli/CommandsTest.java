package dev.hone.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.hone.store.Database;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Commands about people, projects and traces as somebody types them, over a database that a home has for itself. */
final class CommandsTest {
    @TempDir
    Path folder;

    private static JsonNode json(HoneScript.Outcome outcome) {
        assertEquals(0, outcome.exit(), outcome.out());
        return JsonMapper.shared().readTree(outcome.last());
    }

    @SafeVarargs
    private List<HoneScript.Outcome> run(List<String>... commands) throws IOException {
        // While somebody has the database open, commands need not start it.
        try (Database held = Database.open(Map.of(), folder.resolve("home"), text -> {})) {
            assertEquals(folder.resolve("home").resolve("db").toString(), held.shown());
            return HoneScript.run(folder.resolve("home"), folder.resolve("errors"), List.of(commands));
        }
    }

    @Test
    void whatIsTypedIsDoneAndTold() throws IOException {
        Files.createDirectory(folder.resolve("home"));
        Path rows = Files.writeString(folder.resolve("rows.jsonl"), """
                {"id": "r-1", "input": "Where is my order?", "output": "On its way", "response": "I do not know"}
                {"id": "r-2", "input": "Cancel it", "output": "Done"}
                """);
        String lines = folder.resolve("out.jsonl").toString();
        String parquet = folder.resolve("out.parquet").toString();
        List<HoneScript.Outcome> done = run(
                List.of("projects", "add", "labs", "--json"),
                List.of("projects", "add", "labs"),
                List.of("projects", "list", "--json"),
                List.of("people", "add", "ada", "--role", "owner", "--json"),
                List.of("people", "add", "ada", "--role", "viewer", "--project", "labs"),
                List.of("people", "add", "bob", "--project", "nowhere"),
                List.of("people", "disable", "ada", "--json"),
                List.of("people", "list", "--json"),
                List.of("import", "--use-case", "support", rows.toString(), "--json"),
                List.of("traces", "list", "--use-case", "support", "--json"),
                List.of("traces", "list", "--project", "labs", "--json"),
                List.of("traces", "list", "--text", "my ORDER", "--json"),
                List.of("traces", "export", "--out", lines, "--json"),
                List.of("traces", "export", "--with-feedback", "--format", "parquet", "--out", parquet, "--json"),
                List.of("traces", "export", "--out", "-", "--json"),
                List.of("traces", "export", "--out", "-", "--format", "parquet"),
                List.of("traces", "export", "--out", "-", "--text", "Cancel"),
                List.of("import", lines, "--json"),
                List.of("import", lines, "--use-case", "support"),
                List.of("import", rows.toString()));
        assertEquals("labs", json(done.get(0)).path("name").asString());
        assertEquals(2, done.get(1).exit(), "there is one already");
        assertEquals(2, json(done.get(2)).path("projects").size());
        assertTrue(json(done.get(3)).path("password").asString().length() >= 20, "made, and shown once");
        assertEquals(0, done.get(4).exit());
        assertEquals(2, done.get(5).exit());
        assertEquals("ada", json(done.get(6)).path("disabled").asString());
        JsonNode people = json(done.get(7)).path("people");
        assertEquals(1, people.size());
        assertFalse(people.path(0).path("disabled").isNull());
        assertEquals(
                List.of("default owner", "labs viewer"),
                people.path(0)
                        .path("projects")
                        .valueStream()
                        .map(in -> in.path("project").asString() + " "
                                + in.path("role").asString())
                        .sorted()
                        .toList());
        assertEquals(2, json(done.get(8)).path("added").asInt());
        JsonNode listed = json(done.get(9)).path("traces");
        assertEquals(2, listed.size());
        assertEquals(1, listed.path(0).path("feedback").asInt());
        assertEquals(0, json(done.get(10)).path("traces").size(), "another project's");
        assertEquals(1, json(done.get(11)).path("traces").size());
        assertEquals(2, json(done.get(12)).path("traces").asInt());
        assertEquals(2, Files.readAllLines(Path.of(lines)).size());
        assertEquals(
                Files.size(Path.of(parquet)), json(done.get(13)).path("bytes").asLong());
        assertEquals(List.of(2, 2), List.of(done.get(14).exit(), done.get(15).exit()));
        JsonNode streamed = json(done.get(16));
        assertEquals("hone.trace", streamed.path("object").asString());
        assertTrue(streamed.path("request").toString().contains("Cancel it"), streamed.toString());
        assertEquals(2, json(done.get(17)).path("known").asInt());
        assertEquals(List.of(2, 2), List.of(done.get(18).exit(), done.get(19).exit()));
        String errors = Files.readString(folder.resolve("errors"));
        assertTrue(errors.contains("--use-case is missing") && errors.contains("leave it out"), errors);
    }
}
