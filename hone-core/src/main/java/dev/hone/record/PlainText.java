package dev.hone.record;

import java.nio.charset.StandardCharsets;

/** Which texts of others can be names: written down as they are, in a record, a header or a line of a log. */
public final class PlainText {
    private PlainText() {}

    /** Whether it has no half of a character (a lone surrogate), which UTF-8 cannot write. */
    public static boolean isWhole(String text) {
        return StandardCharsets.UTF_8.newEncoder().canEncode(text);
    }

    /** Whether it is whole, and has no ends of lines and no other control characters. */
    public static boolean isName(String text) {
        return isWhole(text) && text.chars().noneMatch(Character::isISOControl);
    }
}
