package dev.hone.capture.otlp;

import dev.hone.record.CallUsage;
import dev.hone.record.CapturedCall;
import dev.hone.record.CapturedCall.Attempt;
import dev.hone.record.CapturedCall.Origin;
import dev.hone.record.Ids;
import dev.hone.record.PlainText;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.UUID;
import java.util.function.LongConsumer;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * The calls of models among exported spans. Other spans are passed over.
 *
 * @param calls each with an identifier made of the span's time and name: sent twice, it is one
 * @param rejected how many tell of a call, but not so that it could be kept
 * @param reason of the first of these
 */
public record SpanCalls(List<CapturedCall> calls, int rejected, String reason) {
    /** The path of a call that was told about, and did not pass. */
    public static final String PATH = CapturedCall.TOLD;

    private static final Instant FIRST = Instant.parse("2020-01-01T00:00:00Z");
    private static final Duration AHEAD = Duration.ofDays(1);
    private static final Duration LONGEST_CALL = Duration.ofDays(1);
    private static final int LONGEST = 200;

    /** Of the bodies of one call: as much as a record of the journal has beside its facts. */
    private static final long MOST_BYTES = 60L << 20;

    /** What is written is in so many places until it is recorded. */
    private static final int PLACES = 4;

    private static final int LONGEST_USE_CASE = 63;

    /** How the body of an export is written. */
    public enum Encoding {
        PROTOBUF,
        JSON
    }

    public SpanCalls {
        calls = List.copyOf(calls);
    }

    /**
     * Reads an export.
     *
     * @param project that the calls belong to
     * @param key of who told; null where none is asked for
     * @param configuration SHA-256 of the files that decide; null where there are none
     * @param room hears of the bytes that spans take before they are read, and that each call takes before it is made of its span, and may refuse them
     * @throws UnreadableSpansException when it cannot be read
     */
    public static SpanCalls read(
            byte[] body,
            Encoding encoding,
            String project,
            @Nullable UUID key,
            @Nullable String configuration,
            LongConsumer room) {
        List<ReceivedSpan> spans = switch (encoding) {
            case PROTOBUF -> SpanReader.protobuf(body, room);
            case JSON -> SpanReader.json(body, room);
        };
        List<CapturedCall> calls = new ArrayList<>();
        int rejected = 0;
        String reason = "";
        for (ReceivedSpan span : spans) {
            if (!isCall(span)) {
                continue;
            }
            String trouble = trouble(span);
            Bodies bodies = trouble == null ? Bodies.of(span) : null;
            if (bodies != null && bodies.length() > MOST_BYTES) {
                bodies = null;
                trouble = tooLarge(span.spanId());
            }
            if (bodies != null) {
                room.accept(PLACES * bodies.length());
                calls.add(call(span, bodies, project, key, configuration));
            } else if (rejected++ == 0) {
                reason = String.valueOf(trouble);
            }
        }
        return new SpanCalls(calls, rejected, reason);
    }

    /** The reason of a span whose call has no room in a record. */
    public static String tooLarge(String span) {
        return "The span [%s] is too large to be recorded, as its texts are escaped: send less of its content"
                .formatted(span);
    }

    private static boolean isCall(ReceivedSpan span) {
        JsonNode operation = span.attributes().get(GenAi.OPERATION);
        return operation == null
                ? !first(span, GenAi.MODEL).isEmpty()
                : GenAi.MODEL_CALLS.contains(operation.asString(""));
    }

    private static @Nullable String trouble(ReceivedSpan span) {
        if (!span.traceId().matches("[0-9a-fA-F]{32}") || !span.spanId().matches("[0-9a-fA-F]{16}")) {
            return "A span has no trace id of 16 bytes and span id of 8";
        }
        if (span.start().isBefore(FIRST)
                || span.start().isAfter(Instant.now().plus(AHEAD))
                || span.end().isBefore(span.start())
                || span.end().isAfter(span.start().plus(LONGEST_CALL))) {
            return "The span [%s] is of no time from [%s] to now, with its end within a day after its start"
                    .formatted(span.spanId(), FIRST);
        }
        if (useCase(span).isEmpty()) {
            return "The span [%s] belongs to no use case: set [%s] of the span or its resource, or [%s]"
                    .formatted(span.spanId(), GenAi.USE_CASE, GenAi.SERVICE);
        }
        if (!PlainText.isName(first(span, GenAi.MODEL))) {
            return "The span [%s] has a model's name with a control character or half of a character (a lone surrogate)"
                    .formatted(span.spanId());
        }
        if (!PlainText.isWhole(first(span, GenAi.PROVIDER))
                || !PlainText.isWhole(first(span, List.of(GenAi.CONVERSATION)))) {
            return "The span [%s] has half of a character (a lone surrogate) in [gen_ai.provider.name] or [%s]"
                    .formatted(span.spanId(), GenAi.CONVERSATION);
        }
        return null;
    }

