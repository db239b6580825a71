package dev.hone.capture.redact;

import java.util.List;
import java.util.function.Predicate;

/**
 * What stands in every text in which a finder finds something. It takes a nanosecond a character to look for, an expression fifty: most texts are
 * not looked through by most of them.
 */
final class Clues {
    /** None: every text is looked through. */
    static final Predicate<String> NONE = text -> true;

    private Clues() {}

    /** One of these. */
    static Predicate<String> any(String... words) {
        List<String> list = List.of(words);
        return text -> list.stream().anyMatch(text::contains);
    }

    /** One of these, in whatever case. */
    static Predicate<String> anyCase(String... words) {
        List<String> list = List.of(words);
        return text -> list.stream().anyMatch(word -> hasIgnoringCase(text, word));
    }

    private static boolean hasIgnoringCase(String text, String word) {
        for (int at = 0; at <= text.length() - word.length(); at++) {
            if (text.regionMatches(true, at, word, 0, word.length())) {
                return true;
            }
        }
        return false;
    }

    /** So many digits in a row, single blanks and hyphens between them left out. */
    static Predicate<String> digits(int count) {
        return text -> {
            int digits = 0;
            int since = 0;
            for (int at = 0; at < text.length(); at++) {
                char c = text.charAt(at);
                if (isDigit(c)) {
                    digits++;
                    since = 0;
                    if (digits == count) {
                        return true;
                    }
                } else if (c != ' ' && c != '-' || ++since > 1) {
                    digits = 0;
                    since = 0;
                }
            }
            return false;
        };
    }

    /** Two letters and two digits after one another. */
    static boolean hasLettersAndDigits(String text) {
        for (int at = 3; at < text.length(); at++) {
            if (isDigit(text.charAt(at))
                    && isDigit(text.charAt(at - 1))
                    && isLetter(text.charAt(at - 2))
                    && isLetter(text.charAt(at - 3))) {
                return true;
            }
        }
        return false;
    }

    private static boolean isDigit(char c) {
        return c >= '0' && c <= '9';
    }

    private static boolean isLetter(char c) {
        return c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z';
    }
}
