package dev.hone.capture.gateway;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.hone.record.CallUsage;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class UsageReaderTest {
    private static CallUsage find(String answer) {
        return UsageReader.find(answer.getBytes(StandardCharsets.UTF_8));
    }

    @Test
    void countsOfAChatCompletion() {
        assertEquals(new CallUsage(7L, 2L, 3L), find("""
                        {"choices": [{"message": {"content": "ü", "usage": {"prompt_tokens": 9}}}],
                         "usage": {"prompt_tokens": 7, "completion_tokens": 3, "prompt_tokens_details": {"cached_tokens": 2}}}
                        """));
    }

    @Test
    void countsOfEmbeddingsAndOfAResponse() {
        assertEquals(
                new CallUsage(5L, null, null),
                find("{\"data\":[],\"usage\":{\"prompt_tokens\":5,\"total_tokens\":5}}"));
        assertEquals(
                new CallUsage(5L, 1L, 4L),
                find(
                        "{\"usage\":{\"input_tokens\":5,\"output_tokens\":4,\"input_tokens_details\":{\"cached_tokens\":1}},\"output\":[]}"));
    }

    @Test
    void ofEventsTheLastCounts() {
        String events = """
                data: {"choices":[],"usage":{"prompt_tokens":1,"completion_tokens":1}}

                data: {"choices":[{"delta":{"content":"of \\"usage\\""}}],"usage":{"prompt_tokens":1,"completion_tokens":2}}

                data: [DONE]
                """;
        assertEquals(new CallUsage(1L, null, 2L), find(events));
        assertEquals(
                new CallUsage(3L, null, 8L),
                find(
                        "event: response.completed\ndata: {\"type\":\"response.completed\",\"response\":{\"usage\":{\"input_tokens\":3,\"output_tokens\":8}}}"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "usage",
                "[{\"usage\":{\"prompt_tokens\":1}}]",
                "{\"usage\":null}",
                "{\"usage\":{\"prompt_tokens\":-1,\"completion_tokens\":1.5}}",
                "{\"usage\":{\"prompt_tokens\":\"7\"}}",
                "{\"usage\":{\"prompt_tokens\":7}",
                "{\"said\":\"usage\"}",
                "{\"choices\":[{\"usage\":{\"prompt_tokens\":7}}]}",
                "<html>\"usage\"</html>"
            })
    void whatIsNoCountIsUnknown(String answer) {
        assertEquals(CallUsage.UNKNOWN, find(answer));
    }
}
