package dev.hone.run;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.hone.record.LabelledTrace;
import dev.hone.store.BundledDatabase;
import dev.hone.store.Calls;
import dev.hone.store.Database;
import dev.hone.store.Traces;
import dev.hone.store.UseCases;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The way from a file to datasets, over a database that a home has for itself; commands run as a user starts them. */
final class TraceImportTest {
    @TempDir
    static Path home;

    private static Database database;

    @TempDir
    Path folder;

    @BeforeAll
    static void open() {
        database = Database.open(Map.of(), home, text -> {});
    }

    @AfterAll
    static void close() throws IOException {
        database.close();
        assertEquals(
                BundledDatabase.State.STOPPED,
                new BundledDatabase(home).status().state());
    }

    private static TraceImport.Result run(String useCase, Path file, boolean skipBad) throws IOException {
        return new TraceImport(new UseCases(database), new Traces(database))
                .run(useCase, null, file, "response", skipBad, (stage, done, total, lines) -> {});
    }

    private static String refusal(String useCase, Path file, boolean skipBad) {
        return assertThrows(IllegalArgumentException.class, () -> run(useCase, file, skipBad))
                .getMessage();
    }

    private Path file(String... lines) throws IOException {
        return Files.writeString(folder.resolve("rows.jsonl"), String.join("\n", lines));
    }

    private static List<LabelledTrace> stored(String useCase) {
        return new Traces(database).labelled(new UseCases(database).require(useCase));
    }

    @Test
    void theSameFileAgainAddsNothing() throws IOException {
        StringBuilder rows = new StringBuilder();
        for (int i = 0; i < 2500; i++) {
            rows.append("{\"id\": %d, \"input\": \"q%d\", \"output\": \"a\", \"response\": \"r\"}\n".formatted(i, i));
        }
        rows.append("{\"id\": 7, \"input\": \"q7\", \"output\": \"a\", \"response\": \"r\"}\n");
        Path file = Files.writeString(folder.resolve("many.jsonl"), rows);
        TraceImport.Result first = run("many", file, false);
        assertEquals(
                List.of(2501, 2500, 0, 1, 2501, 0),
                List.of(
                        first.rows(),
                        first.added(),
                        first.known(),
                        first.repeated(),
                        first.responses(),
                        first.badLines()));
        TraceImport.Result again = run("many", file, false);
        assertEquals(List.of(0, 2500, 1), List.of(again.added(), again.known(), again.repeated()));
        assertEquals(2500, again.traces());
        assertEquals(2500, stored("many").size());
        assertEquals(
                List.of("many.jsonl", "2500"),
                List.of(
                        stored("many").getLast().trace().source(),
                        Integer.toString(stored("many").getLast().trace().line())));
    }

    @Test
    void nothingIsStoredWhileALineIsBad() throws IOException {
        Path file = file(
                "{\"id\": \"a\", \"input\": \"1\", \"output\": \"x\"}",
                "{\"id\": \"b\", \"input\": \"2\"}",
                "{\"id\": \"a\", \"input\": \"3\", \"output\": \"x\"}",
                "{\"input\": \"4\", \"output\": \"y\", \"meta\": 1}");
        String message = refusal("bad", file, false);
        assertTrue(message.contains("[2] bad lines of [4]; nothing was imported"), message);
        assertTrue(message.contains("line 2: has an [input] without an [output]"), message);
        assertTrue(message.contains("line 3: has the [id] [a] of line 1"), message);
        assertThrows(IllegalArgumentException.class, () -> stored("bad"));
        TraceImport.Result skipped = run("bad", file, true);
        assertEquals(List.of(2, 2, 2), List.of(skipped.rows(), skipped.added(), skipped.badLines()));
        assertEquals(Map.of("meta", 1), skipped.ignoredKeys());
    }

    @Test
    void anIdThatTheStoreKnowsWithOtherContentIsBad() throws IOException {
        run("ids", file("{\"id\": \"a\", \"input\": \"1\", \"output\": \"x\"}"), false);
        Path other = file(
                "{\"id\": \"a\", \"input\": \"1\", \"output\": \"CHANGED\"}", "{\"input\": \"2\", \"output\": \"x\"}");
        String message = refusal("ids", other, false);
        assertTrue(message.contains("line 1: has the [id] [a] of a stored trace with other content"), message);
        assertEquals(1, run("ids", other, true).added());
        assertEquals(2, stored("ids").size());
        assertTrue(stored("ids").getFirst().demonstration().contains("\"x\""), "the stored one stays");
    }

    @Test
    void aFileThatChangesBetweenItsReadingsIsNotTaken() throws IOException {
        Path file = file("{\"input\": \"1\", \"output\": \"x\"}", "{\"input\": \"2\", \"output\": \"x\"}");
        TraceImport running = new TraceImport(new UseCases(database), new Traces(database));
        String message = assertThrows(
                        IllegalArgumentException.class,
                        () -> running.run("changing", null, file, "response", false, (stage, done, total, lines) -> {
                            if (stage.equals("checking") && lines == 2) {
                                change(file);
                            }
                        }))
                .getMessage();
        assertEquals("[%s] was changed while it was read: run the command again".formatted(file), message);
    }

