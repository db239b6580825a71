package dev.hone.schema;

import org.jspecify.annotations.Nullable;

/**
 * What the last byte of a JSON string was part of: within or between characters. {@code AFTER_…}: the lead byte that narrows the
 * range of the next one (RFC 3629).
 */
enum CharacterPhase {
    BETWEEN,
    LAST,
    TWO_LEFT,
    THREE_LEFT,
    AFTER_E0,
    AFTER_ED,
    AFTER_F0,
    AFTER_F4,
    ESCAPE,
    HEX_1,
    HEX_2,
    HEX_2_NO_SURROGATE,
    HEX_3,
    HEX_4;

    /** After one more byte that is not the closing quote; null when the string cannot go on with it. */
    @Nullable
    CharacterPhase next(int b) {
        return switch (this) {
            case BETWEEN -> first(b);
            case LAST -> within(b, 0x80, 0xbf, BETWEEN);
            case TWO_LEFT -> within(b, 0x80, 0xbf, LAST);
            case THREE_LEFT -> within(b, 0x80, 0xbf, TWO_LEFT);
            case AFTER_E0 -> within(b, 0xa0, 0xbf, LAST);
            case AFTER_ED -> within(b, 0x80, 0x9f, LAST);
            case AFTER_F0 -> within(b, 0x90, 0xbf, TWO_LEFT);
            case AFTER_F4 -> within(b, 0x80, 0x8f, TWO_LEFT);
            case ESCAPE ->
                switch (b) {
                    case '"', '\\', '/', 'b', 'f', 'n', 'r', 't' -> BETWEEN;
                    case 'u' -> HEX_1;
                    default -> null;
                };
            case HEX_1 -> !hexadecimal(b) ? null : b == 'd' || b == 'D' ? HEX_2_NO_SURROGATE : HEX_2;
            case HEX_2 -> hexadecimal(b) ? HEX_3 : null;
            // A surrogate would need its other half: such characters can be written as they are.
            case HEX_2_NO_SURROGATE -> within(b, '0', '7', HEX_3);
            case HEX_3 -> hexadecimal(b) ? HEX_4 : null;
            case HEX_4 -> hexadecimal(b) ? BETWEEN : null;
        };
    }

    private static @Nullable CharacterPhase first(int b) {
        if (b < 0x20 || b == '"') {
            return null;
        }
        if (b == '\\') {
            return ESCAPE;
        }
        if (b < 0x80) {
            return BETWEEN;
        }
        return switch (b) {
            case 0xe0 -> AFTER_E0;
            case 0xed -> AFTER_ED;
            case 0xf0 -> AFTER_F0;
            case 0xf4 -> AFTER_F4;
            default ->
                b >= 0xc2 && b <= 0xdf
                        ? LAST
                        : b >= 0xe1 && b <= 0xef ? TWO_LEFT : b >= 0xf1 && b <= 0xf3 ? THREE_LEFT : null;
        };
    }

    private static @Nullable CharacterPhase within(int b, int least, int most, CharacterPhase next) {
        return b >= least && b <= most ? next : null;
    }

    private static boolean hexadecimal(int b) {
        return b >= '0' && b <= '9' || b >= 'a' && b <= 'f' || b >= 'A' && b <= 'F';
    }
}
