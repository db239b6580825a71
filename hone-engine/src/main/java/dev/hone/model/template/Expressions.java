package dev.hone.model.template;

import dev.hone.model.template.Expression.ArgumentList;
import dev.hone.model.template.Expression.Comparand;
import dev.hone.model.template.Expression.Entry;
import dev.hone.model.template.Expression.FilterCall;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Evaluates expressions for one render. */
final class Expressions {
    private final Budget budget;
    private final Operators operators;
    private final Members members;
    private final Tests tests;
    private final Filters filters;
    private int line = 1;

    Expressions(Budget budget, Operators operators) {
        this.budget = budget;
        this.operators = operators;
        this.members = new Members(operators, budget);
        this.tests = new Tests(operators, budget);
        this.filters = new Filters(budget, operators, members, tests);
    }

    /** Line of what was evaluated last. */
    int line() {
        return line;
    }

    void at(int newLine) {
        line = newLine;
    }

    Value evaluate(Expression expression, Scope scope) {
        budget.spend(1);
        line = expression.line();
        return switch (expression) {
            case Expression.Literal literal -> literal.value();
            case Expression.Name name -> {
                Value value = scope.find(name.name());
                yield value != null ? value : new Value.Undefined("[%s] is undefined".formatted(name.name()));
            }
            case Expression.ListOf list -> new Value.Listing(evaluate(list.items(), scope));
            case Expression.TupleOf tuple -> new Value.Tuple(evaluate(tuple.items(), scope));
            case Expression.MapOf map -> map(map, scope);
            case Expression.Attribute attribute -> {
                Value target = evaluate(attribute.target(), scope);
                line = attribute.line();
                yield members.attribute(target, attribute.name());
            }
            case Expression.Item item -> {
                Value target = evaluate(item.target(), scope);
                Value key = evaluate(item.key(), scope);
                line = item.line();
                yield members.item(target, key);
            }
            case Expression.Slice slice -> slice(slice, scope);
            case Expression.Call call -> call(call, Map.of(), scope);
            case Expression.Filtered filtered -> filter(filtered.filter(), evaluate(filtered.input(), scope), scope);
            case Expression.Tested tested -> {
                Value input = evaluate(tested.input(), scope);
                Arguments arguments = arguments(tested.arguments(), scope);
                line = tested.line();
                yield Value.Bool.of(tests.holds(tested.test(), input, arguments));
            }
            case Expression.Not not ->
                Value.Bool.of(!evaluate(not.operand(), scope).truth());
            case Expression.Signed signed -> operators.signed(signed.negative(), evaluate(signed.operand(), scope));
            case Expression.And and -> {
                Value left = evaluate(and.left(), scope);
                yield left.truth() ? evaluate(and.right(), scope) : left;
            }
            case Expression.Or or -> {
                Value left = evaluate(or.left(), scope);
                yield left.truth() ? left : evaluate(or.right(), scope);
            }
            case Expression.Conditional conditional -> conditional(conditional, scope);
            case Expression.Concatenation concatenation -> {
                List<String> parts = new ArrayList<>();
                for (Expression part : concatenation.parts()) {
                    parts.add(PythonText.str(evaluate(part, scope), budget));
                }
                yield new Value.Text(Output.join("", parts, budget));
            }
            case Expression.Arithmetic arithmetic -> {
                Value left = evaluate(arithmetic.left(), scope);
                Value right = evaluate(arithmetic.right(), scope);
                line = arithmetic.line();
                yield operators.arithmetic(arithmetic.operator(), left, right);
            }
            case Expression.Comparison comparison -> Value.Bool.of(holds(comparison, scope));
        };
    }

    private List<Value> evaluate(List<Expression> expressions, Scope scope) {
        List<Value> values = new ArrayList<>(expressions.size());
        for (Expression expression : expressions) {
            values.add(evaluate(expression, scope));
        }
        return Collections.unmodifiableList(values);
    }

    private Value map(Expression.MapOf map, Scope scope) {
        Map<Value, Value> entries = new LinkedHashMap<>();
        for (Entry entry : map.entries()) {
            entries.put(Operators.hashable(evaluate(entry.key(), scope)), evaluate(entry.value(), scope));
        }
        return new Value.Mapping(Collections.unmodifiableMap(entries));
    }

    private Value slice(Expression.Slice slice, Scope scope) {
        Value target = evaluate(slice.target(), scope);
        Value start = bound(slice.start(), scope);
        Value stop = bound(slice.stop(), scope);
        Value step = bound(slice.step(), scope);
        line = slice.line();
        Value result = members.slice(target, start, stop, step);
        budget.spendOn(
                result instanceof Value.Text text
                        ? text.value().length()
                        : result.iterated().size());
        return result;
    }

    private Value bound(@Nullable Expression bound, Scope scope) {
        return bound == null ? Value.NONE : evaluate(bound, scope);
    }

    private Value conditional(Expression.Conditional conditional, Scope scope) {
        if (evaluate(conditional.test(), scope).truth()) {
            return evaluate(conditional.then(), scope);
        }
        return conditional.otherwise() != null
                ? evaluate(conditional.otherwise(), scope)
                : new Value.Undefined("an [if] without [else] was false, so its value is undefined");
    }

    private boolean holds(Expression.Comparison comparison, Scope scope) {
        Value left = evaluate(comparison.first(), scope);
        for (Comparand comparand : comparison.rest()) {
            Value right = evaluate(comparand.operand(), scope);
            line = comparison.line();
            if (!operators.related(comparand.relation(), left, right)) {
                return false;
            }
            left = right;
        }
        return true;
    }

    /** Calls with {@code extra} named arguments besides those that are written. */
    Value call(Expression.Call call, Map<String, Value> extra, Scope scope) {
        Value function = evaluate(call.function(), scope);
        Arguments written = arguments(call.arguments(), scope);
        line = call.line();
        Map<String, Value> named = new LinkedHashMap<>(written.named());
        named.putAll(extra);
        return switch (function) {
            case Value.Function callable -> {
                budget.enter();
                Value result = callable.body().call(new Arguments(written.positional(), named));
                budget.leave();
                yield result;
            }
            case Value.Undefined undefined -> throw Failure.undefined(undefined);
            default -> throw new Failure("a value of type [%s] cannot be called".formatted(function.type()));
        };
    }

    Value filter(FilterCall filter, Value input, Scope scope) {
        Arguments arguments = arguments(filter.arguments(), scope);
        line = filter.line();
        return filters.apply(filter.name(), input, arguments);
    }

    private Arguments arguments(ArgumentList written, Scope scope) {
        List<Value> positional = new ArrayList<>(evaluate(written.positional(), scope));
        Map<String, Value> named = new LinkedHashMap<>();
        written.named().forEach((name, expression) -> named.put(name, evaluate(expression, scope)));
        if (written.spread() != null) {
            positional.addAll(evaluate(written.spread(), scope).iterated());
        }
        if (written.spreadNamed() != null) {
            spreadNamed(evaluate(written.spreadNamed(), scope), named);
        }
        return new Arguments(Collections.unmodifiableList(positional), named);
    }

    private static void spreadNamed(Value value, Map<String, Value> named) {
        if (!(value instanceof Value.Mapping map)) {
            throw new Failure("[**] needs a mapping, not [%s]".formatted(value.type()));
        }
        map.entries().forEach((key, entry) -> {
            if (!(key instanceof Value.Text name) || named.put(name.value(), entry) != null) {
                throw new Failure("[**] needs distinct strings as keys");
            }
        });
    }
}
