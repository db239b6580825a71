package dev.hone.model.template;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Evaluated arguments of a call, a filter or a test. */
record Arguments(List<Value> positional, Map<String, Value> named) {
    static final Arguments NONE = new Arguments(List.of(), Map.of());

    static Arguments of(Value... positional) {
        return new Arguments(List.of(positional), Map.of());
    }

    /** Gives each argument its parameter, as Python binds them. */
    Bound bind(String function, String... parameters) {
        if (positional.size() > parameters.length) {
            throw new Failure("[%s] takes at most [%d] arguments, not [%d]"
                    .formatted(function, parameters.length, positional.size()));
        }
        Map<String, Value> values = new HashMap<>();
        for (int i = 0; i < positional.size(); i++) {
            values.put(parameters[i], positional.get(i));
        }
        named.forEach((name, value) -> {
            if (!Set.of(parameters).contains(name)) {
                throw new Failure("[%s] has no parameter [%s]".formatted(function, name));
            }
            if (values.putIfAbsent(name, value) != null) {
                throw new Failure("[%s] is given [%s] twice".formatted(function, name));
            }
        });
        return new Bound(function, values);
    }

    /** Arguments from the one at {@code from} on. */
    Arguments skip(int from) {
        return new Arguments(positional.subList(Math.min(from, positional.size()), positional.size()), named);
    }

    /** Arguments by parameter. */
    record Bound(String function, Map<String, Value> values) {
        @Nullable
        Value optional(String parameter) {
            return values.get(parameter);
        }

        Value get(String parameter) {
            Value value = values.get(parameter);
            if (value == null) {
                throw new Failure("[%s] needs the argument [%s]".formatted(function, parameter));
            }
            return value;
        }

        Value get(String parameter, Value fallback) {
            return values.getOrDefault(parameter, fallback);
        }

        boolean flag(String parameter) {
            return get(parameter, Value.Bool.FALSE).truth();
        }

        String text(String parameter) {
            if (get(parameter) instanceof Value.Text text) {
                return text.value();
            }
            throw new Failure("[%s] needs a string as [%s], not [%s]"
                    .formatted(function, parameter, get(parameter).type()));
        }

        /** A text, or null where the argument is missing or {@code none}. */
        @Nullable
        String textOrNull(String parameter) {
            Value value = values.get(parameter);
            return value == null || value instanceof Value.None ? null : text(parameter);
        }

        int integer(String parameter, int fallback) {
            Value value = values.get(parameter);
            if (value == null || value instanceof Value.None) {
                return fallback;
            }
            return Operators.index(value, "[%s]'s argument [%s]".formatted(function, parameter));
        }
    }
}
