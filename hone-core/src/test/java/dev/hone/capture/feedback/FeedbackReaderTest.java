package dev.hone.capture.feedback;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.hone.capture.feedback.FeedbackRules.Direction;
import dev.hone.capture.feedback.FeedbackRules.Metric;
import dev.hone.record.Feedback.Kind;
import dev.hone.settings.Fields;
import dev.hone.settings.SettingsException;
import dev.hone.settings.YamlReader;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class FeedbackReaderTest {
    private static final String DECLARED = """
            feedback:
              resolved: {kind: boolean, direction: higher}
              stars: {kind: float, direction: higher, range: [1, 5]}
              reopened: {kind: outcome, direction: lower}
              reason: {kind: comment}
            """;

    private static FeedbackRules rules(String text) {
        return FeedbackReader.read(Fields.of(
                "support.yaml", YamlReader.read("support.yaml", text), "A charter", List.of("feedback", "a")));
    }

    @Test
    void whatIsDeclaredIsUnderstood() {
        assertEquals(
                Map.of(
                        "resolved", new Metric(Kind.BOOLEAN, Direction.HIGHER, null, null),
                        "stars", new Metric(Kind.FLOAT, Direction.HIGHER, 1.0, 5.0),
                        "reopened", new Metric(Kind.OUTCOME, Direction.LOWER, null, null),
                        "reason", new Metric(Kind.COMMENT, null, null, null)),
                rules(DECLARED).metrics());
        assertSame(FeedbackRules.UNDECLARED, rules("a: b"));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "kind: boolean | kind: bool | [bool]",
                "direction: higher | direction: up | [up]",
                ", direction: higher | '' | [direction] is missing",
                "{kind: comment} | {kind: comment, direction: lower} | leave it out",
                "{kind: comment} | {kind: comment, range: [1, 2]} | only numbers",
                "range: [1, 5] | range: [5, 1] | the least and the most",
                "range: [1, 5] | range: [1] | the least and the most",
                "range: [1, 5] | rang: [1, 5] | did you mean [range]?",
                "stars: | Stars: | small letters",
                "stars: | withdrawal: | feedback is taken back",
            })
    void whatCannotBeFollowedIsSaid(String was, String is, String expected) {
        String message = assertThrows(SettingsException.class, () -> rules(DECLARED.replace(was, is)))
                .getMessage();
        assertTrue(message.contains(expected) && message.contains("support.yaml"), message);
        assertThrows(SettingsException.class, () -> rules("feedback: {}"));
    }
}
