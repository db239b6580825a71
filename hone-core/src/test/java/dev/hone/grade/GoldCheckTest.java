package dev.hone.grade;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.hone.grade.Corruption.Corrupted;
import dev.hone.grade.GoldCheck.Failure;
import dev.hone.grade.GraderDefinition.JsonSchema;
import dev.hone.grade.GraderDefinition.Label;
import dev.hone.grade.GraderDefinition.Multi;
import dev.hone.grade.GraderDefinition.Numeric;
import dev.hone.grade.GraderDefinition.StringCheck;
import dev.hone.grade.GraderDefinition.Taxonomy;
import dev.hone.grade.GraderDefinition.ToolCall;
import dev.hone.grade.StringCheckGrader.Operation;
import dev.hone.record.ChatMessage;
import dev.hone.record.Conversation;
import dev.hone.record.Task;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class GoldCheckTest {
    private static final String SCHEMA =
            "{'type':'object','properties':{'a':{'type':'integer'}},'required':['a']}".replace('\'', '"');

    private static Task task(String reference) {
        return new Task("t1", Conversation.of(ChatMessage.of("user", "?")), reference, Map.of());
    }

    private static Task call(String arguments, String accepted) {
        String tool =
                "{'type':'function','function':{'name':'%s','parameters':{'type':'dict','required':[],'properties':{"
                        + "'text':{'type':'string'},'count':{'type':'integer'},'flag':{'type':'boolean'},"
                        + "'words':{'type':'array','items':{'type':'string'}},'box':{'type':'dict'}}}}}";
        return new Task(
                "t1",
                new Conversation(
                        List.of(ChatMessage.of("user", "?")),
                        List.of(json(tool.formatted("g")), json(tool.formatted("f")))),
                json("{'name':'f','arguments':%s}".formatted(arguments)),
                Map.of(ToolCallGrader.ACCEPTED, json("{'f':%s}".formatted(accepted))));
    }

    private static String json(String text) {
        return text.replace('\'', '"');
    }

    private static void passes(GraderDefinition definition, Task task, int corrupted) {
        assertEquals(new GoldCheck.Result(1, corrupted, List.of(), List.of()), GoldCheck.of(definition, List.of(task)));
    }

    private static String failure(GraderDefinition definition, Task task) {
        List<Failure> failures = GoldCheck.of(definition, List.of(task)).failures();
        assertEquals(1, failures.size());
        assertEquals(task.id(), failures.getFirst().task());
        return failures.getFirst().reason();
    }

    @Test
    void aRightReferencePassesUnderEveryKind() {
        for (Operation operation : List.of(Operation.EQ, Operation.LIKE, Operation.ILIKE)) {
            passes(new StringCheck(operation), task("Yes, sir 😀"), 1);
        }
        passes(new Label(Map.of("refund", List.of("money back"), "other", List.of())), task("money back"), 2);
        passes(new JsonSchema(SCHEMA), task("{\"a\":1}"), 2);
        passes(new Taxonomy(Map.of("xss", "injection", "sql", "injection")), task("xss"), 2);
        passes(new ToolCall(), call("{'text':'a','count':2}", "{'text':['a'],'count':[2,3,'']}"), 5);
        passes(
                new Multi(List.of(
                        new Multi.Part("number", 3, new Numeric(0.1)),
                        new Multi.Part("text", 1, new StringCheck(Operation.EQ)))),
                task("12"),
                2);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "12",
                "-1",
                "0",
                "0.5",
                "1,234.5",
                "50 %",
                "100%",
                "3/4",
                "A: 18",
                "7 million",
                "1e300",
                "\\frac{1}{3}"
            })
    void anotherNumberIsOneThatTheToleranceDoesNotForgive(String reference) {
        for (double tolerance : List.of(0.0, 0.01, 0.5, 0.99)) {
            passes(new Numeric(tolerance), task(reference), 1);
        }
    }

    @Test
    void aCallIsCorruptedInEveryPartButWhereItMayBeSo() {
        List<String> kinds = new CallCorruption()
                        .of(
                                call(
                                        "{'text':'a','count':2,'flag':true,'words':['x'],'box':{'n':1}}",
                                        "{'text':['a',''],'count':[2,5],'flag':[true,false],'words':[['x'],['x','y']],'box':[{'n':[1]}]}"))
                        .stream()
                        .map(Corrupted::kind)
                        .toList();
        assertEquals(
                List.of(
                        "another function",
                        "an argument that nobody asked for",
                        "another [text]",
                        "without [count]",
                        "another [count]",
                        "without [flag]",
                        "without [words]",
                        "without [box]",
                        "another [box]"),
                kinds);
        List<Corrupted> counts = new CallCorruption().of(call("{'count':2}", "{'count':[2,5]}"));
        assertTrue(counts.getLast().outputs().getFirst().contains("\"count\":6"), counts.toString());
        assertTrue(counts.getFirst().outputs().getFirst().contains("\"name\":\"g\""), counts.toString());
    }

    @Test
    void aReferenceThatItsGraderDoesNotAcceptIsNamed() {
        assertTrue(failure(new JsonSchema(SCHEMA), task("{\"a\":\"x\"}"))
                .startsWith("The reference [{\"a\":\"x\"}] scores [0.0] instead of 1: string found, integer expected"));
        assertTrue(failure(new Label(Map.of("a", List.of(), "b", List.of())), task("c"))
                .contains("[c], which is none of the classes"));
        assertTrue(failure(new Numeric(0), task("none")).contains("without a number"));
        assertTrue(failure(new ToolCall(), call("{'count':2}", "{'count':[3]}")).contains("[count] is [2]"));
        assertTrue(failure(new ToolCall(), task("{\"name\":\"f\",\"arguments\":{}}"))
                .contains("no metadatum [accepted]"));
        assertTrue(failure(new ToolCall(), task("f()")).contains("not one JSON object"));
        assertTrue(failure(
                        new Multi(List.of(
                                new Multi.Part("number", 1, new Numeric(0)),
                                new Multi.Part("label", 1, new Label(Map.of("12", List.of(), "13", List.of()))))),
                        task("It is 12"))
                .contains("none of the classes"));
    }

    /** Every text has the empty one in it; a schema without a keyword accepts every value. */
    @Test
    void aGraderThatCallsWrongOutputsRightIsNamed() {
        assertEquals(
                "A corrupted reference (another text) scores 1 too: [another]",
                failure(new StringCheck(Operation.LIKE), task("")));
        assertTrue(
                failure(new JsonSchema("{}"), task("{\"a\":1}")).startsWith("A corrupted reference (value of another"));
        passes(new JsonSchema("{\"type\":\"object\"}"), task("{}"), 2);
    }

    @Test
    void whatMayNotBeWrittenIsCountedBesideWhatIsMisjudged() {
        Task wrong = new Task("t2", task("").input(), "no number", Map.of());
        GoldCheck.Result result = GoldCheck.of(
                new Numeric(0),
                List.of(task("12"), wrong),
                task -> task.id().equals("t1") ? Optional.of("x".repeat(1000)) : Optional.empty());
        assertEquals(
                List.of("t2"), result.failures().stream().map(Failure::task).toList());
        assertEquals(List.of(new Failure("t1", "x".repeat(200) + "…")), result.refused());
    }

    @Test
    void whatCouldNeverPassIsRefusedAtOnce() {
        assertThrows(IllegalArgumentException.class, () -> new StringCheck(Operation.NE));
        assertThrows(IllegalArgumentException.class, () -> GoldCheck.of(new Numeric(0), List.of()));
    }
}
