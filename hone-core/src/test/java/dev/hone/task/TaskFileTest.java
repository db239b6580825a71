package dev.hone.task;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.hone.grade.ToolCallGrader;
import dev.hone.record.Task;
import dev.hone.task.TaskFile.Kind;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class TaskFileTest {
    private static final String TOOLS = """
        "tools":[{"type":"function","function":{"name":"book","parameters":{"type":"object","properties":\
        {"seats":{"type":"integer"},"to":{"type":"string"}},"required":["seats"]}}}]""";

    @TempDir
    private Path folder;

    private TaskFile read(String... lines) throws IOException {
        return TaskFile.read(Files.writeString(folder.resolve("rows.jsonl"), String.join("\n", lines)), "response");
    }

    private static String row(String input, String output) {
        return "{\"input\":\"%s\",\"output\":\"%s\"}".formatted(input, output);
    }

    private static String call(String id, String sentence, String name, String arguments) {
        return """
            {"id":"%s","messages":[{"role":"user","content":"%s"},{"role":"assistant","content":null,"tool_calls":\
            [{"type":"function","function":{"name":"%s","arguments":"%s"}}]}],%s}""".formatted(id, sentence, name, arguments.replace("\"", "\\\""), TOOLS);
    }

    private static String[] rows(int count, String... outputs) {
        return IntStream.range(0, count)
                .mapToObj(i -> row("question " + i, outputs[i % outputs.length]))
                .toArray(String[]::new);
    }

    private String refusal(String... lines) {
        return String.valueOf(
                assertThrows(IllegalArgumentException.class, () -> read(lines)).getMessage());
    }

    @Test
    void labelsComeAgainAndAgain() throws IOException {
        TaskFile read = read(rows(12, "card lost", "card late", "card lost "));
        assertEquals(Kind.LABEL, read.kind());
        assertEquals(
                Map.of("card lost", 8L, "card late", 4L),
                read.tasks().stream()
                        .collect(Collectors.groupingBy(task -> task.require(TaskFile.PART), Collectors.counting())));
    }

    @Test
    void aLabelOfOneRowCannotBeLearnedAndJudged() throws IOException {
        String[] lines = rows(13, "a", "b", "a", "b", "a", "b", "a", "b", "a", "b", "a", "b", "rare");
        TaskFile read = read(lines);
        assertEquals(12, read.tasks().size());
        assertEquals(Map.of("only row of its class", 1), read.excluded());
    }

    @Test
    void numbersStandAloneOrAreMarked() throws IOException {
        assertEquals(
                Kind.NUMBER,
                read(rows(6, "12", "$1,300", "3 * 4 = 12\\n#### 12", "The answer is 7", "-0.5", "A: 18"))
                        .kind());
        assertEquals(
                Kind.TEXT,
                read(rows(4, "12", "13", "about 3 or 4 people came", "15")).kind());
    }

    @Test
    void callsBringTheirGrader() throws IOException {
        TaskFile read = read(
                call("a", "two seats", "book", "{\"seats\": 2}"),
                call("b", "one seat to Rome", "book", "{\"seats\":1,\"to\":\"Rome\"}"));
        assertEquals(Kind.CALL, read.kind());
        Task task = read.tasks().getFirst();
        assertEquals("{\"name\":\"book\",\"arguments\":{\"seats\":2}}", task.reference());
        ToolCallGrader grader = new ToolCallGrader();
        assertEquals(1, grader.grade(task, task.reference()).score());
        assertTrue(grader.grade(task, "{\"name\":\"book\",\"arguments\":{\"seats\":3}}")
                        .score()
                < 1);
        assertTrue(grader.grade(task, "{\"name\":\"book\",\"arguments\":{\"seats\":2,\"to\":\"Rome\"}}")
                        .score()
                < 1);
    }

    @Test
    void whatProductionAnsweredIsKept() throws IOException {
        TaskFile read = read(
                "{\"id\":\"x\",\"input\":\"q\",\"output\":\"right\",\"response\":\"wrong\"}",
                "{\"id\":\"y\",\"input\":\"r\",\"output\":\"other\",\"response\":{\"role\":\"assistant\",\"content\":null,"
                        + "\"tool_calls\":[{\"type\":\"function\",\"function\":{\"name\":\"f\",\"arguments\":\"{\\\"a\\\": 1}\"}}]}}",
                "{\"id\":\"z\",\"input\":\"s\",\"output\":\"third\"}");
        assertEquals(Map.of("x", "wrong", "y", "{\"name\":\"f\",\"arguments\":{\"a\":1}}"), read.responses());
    }

    @Test
    void whatIsLeftOutIsCounted() throws IOException {
        TaskFile read = read(
                "{\"id\":\"1\",\"input\":\"a\",\"output\":\"long answer one\"}",
                "{\"id\":\"1\",\"input\":\"b\",\"output\":\"long answer two\"}",
                "{\"id\":\"3\",\"input\":\"a\",\"output\":\"long answer one\"}",
                "{\"id\":\"4\",\"input\":\"a\",\"output\":\"something else\"}",
                "{\"id\":\"5\",\"input\":\"c\",\"output\":\" \"}",
                "{\"id\":\"6\",\"input\":\"d\"}",
                "no json",
                "{\"id\":\"7\",\"input\":\"e\",\"output\":\"%s\"}".formatted("x".repeat(100_000)));
        assertEquals(
                Map.of(
                        "has the id of an earlier line",
                        1,
                        "has an empty answer",
                        1,
                        "has an [input] without an [output]: only rows with the right answer can be imported",
                        1,
                        "is not JSON: …",
                        1,
                        "said before",
                        1,
                        "contradicts an earlier row",
                        1),
                read.excluded());
        assertEquals(2, read.tasks().size());
        assertTrue(
                read.bad().getFirst().reason().contains("id [1] of line 1"),
                read.bad().toString());
        assertEquals(2, read.bad().getFirst().number());
    }

    @Test
    void bytesThatAreNoTextAreCounted() throws IOException {
        byte[] good = (row("a", "text one") + "\n").getBytes(StandardCharsets.UTF_8);
        byte[] bad = row("b", "n\u00e9").getBytes(StandardCharsets.ISO_8859_1);
        byte[] all = new byte[good.length + bad.length];
        System.arraycopy(good, 0, all, 0, good.length);
        System.arraycopy(bad, 0, all, good.length, bad.length);
        Path file = Files.write(folder.resolve("latin.jsonl"), all);
        // One row is left, and one answer to everything teaches nothing.
        String message =
                String.valueOf(assertThrows(IllegalArgumentException.class, () -> TaskFile.read(file, "response"))
                        .getMessage());
        assertTrue(message.contains("one answer to everything"), message);
        assertTrue(message.contains("[1] lines are bad") && message.contains("  line 2: is not UTF-8"), message);
    }

    @Test
    void whatCannotBeAUseCaseIsRefused() {
        assertTrue(refusal(rows(8, "same")).contains("one answer to everything, [same]"));
        assertTrue(refusal("").contains("no row to learn from"));
        assertTrue(refusal("broken").contains("line 1"));
    }

    @Test
    void aCallOfWhatIsNotOfferedIsRefused() {
        assertTrue(refusal(call("a", "pay", "pay", "{}")).contains("calls [pay], which its [tools] do not offer"));
    }

    @Test
    void callsAndTextsAreTwoUseCases() {
        String text = """
            {"id":"t","messages":[{"role":"user","content":"hi"},{"role":"assistant","content":"hello"}],%s}""".formatted(TOOLS);
        assertTrue(refusal(call("a", "two", "book", "{\"seats\":2}"), text).contains("make two files"));
    }
}
