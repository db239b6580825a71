package dev.hone.capture.feedback;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;

import dev.hone.capture.feedback.FeedbackRules.Direction;
import dev.hone.capture.feedback.FeedbackRules.Metric;
import dev.hone.capture.redact.Redaction;
import dev.hone.record.Feedback;
import dev.hone.record.Project;
import java.util.Map;
import org.junit.jupiter.api.Test;

final class JudgingTest {
    /** What one project's charter declares says nothing of another's use case of that name. */
    @Test
    void aCharterIsOfOneProject() {
        FeedbackRules declared =
                new FeedbackRules(Map.of("stars", new Metric(Feedback.Kind.FLOAT, Direction.HIGHER, 1.0, 5.0)));
        Judging judging = new Judging(
                Map.of("job", declared, "plain", declared), Map.of(), Map.of("job", "shop"), Redaction.NOTHING, null);
        assertNotEquals(FeedbackRules.UNDECLARED, declared);
        assertEquals(declared, judging.rules("shop", "job"));
        assertEquals(FeedbackRules.UNDECLARED, judging.rules(Project.DEFAULT, "job"));
        assertEquals(declared, judging.rules(Project.DEFAULT, "plain"));
        assertEquals(FeedbackRules.UNDECLARED, judging.rules("shop", "plain"));
        assertEquals(FeedbackRules.UNDECLARED, judging.rules("shop", null));
    }
}
