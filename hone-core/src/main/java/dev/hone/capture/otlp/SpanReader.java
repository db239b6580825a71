package dev.hone.capture.otlp;

import com.google.protobuf.CodedInputStream;
import com.google.protobuf.InvalidProtocolBufferException;
import dev.hone.capture.JsonBody;
import dev.hone.capture.JsonValues;
import io.opentelemetry.proto.collector.trace.v1.ExportTraceServiceRequest;
import io.opentelemetry.proto.common.v1.AnyValue;
import io.opentelemetry.proto.common.v1.KeyValue;
import io.opentelemetry.proto.trace.v1.ResourceSpans;
import io.opentelemetry.proto.trace.v1.ScopeSpans;
import io.opentelemetry.proto.trace.v1.Span;
import io.opentelemetry.proto.trace.v1.Status;
import java.io.IOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.LongConsumer;
import tools.jackson.core.JacksonException;
import tools.jackson.core.StreamReadConstraints;
import tools.jackson.core.json.JsonFactory;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** Reads the body of an export, in either of OTLP's encodings. */
final class SpanReader {
    private static final int MOST_SPANS = 10_000;
    static final int MOST_VALUES = 2_000_000;
    private static final int MOST_DEPTH = 64;

    /** Of a value as an object, in either encoding. */
    private static final long VALUE_BYTES = 100;

    private static final JsonFactory FACTORY = JsonFactory.builder()
            .streamReadConstraints(StreamReadConstraints.builder()
                    .maxNestingDepth(200)
                    .maxStringLength(Integer.MAX_VALUE)
                    .build())
            .build();
    private static final JsonMapper JSON = JsonMapper.builder(FACTORY).build();

    private SpanReader() {}

    /**
     * Before what it says is made, somebody hears of the bytes that it takes.
     *
     * @param room may refuse them
     * @throws UnreadableSpansException when it cannot be read
     */
    static List<ReceivedSpan> protobuf(byte[] body, LongConsumer room) {
        try {
            room.accept(VALUE_BYTES
                    * few(WireValues.in(body, ExportTraceServiceRequest.getDescriptor(), MOST_VALUES, MOST_DEPTH)));
            CodedInputStream in = CodedInputStream.newInstance(body);
            in.setRecursionLimit(MOST_DEPTH);
            ExportTraceServiceRequest request = ExportTraceServiceRequest.parseFrom(in);
            List<ReceivedSpan> spans = new ArrayList<>();
            for (ResourceSpans of : request.getResourceSpansList()) {
                Map<String, JsonNode> resource = attributes(of.getResource().getAttributesList());
                for (ScopeSpans scope : of.getScopeSpansList()) {
                    for (Span span : scope.getSpansList()) {
                        add(spans, span(span, resource));
                    }
                }
            }
            return spans;
        } catch (InvalidProtocolBufferException e) {
            throw new UnreadableSpansException("The body is no ExportTraceServiceRequest: " + e.getMessage());
        } catch (IOException e) {
            throw new UnreadableSpansException("The body cannot be read: " + e.getMessage());
        }
    }

    private static void add(List<ReceivedSpan> spans, ReceivedSpan span) {
        if (spans.size() == MOST_SPANS) {
            throw new UnreadableSpansException(
                    "There are more than [%d] spans: send them in smaller batches".formatted(MOST_SPANS));
        }
        spans.add(span);
    }

    private static ReceivedSpan span(Span span, Map<String, JsonNode> resource) {
        return new ReceivedSpan(
                HexFormat.of().formatHex(span.getTraceId().toByteArray()),
                HexFormat.of().formatHex(span.getSpanId().toByteArray()),
                time(span.getStartTimeUnixNano()),
                time(span.getEndTimeUnixNano()),
                span.getStatus().getCode() == Status.StatusCode.STATUS_CODE_ERROR,
                attributes(span.getAttributesList()),
                span.getEventsList().stream()
                        .map(event -> new ReceivedSpan.Event(event.getName(), attributes(event.getAttributesList())))
                        .toList(),
                resource);
    }

    private static Instant time(long nanos) {
        return Instant.ofEpochSecond(
                Long.divideUnsigned(nanos, 1_000_000_000L), Long.remainderUnsigned(nanos, 1_000_000_000L));
    }

    private static Map<String, JsonNode> attributes(List<KeyValue> list) {
        Map<String, JsonNode> attributes = new LinkedHashMap<>();
        for (KeyValue one : list) {
            attributes.put(one.getKey(), value(one.getValue()));
        }
        return attributes;
    }

