package dev.hone.schema;

import dev.hone.schema.Stack.Readings;
import org.jspecify.annotations.Nullable;

/**
 * A list after its opening bracket.
 *
 * @param items which lists
 * @param count items that are complete or begun, no more than matter
 */
record ItemsFrame(Shape.Items items, int count, Phase phase) implements Frame {
    enum Phase {
        OPEN,
        AFTER_ITEM
    }

    @Override
    public void advance(int b, @Nullable Stack below, Readings readings) {
        if (b == ']') {
            if (count >= items.least()) {
                readings.add(below);
            }
        } else if (mayHaveMore()) {
            Stack after = Stack.of(new ItemsFrame(items, counted(), Phase.AFTER_ITEM), below);
            Shape item = items.item(count);
            switch (phase) {
                case OPEN -> new Frame.Start(item).advance(b, after, readings);
                case AFTER_ITEM -> {
                    if (b == ',') {
                        readings.add(Stack.of(new Frame.Gap(item), after));
                    }
                }
            }
        }
    }

    private boolean mayHaveMore() {
        return count < items.most() && (count < items.first().size() || items.rest() != null);
    }

    private int counted() {
        int matters = Math.max(items.least(), items.first().size());
        return items.most() == Integer.MAX_VALUE ? Math.min(count + 1, matters) : count + 1;
    }
}
