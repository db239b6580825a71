package dev.hone.capture.otlp;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** What is counted is never less than what is written. */
final class WrittenLengthTest {
    private static int written(JsonNode node) {
        return node.toString().getBytes(StandardCharsets.UTF_8).length;
    }

    @Property(tries = 500)
    void noLessThanIsWritten(
            @ForAll String name,
            @ForAll String text,
            @ForAll long number,
            @ForAll double fraction,
            @ForAll boolean is) {
        ObjectNode object = JsonMapper.shared()
                .createObjectNode()
                .put(name, text)
                .put("a", number)
                .put("b", fraction)
                .put("c", is)
                .putNull("d");
        object.putArray("e").add(text).add(number).addObject().put(text, name);
        assertTrue(WrittenLength.of(object) >= written(object), object::toString);
    }

    @Test
    void charactersOfControlTakeSix() {
        JsonNode text = JsonMapper.shared().getNodeFactory().stringNode("\u0001".repeat(1_000));
        assertEquals(6_002, written(text));
        assertEquals(6_008, WrittenLength.of(text));
    }
}
