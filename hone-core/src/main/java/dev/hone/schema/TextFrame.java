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
record TextFrame(Shape.Text text, int length, CharacterPhase phase) implements Frame {
    static TextFrame open(Shape.Text text) {
        return new TextFrame(text, 0, CharacterPhase.BETWEEN);
    }

    @Override
    public void advance(int b, @Nullable Stack below, Readings readings) {
        if (isBetweenCharacters() && b == '"') {
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
        return phase == CharacterPhase.BETWEEN;
    }

    /** After one more byte that is not the closing quote; null when the string cannot go on with it. */
    @Nullable
    TextFrame within(int b) {
        CharacterPhase next = isBetweenCharacters() && length >= text.most() ? null : phase.next(b);
        if (next == null) {
            return null;
        }
        int counted = length;
        if (next == CharacterPhase.BETWEEN) {
            // Beyond what a bound asks for, the count makes no difference.
            int matters = text.most() == Integer.MAX_VALUE ? text.least() : text.most();
            counted = Math.min(length + 1, matters);
        }
        return new TextFrame(text, counted, next);
    }
}