    private static JsonNode value(AnyValue value) {
        return switch (value.getValueCase()) {
            case STRING_VALUE -> JSON.getNodeFactory().stringNode(value.getStringValue());
            case BOOL_VALUE -> JSON.getNodeFactory().booleanNode(value.getBoolValue());
            case INT_VALUE -> JSON.getNodeFactory().numberNode(value.getIntValue());
            case DOUBLE_VALUE -> JSON.getNodeFactory().numberNode(value.getDoubleValue());
            case ARRAY_VALUE -> {
                ArrayNode array = JSON.createArrayNode();
                value.getArrayValue().getValuesList().forEach(one -> array.add(value(one)));
                yield array;
            }
            case KVLIST_VALUE -> {
                ObjectNode object = JSON.createObjectNode();
                value.getKvlistValue().getValuesList().forEach(one -> object.set(one.getKey(), value(one.getValue())));
                yield object;
            }
            case BYTES_VALUE ->
                JSON.getNodeFactory()
                        .stringNode(Base64.getEncoder()
                                .encodeToString(value.getBytesValue().toByteArray()));
            default -> JSON.nullNode();
        };
    }

    private static long few(long values) {
        if (values > MOST_VALUES) {
            throw new UnreadableSpansException(
                    "The body has more than [%d] values: send smaller batches".formatted(MOST_VALUES));
        }
        return values;
    }

    /** The same, written as JSON. */
    static List<ReceivedSpan> json(byte[] body, LongConsumer room) {
        String flaw = JsonBody.encodingFlaw(body);
        if (flaw != null) {
            throw new UnreadableSpansException(flaw);
        }
        room.accept(VALUE_BYTES * few(JsonValues.in(body)));
        try {
            JsonNode request = JSON.readTree(body);
            if (!request.isObject()) {
                throw new UnreadableSpansException("The body is no JSON object with [resourceSpans]");
            }
            List<ReceivedSpan> spans = new ArrayList<>();
            for (JsonNode of : request.path("resourceSpans")) {
                Map<String, JsonNode> resource = attributes(of.path("resource").path("attributes"));
                for (JsonNode scope : of.path("scopeSpans")) {
                    for (JsonNode span : scope.path("spans")) {
                        add(spans, span(span, resource));
                    }
                }
            }
            return spans;
        } catch (JacksonException e) {
            throw new UnreadableSpansException(JsonBody.flaw(FACTORY, body).message());
        }
    }

    private static ReceivedSpan span(JsonNode span, Map<String, JsonNode> resource) {
        List<ReceivedSpan.Event> events = new ArrayList<>();
        for (JsonNode event : span.path("events")) {
            events.add(new ReceivedSpan.Event(event.path("name").asString(""), attributes(event.path("attributes"))));
        }
        return new ReceivedSpan(
                span.path("traceId").asString(""),
                span.path("spanId").asString(""),
                time(nanos(span.path("startTimeUnixNano"))),
                time(nanos(span.path("endTimeUnixNano"))),
                span.at("/status/code").asInt(0) == Status.StatusCode.STATUS_CODE_ERROR_VALUE,
                attributes(span.path("attributes")),
                events,
                resource);
    }

    /** 64 bits are a text in protobuf's JSON, and a number by those who do not know. */
    private static long nanos(JsonNode time) {
        try {
            return Long.parseUnsignedLong(time.asString(""));
        } catch (NumberFormatException e) {
            return 0;
        }
    }

    private static Map<String, JsonNode> attributes(JsonNode list) {
        Map<String, JsonNode> attributes = new LinkedHashMap<>();
        for (JsonNode one : list) {
            attributes.put(one.path("key").asString(""), value(one.path("value"), 0));
        }
        return attributes;
    }

    private static JsonNode value(JsonNode value, int depth) {
        if (depth > MOST_DEPTH) {
            throw new UnreadableSpansException("A value is nested more than [%d] deep".formatted(MOST_DEPTH));
        }
        if (value.has("arrayValue")) {
            ArrayNode array = JSON.createArrayNode();
            value.path("arrayValue").path("values").forEach(one -> array.add(value(one, depth + 1)));
            return array;
        }
        if (value.has("kvlistValue")) {
            ObjectNode object = JSON.createObjectNode();
            value.path("kvlistValue")
                    .path("values")
                    .forEach(one -> object.set(one.path("key").asString(""), value(one.path("value"), depth + 1)));
            return object;
        }
        if (value.has("intValue")) {
            try {
                return JSON.getNodeFactory()
                        .numberNode(Long.parseLong(value.path("intValue").asString("")));
            } catch (NumberFormatException e) {
                throw new UnreadableSpansException("[intValue] is [%s], which is no whole number"
                        .formatted(value.path("intValue").asString("…")));
            }
        }
        for (String simple : List.of("stringValue", "boolValue", "doubleValue", "bytesValue")) {
            if (value.has(simple) && !value.path(simple).isContainer()) {
                return value.path(simple);
            }
        }
        return JSON.nullNode();
    }
}
