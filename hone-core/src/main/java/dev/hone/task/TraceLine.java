package dev.hone.task;

import dev.hone.record.AnswerLogprob;
import dev.hone.record.CallUsage;
import dev.hone.record.CapturedCall;
import dev.hone.record.CapturedCall.Attempt;
import dev.hone.record.Feedback;
import dev.hone.record.Money;
import dev.hone.record.StoredTrace;
import dev.hone.record.StoredTrace.Call;
import dev.hone.record.StoredTrace.Row;
import dev.hone.record.StoredTrace.Said;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.StreamReadConstraints;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.core.json.JsonFactory;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;
import tools.jackson.databind.util.RawValue;

/**
 * A stored trace as a line of JSON, and back to the last character: a request or response that is JSON stands in the line as it is
 * stored; what is none, or has line breaks, stands there as a text ({@code request_text}).
 */
public final class TraceLine {
    static final String OBJECT = "hone.trace";
    private static final int FORMAT = 1;
    private static final String REQUEST = "request";
    private static final String RESPONSE = "response";
    static final String AS_TEXT = "_text";

    /** What stands in a line may be as deep as this. */
    private static final int DEEPEST = 500;

    /** Exponents beyond all measure make exact numbers throw a {@link NumberFormatException}, which is none of Jackson's. */
    private static final JsonMapper PART = mapper(DEEPEST);

    private static final JsonMapper LINE = mapper(DEEPEST + 10);

    private static JsonMapper mapper(int deepest) {
        return JsonMapper.builder(JsonFactory.builder()
                        .streamReadConstraints(StreamReadConstraints.builder()
                                .maxStringLength(TraceFile.MOST_LINE_BYTES)
                                .maxNestingDepth(deepest)
                                .build())
                        .build())
                .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
                .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
                .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
                .build();
    }

    private TraceLine() {}

    /** The line, without its end. */
    public static String of(StoredTrace trace) {
        ObjectNode line = LINE.createObjectNode();
        line.put("object", OBJECT).put("format", FORMAT);
        line.put("id", trace.id().toString()).put("project", trace.project());
        put(line, "use_case", trace.useCase());
        put(line, "occurred", trace.occurred());
        line.put("recorded", trace.recorded().toString());
        ObjectNode metadata = line.putObject(trace.call() == null ? "metadata" : "tags");
        new TreeMap<>(trace.metadata()).forEach(metadata::put);
        if (trace.call() != null) {
            put(line, trace.call());
        }
        if (trace.row() != null) {
            ObjectNode row =
                    line.putObject("imported").put("content_hash", trace.row().contentHash());
            put(row, "external_id", trace.row().externalId());
            row.put("source", trace.row().source()).put("line", trace.row().line());
        }
        document(line, REQUEST, trace.request());
        document(line, RESPONSE, trace.response());
        line.set("attempts", attempts(trace.attempts()));
        line.set("feedback", feedback(trace.feedback()));
        return LINE.writeValueAsString(line);
    }

    private static void put(ObjectNode object, String name, @Nullable Object value) {
        if (value != null) {
            object.put(name, value.toString());
        }
    }

    private static void put(ObjectNode line, Call call) {
        ObjectNode object = line.putObject("call");
        object.put("path", call.path()).put("model", call.model()).put("route", call.route());
        object.put("variant", call.variant());
        put(object, "episode", call.episode());
        object.put("stream", call.stream()).put("status", call.status());
        object.put("ended", call.ended().name().toLowerCase(Locale.ROOT));
        number(object, "first_byte_ms", call.firstByteMillis());
        number(object, "ms", call.millis());
        number(object, "prompt_tokens", call.usage().prompt());
        number(object, "cached_tokens", call.usage().cached());
        number(object, "completion_tokens", call.usage().completion());
        if (call.cost() != null) {
            object.put("cost", call.cost().amount().toPlainString());
            object.put("currency", call.cost().currency());
        }
        put(object, "api_key", call.key());
        put(object, "end_user", call.endUser());
        put(object, "configuration", call.configuration());
        put(object, "shadow_of", call.shadowOf());
    }

