package dev.hone.capture.redact;

import org.jspecify.annotations.Nullable;

/**
 * A text that has escapes of JSON in it, as it reads without them, and where each of its characters stands. Beside the text it holds two
 * numbers for each escape, so that many readings of a long text with few escapes are small.
 */
final class Unescaped {
    private final String text;

    /** Where each escape begins in the text with escapes. */
    private final int[] starts;

    /** How many characters are gone up to and with each escape. */
    private final int[] gone;

    private Unescaped(String text, int[] starts, int[] gone) {
        this.text = text;
        this.starts = starts;
        this.gone = gone;
    }

    /** Null for a text without any. */
    static @Nullable Unescaped of(String escaped) {
        int escapes = count(escaped);
        if (escapes == 0) {
            return null;
        }
        StringBuilder text = new StringBuilder(escaped.length());
        int[] starts = new int[escapes];
        int[] gone = new int[escapes];
        int from = 0;
        int known = 0;
        for (int at = next(escaped, 0); at >= 0; at = next(escaped, from)) {
            int length = escape(escaped, at);
            text.append(escaped, from, at)
                    .append(
                            length == 2
                                    ? letter(escaped.charAt(at + 1))
                                    : (char) Integer.parseInt(escaped, at + 2, at + 6, 16));
            starts[known] = at;
            gone[known] = length - 1 + (known == 0 ? 0 : gone[known - 1]);
            known++;
            from = at + length;
        }
        return new Unescaped(text.append(escaped, from, escaped.length()).toString(), starts, gone);
    }

    private static int count(String text) {
        int count = 0;
        for (int at = next(text, 0); at >= 0; at = next(text, at + escape(text, at))) {
            count++;
        }
        return count;
    }

    /** Where the next escape begins; -1 where none does. */
    private static int next(String text, int from) {
        int at = text.indexOf('\\', from);
        while (at >= 0 && escape(text, at) == 1) {
            at = text.indexOf('\\', at + 1);
        }
        return at;
    }

    /** Characters of an escape; 1 of what is none. */
    private static int escape(String text, int at) {
        if (at + 1 == text.length()) {
            return 1;
        }
        if (text.charAt(at + 1) != 'u') {
            return "\"\\/bfnrt".indexOf(text.charAt(at + 1)) < 0 ? 1 : 2;
        }
        for (int i = at + 2; i < at + 6; i++) {
            if (i >= text.length() || text.charAt(i) > 'f' || Character.digit(text.charAt(i), 16) < 0) {
                return 1;
            }
        }
        return 6;
    }

    private static char letter(char escape) {
        return switch (escape) {
            case 'b' -> '\b';
            case 'f' -> '\f';
            case 'n' -> '\n';
            case 'r' -> '\r';
            case 't' -> '\t';
            default -> escape;
        };
    }

    String text() {
        return text;
    }

    /** Where a character stands in the text with escapes; behind the last one its end. */
    int place(int character) {
        int before = -1;
        int after = starts.length;
        while (after - before > 1) {
            int middle = (before + after) >>> 1;
            if (starts[middle] - goneBefore(middle) < character) {
                before = middle;
            } else {
                after = middle;
            }
        }
        return character + goneBefore(after);
    }

    /** The character that has a place of the text with escapes. */
    int character(int place) {
        int before = -1;
        int after = starts.length;
        while (after - before > 1) {
            int middle = (before + after) >>> 1;
            if (starts[middle] <= place) {
                before = middle;
            } else {
                after = middle;
            }
        }
        if (before < 0) {
            return place;
        }
        int first = starts[before] - goneBefore(before);
        return Math.max(first, place - gone[before]);
    }

    private int goneBefore(int escape) {
        return escape == 0 ? 0 : gone[escape - 1];
    }
}
