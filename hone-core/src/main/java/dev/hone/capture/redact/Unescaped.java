package dev.hone.capture.redact;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** A text that has escapes of JSON in it, as it reads without them, and where each of its characters stands. */
final class Unescaped {
    private final String text;

    /** Where each character begins in the text with escapes, and behind the last one its length. */
    private final int[] places;

    private Unescaped(String text, int[] places) {
        this.text = text;
        this.places = places;
    }

    /** Null for a text without any. */
    static @Nullable Unescaped of(String escaped) {
        if (escaped.indexOf('\\') < 0) {
            return null;
        }
        StringBuilder text = new StringBuilder(escaped.length());
        int[] places = new int[escaped.length() + 1];
        int at = 0;
        while (at < escaped.length()) {
            places[text.length()] = at;
            int length = escape(escaped, at);
            text.append(
                    switch (length) {
                        case 2 -> letter(escaped.charAt(at + 1));
                        case 6 -> (char) Integer.parseInt(escaped, at + 2, at + 6, 16);
                        default -> escaped.charAt(at);
                    });
            at += length;
        }
        places[text.length()] = at;
        return text.length() == escaped.length()
                ? null
                : new Unescaped(text.toString(), Arrays.copyOf(places, text.length() + 1));
    }

    /** Characters of an escape; 1 of what is none. */
    private static int escape(String text, int at) {
        if (text.charAt(at) != '\\' || at + 1 == text.length()) {
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
        return places[character];
    }

    /** The character that has a place of the text with escapes. */
    int character(int place) {
        int found = Arrays.binarySearch(places, place);
        return found >= 0 ? found : -found - 2;
    }
}
