package dev.hone.capture.otlp;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.protobuf.ByteString;
import dev.hone.record.CapturedCall;
import dev.hone.record.Project;
import io.opentelemetry.proto.collector.trace.v1.ExportTraceServiceRequest;
import io.opentelemetry.proto.common.v1.AnyValue;
import io.opentelemetry.proto.common.v1.ArrayValue;
import io.opentelemetry.proto.common.v1.KeyValue;
import io.opentelemetry.proto.common.v1.KeyValueList;
import io.opentelemetry.proto.resource.v1.Resource;
import io.opentelemetry.proto.trace.v1.ResourceSpans;
import io.opentelemetry.proto.trace.v1.ScopeSpans;
import io.opentelemetry.proto.trace.v1.Span;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Random;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Exports that nobody means well by. */
final class SpanCallsTest {
    private static final long NANOS = 1_738_960_610_000_000_000L;
    private static final String JSON = """
            {"resourceSpans":[{"resource":{"attributes":[{"key":"service.name","value":{"stringValue":"shop"}}]},"scopeSpans":[{"spans":[
            {"traceId":"5b8efff798038103d269b633813fc60c","spanId":"eee19b7ec3c1b174","startTimeUnixNano":"1738960610000000000",
            "endTimeUnixNano":1738960611000000000,"status":{"code":2},"attributes":[
            {"key":"gen_ai.operation.name","value":{"stringValue":"chat"}},{"key":"gen_ai.usage.input_tokens","value":{"intValue":"5"}},
            {"key":"gen_ai.input.messages","value":{"arrayValue":{"values":[{"kvlistValue":{"values":[{"key":"role","value":{"stringValue":"user"}},
            {"key":"parts","value":{"arrayValue":{"values":[{"kvlistValue":{"values":[{"key":"type","value":{"stringValue":"text"}},
            {"key":"content","value":{"stringValue":"Grüezi"}}]}}]}}}]}}]}}},
            {"key":"gen_ai.prompt.0.role","value":{"stringValue":"user"}},{"key":"gen_ai.completion.0.tool_calls.0.name","value":{"stringValue":"f"}}]}]}]}]}""";

    private static AnyValue text(String text) {
        return AnyValue.newBuilder().setStringValue(text).build();
    }

    private static KeyValue entry(String key, AnyValue value) {
        return KeyValue.newBuilder().setKey(key).setValue(value).build();
    }

    private static ExportTraceServiceRequest request(AnyValue messages) {
        Span span = Span.newBuilder()
                .setTraceId(ByteString.copyFrom(new byte[16]))
                .setSpanId(ByteString.copyFrom(new byte[8]))
                .setStartTimeUnixNano(NANOS)
                .setEndTimeUnixNano(NANOS + 5)
                .addAttributes(entry("gen_ai.operation.name", text("chat")))
                .addAttributes(entry("gen_ai.input.messages", messages))
                .addAttributes(entry("gen_ai.completion.0.content", text("A")))
                .build();
        return ExportTraceServiceRequest.newBuilder()
                .addResourceSpans(ResourceSpans.newBuilder()
                        .setResource(Resource.newBuilder().addAttributes(entry("service.name", text("shop"))))
                        .addScopeSpans(ScopeSpans.newBuilder().addSpans(span)))
                .build();
    }

    private static SpanCalls read(byte[] body, SpanCalls.Encoding encoding) {
        return SpanCalls.read(body, encoding, Project.DEFAULT, null, null, bytes -> {});
    }

    private static String request(SpanCalls told) {
        return new String(told.calls().getFirst().request(), StandardCharsets.UTF_8);
    }

    /** Before they are made, somebody hears of at least what they take, and may refuse it. */
    @Test
    void callsAreMadeOnlyWhereThereIsRoom() {
        byte[] body =
                request(text("[{\"role\":\"user\",\"content\":\"Hello\"}]")).toByteArray();
        AtomicLong asked = new AtomicLong();
        SpanCalls told =
                SpanCalls.read(body, SpanCalls.Encoding.PROTOBUF, Project.DEFAULT, null, null, asked::addAndGet);
        CapturedCall call = told.calls().getFirst();
        assertTrue(asked.get() >= call.request().length + call.response().length, asked + " bytes");
        assertThrows(
                IllegalStateException.class,
                () -> SpanCalls.read(body, SpanCalls.Encoding.PROTOBUF, Project.DEFAULT, null, null, bytes -> {
                    throw new IllegalStateException("no room");
                }));
    }