    private static void change(Path file) {
        try {
            Files.writeString(file, Files.readString(file).replace("\"2\"", "\"3\""));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Test
    void allThatIsBadIsCountedAndTheFirstIsShown() throws IOException {
        String[] lines = new String[14];
        Arrays.fill(lines, "x");
        lines[12] = "[]";
        String message = refusal("many-bad", file(lines), false);
        assertTrue(message.contains("[14] bad lines of [14]") && message.contains("  line 10:"), message);
        assertTrue(message.contains("  and 4 more: 3 × is not JSON: …; 1 × is not a JSON object"), message);
        assertFalse(message.contains("line 11:"), message);
    }

    @Test
    void filesWithoutARowAreRefused() throws IOException {
        assertTrue(refusal("none", file(""), false).contains("is empty"));
        assertTrue(refusal("none", file("x", "y"), true).contains("no good line"));
        assertTrue(refusal("No", file("x"), true).contains("cannot be called"));
    }

    /** Runs a command in a process of its own, as the launcher does. */
    private JsonNode hone(String... arguments) throws Exception {
        String java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
        ProcessBuilder builder = new ProcessBuilder(
                java, "-XX:TieredStopAtLevel=1", "-cp", System.getProperty("java.class.path"), "dev.hone.Main");
        builder.command().addAll(List.of(arguments));
        builder.environment().put("HONE_HOME", home.toString());
        builder.environment().remove("HONE_DB_URL");
        Path errors = folder.resolve("errors");
        Process process = builder.redirectError(errors.toFile()).start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertEquals(0, process.waitFor(), Files.readString(errors));
        assertEquals("", Files.readString(errors), "nothing but results");
        return JsonMapper.shared().readTree(output.lines().reduce((a, b) -> b).orElse("{}"));
    }

    @Test
    void fromAFileToWhatTrainingTakes() throws Exception {
        StringBuilder rows = new StringBuilder();
        for (int i = 0; i < 60; i++) {
            rows.append("{\"input\": \"%s\", \"output\": \"label%d\"}\n"
                    .formatted(java.util.UUID.nameUUIDFromBytes(new byte[] {(byte) i}), i % 3));
        }
        Path file = Files.writeString(folder.resolve("support.jsonl"), rows);
        JsonNode imported = hone("import", "--use-case", "support", file.toString(), "--json");
        assertEquals(60, imported.path("added").asInt());
        Path out = folder.resolve("out.jsonl");
        JsonNode built = hone("tasks", "build", "--use-case", "support", "--out", out.toString(), "--json");
        assertEquals(
                JsonMapper.shared().readTree("{\"train\":48,\"validation\":6,\"test\":6}"),
                built.path("counts").path("tasks"));
        Path train = Path.of(built.path("files").path("train").asString());
        assertEquals(48, dev.hone.task.ChatFile.read(train, false).rows().size());
        String bytes = Files.readString(train);
        Files.delete(train);
        JsonNode shown =
                hone("tasks", "show", built.path("hash").asString().substring(0, 9), "--out", out.toString(), "--json");
        assertEquals(bytes, Files.readString(train), "the store gives the same file again");
        assertEquals(built, shown);
    }

    /** Completions that a provider kept are calls that production made, each once however often it is in files. */
    @Test
    void keptCompletionsBecomeTracesOnce() throws IOException {
        StringBuilder rows = new StringBuilder();
        for (int i = 0; i < 1200; i++) {
            rows.append(
                    "{\"object\":\"chat.completion\",\"id\":\"c%d\",\"created\":%d,\"model\":\"m\",\"messages\":[{\"role\":\"user\",\"content\":\"q\"}],\"choices\":[{\"message\":{\"role\":\"assistant\",\"content\":\"a\"}}]}\n"
                            .formatted(i, 1_738_960_610 + i * 3_600));
        }
        Path first = Files.writeString(folder.resolve("kept.jsonl"), rows);
        CompletionImport kept = new CompletionImport(new UseCases(database), new Calls(database), new Traces(database));
        TraceImport.Result result = kept.run("kept", null, first, false, (stage, done, total, lines) -> {});
        assertEquals(
                List.of(1200, 1200, 0, 0), List.of(result.rows(), result.added(), result.known(), result.repeated()));
        assertEquals(1200, result.traces());
        String again = rows.toString().lines().skip(1100).reduce("", (a, b) -> a + b + "\n");
        Path second = Files.writeString(
                folder.resolve("more.jsonl"),
                again + again.lines().findFirst().orElseThrow() + "\n"
                        + rows.toString()
                                .lines()
                                .findFirst()
                                .orElseThrow()
                                .replace("\"c0\"", "\"new\"")
                                .concat("\n")
                                .repeat(2)
                        + "{}\n");
        TraceImport.Result more = kept.run("kept", null, second, true, (stage, done, total, lines) -> {});
        assertEquals(
                List.of(103, 1, 100, 2, 1),
                List.of(more.rows(), more.added(), more.known(), more.repeated(), more.badLines()));
        assertEquals(1201, more.traces());
        assertTrue(assertThrows(
                        IllegalArgumentException.class,
                        () -> kept.run("kept", null, second, false, (stage, done, total, lines) -> {}))
                .getMessage()
                .contains("nothing was imported"));
    }
}