    private static void number(ObjectNode object, String name, @Nullable Number value) {
        switch (value) {
            case null -> {}
            case Long whole -> object.put(name, whole);
            default -> object.put(name, value.doubleValue());
        }
    }

    /** A list with one object for each. */
    public static ArrayNode attempts(List<Attempt> attempts) {
        ArrayNode list = LINE.createArrayNode();
        for (Attempt attempt : attempts) {
            ObjectNode object = list.addObject().put("number", attempt.number()).put("variant", attempt.variant());
            object.put("upstream", attempt.upstream()).put("model", attempt.model());
            if (attempt.status() != null) {
                object.put("status", attempt.status());
            }
            put(object, "trouble", attempt.trouble());
            object.put("ms", attempt.millis());
            put(object, "cost", attempt.cost() == null ? null : attempt.cost().toPlainString());
            AnswerLogprob logprob = attempt.logprob();
            if (logprob != null) {
                object.putObject("logprob").put("sum", logprob.sum()).put("tokens", logprob.tokens());
            }
        }
        return list;
    }

    /** A list with one object for each. */
    public static ArrayNode feedback(List<Said> feedback) {
        ArrayNode list = LINE.createArrayNode();
        for (Said said : feedback) {
            ObjectNode object = list.addObject().put("id", said.id().toString());
            put(object, "episode", said.episode());
            object.put("kind", said.kind().word()).put("name", said.name());
            value(object, "value", said.value());
            number(object, "score", said.score());
            put(object, "author", said.author());
            put(object, "at", said.occurred());
            object.put("created", said.created().toString());
            put(object, "caller_id", said.callerId());
            put(object, "fingerprint", said.fingerprint());
            put(object, "api_key", said.key());
            put(object, "configuration", said.configuration());
        }
        return list;
    }

    /** As it stands there, where it is an object or a list on one line; else as a text. */
    private static void document(ObjectNode object, String name, @Nullable String text) {
        if (text != null && isOneLine(text)) {
            object.putRawValue(name, new RawValue(text));
        } else {
            put(object, name + AS_TEXT, text);
        }
    }

    private static boolean isOneLine(String text) {
        boolean container = text.startsWith("{") && text.endsWith("}") || text.startsWith("[") && text.endsWith("]");
        if (!container || text.chars().anyMatch(letter -> letter < ' ')) {
            return false;
        }
        try {
            PART.readTree(text);
            return true;
        } catch (JacksonException | NumberFormatException e) {
            return false;
        }
    }

    /** A value, where it comes back the same; else as a text. */
    private static void value(ObjectNode object, String name, String text) {
        try {
            JsonNode value = PART.readTree(text);
            if (value.toString().equals(text)) {
                object.set(name, value);
                return;
            }
        } catch (JacksonException | NumberFormatException e) {
            // A text, then.
        }
        object.put(name + AS_TEXT, text);
    }

    /** @throws ChatFile.BadRow with the reason why a line is none */
    static StoredTrace parse(String line) {
        try {
            LineMembers members = new LineMembers("", LINE.readTree(line));
            if (!members.text("object").equals(OBJECT) || members.whole("format") != FORMAT) {
                throw new ChatFile.BadRow(
                        "is no [%s] of format [%d], as the file's first row is; a newer Hone may have made it"
                                .formatted(OBJECT, FORMAT));
            }
            @Nullable LineMembers call = members.object("call");
            @Nullable LineMembers row = members.object("imported");
            if ((call == null) == (row == null)) {
                throw new ChatFile.BadRow("has [call] and [imported], or neither: a trace is one of them");
            }
            if (row != null && members.textOrNull("use_case") == null) {
                throw new ChatFile.BadRow("has no [use_case], which an imported row has");
            }
            Map<String, String> raw = raw(line);
            return new StoredTrace(
                    members.trace("id"),
                    members.name("project"),
                    members.nameOrNull("use_case"),
                    members.texts(call == null ? "metadata" : "tags"),
                    call == null ? members.timeOrNull("occurred") : members.time("occurred"),
                    members.time("recorded"),
                    call == null ? null : call(call),
                    row == null ? null : row(row),
                    raw.getOrDefault(REQUEST, members.textOrNull(REQUEST + AS_TEXT)),
                    raw.getOrDefault(RESPONSE, members.textOrNull(RESPONSE + AS_TEXT)),
                    members.list("attempts").stream().map(TraceLine::attempt).toList(),
                    members.list("feedback").stream().map(TraceLine::said).toList());
        } catch (JacksonException | NumberFormatException e) {
            throw new ChatFile.BadRow("is not JSON that can be read");
        }
    }

