package dev.hone.model.template;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What stands for a value. Made by {@link ExpressionParser}, consumed by {@link Expressions}. */
sealed interface Expression {
    /** Line of the template, from 1. */
    int line();

    record Literal(Value value, int line) implements Expression {}

    record Name(String name, int line) implements Expression {}

    record ListOf(List<Expression> items, int line) implements Expression {}

    record TupleOf(List<Expression> items, int line) implements Expression {}

    record MapOf(List<Entry> entries, int line) implements Expression {}

    record Entry(Expression key, Expression value) {}

    record Attribute(Expression target, String name, int line) implements Expression {}

    record Item(Expression target, Expression key, int line) implements Expression {}

    record Slice(
            Expression target,
            @Nullable Expression start,
            @Nullable Expression stop,
            @Nullable Expression step,
            int line)
            implements Expression {}

    record Call(Expression function, ArgumentList arguments, int line) implements Expression {}

    record Filtered(Expression input, FilterCall filter, int line) implements Expression {}

    record Tested(Expression input, String test, ArgumentList arguments, int line) implements Expression {}

    record Not(Expression operand, int line) implements Expression {}

    record Signed(boolean negative, Expression operand, int line) implements Expression {}

    record And(Expression left, Expression right, int line) implements Expression {}

    record Or(Expression left, Expression right, int line) implements Expression {}

    record Conditional(
            Expression test, Expression then, @Nullable Expression otherwise, int line) implements Expression {}

    record Concatenation(List<Expression> parts, int line) implements Expression {}

    record Arithmetic(Operator operator, Expression left, Expression right, int line) implements Expression {}

    record Comparison(Expression first, List<Comparand> rest, int line) implements Expression {}

    record Comparand(Relation relation, Expression operand) {}

    record FilterCall(String name, ArgumentList arguments, int line) {}

    /** Arguments as written; {@code spread} is {@code *values}, {@code spreadNamed} is {@code **values}. */
    record ArgumentList(
            List<Expression> positional,
            Map<String, Expression> named,
            @Nullable Expression spread,
            @Nullable Expression spreadNamed) {
        static final ArgumentList NONE = new ArgumentList(List.of(), Map.of(), null, null);
    }

    enum Operator {
        ADD("+"),
        SUBTRACT("-"),
        MULTIPLY("*"),
        DIVIDE("/"),
        FLOOR_DIVIDE("//"),
        MODULO("%"),
        POWER("**");

        final String sign;

        Operator(String sign) {
            this.sign = sign;
        }
    }

    enum Relation {
        EQUAL("=="),
        NOT_EQUAL("!="),
        LESS("<"),
        LESS_OR_EQUAL("<="),
        GREATER(">"),
        GREATER_OR_EQUAL(">="),
        IN("in"),
        NOT_IN("not in");

        final String sign;

        Relation(String sign) {
            this.sign = sign;
        }
    }
}
