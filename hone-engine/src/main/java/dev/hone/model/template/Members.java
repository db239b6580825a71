package dev.hone.model.template;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** {@code a.b}, {@code a[b]} and {@code a[b:c:d]} as jinja2's immutable sandbox resolves them. */
final class Members {
    private static final Set<String> MAP_METHODS = Set.of("get", "items", "keys", "values", "copy", "fromkeys");
    private static final Set<String> MAP_CHANGES = Set.of("clear", "pop", "popitem", "setdefault", "update");
    private static final Set<String> LIST_METHODS = Set.of("count", "index", "copy");
    private static final Set<String> LIST_CHANGES =
            Set.of("append", "clear", "extend", "insert", "pop", "remove", "reverse", "sort");

    private final Operators operators;
    private final TextMethods textMethods;

    Members(Operators operators, Budget budget) {
        this.operators = operators;
        this.textMethods = new TextMethods(budget);
    }

    /** {@code target.name}: a method goes before an entry. */
    Value attribute(Value target, String name) {
        Value member = member(target, name);
        if (member != null) {
            return member;
        }
        Value entry = target instanceof Value.Mapping map ? map.entries().get(new Value.Text(name)) : null;
        return entry != null ? entry : missing(target, name);
    }

    /** {@code target[key]}: an entry goes before a method. */
    Value item(Value target, Value key) {
        if (target instanceof Value.Undefined undefined) {
            throw Failure.undefined(undefined);
        }
        Value entry = switch (target) {
            case Value.Mapping map -> isKey(key) ? map.entries().get(key) : null;
            case Value.Listing list -> element(list.items(), key);
            case Value.Tuple tuple -> element(tuple.items(), key);
            case Value.Text text -> character(text.value(), key);
            default -> null;
        };
        if (entry != null) {
            return entry;
        }
        Value member = key instanceof Value.Text name ? member(target, name.value()) : null;
        return member != null ? member : missing(target, key instanceof Value.Text name ? name.value() : key.type());
    }

    private static boolean isKey(Value key) {
        return !(key instanceof Value.Listing) && !(key instanceof Value.Mapping);
    }

    private static Value missing(Value target, String name) {
        return new Value.Undefined("a value of type [%s] has no [%s]".formatted(target.type(), name));
    }

    private @Nullable Value member(Value target, String name) {
        return switch (target) {
            case Value.Undefined undefined -> throw Failure.undefined(undefined);
            case Value.Text text -> textMethods.bound(text.value(), name);
            case Value.Mapping map -> mapMethod(map, name);
            case Value.Listing list -> listMethod(list.items(), name, true);
            case Value.Tuple tuple -> listMethod(tuple.items(), name, false);
            case Value.Namespace namespace -> namespace.fields().get(name);
            case Value.Loop loop -> loop.state().member(name);
            case Value.Function function -> name.equals("name") ? new Value.Text(function.name()) : null;
            case Value.None ignored -> null;
            case Value.Bool ignored -> null;
            case Value.Int ignored -> null;
            case Value.Real ignored -> null;
            case Value.View ignored -> null;
            case Value.Stream ignored -> null;
        };
    }

    private static @Nullable Value unsafe(String type, String name) {
        return new Value.Undefined(
                "[%s.%s] would change its value, which chat templates may not; build a new one".formatted(type, name));
    }

    private @Nullable Value mapMethod(Value.Mapping map, String name) {
        if (MAP_CHANGES.contains(name)) {
            return unsafe("dict", name);
        }
        return MAP_METHODS.contains(name) ? new Value.Function(name, given -> callMapMethod(map, name, given)) : null;
    }

    private static Value callMapMethod(Value.Mapping map, String name, Arguments arguments) {
        if (name.equals("get")) {
            var bound = arguments.bind(name, "key", "default");
            Value entry = map.entries().get(Operators.hashable(bound.get("key")));
            return entry != null ? entry : bound.get("default", Value.NONE);
        }
        arguments.bind(name);
        return switch (name) {
            case "items" -> new Value.View("dict_items", pairs(map));
            case "keys" -> new Value.View("dict_keys", map.keys().items());
            case "values" ->
                new Value.View("dict_values", List.copyOf(map.entries().values()));
            case "copy" -> map;
            default -> throw Failure.unsupported("the method [dict.%s]".formatted(name));
        };
    }

