package dev.hone.grade;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.hone.grade.StringCheckGrader.Operation;
import dev.hone.record.ChatMessage;
import dev.hone.record.Conversation;
import dev.hone.record.Grader;
import dev.hone.record.Grader.Grade;
import dev.hone.record.Task;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class SimpleGradersTest {
    private static Task task(String reference) {
        return new Task("t1", Conversation.of(ChatMessage.of("user", "?")), reference, Map.of());
    }

    @ParameterizedTest
    @CsvSource({
        "EQ, Yes, ' Yes ', 1",
        "EQ, Yes, yes, 0",
        "NE, Yes, yes, 1",
        "NE, Yes, Yes, 0",
        "LIKE, Yes, 'Yes, sir', 1",
        "LIKE, Yes, 'yes, sir', 0",
        "ILIKE, Yes, 'oh yes', 1",
        "ILIKE, Yes, no, 0"
    })
    void textsAreCompared(Operation operation, String reference, String output, double score) {
        Grade grade = new StringCheckGrader(operation).grade(task(reference), output);
        assertEquals(score, grade.score());
        assertEquals(score == 1, grade.reason().isEmpty());
    }

    @ParameterizedTest
    @CsvSource({
        "refund, 1, 1",
        "'\"Refund\".', 1, 1",
        "'money  back', 1, 1",
        "shipping, 0, 1",
        "'refund or shipping', 0, 0",
        "'', 0, 0"
    })
    void aLabelIsAClassByNameOrAlias(String output, double score, double known) {
        Grader grader = new LabelGrader(Map.of("refund", List.of("Money back"), "shipping", List.of()));
        Grade grade = grader.grade(task("Refund"), output);
        assertEquals(score, grade.score());
        assertEquals(known, grade.parts().get("known"));
    }

    @Test
    void classesThatCannotBeToldApartAreRefused() {
        assertThrows(IllegalArgumentException.class, () -> new LabelGrader(Map.of("a", List.of())));
        String message = assertThrows(
                        IllegalArgumentException.class,
                        () -> new LabelGrader(Map.of("a", List.of("X"), "b", List.of("x"))))
                .getMessage();
        assertTrue(message.contains("two classes"), message);
        assertThrows(
                IllegalArgumentException.class,
                () -> new LabelGrader(Map.of("a", List.of(), "b", List.of())).grade(task("c"), "a"));
    }

    @ParameterizedTest
    @CsvSource({"xss, 1", "injection, 0.8", "sql, 0.666666666666666", "memory, 0", "overflow, 0", "other, 0"})
    void creditFallsWithTheDistanceInTheTree(String output, double score) {
        Grader grader = new TaxonomyGrader(
                Map.of("injection", "weakness", "xss", "injection", "sql", "injection", "overflow", "memory"));
        assertEquals(score, grader.grade(task("xss"), output).score(), 1e-12);
    }

    @Test
    void aClassAboveItselfIsRefused() {
        assertThrows(IllegalArgumentException.class, () -> new TaxonomyGrader(Map.of("a", "b", "b", "a")));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            {"a":1}    | 1
            {"a":"x"}  | 0
            {"a":1} x  | 0
            {"b":1}    | 0
            nothing    | 0
            """)
    void aValueOfTheSchemaPasses(String output, double score) {
        Grader grader = new JsonSchemaGrader(
                "{\"type\":\"object\",\"properties\":{\"a\":{\"type\":\"integer\"}},\"required\":[\"a\"]}");
        assertEquals(score, grader.grade(task(""), output).score());
    }

    @Test
    void severalGradersMakeAWeightedMean() {
        Grader grader = new MultiGrader(List.of(
                new MultiGrader.Part("number", new NumericGrader(0), 3),
                new MultiGrader.Part("text", new StringCheckGrader(Operation.EQ), 1)));
        Grade grade = grader.grade(task("12"), "It is 12");
        assertEquals(0.75, grade.score());
        assertEquals(Map.of("number", 1.0, "number.number", 1.0, "text", 0.0), grade.parts());
        assertTrue(grade.reason().startsWith("text: "), grade.reason());
        assertThrows(IllegalArgumentException.class, () -> new MultiGrader(List.of()));
        assertThrows(IllegalArgumentException.class, () -> new MultiGrader.Part("x", new NumericGrader(0), Double.NaN));
    }
}