    /** Messages may be values of values, and not JSON in a text: alike in both encodings. */
    @Test
    void structuredMessagesAreRead() {
        AnyValue part = AnyValue.newBuilder()
                .setKvlistValue(KeyValueList.newBuilder()
                        .addValues(entry("type", text("text")))
                        .addValues(entry("content", text("Grüezi"))))
                .build();
        AnyValue message = AnyValue.newBuilder()
                .setKvlistValue(KeyValueList.newBuilder()
                        .addValues(entry("role", text("user")))
                        .addValues(entry(
                                "parts",
                                AnyValue.newBuilder()
                                        .setArrayValue(ArrayValue.newBuilder().addValues(part))
                                        .build())))
                .build();
        AnyValue messages = AnyValue.newBuilder()
                .setArrayValue(ArrayValue.newBuilder().addValues(message))
                .build();
        String expected = "{\"model\":\"\",\"messages\":[{\"role\":\"user\",\"content\":\"Grüezi\"}]}";
        assertEquals(expected, request(read(request(messages).toByteArray(), SpanCalls.Encoding.PROTOBUF)));
        assertEquals(expected, request(read(JSON.getBytes(StandardCharsets.UTF_8), SpanCalls.Encoding.JSON)));
    }

    @Test
    void jsonIsUtf8() {
        byte[] overlong = JSON.getBytes(StandardCharsets.UTF_8);
        overlong[JSON.indexOf("Gr")] = (byte) 0xc0;
        for (byte[] body : List.of(JSON.getBytes(StandardCharsets.UTF_16), overlong)) {
            String message = String.valueOf(
                    assertThrows(UnreadableSpansException.class, () -> read(body, SpanCalls.Encoding.JSON))
                            .getMessage());
            assertTrue(message.contains("UTF-8"), message);
        }
    }

    private static Span.Event event(String name, KeyValue... attributes) {
        return Span.Event.newBuilder()
                .setName(name)
                .addAllAttributes(List.of(attributes))
                .build();
    }

    /** Older exporters make an event of each message, with its members as attributes or as JSON in one of them. */
    @Test
    void messagesThatAreEventsAreRead() {
        ExportTraceServiceRequest.Builder export = ExportTraceServiceRequest.newBuilder();
        Span span = Span.newBuilder()
                .setTraceId(ByteString.copyFrom(new byte[16]))
                .setSpanId(ByteString.copyFrom(new byte[8]))
                .setStartTimeUnixNano(NANOS)
                .setEndTimeUnixNano(NANOS + 5)
                .addAttributes(entry("gen_ai.request.model", text("m")))
                .addEvents(event("gen_ai.system.message", entry("content", text("Be brief."))))
                .addEvents(event("exception", entry("content", text("not said"))))
                .addEvents(event(
                        "gen_ai.user.message",
                        entry("gen_ai.event.content", text("{\"role\":\"user\",\"content\":\"Where is it?\"}"))))
                .addEvents(
                        event(
                                "gen_ai.assistant.message",
                                entry(
                                        "tool_calls",
                                        text(
                                                "[{\"id\":\"c1\",\"type\":\"function\",\"function\":{\"name\":\"find\",\"arguments\":\"{}\"}}]"))))
                .addEvents(event("gen_ai.tool.message", entry("id", text("c1")), entry("content", text("[1, 2]"))))
                .addEvents(event(
                        "gen_ai.choice",
                        entry(
                                "gen_ai.event.content",
                                text("{\"index\":0,\"finish_reason\":\"stop\",\"message\":{\"content\":\"There.\"}}"))))
                .addEvents(event(
                        "gen_ai.choice", entry("message", text("Or there.")), entry("finish_reason", text("length"))))
                .build();
        export.addResourceSpansBuilder()
                .setResource(Resource.newBuilder().addAttributes(entry("service.name", text("shop"))))
                .addScopeSpansBuilder()
                .addSpans(span);
        SpanCalls told = read(export.build().toByteArray(), SpanCalls.Encoding.PROTOBUF);
        assertEquals(
                "{\"model\":\"m\",\"messages\":[{\"role\":\"system\",\"content\":\"Be brief.\"},{\"role\":\"user\",\"content\":\"Where is it?\"},"
                        + "{\"role\":\"assistant\",\"content\":null,\"tool_calls\":[{\"id\":\"c1\",\"type\":\"function\",\"function\":{\"name\":\"find\",\"arguments\":\"{}\"}}]},"
                        + "{\"role\":\"tool\",\"content\":\"[1, 2]\",\"tool_call_id\":\"c1\"}]}",
                request(told));
        assertEquals(
                "{\"id\":\"\",\"object\":\"chat.completion\",\"model\":\"m\",\"choices\":["
                        + "{\"index\":0,\"message\":{\"role\":\"assistant\",\"content\":\"There.\"},\"finish_reason\":\"stop\"},"
                        + "{\"index\":1,\"message\":{\"role\":\"assistant\",\"content\":\"Or there.\"},\"finish_reason\":\"length\"}]}",
                new String(told.calls().getFirst().response(), StandardCharsets.UTF_8));
    }

