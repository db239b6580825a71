package dev.hone.capture.gateway;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class StreamEndTest {
    private record Passed(String before, String held, boolean done) {}

    private static Passed cut(String stream, Random random) {
        StreamEnd end = new StreamEnd();
        StringBuilder passed = new StringBuilder();
        byte[] bytes = stream.getBytes(StandardCharsets.UTF_8);
        int from = 0;
        while (from < bytes.length) {
            int length = Math.min(bytes.length - from, 1 + random.nextInt(7));
            byte[] piece = new byte[10];
            System.arraycopy(bytes, from, piece, 0, length);
            passed.append(new String(end.pass(piece, length), StandardCharsets.UTF_8));
            from += length;
        }
        return new Passed(passed.toString(), new String(end.held(), StandardCharsets.UTF_8), end.isDone());
    }

    @ParameterizedTest
    @ValueSource(strings = {"data: [DONE]\n\n", "data:[DONE]\r\n\r\n", "data: [DONE]\r\r", "data: [DONE]\nmore\n"})
    void theLastLineIsHeldHoweverItIsCut(String last) {
        for (int seed = 0; seed < 200; seed++) {
            Random random = new Random(seed);
            Passed passed = cut("data: {\"a\":\"[DONE]\"}\n\n: data: [DONE]\ndata: [DONE\n" + last, random);
            assertEquals("data: {\"a\":\"[DONE]\"}\n\n: data: [DONE]\ndata: [DONE\n", passed.before());
            assertEquals(last, passed.held());
            assertTrue(passed.done());
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "data: {}\n\n", "data: [DONE] \n", "xdata: [DONE]\n", "data: [DONEX]\n", "\n\n\r\n"})
    void whatIsNoEndPasses(String stream) {
        for (int seed = 0; seed < 50; seed++) {
            Passed passed = cut(stream, new Random(seed));
            assertEquals(stream, passed.before() + passed.held());
            assertFalse(passed.done());
            assertEquals("", passed.held());
        }
    }
}
