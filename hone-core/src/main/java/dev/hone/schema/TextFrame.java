package dev.hone.schema;

import dev.hone.schema.Stack.Readings;
import org.jspecify.annotations.Nullable;

/**
 * A string after its opening quote.
 *
 * @param text which strings
 * @param length characters so far, no more than matter
 * @param phase what the last byte was part of
 */
record TextFrame(Shape.Text text, int length, Phase phase) implements Frame {
    /** Within or between characters. {@code AFTER_…}: the lead byte that narrows the range of the next one (RFC 3629). */
    enum Phase {
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
        HEX_4
    }

    static TextFrame open(Shape.Text text) {
        return new TextFrame(text, 0, Phase.BETWEEN);
    }

    @Override
    public void advance(int b, @Nullable Stack below, Readings readings) {
        if (phase == Phase.BETWEEN && b == '"') {
            if (length >= text.least()) {
                readings.add(below);
            }
            return;
        }
        TextFrame next = within(b);
        if (next != null) {
            readings.add(Stack.of(next, below));
        }
    }

    boolean isBetweenCharacters() {
        return phase == Phase.BETWEEN;
    }

    /** After one more byte that is not the closing quote; null when the string cannot go on with it. */
    @Nullable
    TextFrame within(int b) {
        Phase next = next(b);
        if (next == null) {
            return null;
        }
        int counted = length;
        if (next == Phase.BETWEEN) {
            // Beyond what a bound asks for, the count makes no difference.
            int matters = text.most() == Integer.MAX_VALUE ? text.least() : text.most();
            counted = Math.min(length + 1, matters);
        }
        return new TextFrame(text, counted, next);
    }

    private @Nullable Phase next(int b) {
        return switch (phase) {
            case BETWEEN -> length >= text.most() ? null : first(b);
            case LAST -> within(b, 0x80, 0xbf, Phase.BETWEEN);
            case TWO_LEFT -> within(b, 0x80, 0xbf, Phase.LAST);
            case THREE_LEFT -> within(b, 0x80, 0xbf, Phase.TWO_LEFT);
            case AFTER_E0 -> within(b, 0xa0, 0xbf, Phase.LAST);
            case AFTER_ED -> within(b, 0x80, 0x9f, Phase.LAST);
            case AFTER_F0 -> within(b, 0x90, 0xbf, Phase.TWO_LEFT);
            case AFTER_F4 -> within(b, 0x80, 0x8f, Phase.TWO_LEFT);
            case ESCAPE ->
                switch (b) {
                    case '"', '\\', '/', 'b', 'f', 'n', 'r', 't' -> Phase.BETWEEN;
                    case 'u' -> Phase.HEX_1;
                    default -> null;
                };
            case HEX_1 -> !hexadecimal(b) ? null : b == 'd' || b == 'D' ? Phase.HEX_2_NO_SURROGATE : Phase.HEX_2;
            case HEX_2 -> hexadecimal(b) ? Phase.HEX_3 : null;
            // A surrogate would need its other half: such characters can be written as they are.
            case HEX_2_NO_SURROGATE -> within(b, '0', '7', Phase.HEX_3);
            case HEX_3 -> hexadecimal(b) ? Phase.HEX_4 : null;
            case HEX_4 -> hexadecimal(b) ? Phase.BETWEEN : null;
        };
    }

    private static @Nullable Phase first(int b) {
        if (b < 0x20 || b == '"') {
            return null;
        }
        if (b == '\\') {
            return Phase.ESCAPE;
        }
        if (b < 0x80) {
            return Phase.BETWEEN;
        }
        return switch (b) {
            case 0xe0 -> Phase.AFTER_E0;
            case 0xed -> Phase.AFTER_ED;
            case 0xf0 -> Phase.AFTER_F0;
            case 0xf4 -> Phase.AFTER_F4;
            default ->
                b >= 0xc2 && b <= 0xdf
                        ? Phase.LAST
                        : b >= 0xe1 && b <= 0xef ? Phase.TWO_LEFT : b >= 0xf1 && b <= 0xf3 ? Phase.THREE_LEFT : null;
        };
    }

    private static @Nullable Phase within(int b, int least, int most, Phase next) {
        return b >= least && b <= most ? next : null;
    }

    private static boolean hexadecimal(int b) {
        return b >= '0' && b <= '9' || b >= 'a' && b <= 'f' || b >= 'A' && b <= 'F';
    }
}
