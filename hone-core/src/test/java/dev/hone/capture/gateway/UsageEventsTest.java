package dev.hone.capture.gateway;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class UsageEventsTest {
    private static final String FIRST =
            "data: {\"choices\":[{\"index\":0,\"delta\":{\"content\":\"é []\"}}],\"usage\":null}\n\n";
    private static final String DONE = "data: [DONE]\n\n";

    private static String cut(String stream, Random random) {
        UsageEvents events = new UsageEvents();
        ByteArrayOutputStream passed = new ByteArrayOutputStream();
        byte[] bytes = stream.getBytes(StandardCharsets.UTF_8);
        int from = 0;
        while (from < bytes.length) {
            int length = Math.min(bytes.length - from, 1 + random.nextInt(30));
            byte[] piece = new byte[40];
            System.arraycopy(bytes, from, piece, 0, length);
            passed.writeBytes(events.pass(piece, length));
            from += length;
        }
        passed.writeBytes(events.end());
        return passed.toString(StandardCharsets.UTF_8);
    }

    private static void assertPassed(String expected, String stream) {
        for (int seed = 0; seed < 200; seed++) {
            assertEquals(expected, cut(stream, new Random(seed)), "seed " + seed);
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "data: {\"choices\":[],\"usage\":{\"prompt_tokens\":5}}\n\n",
                "data:{\"id\":\"c\",\"usage\" : {\"prompt_tokens\":5,\"choices\":[1]}, \"choices\" : [ ] }\r\n\r\n",
                "event: x\rid: 7\rdata: {\"choices\":[],\rdata: \"usage\":{}}\r\r"
            })
    void theEventWithTheTokensGoesHoweverItIsCut(String usage) {
        assertPassed(FIRST + DONE, FIRST + usage + DONE);
        assertPassed(": waiting\n" + FIRST + DONE, ": waiting\n" + usage + FIRST + usage + DONE);
        assertPassed(FIRST, FIRST + usage);
        assertPassed(FIRST, FIRST + usage.strip());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "data: {\"choices\":[],\"usage\":null}\n\n",
                "data: {\"choices\":[],\"prompt_filter_results\":[{\"prompt_index\":0}]}\r\n\r\n",
                "data: {\"choices\":[{\"index\":0}],\"usage\":{\"prompt_tokens\":5}}\n\n",
                "data: {\"type\":\"x\",\"response\":{\"choices\":[],\"usage\":{}}}\n\n",
                "data: {\"choices\":[],\"usage\":{\"prompt_tokens\":5}\n\n",
                "event: error\ndata: {\"error\":{\"message\":\"\\\"choices\\\":[],\\\"usage\\\":{}\"}}\n\n",
                "\r\r\n\n\r",
                "data: {\"cut\":"
            })
    void everythingElsePassesAsItIs(String other) {
        assertPassed(FIRST + other, FIRST + other);
        assertPassed(other + (other.endsWith("\n\n") ? DONE : ""), other + (other.endsWith("\n\n") ? DONE : ""));
    }

    /** Who speaks in comments, ends the stream, or says a great deal in one event, is heard before the event's end. */
    @Test
    void whatCannotBeTheEventDoesNotWait() {
        UsageEvents events = new UsageEvents();
        byte[] comment = ": waiting\n".getBytes(StandardCharsets.UTF_8);
        assertEquals(comment.length, events.pass(comment, comment.length).length);
        byte[] done = "data: [DONE]\n".getBytes(StandardCharsets.UTF_8);
        assertEquals(done.length, events.pass(done, done.length).length);
        byte[] large =
                ("data: {\"choices\":[],\"usage\":{\"x\":\"" + "y".repeat(100_000)).getBytes(StandardCharsets.UTF_8);
        assertEquals(large.length, events.pass(large, large.length).length);
        byte[] rest = "\"}}\n\n".getBytes(StandardCharsets.UTF_8);
        assertEquals(rest.length, events.pass(rest, rest.length).length);
        byte[] usage = "data: {\"choices\":[],\"usage\":{}}\n\n".getBytes(StandardCharsets.UTF_8);
        assertEquals(0, events.pass(usage, usage.length).length);
        assertTrue(events.end().length == 0);
    }
}
