package dev.hone.schema;

import dev.hone.schema.Shape.Members;
import dev.hone.schema.Stack.Readings;
import java.util.BitSet;
import org.jspecify.annotations.Nullable;

/**
 * A member's name after its opening quote, and the colon. A name is written once and in one way: a named property as the
 * schema's own JSON text, any other without escapes.
 *
 * @param members of which objects
 * @param used properties that are complete; never changed
 * @param named what the name has in common with properties of the schema; null when nothing
 * @param other the name as that of no property; null when it cannot be one
 */
record KeyFrame(
        Members members,
        BitSet used,
        @Nullable ByteTrie named,
        @Nullable TextFrame other) implements Frame {
    private static final Shape.Text NAME = new Shape.Text(0, Integer.MAX_VALUE);

    static KeyFrame open(Members members, BitSet used) {
        return new KeyFrame(members, used, members.keys(), members.others() == null ? null : TextFrame.open(NAME));
    }

    @Override
    public void advance(int b, @Nullable Stack below, Readings readings) {
        ByteTrie next = named == null ? null : named.child(b);
        boolean possible = next != null && isPossible(next);
        if (next != null && next.text() >= 0) {
            if (possible) {
                BitSet now = Frame.with(used, next.text());
                Shape value = members.properties().get(next.text()).shape();
                readings.add(Stack.of(new Colon(value), after(now, below)));
            }
            return;
        }
        if (other != null && members.others() != null && b == '"' && other.isBetweenCharacters()) {
            readings.add(Stack.of(new Colon(members.others()), after(used, below)));
            return;
        }
        TextFrame otherNext = other == null || b == '\\' ? null : other.within(b);
        if (possible || otherNext != null) {
            readings.add(Stack.of(new KeyFrame(members, used, next, otherNext), below));
        }
    }

    private boolean isPossible(ByteTrie next) {
        return members.inOrder() ? next.leadsTo(used.nextClearBit(0)) : next.leadsBeyond(used);
    }

    private Stack after(BitSet now, @Nullable Stack below) {
        return Stack.of(new MembersFrame(members, now, MembersFrame.Phase.AFTER_MEMBER), below);
    }

    /** Between a name and its value. */
    record Colon(Shape value) implements Frame {
        @Override
        public void advance(int b, @Nullable Stack below, Readings readings) {
            if (b == ':') {
                readings.add(Stack.of(new Gap(value), below));
            }
        }
    }
}
