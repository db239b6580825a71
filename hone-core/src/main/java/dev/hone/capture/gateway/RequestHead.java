package dev.hone.capture.gateway;

import java.nio.charset.StandardCharsets;
import java.util.HashSet;
import java.util.Set;
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
 * @param modelFrom offset of the model's first byte, a quotation mark
 * @param modelTo offset after its last
 */
record RequestHead(String model, boolean stream, int modelFrom, int modelTo) {
    private static final int MOST_DEPTH = 200;
    private static final int LONGEST_MODEL = 200;

    private static final JsonFactory JSON = JsonFactory.builder()
            .streamReadConstraints(StreamReadConstraints.builder()
                    .maxNestingDepth(MOST_DEPTH)
                    .maxStringLength(Integer.MAX_VALUE)
                    .build())
            .build();

    /** @throws GatewayRefusal when it is no JSON object with a model */
    static RequestHead read(byte[] body) {
        requireUtf8(body);
        String model = null;
        boolean stream = false;
        int from = 0;
        int to = 0;
        try (JsonParser parser = JSON.createParser(ObjectReadContext.empty(), body)) {
            if (parser.nextToken() != JsonToken.START_OBJECT) {
                throw GatewayRefusal.of(400, "invalid_json", "The body must be a JSON object");
            }
            Set<String> seen = new HashSet<>();
            while (parser.nextToken() == JsonToken.PROPERTY_NAME) {
                String name = parser.currentName();
                if (!seen.add(name)) {
                    throw GatewayRefusal.of(
                            400, "invalid_json", "The body has [%s] twice: which one counts?".formatted(shown(name)));
                }
                JsonToken value = parser.nextToken();
                switch (name) {
                    case "model" -> {
                        if (value != JsonToken.VALUE_STRING) {
                            throw GatewayRefusal.of(400, "invalid_value", "[model] must be a text");
                        }
                        from = (int) parser.currentTokenLocation().getByteOffset();
                        model = parser.getString();
                        to = (int) parser.currentLocation().getByteOffset();
                    }
                    case "stream" -> {
                        if (value != JsonToken.VALUE_TRUE
                                && value != JsonToken.VALUE_FALSE
                                && value != JsonToken.VALUE_NULL) {
                            throw GatewayRefusal.of(400, "invalid_value", "[stream] must be true or false");
                        }
                        stream = value == JsonToken.VALUE_TRUE;
                    }
                    default -> parser.skipChildren();
                }
            }
            if (parser.nextToken() != null) {
                throw GatewayRefusal.of(400, "invalid_json", "The body goes on after its JSON object");
            }
        } catch (JacksonException e) {
            throw GatewayRefusal.of(400, "invalid_json", "The body is no JSON: " + e.getOriginalMessage());
        }
        if (model != null && model.length() > LONGEST_MODEL) {
            throw GatewayRefusal.of(
                    400, "invalid_value", "[model] must have at most [%d] characters".formatted(LONGEST_MODEL));
        }
        if (model == null || model.isBlank()) {
            throw GatewayRefusal.of(
                    400, "missing_model", "The body has no [model]: name one, or a use case as [use-case/NAME]");
        }
        return new RequestHead(model, stream, from, to);
    }

    /**
     * JSON that is sent around is UTF-8 (RFC 8259), without a byte order mark. A parser that guesses another encoding from a zero among the
     * first bytes would count offsets in that.
     */
    private static void requireUtf8(byte[] body) {
        for (int i = 0; i < Math.min(body.length, 4); i++) {
            int one = body[i] & 0xff;
            if (one == 0 || one == 0xfe || one == 0xff || i == 0 && one == 0xef) {
                throw GatewayRefusal.of(
                        400, "invalid_json", "The body must be JSON in UTF-8, and without a byte order mark");
            }
        }
    }

    private static String shown(String name) {
        return name.length() <= 100 ? name : name.substring(0, 100) + "…";
    }

    /** The body with another model in its place. */
    byte[] withModel(byte[] body, String other) {
        if (other.equals(model)) {
            return body;
        }
        byte[] name = JsonMapper.shared().writeValueAsString(other).getBytes(StandardCharsets.UTF_8);
        byte[] changed = new byte[modelFrom + name.length + body.length - modelTo];
        System.arraycopy(body, 0, changed, 0, modelFrom);
        System.arraycopy(name, 0, changed, modelFrom, name.length);
        System.arraycopy(body, modelTo, changed, modelFrom + name.length, body.length - modelTo);
        return changed;
    }
}
