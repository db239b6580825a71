package dev.hone.capture.redact;

import dev.hone.capture.redact.Finder.Span;
import java.util.List;

/**
 * Reads JSON where it stands in a text, from the value of a key that tells on, for as long as it is JSON: neither what stands before need be any, nor what
 * comes after. What a key that tells is over and is cut off, or goes on behind a mistake, is a secret to its end. Goes over each character twice at most,
 * however deep it is.
 */
final class TellingValues {
    private static final char OBJECT = '{';
    private static final char LIST = '[';

    /** A list under a key that tells. */
    private static final char TELLING_LIST = '!';

    private final String text;
    private final List<Span> spans;

    /** What has begun and has no end yet. */
    private final StringBuilder open = new StringBuilder();

    /** Whether the last of these has nothing yet. */
    private boolean empty;

    private int at;

    /** @param spans to which what is found is added */
    TellingValues(String text, List<Span> spans) {
        this.text = text;
        this.spans = spans;
    }

    /**
     * Reads the value of a key that tells.
     *
     * @param from behind the key and its colon
     * @return how far it was JSON
     */
    int read(int from) {
        at = from;
        open.setLength(0);
        boolean goesOn = value(true);
        while (goesOn && !open.isEmpty()) {
            goesOn = next();
        }
        int list = open.indexOf(String.valueOf(TELLING_LIST));
        if (!goesOn && list >= 0) {
            rest(open.length() - list);
        }
        return at;
    }

    /**
     * What a list under a key that tells has behind a mistake: whatever stands between its brackets is a secret, these stay.
     *
     * @param levels that are open, from the list on
     */
    private void rest(int levels) {
        int from = at;
        int left = levels;
        while (at < text.length() && left > 0) {
            char c = peek();
            int more = c == OBJECT || c == LIST ? 1 : c == '}' || c == ']' ? -1 : 0;
            if (more != 0) {
                between(from, at);
                from = at + 1;
            }
            left += more;
            at = c == '"' ? behindQuotes() : at + 1;
        }
        between(from, at);
    }

    /** Without the blanks, commas and quotation marks at both ends. */
    private void between(int from, int to) {
        int start = from;
        int end = to;
        while (start < end && isBetween(text.charAt(start))) {
            start++;
        }
        while (end > start && isBetween(text.charAt(end - 1))) {
            end--;
        }
        add(start, end);
    }

    /** Behind the text at which this is, where it ends like one that stands in a list; else behind its quotation mark alone. */
    private int behindQuotes() {
        int end = end();
        if (end < 0) {
            return text.length();
        }
        int next = end;
        while (next < text.length() && Character.isWhitespace(text.charAt(next))) {
            next++;
        }
        return next == text.length() || ",]}:".indexOf(text.charAt(next)) >= 0 ? end : at + 1;
    }

    private static boolean isBetween(char c) {
        return Character.isWhitespace(c) || c == ',' || c == '"';
    }

    /** A text, a number or a literal, or the beginning of what has values itself. */
    private boolean value(boolean tells) {
        skipBlanks();
        char first = peek();
        if (first == '"') {
            return string(tells);
        }
        if (first == OBJECT || first == LIST) {
            boolean listed = !open.isEmpty() && open.charAt(open.length() - 1) == TELLING_LIST;
            open.append(first == LIST && tells && !listed ? TELLING_LIST : first);
            empty = true;
            at++;
            return true;
        }
        int end = at;
        while (end < text.length() && isOfScalar(text.charAt(end))) {
            end++;
        }
        if (end == at) {
            return false;
        }
        if (tells && (isDigit(first) || first == '-' && at + 1 < end && isDigit(text.charAt(at + 1)))) {
            add(at, end);
        }
        at = end;
        return true;
    }

    private boolean string(boolean tells) {
        int end = end();
        if (end < 0) {
            if (tells) {
                add(at + 1, text.length());
                at = text.length();
            }
            return false;
        }
        if (tells) {
            add(at + 1, end - 1);
        }
        at = end;
        return true;
    }

    /** What comes after a value, or first, in what is open. */
    private boolean next() {
        skipBlanks();
        char within = open.charAt(open.length() - 1);
        if (peek() == (within == OBJECT ? '}' : ']')) {
            open.setLength(open.length() - 1);
            empty = false;
            at++;
            return true;
        }
        if (!empty) {
            if (peek() != ',') {
                return false;
            }
            at++;
        }
        empty = false;
        return within == OBJECT ? member() : value(within == TELLING_LIST);
    }

    private boolean member() {
        skipBlanks();
        int end = peek() == '"' ? end() : -1;
        if (end < 0) {
            return false;
        }
        String name = text.substring(at + 1, end - 1);
        at = end;
        skipBlanks();
        if (peek() != ':') {
            return false;
        }
        at++;
        return value(TellingKeys.has(name));
    }

    /** What is nothing but a token stays: it stands for a secret already. */
    private void add(int start, int end) {
        String value = text.substring(start, end);
        int from = TellingKeys.secretFrom(value);
        String secret = value.substring(from);
        if (!secret.isBlank() && !Redaction.TOKEN.matches(secret)) {
            spans.add(new Span(start + from, end, Secrets.KIND, secret));
        }
    }

    /** Behind the quotation mark that ends the text at which this is; -1 where none does. */
    private int end() {
        for (int i = at + 1; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c == '"') {
                return i + 1;
            }
            i += c == '\\' ? 1 : 0;
        }
        return -1;
    }

    private void skipBlanks() {
        while (at < text.length() && Character.isWhitespace(text.charAt(at))) {
            at++;
        }
    }

    /** 0 at the end. */
    private char peek() {
        return at < text.length() ? text.charAt(at) : 0;
    }

    private static boolean isOfScalar(char c) {
        return c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || isDigit(c) || c == '+' || c == '-' || c == '.';
    }

    private static boolean isDigit(char c) {
        return c >= '0' && c <= '9';
    }
}