    @Test
    void whatIsNestedWithoutEndIsRefused() {
        AnyValue value = text("x");
        for (int i = 0; i < 500; i++) {
            value = AnyValue.newBuilder()
                    .setArrayValue(ArrayValue.newBuilder().addValues(value))
                    .build();
        }
        byte[] body = request(value).toByteArray();
        assertThrows(UnreadableSpansException.class, () -> read(body, SpanCalls.Encoding.PROTOBUF));
    }

    private static SpanCalls named(String key, String value) {
        String body = JSON.replace(
                "{\"key\":\"gen_ai.operation.name\"",
                "{\"key\":\"%s\",\"value\":{\"stringValue\":\"%s\"}},{\"key\":\"gen_ai.operation.name\""
                        .formatted(key, value));
        return read(body.getBytes(StandardCharsets.UTF_8), SpanCalls.Encoding.JSON);
    }

    /** What could not be written down, or would be two lines of a log, is rejected with its reason. */
    @Test
    void namesThatAreNoneAreRejected() {
        for (String key :
                List.of("gen_ai.request.model", "gen_ai.response.model", "gen_ai.system", "gen_ai.conversation.id")) {
            SpanCalls told = named(key, "a\\ud800b");
            assertEquals(0, told.calls().size(), key);
            assertEquals(1, told.rejected(), key);
            assertTrue(told.reason().contains("eee19b7ec3c1b174"), told.reason());
        }
        assertEquals(1, named("gen_ai.request.model", "a\\r\\nx-evil: 1").rejected());
        assertEquals(1, named("gen_ai.request.model", "a\\u0000").rejected());
    }

    /** A pair of surrogates at the longest name's end is not cut in two. */
    @Test
    void aNameThatIsTooLongIsCutBetweenCharacters() {
        SpanCalls told = named("gen_ai.request.model", "m".repeat(199) + "\\ud83d\\ude00");
        assertEquals("m".repeat(199), told.calls().getFirst().facts().model());
    }

    /** Whatever is broken in a body, it is read, in part rejected, or refused: never anything else. */
    @Test
    void brokenBodiesAreReadOrRefused() {
        byte[] protobuf = request(text("[{\"role\":\"user\",\"parts\":[{\"type\":\"text\",\"content\":\"Q\"}]}]"))
                .toByteArray();
        byte[] json = JSON.getBytes(StandardCharsets.UTF_8);
        Random random = new Random(17);
        int read = 0;
        int refused = 0;
        for (int i = 0; i < 3_000; i++) {
            boolean isJson = i % 2 == 0;
            byte[] body = (isJson ? json : protobuf).clone();
            for (int change = random.nextInt(4); change >= 0; change--) {
                body[random.nextInt(body.length)] = (byte)
                        (isJson && random.nextBoolean() ? "[]{}\",:0-\\".charAt(random.nextInt(10)) : random.nextInt());
            }
            if (random.nextInt(4) == 0) {
                body = java.util.Arrays.copyOf(body, random.nextInt(body.length));
            }
            try {
                read(body, isJson ? SpanCalls.Encoding.JSON : SpanCalls.Encoding.PROTOBUF);
                read++;
            } catch (UnreadableSpansException e) {
                refused++;
            }
        }
        assertTrue(read > 150 && refused > 150, read + " read, " + refused + " refused");
    }

    /** Of few bytes, which would be many objects. */
    @Test
    void aTextOfManyValuesIsNotReadAsADocument() {
        JsonNode many =
                JsonMapper.shared().getNodeFactory().stringNode("[" + "{},".repeat(SpanReader.MOST_VALUES / 2) + "{}]");
        assertSame(many, SpanMessages.document(many));
        JsonNode few = JsonMapper.shared().getNodeFactory().stringNode("[{}]");
        assertTrue(SpanMessages.document(few).isArray());
    }
}
