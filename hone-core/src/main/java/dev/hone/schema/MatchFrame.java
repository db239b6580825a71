package dev.hone.schema;

import dev.hone.schema.Stack.Readings;
import org.jspecify.annotations.Nullable;

/**
 * A string of an automaton after its opening quote.
 *
 * @param automaton of its characters
 * @param state after the characters that are complete
 * @param phase what the last byte was part of
 * @param bits that are known of a character that is not complete, its highest; 0 between characters
 */
record MatchFrame(Automaton automaton, int state, CharacterPhase phase, int bits) implements Frame {
    private static final String ESCAPED = "\"\\/\b\f\n\r\t";
    private static final String ESCAPES = "\"\\/bfnrt";

    static MatchFrame open(Automaton automaton) {
        return new MatchFrame(automaton, 0, CharacterPhase.BETWEEN, 0);
    }

    @Override
    public void advance(int b, @Nullable Stack below, Readings readings) {
        if (phase == CharacterPhase.BETWEEN && b == '"') {
            if (automaton.mayEnd(state)) {
                readings.add(below);
            }
            return;
        }
        CharacterPhase next = phase.next(b);
        if (next == null) {
            return;
        }
        int known = known(b);
        if (next == CharacterPhase.BETWEEN) {
            int target = automaton.next(state, known);
            if (target >= 0) {
                readings.add(Stack.of(new MatchFrame(automaton, target, next, 0), below));
            }
        } else if (canBecome(next, known)) {
            readings.add(Stack.of(new MatchFrame(automaton, state, next, known), below));
        }
    }

    /** The bits of a character after one more byte; the whole of it where that completes it. */
    private int known(int b) {
        return switch (phase) {
            case BETWEEN -> b < 0x80 ? b == '\\' ? 0 : b : b < 0xe0 ? b & 0x1f : b < 0xf0 ? b & 0xf : b & 0x7;
            case LAST, TWO_LEFT, THREE_LEFT, AFTER_E0, AFTER_ED, AFTER_F0, AFTER_F4 -> bits << 6 | b & 0x3f;
            case ESCAPE -> b == 'u' ? 0 : ESCAPED.charAt(ESCAPES.indexOf(b));
            case HEX_1, HEX_2, HEX_2_NO_SURROGATE, HEX_3, HEX_4 -> bits << 4 | Character.digit(b, 16);
        };
    }

    /** Whether a character that begins so is one that the text goes on with. */
    private boolean canBecome(CharacterPhase next, int known) {
        return switch (next) {
            case BETWEEN -> false;
            case LAST -> goesOn(known, 6);
            case TWO_LEFT -> goesOn(known, 12);
            case THREE_LEFT -> goesOn(known, 18);
            case AFTER_E0 -> automaton.goesOn(state, 0x800, 0xfff);
            case AFTER_ED -> automaton.goesOn(state, 0xd000, 0xd7ff);
            case AFTER_F0 -> automaton.goesOn(state, 0x10000, 0x3ffff);
            case AFTER_F4 -> automaton.goesOn(state, 0x100000, 0x10ffff);
            // Surrogates are in no automaton.
            case ESCAPE, HEX_1 -> automaton.goesOn(state, 0, 0xffff);
            case HEX_2, HEX_2_NO_SURROGATE -> goesOn(known, 12);
            case HEX_3 -> goesOn(known, 8);
            case HEX_4 -> goesOn(known, 4);
        };
    }

    private boolean goesOn(int known, int bitsLeft) {
        return automaton.goesOn(state, known << bitsLeft, (known + 1 << bitsLeft) - 1);
    }
}
