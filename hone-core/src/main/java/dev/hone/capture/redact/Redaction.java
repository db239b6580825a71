package dev.hone.capture.redact;

import com.google.re2j.Matcher;
import com.google.re2j.Pattern;
import dev.hone.capture.redact.Finder.Span;
import java.util.List;
import tools.jackson.databind.JsonNode;

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

    private final List<Finder> finders;

    /** By which what stands under keys that tell is a secret; none where it is not. */
    private final List<Finder> telling;

    /** All others. */
    private final List<Finder> others;

    public Redaction(List<Finder> finders) {
        this.finders = List.copyOf(finders);
        this.telling = finders.stream().filter(TellingKeys.class::isInstance).toList();
        this.others = finders.stream()
                .filter(finder -> !(finder instanceof TellingKeys))
                .toList();
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
        // A list under a key that tells may have tokens, and goes on behind them. Without quotation marks, however they
        // are written, there is none.
        boolean quotes = text.indexOf('"') >= 0 || text.indexOf('\\') >= 0;
        String told = quotes ? between(text, telling, pseudonyms) : text;
        if (told.indexOf('<') < 0) {
            return between(told, others, pseudonyms);
        }
        StringBuilder redacted = new StringBuilder();
        Matcher tokens = TOKEN.matcher(told);
        int from = 0;
        while (tokens.find()) {
            redacted.append(between(told.substring(from, tokens.start()), others, pseudonyms))
                    .append(tokens.group());
            from = tokens.end();
        }
        return redacted.append(between(told.substring(from), others, pseudonyms))
                .toString();
    }

    private static String between(String text, List<Finder> finders, Pseudonyms pseudonyms) {
        if (finders.isEmpty() || text.isBlank()) {
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
        return finders.isEmpty() ? body : new DocumentWalk(this, pseudonyms).body(body);
    }

    /**
     * A document with tokens in all of its texts and in the keys of its objects; what is a {@code data:} URL in base64 and nothing else (pictures, sound)
     * is left as it is.
     */
    public JsonNode json(JsonNode node, Pseudonyms pseudonyms) {
        return finders.isEmpty() ? node : new DocumentWalk(this, pseudonyms).json(node);
    }

    /** Whether what stands under keys that tell is a secret. */
    boolean tells() {
        return !telling.isEmpty();
    }

    /** A value of something that has a name, such as a tag. */
    public String named(String name, String value, Pseudonyms pseudonyms) {
        return tells() && TellingKeys.has(name) ? secret(value, pseudonyms) : text(value, pseudonyms);
    }

    /** What stands under a key that tells; what is nothing but a token already stays. */
    String secret(String value, Pseudonyms pseudonyms) {
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
}
