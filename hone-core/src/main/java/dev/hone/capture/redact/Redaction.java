package dev.hone.capture.redact;

import com.google.re2j.Matcher;
import com.google.re2j.Pattern;
import dev.hone.capture.redact.Finder.Span;
import java.util.List;
import java.util.Set;
import java.util.function.BiFunction;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.StreamReadConstraints;
import tools.jackson.core.json.JsonFactory;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * Puts tokens in the place of what must not be stored. The same texts in, the same texts out: training and serving see no
 * difference.
 */
public final class Redaction {
    /** Stores everything. */
    public static final Redaction NOTHING = new Redaction(List.of());

    /** A token, and what a text may have that looks like one. */
    static final Pattern TOKEN = Pattern.compile("<[A-Z][A-Z0-9_]{0,29}_[0-9]{1,9}>");

    /** How often a text is looked through, as long as that finds something; what hides more goes as a whole. */
    private static final int MOST_PASSES = 16;

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

    /** Documents within texts within documents, so often; what goes deeper goes as a whole. */
    private static final int MOST_LEVELS = 4;

    /** Of a document within a text, so that no thread's stack is too short for them. */
    private static final int MOST_DEPTH = 200;

    private static final JsonMapper DOCUMENT = JsonMapper.builder(JsonFactory.builder()
                    .streamReadConstraints(StreamReadConstraints.builder()
                            .maxNestingDepth(MOST_DEPTH)
                            .maxStringLength(Integer.MAX_VALUE)
                            .build())
                    .build())
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .build();

    private final List<Finder> finders;

    /** Whether what stands under keys that tell is a secret. */
    private final boolean telling;

    public Redaction(List<Finder> finders) {
        this.finders = List.copyOf(finders);
        this.telling = finders.stream().anyMatch(TellingKeys.class::isInstance);
    }

    /** Whether it changes anything. */
    public boolean isEmpty() {
        return finders.isEmpty();
    }

    /** Whether there is something in a text that must not be stored. */
    public boolean finds(String text) {
        return !text(text, new Pseudonyms()).equals(text);
    }

    /** A text with tokens. */
    public String text(String text, Pseudonyms pseudonyms) {
        if (finders.isEmpty() || text.isEmpty()) {
            return text;
        }
        if (text.indexOf('<') >= 0) {
            Matcher tokens = TOKEN.matcher(text);
            while (tokens.find()) {
                pseudonyms.reserve(tokens.group());
            }
        }
        String before = text;
        for (int pass = 0; pass < MOST_PASSES; pass++) {
            String after = once(before, pseudonyms);
            if (after.equals(before)) {
                return after;
            }
            before = after;
        }
        return pseudonyms.token(Readings.KIND, text, text);
    }

    /** What stands beside something else is sometimes found only when that is gone; tokens themselves are nothing to find. */
    private String once(String text, Pseudonyms pseudonyms) {
        if (text.indexOf('<') < 0) {
            return between(text, pseudonyms);
        }
        StringBuilder redacted = new StringBuilder();
        Matcher tokens = TOKEN.matcher(text);
        int from = 0;
        while (tokens.find()) {
            redacted.append(between(text.substring(from, tokens.start()), pseudonyms))
                    .append(tokens.group());
            from = tokens.end();
        }
        return redacted.append(between(text.substring(from), pseudonyms)).toString();
    }

    private String between(String text, Pseudonyms pseudonyms) {
        if (text.isBlank()) {
            return text;
        }
        StringBuilder redacted = new StringBuilder();
        int from = 0;
        for (Span span : Readings.of(text).spans(finders)) {
            redacted.append(text, from, span.start());
            redacted.append(pseudonyms.token(span.kind(), span.same(), span.text(text)));
            from = span.end();
        }
        return redacted.append(text, from, text.length()).toString();
    }

    /**
     * The body of a request or an answer, like any document, but that figures of the protocol stay figures: what looks like a number of
     * a card among {@code seed} or {@code created} is none.
     */
    public JsonNode body(JsonNode body, Pseudonyms pseudonyms) {
        if (finders.isEmpty() || !(body instanceof ObjectNode object)) {
            return json(body, pseudonyms, 0);
        }
        return object(object, pseudonyms, (name, value) -> {
            if (value.isNumber() && FIGURES.contains(name)) {
                return value;
            }
            if (!(value instanceof ArrayNode items) || !LISTS.contains(name)) {
                return name.equals("usage") ? figures(value, pseudonyms) : member(object, name, value, pseudonyms, 0);
            }
            ArrayNode list = JsonMapper.shared().createArrayNode();
            for (JsonNode item : items) {
                list.add(
                        item instanceof ObjectNode one
                                ? object(
                                        one,
                                        pseudonyms,
                                        (member, inner) -> ITEM_FIGURES.contains(member)
                                                ? figures(inner, pseudonyms)
                                                : member(one, member, inner, pseudonyms, 0))
                                : json(item, pseudonyms, 0));
            }
            return list;
        });
    }

    private ObjectNode object(ObjectNode object, Pseudonyms pseudonyms, BiFunction<String, JsonNode, JsonNode> member) {
        ObjectNode redacted = JsonMapper.shared().createObjectNode();
        object.properties()
                .forEach(entry ->
                        redacted.set(text(entry.getKey(), pseudonyms), member.apply(entry.getKey(), entry.getValue())));
        return redacted;
    }