    /** By the span, its resource, or the service's name. */
    private static String useCase(ReceivedSpan span) {
        for (JsonNode name : new JsonNode[] {
            span.attributes().get(GenAi.USE_CASE),
            span.resource().get(GenAi.USE_CASE),
            span.resource().get(GenAi.SERVICE)
        }) {
            String made = name == null ? "" : named(name.asString(""));
            if (!made.isEmpty()) {
                return made;
            }
        }
        return "";
    }

    /** A name as use cases have it: small letters, digits, and [-] for everything else. */
    private static String named(String name) {
        String made =
                name.toLowerCase(Locale.ROOT).replaceAll("[^a-z0-9]+", "-").replaceAll("^-|-$", "");
        return made.length() <= LONGEST_USE_CASE ? made : made.substring(0, LONGEST_USE_CASE);
    }

    private static String first(ReceivedSpan span, List<String> names) {
        for (String name : names) {
            JsonNode value = span.attributes().get(name);
            if (value != null && value.isString()) {
                String text = value.asString();
                boolean halves = text.length() > LONGEST && Character.isHighSurrogate(text.charAt(LONGEST - 1));
                return text.length() <= LONGEST ? text : text.substring(0, halves ? LONGEST - 1 : LONGEST);
            }
        }
        return "";
    }

    private static @Nullable Long count(ReceivedSpan span, List<String> names) {
        for (String name : names) {
            JsonNode value = span.attributes().get(name);
            if (value != null && value.isIntegralNumber() && value.canConvertToLong()) {
                return CallUsage.count(value.longValue());
            }
        }
        return null;
    }

    /** What a call's request and answer would have been. */
    private record Bodies(ObjectNode request, ObjectNode response) {
        static Bodies of(ReceivedSpan span) {
            String model = first(span, GenAi.MODEL);
            return new Bodies(SpanCalls.request(span, model), SpanCalls.response(span, model));
        }

        /** Bytes at most, when they are written. */
        long length() {
            return WrittenLength.of(request) + WrittenLength.of(response);
        }
    }

    private static CapturedCall call(
            ReceivedSpan span, Bodies bodies, String project, @Nullable UUID key, @Nullable String configuration) {
        String model = first(span, GenAi.MODEL);
        String provider = first(span, GenAi.PROVIDER);
        String conversation = first(span, List.of(GenAi.CONVERSATION));
        Integer said = status(span.attributes().get(GenAi.HTTP_STATUS));
        int status = said != null ? said : span.error() ? 500 : 200;
        double millis = Duration.between(span.start(), span.end()).toNanos() / 1e6;
        CapturedCall.Facts facts = new CapturedCall.Facts(
                Ids.of(span.start(), project + "\0" + span.traceId() + "\0" + span.spanId()),
                span.start(),
                PATH,
                model,
                useCase(span),
                true,
                "",
                new Origin(
                        project,
                        key,
                        conversation.isBlank() ? null : conversation,
                        null,
                        Map.of("trace_id", span.traceId(), "span_id", span.spanId()),
                        configuration,
                        null),
                false,
                status,
                span.error() ? CapturedCall.End.REFUSED : CapturedCall.End.ANSWERED,
                null,
                millis,
                new CallUsage(
                        count(span, GenAi.INPUT_TOKENS),
                        count(span, GenAi.CACHED_TOKENS),
                        count(span, GenAi.OUTPUT_TOKENS)),
                null,
                provider.isEmpty()
                        ? List.of()
                        : List.of(new Attempt(1, "", provider, model, status, null, millis, null)));
        return new CapturedCall(facts, bytes(bodies.request()), bytes(bodies.response()));
    }

    private static @Nullable Integer status(@Nullable JsonNode value) {
        return value != null && value.isIntegralNumber() && value.canConvertToInt() ? value.intValue() : null;
    }

    private static byte[] bytes(ObjectNode object) {
        return object.toString().getBytes(StandardCharsets.UTF_8);
    }

    private static ObjectNode request(ReceivedSpan span, String model) {
        SpanMessages said = new SpanMessages(span);
        ObjectNode request = JsonMapper.shared().createObjectNode().put("model", model);
        for (String name : GenAi.PARAMETERS) {
            JsonNode value = span.attributes().get(GenAi.PARAMETER + name);
            if (value != null && value.isNumber()) {
                request.set(name, value);
            }
        }
        request.set("messages", said.asked());
        ArrayNode tools = said.tools();
        if (!tools.isEmpty()) {
            request.set("tools", tools);
        }
        return request;
    }

    private static ObjectNode response(ReceivedSpan span, String model) {
        ObjectNode response = JsonMapper.shared()
                .createObjectNode()
                .put("id", first(span, List.of(GenAi.RESPONSE_ID)))
                .put("object", "chat.completion")
                .put(
                        "model",
                        first(span, GenAi.MODEL.reversed()).isEmpty() ? model : first(span, GenAi.MODEL.reversed()));
        ArrayNode choices = response.putArray("choices");
        for (SpanMessages.Answer answer : new SpanMessages(span).answered()) {
            ObjectNode choice = choices.addObject().put("index", choices.size() - 1);
            choice.set("message", answer.message());
            choice.put("finish_reason", answer.reason());
        }
        return response;
    }
}
