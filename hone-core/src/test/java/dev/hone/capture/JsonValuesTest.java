package dev.hone.capture;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

final class JsonValuesTest {
    private static long in(String text) {
        return JsonValues.in(text.getBytes(StandardCharsets.UTF_8));
    }

    private static long nodes(JsonNode node) {
        long nodes = 1;
        for (JsonNode child : node) {
            nodes += nodes(child);
        }
        return nodes;
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "1",
                "{}",
                "[]",
                "[[],{},[{}]]",
                "{\"a\":[1,2,{\"b\":null}],\"c\":\"d\"}",
                "[\"a, b, [c], {d}: \\\" , [ \",\"\\\\\",1]"
            })
    void noTreeHasMore(String text) {
        assertTrue(in(text) >= nodes(JsonMapper.shared().readTree(text)), text);
        assertTrue(in(text) <= 3 * nodes(JsonMapper.shared().readTree(text)), text);
    }

    @Test
    void whatStandsInAStringIsNoValue() {
        assertEquals(1, in("\"" + "{},[".repeat(1000) + "\""));
        assertEquals(2001, in("{},".repeat(1000)));
    }
}