    /** With all numbers as they are. */
    private JsonNode figures(JsonNode node, Pseudonyms pseudonyms) {
        if (node.isNumber()) {
            return node;
        }
        if (node instanceof ObjectNode object) {
            return object(object, pseudonyms, (name, value) -> figures(value, pseudonyms));
        }
        if (node instanceof ArrayNode array) {
            ArrayNode list = JsonMapper.shared().createArrayNode();
            array.forEach(item -> list.add(figures(item, pseudonyms)));
            return list;
        }
        return json(node, pseudonyms, 0);
    }

    /**
     * The value of a member. Under a key that tells, texts and numbers are secrets; a model's token, whose probability stands beside it, is
     * none.
     */
    private JsonNode member(ObjectNode owner, String name, JsonNode value, Pseudonyms pseudonyms, int level) {
        boolean scalar = value.isString() || value.isNumber();
        boolean tells = telling
                && (scalar || value.isArray())
                && TellingKeys.has(name)
                && !owner.path("logprob").isNumber();
        if (tells && scalar) {
            String text = value.asString();
            String secret = secret(text, pseudonyms);
            return secret.equals(text)
                    ? value
                    : JsonMapper.shared().getNodeFactory().stringNode(secret);
        }
        if (tells && value instanceof ArrayNode items) {
            ArrayNode list = JsonMapper.shared().createArrayNode();
            items.forEach(item -> list.add(
                    item.isArray() ? json(item, pseudonyms, level) : member(owner, name, item, pseudonyms, level)));
            return list;
        }
        return json(value, pseudonyms, level);
    }

    /** A value of something that has a name, such as a tag. */
    public String named(String name, String value, Pseudonyms pseudonyms) {
        return telling && TellingKeys.has(name) ? secret(value, pseudonyms) : text(value, pseudonyms);
    }

    private String secret(String value, Pseudonyms pseudonyms) {
        int from = TellingKeys.secretFrom(value);
        String secret = value.substring(from);
        Matcher tokens = TOKEN.matcher(secret);
        while (tokens.find()) {
            pseudonyms.reserve(tokens.group());
        }
        return secret.isBlank() || tokens.matches()
                ? value
                : value.substring(0, from) + pseudonyms.token(Secrets.KIND, secret, secret);
    }

    /**
     * What is a document within a text stays one: a number in it may have become a token, which needs quotation marks. Where it may have keys
     * that tell, it is looked through member by member; the text stays as it is written where that finds the same.
     */
    private String within(String text, Pseudonyms pseudonyms, int level) {
        boolean mayBe = text.startsWith("{") || text.startsWith("[");
        if (mayBe && level == MOST_LEVELS) {
            return pseudonyms.token(Readings.KIND, text, text);
        }
        JsonNode telling = mayBe && this.telling && TellingKeys.isMentioned(text) ? parsed(text) : null;
        JsonNode whole = telling == null ? null : json(telling, pseudonyms, level + 1);
        String redacted = text(text, pseudonyms);
        if (whole != null) {
            if (whole.equals(parsed(redacted))) {
                return redacted;
            }
            String members = whole.toString();
            String again = text(members, pseudonyms);
            return parsed(again) == null ? members : again;
        }
        JsonNode document = !mayBe || redacted.equals(text) ? null : parsed(text);
        return document == null || parsed(redacted) != null
                ? redacted
                : json(document, pseudonyms, level + 1).toString();
    }

    private static @Nullable JsonNode parsed(String text) {
        try {
            return DOCUMENT.readTree(text);
        } catch (JacksonException e) {
            return null;
        }
    }

    /**
     * A document with tokens in all of its texts and in the keys of its objects; what is a {@code data:} URL in base64 and nothing else (pictures, sound)
     * is left as it is.
     */
    public JsonNode json(JsonNode node, Pseudonyms pseudonyms) {
        return json(node, pseudonyms, 0);
    }

    /** @param level how many texts the document stands within */
    private JsonNode json(JsonNode node, Pseudonyms pseudonyms, int level) {
        if (finders.isEmpty()) {
            return node;
        }
        return switch (node.getNodeType()) {
            case STRING -> {
                String text = node.stringValue();
                yield DATA.matcher(text).matches()
                        ? node
                        : JsonMapper.shared().getNodeFactory().stringNode(within(text, pseudonyms, level));
            }
            case OBJECT -> {
                ObjectNode object = (ObjectNode) node;
                yield object(object, pseudonyms, (name, value) -> member(object, name, value, pseudonyms, level));
            }
            case ARRAY -> {
                ArrayNode array = JsonMapper.shared().createArrayNode();
                node.forEach(child -> array.add(json(child, pseudonyms, level)));
                yield array;
            }
            case NUMBER -> {
                String text = text(node.asString(), pseudonyms);
                yield text.equals(node.asString())
                        ? node
                        : JsonMapper.shared().getNodeFactory().stringNode(text);
            }
            case BOOLEAN, NULL, BINARY, MISSING, POJO -> node;
        };
    }
}
