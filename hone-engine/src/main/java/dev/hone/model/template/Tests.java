package dev.hone.model.template;

import dev.hone.model.template.Expression.Relation;
import java.math.BigInteger;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What stands behind {@code is}. */
final class Tests {
    private static final Map<String, Relation> RELATIONS = Map.ofEntries(
            Map.entry("==", Relation.EQUAL),
            Map.entry("eq", Relation.EQUAL),
            Map.entry("equalto", Relation.EQUAL),
            Map.entry("!=", Relation.NOT_EQUAL),
            Map.entry("ne", Relation.NOT_EQUAL),
            Map.entry("<", Relation.LESS),
            Map.entry("lt", Relation.LESS),
            Map.entry("lessthan", Relation.LESS),
            Map.entry("<=", Relation.LESS_OR_EQUAL),
            Map.entry("le", Relation.LESS_OR_EQUAL),
            Map.entry(">", Relation.GREATER),
            Map.entry("gt", Relation.GREATER),
            Map.entry("greaterthan", Relation.GREATER),
            Map.entry(">=", Relation.GREATER_OR_EQUAL),
            Map.entry("ge", Relation.GREATER_OR_EQUAL),
            Map.entry("in", Relation.IN));

    private final Operators operators;
    private final Budget budget;

    Tests(Operators operators, Budget budget) {
        this.operators = operators;
        this.budget = budget;
    }

    boolean holds(String name, Value value, Arguments arguments) {
        Relation relation = RELATIONS.get(name);
        if (relation != null) {
            return operators.related(
                    relation, value, arguments.bind(name, "other").get("other"));
        }
        return switch (name) {
            case "sameas" ->
                Operators.identical(value, arguments.bind(name, "other").get("other"));
            case "divisibleby" -> {
                BigInteger divisor = whole(name, arguments.bind(name, "num").get("num"));
                if (divisor.signum() == 0) {
                    throw new Failure("division by zero");
                }
                yield whole(name, value).mod(divisor.abs()).signum() == 0;
            }
            default -> {
                Boolean held = plain(name, value);
                if (held == null) {
                    throw new Failure("there is no test named [%s]".formatted(name));
                }
                arguments.bind(name);
                yield held;
            }
        };
    }

    private @Nullable Boolean plain(String name, Value value) {
        return switch (name) {
            case "defined" -> !(value instanceof Value.Undefined);
            case "undefined" -> value instanceof Value.Undefined;
            case "none" -> value instanceof Value.None;
            case "boolean" -> value instanceof Value.Bool;
            case "true" -> value.equals(Value.Bool.TRUE);
            case "false" -> value.equals(Value.Bool.FALSE);
            case "integer" -> value instanceof Value.Int;
            case "float" -> value instanceof Value.Real;
            case "number" -> Operators.real(value) != null;
            case "string" -> value instanceof Value.Text;
            case "mapping" -> value instanceof Value.Mapping;
            case "sequence" -> isSequence(value);
            case "iterable" -> isSequence(value) || value instanceof Value.View || value instanceof Value.Stream;
            case "callable" -> value instanceof Value.Function || value instanceof Value.Undefined;
            case "odd" -> whole(name, value).testBit(0);
            case "even" -> !whole(name, value).testBit(0);
            case "lower" -> TextMethods.cased(text(value), Character::isLowerCase, Character::isUpperCase);
            case "upper" -> TextMethods.cased(text(value), Character::isUpperCase, Character::isLowerCase);
            default -> null;
        };
    }

    private String text(Value value) {
        return PythonText.str(value, budget);
    }

    /** Jinja asks for a length and access by index, which it finds even on an undefined value. */
    private static boolean isSequence(Value value) {
        return switch (value) {
            case Value.Text ignored -> true;
            case Value.Listing ignored -> true;
            case Value.Tuple ignored -> true;
            case Value.Mapping ignored -> true;
            case Value.Undefined ignored -> true;
            case Value.None ignored -> false;
            case Value.Bool ignored -> false;
            case Value.Int ignored -> false;
            case Value.Real ignored -> false;
            case Value.View ignored -> false;
            case Value.Stream ignored -> false;
            case Value.Namespace ignored -> false;
            case Value.Function ignored -> false;
            case Value.Loop ignored -> false;
        };
    }

    private static BigInteger whole(String test, Value value) {
        BigInteger integer = Operators.integer(value);
        if (integer == null) {
            throw new Failure("the test [%s] needs an integer, not [%s]".formatted(test, value.type()));
        }
        return integer;
    }
}
