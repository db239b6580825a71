package dev.hone.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.hone.serve.OwnPlaces;
import dev.hone.serve.ServeFiles;
import dev.hone.settings.SettingsException;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** {@code hone check} as a user starts it. */
final class CheckCommandTest {
    private static final String CHARTER = """
            name: support
            owner: Ada
            job: Calls a tool.
            good: {kind: tool_call}
            constraints: {p95: 1.5s}
            viewers: [everyone]
            """;

    private static final String TOOL = "{'type':'function','function':{'name':'pay','parameters':{'type':'object',"
            + "'properties':{'amount':{'type':'integer'},'to':{'type':'object'}},'required':['amount']}}}";

    @TempDir
    Path folder;

    private String out = "";
    private String errors = "";

    private int run(String... arguments) {
        ByteArrayOutputStream written = new ByteArrayOutputStream();
        ByteArrayOutputStream wrong = new ByteArrayOutputStream();
        PrintStream outBefore = System.out;
        PrintStream errBefore = System.err;
        System.setOut(new PrintStream(written, true, StandardCharsets.UTF_8));
        System.setErr(new PrintStream(wrong, true, StandardCharsets.UTF_8));
        try {
            return HoneCommand.run(arguments);
        } finally {
            System.setOut(outBefore);
            System.setErr(errBefore);
            out = written.toString(StandardCharsets.UTF_8);
            errors = wrong.toString(StandardCharsets.UTF_8);
        }
    }

    private Path write(String name, String text) throws IOException {
        return Files.writeString(folder.resolve(name), text);
    }

    private static String row(String id, String arguments) {
        return "{'id':'%s','messages':[{'role':'user','content':'?'},{'role':'assistant','tool_calls':[{'type':'function','function':{'name':'pay','arguments':%s}}]}],'tools':[%s]}\n"
                .formatted(id, arguments, TOOL)
                .replace('\'', '"');
    }

    /** Before anything is trained: gates that do not fit each other. */
    @Test
    void gatesThatDoNotFitEachOtherAreWarnedOf() throws IOException {
        Path file = write(
                "support.yaml",
                CHARTER + "gates: {sample-size: 40, quality: {not-worse-than: 0.05}, slices: {not-worse-than: 0.1}}\n");
        assertEquals(0, run("check", file.toString()), () -> errors);
        assertTrue(out.contains("  warning    [sample-size] lets 40 tasks do, and [quality] does not"), out);
        assertTrue(out.contains("  warning    [slices]: on 20 tasks"), out);
        assertEquals(0, run("check", file.toString(), "--json"), () -> errors);
        JsonNode gates = JsonMapper.shared()
                .readTree(out.lines().toList().getLast())
                .path("charters")
                .path(0)
                .path("gates");
        assertEquals(2, gates.path("warnings").size(), gates.toString());
    }

    @Test
    void chartersOfAFolderAreExplained() throws IOException {
        write("support.yaml", CHARTER);
        write("other.yaml", CHARTER.replace("name: support", "name: other").replace("{p95: 1.5s}", "{}"));
        write("notes.txt", "no charter");
        assertEquals(0, run("check", folder.toString()), () -> errors);
        assertTrue(out.contains("support: Calls a tool.") && out.contains("other: "), out);
        assertTrue(out.contains("p95 at most 1500 ms") && out.contains("no limit"), out);
        assertTrue(out.contains("viewers    everyone (not enforced: "), out);
        assertEquals(0, run("check", folder.toString(), "--json"), () -> errors);
        JsonNode view = JsonMapper.shared().readTree(out.lines().toList().getLast());
        assertEquals(1, view.path("schemaVersion").intValue());
        assertEquals("other", view.path("charters").path(0).path("name").asString());
        assertEquals(1500, view.path("charters").path(1).path("p95Ms").doubleValue());
        assertEquals(
                "tool_call",
                view.path("charters").path(1).path("good").path("kind").asString());
        assertTrue(view.path("gold").isNull(), out);
    }

    /** Whoever is promoted should be so for its answers, and not for having some. */
    @Test
    void whatPromotesByAnsweringAloneIsSaid() throws IOException {
        String served = CHARTER + "variants: {big: {upstream: house, model: m}}\n";
        Path file = write("support.yaml", served + "promote: {}\n");
        assertEquals(0, run("check", file.toString()), () -> errors);
        assertTrue(out.contains("promote    ") && out.contains("warning    nothing by which"), out);
        assertEquals(0, run("check", file.toString(), "--json"), () -> errors);
        JsonNode view = JsonMapper.shared().readTree(out.lines().toList().getLast());
        String warning =
                view.path("charters").path(0).path("promote").path("warning").asString();
        assertTrue(warning.contains("how good an answer is"), out);
        write("support.yaml", served + "promote: {automatic: true}\n");
        assertEquals(2, run("check", file.toString()), () -> out);
        int line = (int) served.lines().count() + 1;
        assertTrue(errors.contains("[automatic] is [true], and nothing says how good an answer is"), errors);
        assertTrue(errors.contains("in [%s] line %d".formatted(file, line)), errors);
        write("support.yaml", served + "promote: {automatic: true, measures: [answered, in-time]}\n");
        assertEquals(0, run("check", file.toString()), () -> errors);
        assertTrue(out.contains("warning    nothing by which"), out);
        write(
                "support.yaml",
                served + "feedback: {solved: {kind: boolean, direction: higher}}\npromote: {automatic: true}\n");
        assertEquals(0, run("check", file.toString()), () -> errors);
        assertFalse(out.contains("warning"), out);
    }

