package dev.hone.model.template;

import java.time.LocalDateTime;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Functions that every template has: Jinja's {@code range}, {@code dict}, {@code namespace} and transformers' own. */
final class Globals {
    /** Jinja's sandbox allows no longer range. */
    private static final int LONGEST_RANGE = 100_000;

    private Globals() {}

    static Map<String, Value> functions(LocalDateTime now, Budget budget) {
        Map<String, Value> functions = new HashMap<>();
        put(functions, "range", arguments -> range(arguments, budget));
        put(functions, "namespace", arguments -> new Value.Namespace(fields(arguments)));
        put(functions, "dict", Globals::dict);
        put(functions, "raise_exception", arguments -> {
            throw new Failure(
                    PythonText.str(arguments.bind("raise_exception", "message").get("message"), budget));
        });
        put(
                functions,
                "strftime_now",
                arguments -> new Value.Text(PythonDate.format(
                        arguments.bind("strftime_now", "format").text("format"), now)));
        for (String name : List.of("lipsum", "cycler", "joiner")) {
            put(functions, name, arguments -> {
                throw Failure.unsupported("the function [%s]".formatted(name));
            });
        }
        return functions;
    }

    private static void put(Map<String, Value> functions, String name, Value.Function.Body body) {
        functions.put(name, new Value.Function(name, body));
    }

    private static Value range(Arguments arguments, Budget budget) {
        var bound = arguments.bind("range", "start", "stop", "step");
        boolean one = bound.optional("stop") == null;
        long start = one ? 0 : Operators.index(bound.get("start"), "[range]'s start");
        long stop = Operators.index(one ? bound.get("start") : bound.get("stop"), "[range]'s stop");
        long step = Operators.index(bound.get("step", Value.Int.of(1)), "[range]'s step");
        if (step == 0) {
            throw new Failure("[range]'s step cannot be [0]");
        }
        long length = Math.max(0, (stop - start + step - Long.signum(step)) / step);
        if (length > LONGEST_RANGE) {
            throw new Failure("[range] of [%d] is longer than [%d]".formatted(length, LONGEST_RANGE));
        }
        budget.spend(length);
        List<Value> items = new ArrayList<>((int) length);
        for (long i = 0; i < length; i++) {
            items.add(Value.Int.of(start + i * step));
        }
        return new Value.Listing(Collections.unmodifiableList(items));
    }

    /** Fields for {@code namespace} and {@code dict}: an optional mapping (or pairs), then named values. */
    private static Map<String, Value> fields(Arguments arguments) {
        Map<String, Value> fields = new LinkedHashMap<>();
        entries(arguments).forEach((key, value) -> {
            String name = key instanceof Value.Text text ? text.value() : "";
            if (name.isEmpty() || name.startsWith("_")) {
                throw new Failure("a namespace cannot have a field named [%s]".formatted(name));
            }
            fields.put(name, value);
        });
        return fields;
    }

    private static Value dict(Arguments arguments) {
        return new Value.Mapping(Collections.unmodifiableMap(entries(arguments)));
    }

    private static Map<Value, Value> entries(Arguments arguments) {
        Map<Value, Value> entries = new LinkedHashMap<>();
        if (arguments.positional().size() > 1) {
            throw new Failure("at most one positional argument is expected, not [%d]"
                    .formatted(arguments.positional().size()));
        }
        for (Value given : arguments.positional()) {
            List<Value> pairs = given instanceof Value.Mapping map ? Members.pairs(map) : given.iterated();
            for (Value pair : pairs) {
                List<Value> parts = pair.iterated();
                if (parts.size() != 2) {
                    throw new Failure("a pair is expected, not [%d] items".formatted(parts.size()));
                }
                entries.put(Operators.hashable(parts.getFirst()), parts.getLast());
            }
        }
        arguments.named().forEach((name, value) -> entries.put(new Value.Text(name), value));
        return entries;
    }
}
