package dev.hone.evaluate;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;

import dev.hone.grade.ToolCallGrader;
import dev.hone.record.ChatMessage;
import dev.hone.record.Conversation;
import dev.hone.record.Grader.Grade;
import dev.hone.record.Task;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

final class ReportTest {
    /** Two rows, the second wrong in an argument; of four single requests the slowest took a second. */
    private static Judged judged() {
        Task first = new Task("1", Conversation.of(ChatMessage.of("user", "a")), "x", Map.of());
        Task second = new Task("2", Conversation.of(ChatMessage.of("user", "b")), "y", Map.of());
        return new Judged(
                List.of(first, second),
                new Answers("tuned", List.of(new Answer("x", 10, 4), new Answer("z", 30, 8)), 6, new double[] {
                    1, 0.125, 0.25, 0.5
                }),
                List.of(
                        new Grade(1, Map.of(ToolCallGrader.FUNCTION, 1.0, ToolCallGrader.VALID, 1.0), ""),
                        new Grade(0, Map.of(ToolCallGrader.FUNCTION, 1.0, ToolCallGrader.VALID, 0.0), "")));
    }

    /** The fields of docs/report.md, each under its name and with its own figure. */
    @Test
    void aContenderIsWrittenFlatAndReadAgain() {
        Report.Contender contender = Report.contender(judged(), new Pricing.Fixed(0.25));
        JsonMapper json = JsonMapper.shared();
        JsonNode written = json.readTree(json.writeValueAsString(contender));
        assertEquals(
                Set.of(
                        "name",
                        "quality",
                        "rows",
                        "functionAccuracy",
                        "validOutput",
                        "promptTokens",
                        "completionTokens",
                        "tokensPerSecond",
                        "p50Ms",
                        "p95Ms",
                        "costPerThousand",
                        "artifact",
                        "cut"),
                Set.copyOf(written.propertyNames()));
        assertEquals(0.5, written.path("quality").path("value").asDouble());
        assertEquals(2, written.path("rows").asInt());
        assertEquals(1, written.path("functionAccuracy").asDouble());
        assertEquals(0.5, written.path("validOutput").asDouble());
        assertEquals(20, written.path("promptTokens").asDouble());
        assertEquals(6, written.path("completionTokens").asDouble());
        assertEquals(2, written.path("tokensPerSecond").asDouble());
        assertEquals(375, written.path("p50Ms").asDouble());
        assertEquals(925, written.path("p95Ms").asDouble(), 1e-9);
        assertEquals(0.25, written.path("costPerThousand").asDouble());
        assertEquals(contender, json.readValue(written.toString(), Report.Contender.class));
        assertEquals("files", contender.of("files").artifact());
    }

    /** Of an endpoint they are counted; a file in which nobody counted has no place for it, and is read. */
    @Test
    void answersThatWereCutAreCounted() {
        Judged judged = judged();
        Judged cut = new Judged(judged.tasks(), judged.answers().cutting(1), judged.grades());
        assertEquals(1, Report.contender(cut, new Pricing.Unknown()).of("files").cut());
        assertNull(Report.contender(judged, new Pricing.Unknown()).cut());
        JsonMapper json = JsonMapper.shared();
        String uncounted = json.writeValueAsString(judged.answers());
        assertEquals(
                Set.of("contender", "answers", "seconds", "latencies"),
                Set.copyOf(json.readTree(uncounted).propertyNames()));
        assertNull(json.readValue(uncounted, Answers.class).cut());
        assertEquals(
                1,
                json.readValue(json.writeValueAsString(cut.answers()), Answers.class)
                        .cut());
    }
}