    /** The gateway's file and the charters are followed together, as hone serve would. */
    @Test
    void theGatewaysFileIsFollowedWithTheCharters() throws IOException {
        write("support.yaml", CHARTER + "variants: {live: {upstream: house, model: m}}\n");
        Path hone = Files.writeString(
                Files.createDirectory(folder.resolve("gateway")).resolve("hone.yaml"),
                "upstreams: {house: {url: 'http://127.0.0.1:1/v1'}}\n");
        assertEquals(0, run("check", folder.toString(), "--config", hone.toString(), "--json"), () -> errors);
        JsonNode gateway =
                JsonMapper.shared().readTree(out.lines().toList().getLast()).path("gateway");
        assertEquals("house", gateway.path("upstreams").path(0).asString());
        assertEquals("support", gateway.path("useCases").path(0).asString());
        assertTrue(gateway.path("configuration").asString().matches("[0-9a-f]{64}"), out);
        assertEquals(
                "[{\"useCase\":\"support\",\"variant\":\"live\",\"upstream\":\"house\",\"model\":\"m\"}]",
                gateway.path("withoutPrice").toString());
        assertEquals(0, run("check", folder.toString(), "--config", hone.toString()), () -> errors);
        assertTrue(out.contains("warning      [m] of [house] has no price"), out);
        Files.writeString(hone, "upstreams: {house: {url: 'http://127.0.0.1:1/v1', prices: {m: {input: 0}}}}\n");
        assertEquals(0, run("check", folder.toString(), "--config", hone.toString()), () -> errors);
        assertTrue(!out.contains("warning"), out);
        Files.writeString(hone, "upstreams: {other: {url: 'http://127.0.0.1:1/v1'}}\n");
        assertEquals(2, run("check", folder.toString(), "--config", hone.toString()));
        int line = (int) CHARTER.lines().count() + 1;
        assertTrue(
                errors.contains(
                        "[upstream] of [live] is [house], which is no server of the gateway's file in [%s] line %d; there are [other]"
                                .formatted(folder.resolve("support.yaml"), line)),
                errors);
        assertEquals(2, run("check", folder.toString(), "--config", hone + ".gone"), errors);
    }

    /** hone serve begins with a gateway's file alone, so it is looked at alone. */
    @Test
    void theGatewaysFileIsLookedAtWithoutCharters() throws IOException {
        Path none = Files.createDirectory(folder.resolve("none"));
        Path hone =
                write("hone.yaml", "upstreams: {house: {url: 'http://127.0.0.1:1/v1'}}\nredaction: [email, emial]\n");
        String[] check = {"check", none.toString(), "--config", hone.toString()};
        assertEquals(2, run(check), () -> out);
        assertTrue(errors.contains("[emial]") && errors.contains(hone.toString()), errors);
        assertFalse(errors.contains("has no charter"), errors);
        write("hone.yaml", "upstreams: {house: {url: 'http://127.0.0.1:1/v1'}}\nredaction: [email]\n");
        assertEquals(0, run(check), () -> errors);
        assertTrue(out.contains("none in [%s]".formatted(none)) && out.contains("servers [house]"), out);
        assertEquals(2, run("check", none.toString(), "--config", hone + ".gone"), () -> out);
        assertEquals(2, run("check", folder.resolve("gone").toString(), "--config", hone.toString()), () -> out);
        assertTrue(errors.contains("gone"), errors);
    }