    private static Call call(LineMembers call) {
        String cost = call.textOrNull("cost");
        return new Call(
                call.text("path"),
                call.text("model"),
                call.text("route"),
                call.text("variant"),
                call.textOrNull("episode"),
                call.flag("stream"),
                (int) call.whole("status"),
                call.word("ended", CapturedCall.End.class),
                call.realOrNull("first_byte_ms"),
                call.realOrNull("ms"),
                new CallUsage(
                        call.countOrNull("prompt_tokens"),
                        call.countOrNull("cached_tokens"),
                        call.countOrNull("completion_tokens")),
                cost == null ? null : new Money(call.amount("cost"), call.text("currency")),
                call.idOrNull("api_key"),
                call.textOrNull("end_user"),
                call.hashOrNull("configuration"),
                call.idOrNull("shadow_of"));
    }

    private static Row row(LineMembers row) {
        return new Row(row.hash("content_hash"), row.textOrNull("external_id"), row.text("source"), (int)
                Math.max(1, row.whole("line")));
    }

    private static Attempt attempt(LineMembers attempt) {
        return new Attempt(
                (int) attempt.whole("number"),
                attempt.text("variant"),
                attempt.text("upstream"),
                attempt.text("model"),
                attempt.wholeOrNull("status"),
                attempt.textOrNull("trouble"),
                attempt.real("ms"),
                attempt.textOrNull("cost") == null ? null : attempt.amount("cost"),
                logprob(attempt.object("logprob")));
    }

    private static @Nullable AnswerLogprob logprob(@Nullable LineMembers logprob) {
        if (logprob == null) {
            return null;
        }
        try {
            return new AnswerLogprob(logprob.real("sum"), logprob.whole("tokens"));
        } catch (IllegalArgumentException e) {
            throw ChatFile.BadRow.of(
                    "has an attempt with a [logprob] that is none: %s", String.valueOf(e.getMessage()));
        }
    }

    private static Said said(LineMembers said) {
        return new Said(
                said.id("id"),
                said.textOrNull("episode"),
                said.word("kind", Feedback.Kind.class),
                said.text("name"),
                said.json("value"),
                said.realOrNull("score"),
                said.textOrNull("author"),
                said.timeOrNull("at"),
                said.time("created"),
                said.textOrNull("caller_id"),
                said.hashOrNull("fingerprint"),
                said.idOrNull("api_key"),
                said.hashOrNull("configuration"));
    }

    /** The request and the response as they stand in the line. */
    private static Map<String, String> raw(String line) {
        Map<String, String> raw = new TreeMap<>();
        try (JsonParser parser = LINE.createParser(line)) {
            parser.nextToken();
            while (parser.nextToken() == JsonToken.PROPERTY_NAME) {
                String name = parser.currentName();
                String value = container(parser, line);
                if (!value.isEmpty() && (name.equals(REQUEST) || name.equals(RESPONSE))) {
                    raw.put(name, value);
                }
            }
        }
        return raw;
    }

    /** Reads over the next value; what comes back is an object or a list as it stands there, and empty for anything else. */
    private static String container(JsonParser parser, String line) {
        JsonToken token = parser.nextToken();
        int from = (int) parser.currentTokenLocation().getCharOffset();
        parser.skipChildren();
        return token == JsonToken.START_OBJECT || token == JsonToken.START_ARRAY
                ? line.substring(from, (int) parser.currentLocation().getCharOffset())
                : "";
    }

    /** Whether a row is one of these. */
    static boolean isOne(JsonNode row) {
        return row.path("object").asString("").equals(OBJECT);
    }
}
