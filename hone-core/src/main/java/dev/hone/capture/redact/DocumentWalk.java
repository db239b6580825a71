package dev.hone.capture.redact;

import dev.hone.capture.JsonValues;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.StreamReadConstraints;
import tools.jackson.core.exc.StreamConstraintsException;
import tools.jackson.core.json.JsonFactory;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * Goes through a document, and through those that stand in its texts, and puts tokens in the place of what must not be stored. Levels count together
 * over all of these, and so do the values of those in texts: neither a thread's stack nor the memory is too small for them. What is beyond that goes as
 * a whole. Of one document, on one thread.
 */
final class DocumentWalk {
    /** Levels of the document, and of those within texts where it has them. */
    static final int MOST_DEPTH = 300;

    /** Documents within texts within documents, so often. */
    private static final int MOST_TEXTS = 4;

    /** Of all documents within texts. */
    private static final long MOST_VALUES = 2_000_000;

    /** Pictures, sound and the like, as a whole. */
    private static final java.util.regex.Pattern DATA = java.util.regex.Pattern.compile(
            "data:[A-Za-z0-9.+/-]{0,100}(?:;[A-Za-z0-9=._-]{1,100}){0,5};base64,[A-Za-z0-9+/_-]*+={0,2}");

    /** Members of a body whose numbers nobody said. */
    private static final Set<String> FIGURES = Set.of(
            "seed",
            "n",
            "best_of",
            "max_tokens",
            "max_completion_tokens",
            "max_output_tokens",
            "max_tool_calls",
            "temperature",
            "top_p",
            "top_k",
            "min_p",
            "logprobs",
            "top_logprobs",
            "presence_penalty",
            "frequency_penalty",
            "repetition_penalty",
            "dimensions",
            "created",
            "created_at",
            "completed_at");

    private static final Set<String> LISTS = Set.of("choices", "data");

    /** Of an item of these. */
    private static final Set<String> ITEM_FIGURES = Set.of("index", "logprobs", "embedding");

    private static final char BYTE_ORDER_MARK = '\ufeff';

    private static final JsonMapper DOCUMENT = JsonMapper.builder(JsonFactory.builder()
                    .streamReadConstraints(StreamReadConstraints.builder()
                            .maxNestingDepth(MOST_DEPTH)
                            .maxStringLength(Integer.MAX_VALUE)
                            .build())
                    .build())
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .build();

    private final Redaction redaction;
    private final Pseudonyms pseudonyms;
    private int depth;
    private int texts;
    private long values;

    DocumentWalk(Redaction redaction, Pseudonyms pseudonyms) {
        this.redaction = redaction;
        this.pseudonyms = pseudonyms;
    }

    /** Of a request or an answer. */
    JsonNode body(JsonNode body) {
        if (!(body instanceof ObjectNode object)) {
            return json(body);
        }
        ObjectNode redacted = JsonMapper.shared().createObjectNode();
        depth++;
        for (Map.Entry<String, JsonNode> member : object.properties()) {
            redacted.set(text(member.getKey()), part(object, member.getKey(), member.getValue()));
        }
        depth--;
        return redacted;
    }

    private JsonNode part(ObjectNode body, String name, JsonNode value) {
        if (value.isNumber() && FIGURES.contains(name)) {
            return value;
        }
        if (!(value instanceof ArrayNode items) || !LISTS.contains(name)) {
            return name.equals("usage") ? figures(value) : member(body, name, value);
        }
        ArrayNode list = JsonMapper.shared().createArrayNode();
        depth++;
        for (JsonNode item : items) {
            list.add(item instanceof ObjectNode one ? item(one) : json(item));
        }
        depth--;
        return list;
    }

    private ObjectNode item(ObjectNode item) {
        ObjectNode redacted = JsonMapper.shared().createObjectNode();
        depth++;
        for (Map.Entry<String, JsonNode> member : item.properties()) {
            String name = member.getKey();
            JsonNode value = member.getValue();
            redacted.set(text(name), ITEM_FIGURES.contains(name) ? figures(value) : member(item, name, value));
        }
        depth--;
        return redacted;
    }

    /** With all numbers as they are. */
    private JsonNode figures(JsonNode node) {
        if (!node.isContainer()) {
            return node.isNumber() ? node : json(node);
        }
        if (depth >= MOST_DEPTH) {
            return whole(node);
        }
        depth++;
        JsonNode redacted;
        if (node instanceof ObjectNode object) {
            ObjectNode members = JsonMapper.shared().createObjectNode();
            for (Map.Entry<String, JsonNode> member : object.properties()) {
                members.set(text(member.getKey()), figures(member.getValue()));
            }
            redacted = members;
        } else {
            ArrayNode list = JsonMapper.shared().createArrayNode();
            for (JsonNode item : node) {
                list.add(figures(item));
            }
            redacted = list;
        }
        depth--;
        return redacted;
    }

