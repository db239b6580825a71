package dev.hone.capture.gateway;

import dev.hone.capture.JsonBody;
import dev.hone.record.PlainText;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.StreamReadConstraints;
import tools.jackson.core.json.JsonFactory;
import tools.jackson.databind.json.JsonMapper;

/**
 * What the gateway must know of a request's body; the rest passes through as it is.
 *
 * @param model that it asks for
 * @param stream whether it wants events
 * @param choices how many answers it wants; 1 where it does not say so in a way that can be understood
 * @param modelFrom offset of the model's first byte, a quotation mark
 * @param modelTo offset after its last
 * @param usage what makes it ask for the tokens of a stream; null where it does so itself, wants no events, or says of it what nobody
 *     understands
 */
record RequestHead(
        String model,
        boolean stream,
        int choices,
        int modelFrom,
        int modelTo,
        @Nullable Splice usage) {
    private static final int MOST_DEPTH = 200;
    private static final int LONGEST_MODEL = 200;

    /** Of the body's own members, which are kept to see whether one stands there twice. OpenAI's bodies have some thirty. */
    static final int MOST_NAMES = 10_000;

    /** OpenAI's own bound. */
    private static final int MOST_CHOICES = 128;

    private static final String OPTIONS = "stream_options";
    private static final String INCLUDE = "include_usage";

    private static final JsonFactory JSON = JsonFactory.builder()
            .streamReadConstraints(StreamReadConstraints.builder()
                    .maxNestingDepth(MOST_DEPTH)
                    .maxStringLength(Integer.MAX_VALUE)
                    .build())
            .build();

    /**
     * Bytes that come in the place of others.
     *
     * @param from offset of the first
     * @param to offset after the last; {@code from} where nothing goes
     */
    record Splice(int from, int to, String text) {}

    /** @throws GatewayRefusal when it is no JSON object with a model */
    static RequestHead read(byte[] body) {
        requireUtf8(body);
        String model = null;
        boolean stream = false;
        int choices = 1;
        int from = 0;
        int to = 0;
        Splice usage;
        try (JsonParser parser = JSON.createParser(ObjectReadContext.empty(), body)) {
            if (parser.nextToken() != JsonToken.START_OBJECT) {
                throw GatewayRefusal.of(400, "invalid_json", "The body must be a JSON object");
            }
            usage = insertion(parser, "\"%s\":{\"%s\":true},".formatted(OPTIONS, INCLUDE));
            Set<String> seen = new HashSet<>();
            while (parser.nextToken() == JsonToken.PROPERTY_NAME) {
                String name = parser.currentName();
                if (seen.size() == MOST_NAMES) {
                    throw GatewayRefusal.at(
                            400,
                            "too_many_names",
                            shown(name),
                            "The body has more than [%d] members, with [%s]: send fewer"
                                    .formatted(MOST_NAMES, shown(name)));
                }
                if (!seen.add(name)) {
                    String field = shown(name);
                    throw GatewayRefusal.at(
                            400, "invalid_json", field, "The body has [%s] twice: which one counts?".formatted(field));
                }
                JsonToken value = parser.nextToken();
                switch (name) {
                    case "model" -> {
                        if (value != JsonToken.VALUE_STRING) {
                            throw GatewayRefusal.at(400, "invalid_value", "model", "[model] must be a text");
                        }
                        from = (int) parser.currentTokenLocation().getByteOffset();
                        model = parser.getString();
                        to = (int) parser.currentLocation().getByteOffset();
                    }
                    case "stream" -> {
                        if (value != JsonToken.VALUE_TRUE
                                && value != JsonToken.VALUE_FALSE
                                && value != JsonToken.VALUE_NULL) {
                            throw GatewayRefusal.at(400, "invalid_value", "stream", "[stream] must be true or false");
                        }
                        stream = value == JsonToken.VALUE_TRUE;
                    }
                    case "n" -> {
                        boolean said = value == JsonToken.VALUE_NUMBER_INT
                                && parser.getNumberType() == JsonParser.NumberType.INT;
                        choices = said ? Math.clamp(parser.getIntValue(), 1, MOST_CHOICES) : 1;
                        parser.skipChildren();
                    }
                    case OPTIONS -> usage = options(parser, value);
                    default -> parser.skipChildren();
                }
            }
            if (parser.nextToken() != null) {
                throw GatewayRefusal.of(400, "invalid_json", "The body goes on after its JSON object");
            }
        } catch (JacksonException e) {
            JsonBody.Flaw flaw = JsonBody.flaw(JSON, body);
            throw GatewayRefusal.at(400, "invalid_json", flaw.place(), flaw.message());
        }
        if (model != null && model.length() > LONGEST_MODEL) {
            throw GatewayRefusal.at(
                    400,
                    "invalid_value",
                    "model",
                    "[model] must have at most [%d] characters".formatted(LONGEST_MODEL));
        }
        if (model != null && !PlainText.isName(model)) {
            throw GatewayRefusal.at(
                    400,
                    "invalid_value",
                    "model",
                    "[model] has a control character or half of a character (a lone surrogate): no model has such a name");
        }
        if (model == null || model.isBlank()) {
            throw GatewayRefusal.at(
                    400,
                    "missing_model",
                    "model",
                    "The body has no [model]: name one, or a use case as [use-case/NAME]");
        }
        return new RequestHead(model, stream, choices, from, to, stream ? usage : null);
    }

    /** Behind the brace at which the parser is. */
    private static Splice insertion(JsonParser parser, String text) {
        int at = (int) parser.currentTokenLocation().getByteOffset() + 1;
        return new Splice(at, at, text);
    }

    /** Instead of a literal at which the parser is. */
    private static Splice instead(JsonParser parser, String text) {
        int at = (int) parser.currentTokenLocation().getByteOffset();
        return new Splice(at, at + parser.getString().length(), text);
    }

    /** What is to be done to options of a stream, so that they ask for its tokens. */
    private static @Nullable Splice options(JsonParser parser, JsonToken value) {
        if (value == JsonToken.VALUE_NULL) {
            return instead(parser, "{\"%s\":true}".formatted(INCLUDE));
        }
        if (value != JsonToken.START_OBJECT) {
            parser.skipChildren();
            return null;
        }
        String member = "\"%s\":true".formatted(INCLUDE);
        Splice alone = insertion(parser, member);
        Splice found = null;
        boolean empty = true;
        boolean said = false;
        while (parser.nextToken() == JsonToken.PROPERTY_NAME) {
            empty = false;
            boolean here = parser.currentName().equals(INCLUDE);
            JsonToken inner = parser.nextToken();
            if (here && said) {
                throw GatewayRefusal.at(
                        400,
                        "invalid_json",
                        OPTIONS,
                        "[%s] has [%s] twice: which one counts?".formatted(OPTIONS, INCLUDE));
            }
            if (here) {
                said = true;
                found = inner == JsonToken.VALUE_FALSE || inner == JsonToken.VALUE_NULL
                        ? instead(parser, "true")
                        : null;
            }
            parser.skipChildren();
        }
        if (said) {
            return found;
        }
        return empty ? alone : new Splice(alone.from(), alone.to(), member + ",");
    }

    private static void requireUtf8(byte[] body) {
        String flaw = JsonBody.encodingFlaw(body);
        if (flaw != null) {
            throw GatewayRefusal.of(400, "invalid_json", flaw);
        }
    }

    private static String shown(String name) {
        return name.length() <= 100 ? name : name.substring(0, 100) + "…";
    }

    /**
     * The body as a server gets it.
     *
     * @param other model that is asked for instead
     * @param asksUsage whether it asks for the tokens of a stream, even if the client does not
     */
    byte[] forServer(byte[] body, String other, boolean asksUsage) {
        List<Splice> splices = new ArrayList<>(2);
        if (!other.equals(model)) {
            splices.add(new Splice(modelFrom, modelTo, JsonMapper.shared().writeValueAsString(other)));
        }
        if (asksUsage && usage != null) {
            splices.add(usage);
        }
        splices.sort(Comparator.comparingInt(Splice::from).reversed());
        byte[] changed = body;
        for (Splice splice : splices) {
            changed = spliced(changed, splice);
        }
        return changed;
    }

    private static byte[] spliced(byte[] body, Splice splice) {
        byte[] text = splice.text().getBytes(StandardCharsets.UTF_8);
        byte[] changed = new byte[splice.from() + text.length + body.length - splice.to()];
        System.arraycopy(body, 0, changed, 0, splice.from());
        System.arraycopy(text, 0, changed, splice.from(), text.length);
        System.arraycopy(body, splice.to(), changed, splice.from() + text.length, body.length - splice.to());
        return changed;
    }
}
