package dev.hone.model.template;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** Where a {@code for} loop is; read by templates as {@code loop}. */
final class LoopState {
    private final List<Value> items;
    private final Operators operators;
    private int index = -1;
    private @Nullable Value watched;

    LoopState(List<Value> items, Operators operators) {
        this.items = items;
        this.operators = operators;
    }

    int length() {
        return items.size();
    }

    void advance() {
        index++;
    }

    Value member(String name) {
        return switch (name) {
            case "index" -> Value.Int.of(index + 1L);
            case "index0" -> Value.Int.of(index);
            case "revindex" -> Value.Int.of(items.size() - (long) index);
            case "revindex0" -> Value.Int.of(items.size() - 1L - index);
            case "first" -> Value.Bool.of(index == 0);
            case "last" -> Value.Bool.of(index == items.size() - 1);
            case "length" -> Value.Int.of(items.size());
            case "depth" -> Value.Int.of(1);
            case "depth0" -> Value.Int.of(0);
            case "previtem" -> neighbour(index - 1, "previous");
            case "nextitem" -> neighbour(index + 1, "next");
            case "cycle" -> new Value.Function("cycle", this::cycle);
            case "changed" -> new Value.Function("changed", this::changed);
            default -> new Value.Undefined("[loop] has no attribute [%s]".formatted(name));
        };
    }

    private Value neighbour(int at, String which) {
        return at >= 0 && at < items.size()
                ? items.get(at)
                : new Value.Undefined("there is no %s item".formatted(which));
    }

    private Value cycle(Arguments arguments) {
        List<Value> values = arguments.positional();
        if (values.isEmpty()) {
            throw new Failure("[cycle] needs at least one item");
        }
        return values.get(index % values.size());
    }

    private Value changed(Arguments arguments) {
        Value now = new Value.Tuple(arguments.positional());
        boolean changed = watched == null || !operators.equal(watched, now);
        watched = now;
        return Value.Bool.of(changed);
    }
}