    /** Each entry as a tuple of key and value. */
    static List<Value> pairs(Value.Mapping map) {
        List<Value> pairs = new ArrayList<>(map.entries().size());
        for (Map.Entry<Value, Value> entry : map.entries().entrySet()) {
            pairs.add(Value.Tuple.of(entry.getKey(), entry.getValue()));
        }
        return Collections.unmodifiableList(pairs);
    }

    private @Nullable Value listMethod(List<Value> items, String name, boolean list) {
        if (list && LIST_CHANGES.contains(name)) {
            return unsafe("list", name);
        }
        boolean known = LIST_METHODS.contains(name) && (list || !name.equals("copy"));
        return known ? new Value.Function(name, given -> callListMethod(items, name, given)) : null;
    }

    private Value callListMethod(List<Value> items, String name, Arguments arguments) {
        if (name.equals("copy")) {
            arguments.bind(name);
            return new Value.Listing(items);
        }
        Value wanted = arguments.bind(name, "value").get("value");
        if (name.equals("count")) {
            return Value.Int.of(
                    items.stream().filter(item -> operators.equal(item, wanted)).count());
        }
        for (int i = 0; i < items.size(); i++) {
            if (operators.equal(items.get(i), wanted)) {
                return Value.Int.of(i);
            }
        }
        throw new Failure("[index] did not find its value in the list");
    }

    private static @Nullable Value element(List<Value> items, Value key) {
        if (Operators.integer(key) == null) {
            return null;
        }
        int index = Operators.index(key, "an index");
        int at = index < 0 ? index + items.size() : index;
        return at >= 0 && at < items.size() ? items.get(at) : null;
    }

    private static @Nullable Value character(String text, Value key) {
        if (Operators.integer(key) == null) {
            return null;
        }
        int index = Operators.index(key, "an index");
        int length = PythonText.length(text);
        int at = index < 0 ? index + length : index;
        if (at < 0 || at >= length) {
            return null;
        }
        int offset = text.offsetByCodePoints(0, at);
        return new Value.Text(Character.toString(text.codePointAt(offset)));
    }

    /** {@code target[start:stop:step]}; a bound that is left out is {@code none}. */
    Value slice(Value target, Value start, Value stop, Value step) {
        return switch (target) {
            case Value.Undefined undefined -> throw Failure.undefined(undefined);
            case Value.Text text -> new Value.Text(slice(text.value(), start, stop, step));
            case Value.Listing list -> new Value.Listing(slice(list.items(), start, stop, step));
            case Value.Tuple tuple -> new Value.Tuple(slice(tuple.items(), start, stop, step));
            default -> throw new Failure("a value of type [%s] cannot be sliced".formatted(target.type()));
        };
    }

    static String slice(String text, Value start, Value stop, Value step) {
        int[] codePoints = text.codePoints().toArray();
        StringBuilder sliced = new StringBuilder();
        for (int index : indices(codePoints.length, start, stop, step)) {
            sliced.appendCodePoint(codePoints[index]);
        }
        return sliced.toString();
    }

    private static List<Value> slice(List<Value> items, Value start, Value stop, Value step) {
        List<Value> sliced = new ArrayList<>();
        for (int index : indices(items.size(), start, stop, step)) {
            sliced.add(items.get(index));
        }
        return Collections.unmodifiableList(sliced);
    }

    private static int[] indices(int length, Value start, Value stop, Value step) {
        int stride = step instanceof Value.None ? 1 : Operators.index(step, "a slice's step");
        if (stride == 0) {
            throw new Failure("a slice's step cannot be [0]");
        }
        boolean forward = stride > 0;
        long from = bound(start, length, forward, forward ? 0 : length - 1);
        long to = bound(stop, length, forward, forward ? length : -1);
        int[] indices = new int[(int) Math.max(0, (to - from + stride - (forward ? 1 : -1)) / stride)];
        for (int i = 0; i < indices.length; i++) {
            indices[i] = (int) (from + (long) i * stride);
        }
        return indices;
    }

    private static int bound(Value value, int length, boolean forward, int fallback) {
        if (value instanceof Value.None) {
            return fallback;
        }
        int index = Operators.index(value, "a slice's bound");
        int at = index < 0 ? index + length : index;
        return forward ? Math.clamp(at, 0, length) : Math.clamp(at, -1, length - 1);
    }
}
