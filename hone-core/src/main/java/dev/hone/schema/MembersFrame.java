package dev.hone.schema;

import dev.hone.schema.Shape.Members;
import dev.hone.schema.Shape.Property;
import dev.hone.schema.Stack.Readings;
import java.util.BitSet;
import org.jspecify.annotations.Nullable;

/**
 * An object after its opening brace, between its members.
 *
 * @param members which objects
 * @param used properties that are complete; never changed
 */
record MembersFrame(Members members, BitSet used, Phase phase) implements Frame {
    enum Phase {
        OPEN,
        AFTER_MEMBER,
        AFTER_COMMA,
        AFTER_SPACE
    }

    static MembersFrame open(Members members) {
        return new MembersFrame(members, new BitSet(), Phase.OPEN);
    }

    @Override
    public void advance(int b, @Nullable Stack below, Readings readings) {
        switch (b) {
            case '}' -> {
                if ((phase == Phase.OPEN || phase == Phase.AFTER_MEMBER) && mayClose()) {
                    readings.add(below);
                }
            }
            case ',' -> {
                if (phase == Phase.AFTER_MEMBER && mayHaveMore()) {
                    readings.add(Stack.of(new MembersFrame(members, used, Phase.AFTER_COMMA), below));
                }
            }
            case ' ' -> {
                if (phase == Phase.AFTER_COMMA) {
                    readings.add(Stack.of(new MembersFrame(members, used, Phase.AFTER_SPACE), below));
                }
            }
            case '"' -> {
                if (phase != Phase.AFTER_MEMBER && mayHaveMore()) {
                    readings.add(Stack.of(KeyFrame.open(members, used), below));
                }
            }
            default -> {}
        }
    }

    private boolean mayClose() {
        for (int i = used.nextClearBit(0); i < members.properties().size(); i = used.nextClearBit(i + 1)) {
            Property missing = members.properties().get(i);
            if (missing.required()) {
                return false;
            }
        }
        return true;
    }

    private boolean mayHaveMore() {
        return members.others() != null
                || used.nextClearBit(0) < members.properties().size();
    }
}