    /** Files are looked at where no server is called: in a pull request, say. Serving them takes the keys. */
    @Test
    void aKeyThatTheEnvironmentDoesNotHaveIsAWarning() throws IOException {
        write("support.yaml", CHARTER + "variants: {live: {upstream: house, model: m}}\n");
        Path hone = Files.writeString(
                Files.createDirectory(folder.resolve("gateway")).resolve("hone.yaml"),
                "upstreams: {house: {url: 'http://127.0.0.1:1/v1', key: HONE_NO_SUCH_KEY}}\n");
        String[] check = {"check", folder.toString(), "--config", hone.toString()};
        assertEquals(0, run(check), () -> errors);
        assertTrue(out.contains("warning") && out.contains("[HONE_NO_SUCH_KEY]"), out);
        assertEquals(0, run("check", folder.toString(), "--config", hone.toString(), "--json"), () -> errors);
        JsonNode warnings =
                JsonMapper.shared().readTree(out.lines().toList().getLast()).at("/gateway/warnings");
        assertEquals(1, warnings.size(), out);
        assertTrue(warnings.path(0).asString().contains("[HONE_NO_SUCH_KEY], which is not set"), out);
        ServeFiles served = new ServeFiles(hone, folder, Map.of(), new OwnPlaces());
        assertTrue(
                assertThrows(SettingsException.class, served::read).getMessage().contains("[HONE_NO_SUCH_KEY]"));
        Files.writeString(hone, "upstreams: {house: {url: 'http://127.0.0.1:1/v1', key: sk-0123456789abcdef}}\n");
        assertEquals(2, run(check), out);
        assertTrue(!errors.contains("0123456789abcdef"), errors);
    }

    @Test
    void everyBadCharterIsNamed() throws IOException {
        write("support.yaml", CHARTER.replace("owner", "onwer"));
        write("other.yml", CHARTER);
        assertEquals(2, run("check", folder.toString()));
        assertTrue(errors.contains("line 2; did you mean [owner]?"), errors);
        assertTrue(errors.contains("[support.yaml]"), errors);
        assertEquals(2, run("check", folder.resolve("none").toString()));
        assertTrue(errors.contains("There is no file"), errors);
        Files.createDirectory(folder.resolve("empty"));
        assertEquals(2, run("check", folder.resolve("empty").toString()));
        assertTrue(errors.contains("has no charter"), errors);
    }

    @Test
    void theGraderIsTriedOnTheRightAnswers() throws IOException {
        Path charter = write("support.yaml", CHARTER);
        Path good = write(
                "good.jsonl", row("a", "{'amount':3,'to':{'bank':'x','deep':{'n':[1]}}}") + row("b", "{'amount':4}"));
        assertEquals(0, run("check", charter.toString(), "--data", good.toString()), () -> out + errors);
        assertTrue(out.contains("2 rows, 10 corrupted answers, 0 rows fail"), out);
        Path bad = write(
                "bad.jsonl",
                row("a", "{'amount':3}")
                        + row("b", "{'amount':4}").replace("\"pay\",\"arguments", "\"gift\",\"arguments")
                        + row("c", "{}"));
        assertEquals(1, run("check", charter.toString(), "--data", bad.toString()), () -> errors);
        assertTrue(out.contains("3 rows, 4 corrupted answers, 2 rows fail"), out);
        assertTrue(out.contains("b (line 2): ") && out.contains("c (line 3): ") && !out.contains("a (line 1)"), out);
        assertEquals(1, run("check", charter.toString(), "--data", bad.toString(), "--json"), () -> errors);
        JsonNode gold =
                JsonMapper.shared().readTree(out.lines().toList().getLast()).path("gold");
        assertEquals(2, gold.path("failures").size());
        assertEquals("b (line 2)", gold.path("failures").path(0).path("task").asString());
    }

    /** The grader believes the row, and the decoder its tool: who obeys that cannot be right. */
    @Test
    void rightAnswersThatTheirOwnToolsForbidAreNamed() throws IOException {
        Path charter = write("support.yaml", CHARTER);
        String listed = (row("a", "{'amount':3}") + row("b", "{'amount':4}"))
                .replace("\"amount\":{\"type\":\"integer\"}", "\"amount\":{\"type\":\"integer\",\"enum\":[3]}");
        Path data = write("listed.jsonl", listed);
        assertEquals(0, run("check", charter.toString(), "--data", data.toString()), () -> out + errors);
        assertTrue(out.contains("0 rows fail") && out.contains("refused      1 right answers"), out);
        assertTrue(
                out.contains("  b (line 2): After [{\"name\":\"pay\",\"arguments\":{\"amount\":] cannot come [4}}]"),
                out);
    }

    @Test
    void dataThatCannotBeTriedIsRefused() throws IOException {
        Path charter = write("support.yaml", CHARTER);
        assertEquals(
                2,
                run(
                        "check",
                        charter.toString(),
                        "--data",
                        folder.resolve("none").toString()));
        Path empty = write("empty.jsonl", "\n");
        assertEquals(2, run("check", charter.toString(), "--data", empty.toString()));
        assertTrue(errors.contains("is empty"), errors);
        Path broken = write("broken.jsonl", "{\"input\": 3}\n{nothing\n");
        assertEquals(2, run("check", charter.toString(), "--data", broken.toString()));
        assertTrue(errors.contains("[2] bad lines") && errors.contains("line 2"), errors);
        write("other.yaml", CHARTER.replace("name: support", "name: other"));
        assertEquals(2, run("check", folder.toString(), "--data", broken.toString()));
        assertTrue(errors.contains("[2] charters"), errors);
    }
}
