package dev.hone.model.template;

import dev.hone.model.template.Expression.Relation;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** Filters that work on the items of a value. */
final class SequenceFilters {
    private final Budget budget;
    private final Operators operators;
    private final Members members;
    private final Tests tests;
    private final Filters filters;

    SequenceFilters(Budget budget, Operators operators, Members members, Tests tests, Filters filters) {
        this.budget = budget;
        this.operators = operators;
        this.members = members;
        this.tests = tests;
        this.filters = filters;
    }

    @Nullable
    Value apply(String name, Value value, Arguments arguments) {
        return switch (name) {
            case "length", "count" -> {
                arguments.bind(name);
                yield Value.Int.of(length(value));
            }
            case "list" -> {
                arguments.bind(name);
                yield new Value.Listing(items(value));
            }
            case "first" -> first(items(value), arguments.bind(name));
            case "last" -> {
                if (value instanceof Value.Stream) {
                    throw new Failure("[last] cannot go through a generator; add [|list] before it");
                }
                yield first(items(value).reversed(), arguments.bind(name));
            }
            case "join" -> join(value, arguments.bind(name, "d", "attribute"));
            case "items" -> {
                arguments.bind(name);
                yield switch (value) {
                    case Value.Undefined ignored -> stream(List.of());
                    case Value.Mapping map -> stream(Members.pairs(map));
                    default -> throw new Failure("[items] needs a mapping, not [%s]".formatted(value.type()));
                };
            }
            case "dictsort" -> dictsort(value, arguments.bind(name, "case_sensitive", "by", "reverse"));
            case "sort" -> {
                var bound = arguments.bind(name, "reverse", "case_sensitive", "attribute");
                yield new Value.Listing(sorted(value, bound, bound.flag("reverse")));
            }
            case "min" -> extreme(value, arguments.bind(name, "case_sensitive", "attribute"), false);
            case "max" -> extreme(value, arguments.bind(name, "case_sensitive", "attribute"), true);
            case "sum" -> {
                var bound = arguments.bind(name, "attribute", "start");
                Value total = bound.get("start", Value.Int.of(0));
                for (Value item : items(value)) {
                    total = operators.arithmetic(Expression.Operator.ADD, total, keyed(item, bound));
                }
                yield total;
            }
            case "reverse" -> {
                arguments.bind(name);
                yield value instanceof Value.Text text
                        ? new Value.Text(
                                new StringBuilder(text.value()).reverse().toString())
                        : stream(items(value).reversed());
            }
            case "unique" -> unique(value, arguments.bind(name, "case_sensitive", "attribute"));
            case "map" -> map(value, arguments);
            case "select" -> stream(kept(value, arguments, null, true));
            case "reject" -> stream(kept(value, arguments, null, false));
            case "selectattr" -> stream(kept(value, arguments.skip(1), attributeName(name, arguments), true));
            case "rejectattr" -> stream(kept(value, arguments.skip(1), attributeName(name, arguments), false));
            default -> null;
        };
    }

    private List<Value> items(Value value) {
        List<Value> items = value.iterated();
        budget.spendOn(items.size() * 16L);
        return items;
    }

    /** Jinja's map, select and their like take anything false, such as none, for empty. */
    private List<Value> itemsIfTrue(Value value) {
        return value.truth() ? items(value) : List.of();
    }

    private static Value stream(List<Value> items) {
        return new Value.Stream(items.iterator());
    }

    private static long length(Value value) {
        return switch (value) {
            case Value.Text text -> PythonText.length(text.value());
            case Value.Listing list -> list.items().size();
            case Value.Tuple tuple -> tuple.items().size();
            case Value.Mapping map -> map.entries().size();
            case Value.View view -> view.items().size();
            case Value.Undefined ignored -> 0;
            case Value.Loop loop -> loop.state().length();
            default -> throw new Failure("a value of type [%s] has no length".formatted(value.type()));
        };
    }

    private static Value first(List<Value> items, Arguments.Bound bound) {
        return items.isEmpty() ? new Value.Undefined("[%s] of nothing".formatted(bound.function())) : items.getFirst();
    }

    private Value join(Value value, Arguments.Bound bound) {
        String separator = PythonText.str(bound.get("d", new Value.Text("")), budget);
        List<String> parts = new ArrayList<>();
        for (Value item : items(value)) {
            parts.add(PythonText.str(keyed(item, bound), budget));
        }
        return new Value.Text(Output.join(separator, parts, budget));
    }

    /** The item, or its attribute where the filter was given one. */
    private Value keyed(Value item, Arguments.Bound bound) {
        Value attribute = bound.get("attribute", Value.NONE);
        return attribute instanceof Value.None ? item : path(item, attribute);
    }

