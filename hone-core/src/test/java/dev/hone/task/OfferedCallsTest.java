package dev.hone.task;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.hone.record.ChatMessage;
import dev.hone.record.Constraint;
import dev.hone.record.Conversation;
import dev.hone.record.Task;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

final class OfferedCallsTest {
    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            {"type":"integer","description":"d","default":1}  | {"type":"integer"}
            {"type":"float"}                                  | {"type":"number"}
            {"type":"any"}                                    | {}
            {"type":"tuple","items":{"type":"float"}}         | {"type":"array","items":{"type":"number"}}
            {"type":"array","items":{"type":"string"},"enum":["a","b"]} | {"type":"array","items":{"type":"string","enum":["a","b"]}}
            {"type":"string","enum":["a","b"]}                | {"type":"string","enum":["a","b"]}
            {"type":"integer","enum":["1","2","dontcare"]}    | {"type":"integer","enum":[1,2]}
            {"type":"boolean","enum":["True","False"]}        | {"type":"boolean"}
            {"type":"dict","properties":{"a":{"type":"dict"}},"required":["a"]} | {"type":"object","properties":{"a":{"type":"object"}},"additionalProperties":false,"required":["a"]}
            """)
    void typesBecomeJsonSchemas(String parameters, String expected) {
        String tool = "{\"type\":\"function\",\"function\":{\"name\":\"f\",\"parameters\":%s}}".formatted(parameters);
        Task task = new Task("t", new Conversation(List.of(ChatMessage.of("user", "?")), List.of(tool)), "", Map.of());
        Constraint.Call call = (Constraint.Call) OfferedCalls.of(task);
        JsonNode standard = JsonMapper.shared().readTree(call.tools().getFirst());
        assertEquals(
                JsonMapper.shared().readTree(expected),
                standard.path("function").path("parameters"));
    }

    /** No server of models takes the leaderboard's types, and whatever else a product sends is the product's. */
    @Test
    void productsSendTheLeaderboardsToolsAsJsonSchemas() {
        String tool = "{\"type\":\"function\",\"function\":{\"name\":\"f\",\"parameters\":%s}}";
        String schema =
                "{\"type\":\"object\",\"title\":\"t\",\"properties\":{\"a\":{\"type\":\"number\",\"default\":1.0}}}";
        assertEquals(
                List.of(
                        tool.formatted(
                                "{\"type\":\"object\",\"properties\":{\"a\":{\"type\":\"number\"}},\"additionalProperties\":false,\"required\":[]}"),
                        tool.formatted(schema)),
                OfferedCalls.sent(List.of(
                        tool.formatted("{\"type\":\"dict\",\"properties\":{\"a\":{\"type\":\"float\"}}}"),
                        tool.formatted(schema))));
    }

    @Test
    void objectsOfJsonSchemasHaveNoOtherPropertiesUnlessTheySaySo() {
        String tool = """
                {"type":"function","function":{"name":"f","parameters":{"type":"object","properties":{
                "properties":{"type":"array","items":{"type":"object","properties":{"x":{"type":"number","minimum":1}}}},
                "open":{"type":"object","properties":{"y":{"type":"null"}},"additionalProperties":{"type":"string"}},
                "either":{"anyOf":[{"type":"string"},{"type":"object","properties":{"z":{"type":"boolean"}}}]}}}}}""";
        Constraint.Call call = OfferedCalls.of(List.of(tool));
        assertEquals(
                JsonMapper.shared().readTree("""
                {"type":"object","properties":{
                "properties":{"type":"array","items":{"type":"object","properties":{"x":{"type":"number","minimum":1}},"additionalProperties":false}},
                "open":{"type":"object","properties":{"y":{"type":"null"}},"additionalProperties":{"type":"string"}},
                "either":{"anyOf":[{"type":"string"},{"type":"object","properties":{"z":{"type":"boolean"}},"additionalProperties":false}]}},
                "additionalProperties":false}"""),
                JsonMapper.shared().readTree(call.tools().getFirst()).at("/function/parameters"));
    }
}
