package dev.hone.model.template;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What an expression stands for, with Python's semantics. All but {@link Namespace} and {@link Stream} are immutable. */
sealed interface Value {
    Value NONE = new None();

    record None() implements Value {}

    record Bool(boolean value) implements Value {
        static final Bool TRUE = new Bool(true);
        static final Bool FALSE = new Bool(false);

        static Bool of(boolean value) {
            return value ? TRUE : FALSE;
        }
    }

    record Int(BigInteger value) implements Value {
        static Int of(long value) {
            return new Int(BigInteger.valueOf(value));
        }
    }

    record Real(double value) implements Value {}

    /**
     * A string. {@code markup} is set by the filters {@code safe} and {@code escape}: adding a string to such a one
     * escapes it for HTML, as Python's {@code markupsafe} does even where a template's output is not escaped.
     */
    record Text(String value, boolean markup) implements Value {
        Text(String value) {
            this(value, false);
        }

        @Override
        public boolean equals(@Nullable Object other) {
            return other instanceof Text text && value.equals(text.value);
        }

        @Override
        public int hashCode() {
            return value.hashCode();
        }
    }

    record Listing(List<Value> items) implements Value {}

    record Tuple(List<Value> items) implements Value {
        static Tuple of(Value... items) {
            return new Tuple(List.of(items));
        }
    }

    record Mapping(Map<Value, Value> entries) implements Value {
        Listing keys() {
            return new Listing(List.copyOf(entries.keySet()));
        }
    }

    /** What {@code items()}, {@code keys()} and {@code values()} of a mapping return; {@code kind} is Python's name. */
    record View(String kind, List<Value> items) implements Value {}

    /** What {@code map}, {@code select} and their like return: can be gone through once. */
    record Stream(Iterator<Value> items) implements Value {}

    /** A name or member that is not there. Renders as nothing; using it further is an error with this reason. */
    record Undefined(String reason) implements Value {}

    /** What {@code namespace(…)} returns: the one thing that a template may change. */
    record Namespace(Map<String, Value> fields) implements Value {}

    /** A macro, a method bound to its value, or a global function. */
    record Function(String name, Body body) implements Value {
        interface Body {
            Value call(Arguments arguments);
        }
    }

    /** The variable {@code loop}. */
    record Loop(LoopState state) implements Value {}

    /**
     * Converts plain Java data.
     *
     * @throws IllegalArgumentException on anything but null, texts, numbers, booleans, lists and maps with text keys
     */
    static Value of(@Nullable Object data) {
        return switch (data) {
            case null -> NONE;
            case String text -> new Text(text);
            case Boolean bool -> Bool.of(bool);
            case Double real -> new Real(real);
            case Float real -> new Real(real);
            case BigDecimal real -> new Real(real.doubleValue());
            case BigInteger integer -> new Int(integer);
            case Number integer -> Int.of(integer.longValue());
            case Collection<?> items -> {
                List<Value> values = new ArrayList<>(items.size());
                items.forEach(item -> values.add(of(item)));
                yield new Listing(Collections.unmodifiableList(values));
            }
            case Map<?, ?> map -> {
                Map<Value, Value> entries = LinkedHashMap.newLinkedHashMap(map.size());
                map.forEach((key, value) -> entries.put(of(key), of(value)));
                yield new Mapping(Collections.unmodifiableMap(entries));
            }
            default ->
                throw new IllegalArgumentException("A chat template cannot be given a [%s]"
                        .formatted(data.getClass().getName()));
        };
    }

    /** Python's name of the type, for messages. */
    default String type() {
        return switch (this) {
            case None ignored -> "None";
            case Bool ignored -> "bool";
            case Int ignored -> "int";
            case Real ignored -> "float";
            case Text ignored -> "str";
            case Listing ignored -> "list";
            case Tuple ignored -> "tuple";
            case Mapping ignored -> "dict";
            case View view -> view.kind();
            case Stream ignored -> "generator";
            case Undefined ignored -> "undefined";
            case Namespace ignored -> "namespace";
            case Function ignored -> "function";
            case Loop ignored -> "loop";
        };
    }

    /** Whether Python takes it for true. */
    default boolean truth() {
        return switch (this) {
            case None ignored -> false;
            case Undefined ignored -> false;
            case Bool bool -> bool.value();
            case Int integer -> integer.value().signum() != 0;
            case Real real -> real.value() != 0;
            case Text text -> !text.value().isEmpty();
            case Listing list -> !list.items().isEmpty();
            case Tuple tuple -> !tuple.items().isEmpty();
            case Mapping map -> !map.entries().isEmpty();
            case View view -> !view.items().isEmpty();
            case Stream ignored -> true;
            case Namespace ignored -> true;
            case Function ignored -> true;
            case Loop loop -> loop.state().length() > 0;
        };
    }

    /** Its items, as a {@code for} goes through them; a stream is used up. */
    default List<Value> iterated() {
        return switch (this) {
            case Text text -> PythonText.characters(text.value());
            case Listing list -> list.items();
            case Tuple tuple -> tuple.items();
            case Mapping map -> map.keys().items();
            case View view -> view.items();
            case Undefined ignored -> List.of();
            case Stream stream -> {
                List<Value> items = new ArrayList<>();
                stream.items().forEachRemaining(items::add);
                yield Collections.unmodifiableList(items);
            }
            case None ignored -> throw notIterable();
            case Bool ignored -> throw notIterable();
            case Int ignored -> throw notIterable();
            case Real ignored -> throw notIterable();
            case Namespace ignored -> throw notIterable();
            case Function ignored -> throw notIterable();
            case Loop ignored -> throw notIterable();
        };
    }

    private Failure notIterable() {
        return new Failure("a value of type [%s] cannot be iterated".formatted(type()));
    }
}
