package dev.hone.model.template;

import dev.hone.model.template.Expression.Comparand;
import dev.hone.model.template.Expression.Operator;
import dev.hone.model.template.Expression.Relation;
import dev.hone.model.template.Token.Kind;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Jinja's expression grammar by recursive descent, with jinja2's own precedences. */
final class ExpressionParser {
    private static final Map<String, Relation> RELATIONS = Map.of(
            "==", Relation.EQUAL,
            "!=", Relation.NOT_EQUAL,
            "<", Relation.LESS,
            "<=", Relation.LESS_OR_EQUAL,
            ">", Relation.GREATER,
            ">=", Relation.GREATER_OR_EQUAL);
    private static final Map<String, Operator> SUMS = Map.of("+", Operator.ADD, "-", Operator.SUBTRACT);
    private static final Map<String, Operator> PRODUCTS = Map.of(
            "*", Operator.MULTIPLY,
            "/", Operator.DIVIDE,
            "//", Operator.FLOOR_DIVIDE,
            "%", Operator.MODULO);

    private final TokenStream tokens;
    private final OperandParser operands;

    ExpressionParser(TokenStream tokens) {
        this.tokens = tokens;
        this.operands = new OperandParser(tokens, this);
    }

    /** What operators stand between; its parser also knows filters and names. */
    OperandParser operands() {
        return operands;
    }

    Expression expression() {
        tokens.enter();
        int line = line();
        Expression result = or();
        while (tokens.skipName("if")) {
            Expression test = or();
            Expression otherwise = tokens.skipName("else") ? expression() : null;
            result = new Expression.Conditional(test, result, otherwise, line);
        }
        tokens.leave();
        return result;
    }

    /** One expression, or several with commas between: a tuple. */
    Expression tuple(boolean conditional) {
        int line = line();
        List<Expression> items = new ArrayList<>();
        boolean tuple = false;
        do {
            if (endsTuple()) {
                break;
            }
            items.add(conditional ? expression() : or());
            tuple |= tokens.current().isOperator(",");
        } while (tokens.skipOperator(","));
        if (items.isEmpty()) {
            throw tokens.failure("expected an expression, got [%s]"
                    .formatted(tokens.current().shown()));
        }
        return tuple ? new Expression.TupleOf(items, line) : items.getFirst();
    }

    private boolean endsTuple() {
        return switch (tokens.current().kind()) {
            case VARIABLE_END, BLOCK_END -> true;
            case OPERATOR -> tokens.current().isOperator(")");
            case DATA, VARIABLE_BEGIN, BLOCK_BEGIN, NAME, STRING, INTEGER, FLOAT, END -> false;
        };
    }

    private Expression or() {
        int line = line();
        Expression left = and();
        while (tokens.skipName("or")) {
            left = new Expression.Or(left, and(), line);
        }
        return left;
    }

    private Expression and() {
        int line = line();
        Expression left = not();
        while (tokens.skipName("and")) {
            left = new Expression.And(left, not(), line);
        }
        return left;
    }

    private Expression not() {
        int line = line();
        if (!tokens.skipName("not")) {
            return comparison();
        }
        tokens.enter();
        Expression operand = not();
        tokens.leave();
        return new Expression.Not(operand, line);
    }

    private Expression comparison() {
        int line = line();
        Expression first = sum();
        List<Comparand> rest = new ArrayList<>();
        for (Relation relation = relation(); relation != null; relation = relation()) {
            rest.add(new Comparand(relation, sum()));
        }
        return rest.isEmpty() ? first : new Expression.Comparison(first, rest, line);
    }

    private @Nullable Relation relation() {
        if (tokens.skipName("in")) {
            return Relation.IN;
        }
        if (tokens.current().isName("not") && tokens.following().isName("in")) {
            tokens.take();
            tokens.take();
            return Relation.NOT_IN;
        }
        Relation relation = tokens.current().kind() == Kind.OPERATOR
                ? RELATIONS.get(tokens.current().text())
                : null;
        if (relation != null) {
            tokens.take();
        }
        return relation;
    }

    private Expression sum() {
        int line = line();
        Expression left = concatenation();
        for (Operator operator = operator(SUMS); operator != null; operator = operator(SUMS)) {
            left = new Expression.Arithmetic(operator, left, concatenation(), line);
        }
        return left;
    }

    private Expression concatenation() {
        int line = line();
        List<Expression> parts = new ArrayList<>();
        do {
            parts.add(product());
        } while (tokens.skipOperator("~"));
        return parts.size() == 1 ? parts.getFirst() : new Expression.Concatenation(parts, line);
    }

    private Expression product() {
        int line = line();
        Expression left = power();
        for (Operator operator = operator(PRODUCTS); operator != null; operator = operator(PRODUCTS)) {
            left = new Expression.Arithmetic(operator, left, power(), line);
        }
        return left;
    }

    private Expression power() {
        int line = line();
        Expression left = operands.operand();
        while (tokens.skipOperator("**")) {
            left = new Expression.Arithmetic(Operator.POWER, left, operands.operand(), line);
        }
        return left;
    }

    private @Nullable Operator operator(Map<String, Operator> operators) {
        Operator operator = tokens.current().kind() == Kind.OPERATOR
                ? operators.get(tokens.current().text())
                : null;
        if (operator != null) {
            tokens.take();
        }
        return operator;
    }

    private int line() {
        return tokens.current().line();
    }
}
