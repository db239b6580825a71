package dev.hone.capture.otlp;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import tools.jackson.databind.JsonNode;

/**
 * A span as it was exported. Read by {@link SpanReader}; told as a call by {@link SpanCalls}.
 *
 * @param traceId in hexadecimal
 * @param spanId in hexadecimal
 * @param error whether its status says so
 * @param attributes by name
 * @param events of it, in their order
 * @param resource attributes of what made it
 */
record ReceivedSpan(
        String traceId,
        String spanId,
        Instant start,
        Instant end,
        boolean error,
        Map<String, JsonNode> attributes,
        List<Event> events,
        Map<String, JsonNode> resource) {
    /** Something that happened during a span. */
    record Event(String name, Map<String, JsonNode> attributes) {}
}
