package dev.hone.promote;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.hone.grade.GraderDefinition;
import dev.hone.store.RolloutGrades;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

final class AnswerGradingTest {
    private static final String TOOLS =
            "[{\"type\":\"function\",\"function\":{\"name\":\"ride\",\"parameters\":{\"type\":\"object\",\"properties\":{\"to\":{\"type\":\"string\"}},\"required\":[\"to\"]}}}]";
    private static final String CALL =
            "{\"role\":\"assistant\",\"content\":null,\"tool_calls\":[{\"id\":\"c\",\"type\":\"function\",\"function\":{\"name\":\"ride\",\"arguments\":\"{\\\"to\\\": \\\"%s\\\"}\"}}]}";

    private static RolloutGrades.Grade grade(GraderDefinition good, String message, @Nullable String right) {
        return new AnswerGrading(good)
                .grade(new RolloutGrades.Answer(
                        UUID.randomUUID(),
                        "{\"messages\":[{\"role\":\"user\",\"content\":\"home\"}],\"tools\":" + TOOLS + "}",
                        "{\"choices\":[{\"message\":" + message + "}]}",
                        Map.of(),
                        right));
    }

    private static String said(String text) {
        return "{\"role\":\"assistant\",\"content\":\"%s\"}".formatted(text);
    }

    @Test
    void anAnswerIsJudgedAgainstWhatAnExpertSays() {
        GraderDefinition label = new GraderDefinition.Label(Map.of("a", List.of(), "b", List.of()));
        assertEquals(1.0, grade(label, said("A"), said("a")).score());
        assertEquals(0.0, grade(label, said("b"), said("a")).score());
        GraderDefinition call = new GraderDefinition.ToolCall();
        assertEquals(
                1.0, grade(call, CALL.formatted("home"), CALL.formatted("home")).score());
        assertEquals(
                0.0, grade(call, CALL.formatted("work"), CALL.formatted("home")).score());
        assertEquals(
                1.0,
                grade(
                                call,
                                said("{\\\"name\\\":\\\"ride\\\",\\\"arguments\\\":{\\\"to\\\":\\\"home\\\"}}"),
                                CALL.formatted("home"))
                        .score(),
                "a model of Hone's own says it as text");
    }

    @Test
    void aSchemaNeedsNobody() {
        GraderDefinition schema = new GraderDefinition.JsonSchema("{\"type\":\"object\"}");
        assertTrue(AnswerGrading.needsNoReference(schema));
        assertEquals(1.0, grade(schema, said("{}"), null).score());
        assertEquals(0.0, grade(schema, said("no"), null).score());
        assertFalse(AnswerGrading.needsNoReference(new GraderDefinition.ToolCall()));
        assertTrue(AnswerGrading.needsNoReference(
                new GraderDefinition.Multi(List.of(new GraderDefinition.Multi.Part("s", 1, schema)))));
    }

    @Test
    void whatCannotBeJudgedHasNoScoreAndAReason() {
        GraderDefinition label = new GraderDefinition.Label(Map.of("a", List.of(), "b", List.of()));
        RolloutGrades.Grade other = grade(label, said("a"), said("neither"));
        assertNull(other.score());
        assertEquals("what is right cannot be read", other.reason(), "without a word of the call");
    }

    /** It was answered, and not with what was asked for. */
    @Test
    void anAnswerThatIsNoneIsWrong() {
        GraderDefinition label = new GraderDefinition.Label(Map.of("a", List.of(), "b", List.of()));
        for (String response : List.of("", "{", "[]", "{\"data\":[]}", "{\"choices\":[]}")) {
            RolloutGrades.Grade grade = new AnswerGrading(label)
                    .grade(new RolloutGrades.Answer(
                            UUID.randomUUID(),
                            "{\"messages\":[{\"role\":\"user\",\"content\":\"home\"}]}",
                            response,
                            Map.of(),
                            said("a")));
            assertEquals(0.0, grade.score(), response);
            assertFalse(grade.reason().isEmpty());
        }
        GraderDefinition schema = new GraderDefinition.JsonSchema("{\"type\":\"object\"}");
        assertNull(
                new AnswerGrading(schema)
                        .grade(new RolloutGrades.Answer(
                                UUID.randomUUID(), "{\"input\":\"home\"}", "{\"data\":[]}", Map.of(), null))
                        .score(),
                "what is no chat is judged by nobody");
    }

    /** As the gates count it: half a call is a wrong one. */
    @Test
    void aCallWithBrokenArgumentsIsWrong() {
        GraderDefinition call = new GraderDefinition.ToolCall();
        for (String arguments : List.of("{\\\"to\\\": \\\"ho", "{", "to home", "[1]", "7")) {
            RolloutGrades.Grade grade = grade(
                    call,
                    "{\"role\":\"assistant\",\"content\":null,\"tool_calls\":[{\"id\":\"c\",\"type\":\"function\",\"function\":{\"name\":\"ride\",\"arguments\":\""
                            + arguments + "\"}}]}",
                    CALL.formatted("home"));
            assertEquals(0.0, grade.score(), arguments);
        }
        assertEquals(
                0.0,
                grade(new GraderDefinition.JsonSchema("{\"type\":\"object\"}"), said("{\\\"a\\\": "), null)
                        .score());
    }
}
