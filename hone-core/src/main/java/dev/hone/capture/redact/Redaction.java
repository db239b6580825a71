package dev.hone.capture.redact;

import com.google.re2j.Matcher;
import com.google.re2j.Pattern;
import dev.hone.capture.redact.Finder.Span;
import java.util.ArrayList;
import java.util.List;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * Puts tokens in the place of what must not be stored. The same texts in, the same texts out: training and serving see no
 * difference.
 */
public final class Redaction {
    /** A token, and what a text may have that looks like one. */
    static final Pattern TOKEN = Pattern.compile("<[A-Z][A-Z0-9_]{0,29}_[0-9]{1,9}>");

    /** Pictures, sound and the like, as a whole. */
    private static final java.util.regex.Pattern DATA = java.util.regex.Pattern.compile(
            "data:[A-Za-z0-9.+/-]{0,100}(?:;[A-Za-z0-9=._-]{1,100}){0,5};base64,[A-Za-z0-9+/_-]*+={0,2}");

    private final List<Finder> finders;

    public Redaction(List<Finder> finders) {
        this.finders = List.copyOf(finders);
    }

    /** Whether it changes anything. */
    public boolean isEmpty() {
        return finders.isEmpty();
    }

    /** A text with tokens. */
    public String text(String text, Pseudonyms pseudonyms) {
        if (finders.isEmpty() || text.isEmpty()) {
            return text;
        }
        Matcher tokens = TOKEN.matcher(text);
        while (tokens.find()) {
            pseudonyms.reserve(tokens.group());
        }
        String before = text;
        String after = once(before, pseudonyms);
        while (!after.equals(before)) {
            before = after;
            after = once(before, pseudonyms);
        }
        return after;
    }

    /** What stands beside something else is sometimes found only when that is gone; tokens themselves are nothing to find. */
    private String once(String text, Pseudonyms pseudonyms) {
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
        List<Span> found = new ArrayList<>();
        finders.forEach(finder -> found.addAll(finder.find(text)));
        StringBuilder redacted = new StringBuilder();
        int from = 0;
        for (Span span : Spans.apart(found)) {
            redacted.append(text, from, span.start());
            redacted.append(pseudonyms.token(span.kind(), span.same(), text.substring(span.start(), span.end())));
            from = span.end();
        }
        return redacted.append(text, from, text.length()).toString();
    }

    /**
     * A document with tokens in all of its texts and in the keys of its objects; what is a {@code data:} URL in base64 and nothing else (pictures, sound)
     * is left as it is.
     */
    public JsonNode json(JsonNode node, Pseudonyms pseudonyms) {
        if (finders.isEmpty()) {
            return node;
        }
        return switch (node.getNodeType()) {
            case STRING -> {
                String text = node.stringValue();
                yield DATA.matcher(text).matches()
                        ? node
                        : JsonMapper.shared().getNodeFactory().stringNode(text(text, pseudonyms));
            }
            case OBJECT -> {
                ObjectNode object = JsonMapper.shared().createObjectNode();
                node.properties()
                        .forEach(entry ->
                                object.set(text(entry.getKey(), pseudonyms), json(entry.getValue(), pseudonyms)));
                yield object;
            }
            case ARRAY -> {
                ArrayNode array = JsonMapper.shared().createArrayNode();
                node.forEach(child -> array.add(json(child, pseudonyms)));
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