    /** Any document. */
    JsonNode json(JsonNode node) {
        switch (node.getNodeType()) {
            case STRING -> {
                String said = node.stringValue();
                return DATA.matcher(said).matches() ? node : string(within(said));
            }
            case NUMBER -> {
                String written = node.asString();
                String redacted = text(written);
                return redacted.equals(written) ? node : string(redacted);
            }
            case OBJECT, ARRAY -> {
                if (depth >= MOST_DEPTH) {
                    return whole(node);
                }
            }
            case BOOLEAN, NULL, BINARY, MISSING, POJO -> {
                return node;
            }
        }
        depth++;
        JsonNode redacted;
        if (node instanceof ObjectNode object) {
            ObjectNode members = JsonMapper.shared().createObjectNode();
            for (Map.Entry<String, JsonNode> member : object.properties()) {
                members.set(text(member.getKey()), member(object, member.getKey(), member.getValue()));
            }
            redacted = members;
        } else {
            ArrayNode list = JsonMapper.shared().createArrayNode();
            for (JsonNode item : node) {
                list.add(json(item));
            }
            redacted = list;
        }
        depth--;
        return redacted;
    }

    /**
     * The value of a member. Under a key that tells, texts and numbers are secrets; a model's token, whose probability stands beside it, is
     * none.
     */
    private JsonNode member(ObjectNode owner, String name, JsonNode value) {
        boolean scalar = value.isString() || value.isNumber();
        boolean tells = redaction.tells()
                && (scalar || value.isArray())
                && TellingKeys.has(name)
                && !owner.path("logprob").isNumber();
        if (!tells) {
            return json(value);
        }
        if (scalar) {
            String said = value.asString();
            String secret = redaction.secret(said, pseudonyms);
            return secret.equals(said) ? value : string(secret);
        }
        if (depth >= MOST_DEPTH) {
            return whole(value);
        }
        ArrayNode list = JsonMapper.shared().createArrayNode();
        depth++;
        for (JsonNode item : value) {
            list.add(item.isArray() ? json(item) : member(owner, name, item));
        }
        depth--;
        return list;
    }

    private String text(String text) {
        return redaction.text(text, pseudonyms);
    }

    private static JsonNode string(String text) {
        return JsonMapper.shared().getNodeFactory().stringNode(text);
    }

    /** The token of what is not looked through. */
    private String whole(String text) {
        return pseudonyms.token(Readings.KIND, text, text);
    }

    private JsonNode whole(JsonNode node) {
        return string(whole(node.toString()));
    }

    /**
     * What is a document within a text stays one: a number in it may have become a token, which needs quotation marks. Where it may have keys
     * that tell, it is looked through member by member; the text stays as it is written where that finds the same.
     */
    private String within(String text) {
        int from = start(text);
        if (from < 0) {
            return text(text);
        }
        if (texts == MOST_TEXTS) {
            return whole(text);
        }
        String written = text.substring(from);
        boolean tells = redaction.tells() && TellingKeys.isMentioned(written);
        Read read = tells ? read(written) : Read.NONE;
        if (read.tooMuch()) {
            return whole(text);
        }
        JsonNode telling = read.document();
        if (telling != null) {
            JsonNode looked = inner(telling);
            String redacted = text(text);
            if (looked.equals(parsed(redacted))) {
                return redacted;
            }
            String members = looked.toString();
            String again = text(members);
            return text.substring(0, from) + (parsed(again) == null ? members : again);
        }
        String redacted = text(text);
        JsonNode document =
                tells || redacted.equals(text) ? null : read(written).document();
        return document == null || parsed(redacted) != null ? redacted : text.substring(0, from) + inner(document);
    }

    private JsonNode inner(JsonNode document) {
        texts++;
        JsonNode looked = json(document);
        texts--;
        return looked;
    }

    /** Where a document begins behind blanks; -1 in a text that begins with something else. */
    private static int start(String text) {
        int at = 0;
        while (at < text.length() && (text.charAt(at) <= ' ' || text.charAt(at) == BYTE_ORDER_MARK)) {
            at++;
        }
        boolean begins = at < text.length() && (text.charAt(at) == '{' || text.charAt(at) == '[');
        return begins ? at : -1;
    }

    /**
     * What a text was read as.
     *
     * @param document null of what is none
     * @param tooMuch whether it may be one, with more levels or values, or a longer number or name, than are read
     */
    private record Read(@Nullable JsonNode document, boolean tooMuch) {
        static final Read NONE = new Read(null, false);
        static final Read TOO_MUCH = new Read(null, true);
    }

    private Read read(String written) {
        values += JsonValues.in(written);
        if (values > MOST_VALUES) {
            return Read.TOO_MUCH;
        }
        try {
            return new Read(DOCUMENT.readTree(written), false);
        } catch (StreamConstraintsException e) {
            return Read.TOO_MUCH;
        } catch (JacksonException e) {
            return Read.NONE;
        }
    }

    /** Of a text that was made of one that was read. */
    private static @Nullable JsonNode parsed(String text) {
        int from = start(text);
        try {
            return from < 0 ? null : DOCUMENT.readTree(text.substring(from));
        } catch (JacksonException e) {
            return null;
        }
    }
}