    /** {@code attribute} may be a number or names and numbers with dots between. */
    private Value path(Value item, Value attribute) {
        if (!(attribute instanceof Value.Text dotted)) {
            return members.item(item, attribute);
        }
        Value at = item;
        for (String part : dotted.value().split("\\.", -1)) {
            boolean number =
                    !part.isEmpty() && part.length() < 10 && part.chars().allMatch(c -> c >= '0' && c <= '9');
            at = members.item(at, number ? new Value.Int(new BigInteger(part)) : new Value.Text(part));
        }
        return at;
    }

    /** {@code value|attr(name)}: an attribute, never an entry. */
    Value attribute(Value value, String name) {
        Value attribute = members.attribute(value, name);
        boolean entry = value instanceof Value.Mapping && !(attribute instanceof Value.Function);
        return entry ? new Value.Undefined("a value of type [dict] has no attribute [%s]".formatted(name)) : attribute;
    }

    private Value folded(Value value, boolean caseSensitive) {
        return !caseSensitive && value instanceof Value.Text text
                ? new Value.Text(text.value().toLowerCase(Locale.ROOT))
                : value;
    }

    private Comparator<Value> order(boolean reverse) {
        Comparator<Value> order = (a, b) -> operators.compare(Relation.LESS, a, b);
        return reverse ? order.reversed() : order;
    }

    private List<Value> sorted(Value value, Arguments.Bound bound, boolean reverse) {
        record Keyed(Value key, Value item) {}
        boolean caseSensitive = bound.flag("case_sensitive");
        List<Keyed> keyed = new ArrayList<>();
        for (Value item : items(value)) {
            keyed.add(new Keyed(folded(keyed(item, bound), caseSensitive), item));
        }
        keyed.sort(Comparator.comparing(Keyed::key, order(reverse)));
        return keyed.stream().map(Keyed::item).toList();
    }

    private Value dictsort(Value value, Arguments.Bound bound) {
        if (!(value instanceof Value.Mapping map)) {
            throw new Failure("[dictsort] needs a mapping, not [%s]".formatted(value.type()));
        }
        String by = bound.optional("by") == null ? "key" : bound.text("by");
        if (!by.equals("key") && !by.equals("value")) {
            throw new Failure("[dictsort] sorts by key or value, not by [%s]".formatted(by));
        }
        boolean caseSensitive = bound.flag("case_sensitive");
        List<Value> pairs = new ArrayList<>(Members.pairs(map));
        pairs.sort(Comparator.comparing(
                pair -> folded(((Value.Tuple) pair).items().get(by.equals("key") ? 0 : 1), caseSensitive),
                order(bound.flag("reverse"))));
        return new Value.Listing(Collections.unmodifiableList(pairs));
    }

    private Value extreme(Value value, Arguments.Bound bound, boolean greatest) {
        List<Value> sorted = sorted(value, bound, greatest);
        return first(sorted, bound);
    }

    private Value unique(Value value, Arguments.Bound bound) {
        boolean caseSensitive = bound.flag("case_sensitive");
        Set<Value> seen = new HashSet<>();
        List<Value> kept = new ArrayList<>();
        for (Value item : items(value)) {
            if (seen.add(Operators.hashable(folded(keyed(item, bound), caseSensitive)))) {
                kept.add(item);
            }
        }
        return stream(kept);
    }

    private Value map(Value value, Arguments arguments) {
        List<Value> mapped = new ArrayList<>();
        if (arguments.positional().isEmpty() && arguments.named().containsKey("attribute")) {
            var bound = arguments.bind("map", "attribute", "default");
            for (Value item : itemsIfTrue(value)) {
                Value attribute = path(item, bound.get("attribute"));
                Value fallback = bound.optional("default");
                mapped.add(attribute instanceof Value.Undefined && fallback != null ? fallback : attribute);
            }
        } else {
            if (arguments.positional().isEmpty() || !(arguments.positional().getFirst() instanceof Value.Text filter)) {
                throw new Failure("[map] needs a filter's name or [attribute=…]");
            }
            for (Value item : itemsIfTrue(value)) {
                mapped.add(filters.apply(filter.value(), item, arguments.skip(1)));
            }
        }
        return stream(mapped);
    }

    private static Value attributeName(String filter, Arguments arguments) {
        if (arguments.positional().isEmpty()) {
            throw new Failure("[%s] needs an attribute's name".formatted(filter));
        }
        return arguments.positional().getFirst();
    }

    private List<Value> kept(Value value, Arguments test, @Nullable Value attribute, boolean keep) {
        Predicate<Value> holds = Value::truth;
        if (!test.positional().isEmpty()) {
            if (!(test.positional().getFirst() instanceof Value.Text name)) {
                throw new Failure("a test's name must be a string");
            }
            holds = item -> tests.holds(name.value(), item, test.skip(1));
        }
        List<Value> kept = new ArrayList<>();
        for (Value item : itemsIfTrue(value)) {
            if (holds.test(attribute == null ? item : path(item, attribute)) == keep) {
                kept.add(item);
            }
        }
        return kept;
    }
}
