package dev.hone.schema;

import dev.hone.schema.Shape.Members;
import dev.hone.schema.Stack.Readings;
import java.util.BitSet;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** How much of a value has been written. Immutable; equal frames go on equally. */
sealed interface Frame
        permits Frame.Start,
                Frame.Literal,
                Frame.Gap,
                NumberFrame,
                TextFrame,
                MatchFrame,
                ItemsFrame,
                MembersFrame,
                KeyFrame,
                KeyFrame.Colon {

    /**
     * Adds the readings after one more byte; none when the value cannot go on with it.
     *
     * @param below what surrounds the value
     */
    void advance(int b, @Nullable Stack below, Readings readings);

    /** Whether the value is complete as it is, though it might go on. */
    default boolean mayEnd() {
        return false;
    }

    /** Nothing yet. */
    record Start(Shape shape) implements Frame {
        private static final Shape STRING = new Shape.Text(0, Integer.MAX_VALUE);
        private static final Shape NUMBER = new Shape.Number(false, null);
        private static final Shape ANYTHING = new Shape.Anything();
        private static final Shape LIST = new Shape.Items(List.of(), ANYTHING, 0, Integer.MAX_VALUE);
        private static final Shape OBJECT = new Members(List.of(), ByteTrie.of(List.of()), ANYTHING, false);
        private static final Shape WORD = Shape.Fixed.of(List.of("true", "false", "null"));

        @Override
        public void advance(int b, @Nullable Stack below, Readings readings) {
            begin(shape, b, below, readings);
        }

        private static void begin(Shape shape, int b, @Nullable Stack below, Readings readings) {
            switch (shape) {
                case Shape.Anything() -> begin(anything(b), b, below, readings);
                case Shape.Fixed fixed -> new Literal(fixed.texts()).advance(b, below, readings);
                case Shape.Text text -> {
                    if (b == '"') {
                        readings.add(Stack.of(TextFrame.open(text), below));
                    }
                }
                case Shape.Matching(Automaton automaton) -> {
                    if (b == '"') {
                        readings.add(Stack.of(MatchFrame.open(automaton), below));
                    }
                }
                case Shape.Number number -> NumberFrame.begin(number, b, below, readings);
                case Shape.Items items -> {
                    if (b == '[') {
                        readings.add(Stack.of(new ItemsFrame(items, 0, ItemsFrame.Phase.OPEN), below));
                    }
                }
                case Members members -> {
                    if (b == '{') {
                        readings.add(Stack.of(MembersFrame.open(members), below));
                    }
                }
                case Shape.Either(List<Shape> shapes) -> shapes.forEach(each -> begin(each, b, below, readings));
                case Shape.Reference reference -> begin(reference.target(), b, below, readings);
            }
        }

        private static Shape anything(int b) {
            return switch (b) {
                case '"' -> STRING;
                case '{' -> OBJECT;
                case '[' -> LIST;
                case 't', 'f', 'n' -> WORD;
                default -> NUMBER;
            };
        }
    }

    /** Part of a fixed text. */
    record Literal(ByteTrie at) implements Frame {
        @Override
        public void advance(int b, @Nullable Stack below, Readings readings) {
            ByteTrie next = at.child(b);
            if (next != null) {
                readings.add(Stack.of(new Literal(next), below));
            }
        }

        @Override
        public boolean mayEnd() {
            return at.text() >= 0;
        }
    }

    /** A place where one space may stand before a value. */
    record Gap(Shape shape) implements Frame {
        @Override
        public void advance(int b, @Nullable Stack below, Readings readings) {
            Start start = new Start(shape);
            if (b == ' ') {
                readings.add(Stack.of(start, below));
            } else {
                start.advance(b, below, readings);
            }
        }
    }

    /** A copy of a set with one more. */
    static BitSet with(BitSet set, int more) {
        BitSet copy = (BitSet) set.clone();
        copy.set(more);
        return copy;
    }
}
