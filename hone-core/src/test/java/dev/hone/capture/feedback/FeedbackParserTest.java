package dev.hone.capture.feedback;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.hone.record.Feedback.Kind;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.StringLength;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class FeedbackParserTest {
    private static final Instant NOW = Instant.parse("2026-03-01T10:00:00Z");
    private static final String TRACE = "019ca000-0000-7000-8000-000000000001";

    private static List<Given> read(String text) {
        return FeedbackParser.read(
                text.replace("TRACE", TRACE)
                        .replace("DIGITS", "9".repeat(5_000))
                        .getBytes(StandardCharsets.UTF_8),
                NOW);
    }

    private static String value(String kind, String value) {
        return read("{\"trace\":\"TRACE\",\"name\":\"n\",\"kind\":\"%s\",\"value\":%s}".formatted(kind, value))
                .getFirst()
                .value()
                .toString();
    }

    @Test
    void everyFieldIsUnderstood() {
        Given given = read("""
                {"trace":"TRACE","kind":"float","name":"stars","value":4,"author":"Ann","at":"2026-02-01T12:00:00+02:00","id":"f1"}
                """).getFirst();
        assertEquals(UUID.fromString(TRACE), given.trace());
        assertEquals(Kind.FLOAT, given.kind());
        assertEquals(4.0, given.score());
        assertEquals(Instant.parse("2026-02-01T10:00:00Z"), given.at());
        assertEquals("f1", given.callerId());
        assertEquals("Ann", given.author());
        List<Given> list = read("""
                [{"episode":"e","use_case":"support","kind":"comment","value":"fine"},
                 {"trace":"TRACE","kind":"boolean","name":"ok","value":false}]
                """);
        assertEquals("comment", list.getFirst().name());
        assertEquals("[1].", list.getLast().place());
        assertEquals(0.0, list.getLast().score());
    }

    @Test
    void outputsAreMessages() {
        String text = "{\"role\":\"assistant\",\"content\":\"Hello\"}";
        assertEquals(text, value("demonstration", "\"Hello\""));
        assertEquals(text, value("demonstration", text));
        String call =
                "{\"role\":\"assistant\",\"tool_calls\":[{\"type\":\"function\",\"function\":{\"name\":\"f\",\"arguments\":\"{}\"}}]}";
        assertEquals(call, value("demonstration", call));
        assertEquals(
                "{\"chosen\":%s,\"rejected\":%s}".formatted(text, call),
                value("preference", "{\"rejected\":%s,\"chosen\":\"Hello\"}".formatted(call)));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "{\"trace\":\"TRACE\",\"kind\":\"boolean\",\"name\":\"a\",\"value\":1} | value",
                "{\"trace\":\"TRACE\",\"kind\":\"float\",\"name\":\"a\",\"value\":\"1\"} | value",
                "{\"trace\":\"TRACE\",\"kind\":\"float\",\"name\":\"a\",\"value\":1e999} | value",
                "{\"trace\":\"TRACE\",\"kind\":\"float\",\"value\":1} | name",
                "{\"trace\":\"TRACE\",\"kind\":\"comment\",\"value\":\" \"} | value",
                "{\"trace\":\"TRACE\",\"kind\":\"outcome\",\"name\":\"a\",\"value\":\"yes\"} | value",
                "{\"trace\":\"TRACE\",\"kind\":\"demonstration\",\"value\":{\"role\":\"user\",\"content\":\"x\"}} | value",
                "{\"trace\":\"TRACE\",\"kind\":\"demonstration\",\"value\":{\"role\":\"assistant\"}} | value",
                "{\"trace\":\"TRACE\",\"kind\":\"demonstration\",\"value\":{\"role\":\"assistant\",\"tool_calls\":[{}]}} | value",
                "{\"trace\":\"TRACE\",\"kind\":\"preference\",\"value\":{\"chosen\":\"a\",\"rejected\":\"a\"}} | value",
                "{\"trace\":\"TRACE\",\"kind\":\"preference\",\"value\":{\"chosen\":\"a\"}} | value",
                "{\"trace\":\"TRACE\",\"kind\":\"comment\"} | value",
                "{\"trace\":\"TRACE\",\"kind\":\"like\",\"value\":true} | kind",
                "{\"trace\":\"TRACE\",\"value\":true} | kind",
                "{\"trace\":\"42\",\"kind\":\"comment\",\"value\":\"a\"} | trace",
                "{\"trace\":42,\"kind\":\"comment\",\"value\":\"a\"} | trace",
                "{\"kind\":\"comment\",\"value\":\"a\"} | trace",
                "{\"trace\":\"TRACE\",\"episode\":\"e\",\"use_case\":\"u\",\"kind\":\"comment\",\"value\":\"a\"} | episode",
                "{\"episode\":\"e\",\"kind\":\"comment\",\"value\":\"a\"} | use_case",
                "{\"trace\":\"TRACE\",\"use_case\":\"u\",\"kind\":\"comment\",\"value\":\"a\"} | use_case",
                "{\"episode\":\"e\",\"use_case\":\"No Name\",\"kind\":\"comment\",\"value\":\"a\"} | use_case",
                "{\"trace\":\"TRACE\",\"kind\":\"comment\",\"value\":\"a\",\"at\":\"yesterday\"} | at",
                "{\"trace\":\"TRACE\",\"kind\":\"comment\",\"value\":\"a\",\"at\":\"2026-03-02T10:00:00Z\"} | at",
                "{\"trace\":\"TRACE\",\"kind\":\"comment\",\"value\":\"a\",\"author\":\"a\\nb\"} | author",
                "{\"trace\":\"TRACE\",\"kind\":\"comment\",\"value\":\"a\",\"id\":\"\"} | id",
                "{\"trace\":\"TRACE\",\"kind\":\"comment\",\"vaule\":\"a\"} | vaule",
                "[{\"trace\":\"TRACE\",\"kind\":\"comment\",\"value\":\"a\"},{\"kind\":1}] | [1].trace",
                "{\"trace\":\"TRACE\",\"kind\":\"comment\",\"value\":\"\\ud800\"} | ``",
                "{\"trace\":\"TRACE\",\"trace\":\"TRACE\",\"kind\":\"comment\",\"value\":\"a\"} | ``",
                "[] | ``",
                "[1] | ``",
                "\"a\" | ``",
                "{\"trace\" | ``",
                "[{\"value\":1},{\"value\":DIGITS}] | [1].value",
                "{\"kind\":\"float\",\"value\":NaN} | value",
            })
    void whatIsWrongIsNamed(String body, String field) {
        FeedbackRefusal refusal = assertThrows(FeedbackRefusal.class, () -> read(body));
        assertEquals(400, refusal.status());
        assertEquals(field, refusal.field() == null ? "" : refusal.field(), refusal.getMessage());
    }

    @Test
    void listsAndDepthAreBounded() {
        assertThrows(FeedbackRefusal.class, () -> read("[" + "1,".repeat(FeedbackParser.MOST_ITEMS) + "1]"));
        String message = assertThrows(FeedbackRefusal.class, () -> read("[".repeat(100_000)))
                .getMessage();
        assertTrue(message.contains("deeper than [100]"), message);
    }

    /** Whatever comes, it is taken or refused. */
    @Property(tries = 300)
    void nothingElseIsThrown(@ForAll @StringLength(max = 60) String text, @ForAll byte[] bytes) {
        for (byte[] body : List.of(
                bytes,
                text.getBytes(StandardCharsets.UTF_8),
                "{\"trace\":\"%s\",\"kind\":\"comment\",\"value\":\"%s\",\"at\":\"%s\"}"
                        .formatted(TRACE, text, text)
                        .getBytes(StandardCharsets.UTF_8))) {
            try {
                FeedbackParser.read(body, NOW);
            } catch (FeedbackRefusal refusal) {
                assertEquals(400, refusal.status());
            }
        }
    }
}
