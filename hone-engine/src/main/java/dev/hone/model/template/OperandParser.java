package dev.hone.model.template;

import dev.hone.model.template.Expression.ArgumentList;
import dev.hone.model.template.Expression.Entry;
import dev.hone.model.template.Expression.FilterCall;
import dev.hone.model.template.Token.Kind;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The operands of Jinja's expressions: literals and names with all that follows them up to the next operator. */
final class OperandParser {
    private static final Set<String> NO_TEST_ARGUMENT = Set.of("else", "or", "and", "is");

    private final TokenStream tokens;
    private final ExpressionParser expressions;
    private Set<String> names = new HashSet<>();

    OperandParser(TokenStream tokens, ExpressionParser expressions) {
        this.tokens = tokens;
        this.expressions = expressions;
    }

    /** Begins to collect the names that expressions speak of; returns those collected around. */
    Set<String> startNames() {
        Set<String> around = names;
        names = new HashSet<>();
        return around;
    }

    /** The names since {@link #startNames}; {@code around} goes on. */
    Set<String> endNames(Set<String> around) {
        Set<String> inside = names;
        names = around;
        names.addAll(inside);
        return inside;
    }

    /** A signed operand with its members, calls, filters and tests. */
    Expression operand() {
        return unary(true);
    }

    private Expression unary(boolean filtered) {
        int line = line();
        Expression operand;
        if (tokens.current().isOperator("-") || tokens.current().isOperator("+")) {
            tokens.enter();
            boolean negative = tokens.take().isOperator("-");
            operand = new Expression.Signed(negative, unary(false), line);
            tokens.leave();
        } else {
            operand = primary();
        }
        operand = postfix(operand);
        return filtered ? filtered(operand) : operand;
    }

    private Expression primary() {
        Token token = tokens.take();
        int line = token.line();
        return switch (token.kind()) {
            case NAME ->
                switch (token.text()) {
                    case "true", "True" -> new Expression.Literal(Value.Bool.TRUE, line);
                    case "false", "False" -> new Expression.Literal(Value.Bool.FALSE, line);
                    case "none", "None" -> new Expression.Literal(Value.NONE, line);
                    default -> {
                        names.add(token.text());
                        yield new Expression.Name(token.text(), line);
                    }
                };
            case STRING -> {
                StringBuilder text = new StringBuilder(token.text());
                while (tokens.current().kind() == Kind.STRING) {
                    text.append(tokens.take().text());
                }
                yield new Expression.Literal(new Value.Text(text.toString()), line);
            }
            case INTEGER -> new Expression.Literal(integer(token), line);
            case FLOAT -> new Expression.Literal(new Value.Real(Double.parseDouble(token.text())), line);
            case OPERATOR ->
                switch (token.text()) {
                    case "(" -> parenthesised(line);
                    case "[" -> new Expression.ListOf(items("]"), line);
                    case "{" -> map(line);
                    default -> throw unexpected(token);
                };
            case DATA, VARIABLE_BEGIN, VARIABLE_END, BLOCK_BEGIN, BLOCK_END, END -> throw unexpected(token);
        };
    }

    private static TemplateException unexpected(Token token) {
        return new TemplateException(token.line(), "unexpected [%s]".formatted(token.shown()));
    }

    private static Value integer(Token token) {
        String text = token.text();
        int radix = switch (text.length() > 1 ? Character.toLowerCase(text.charAt(1)) : ' ') {
            case 'x' -> 16;
            case 'o' -> 8;
            case 'b' -> 2;
            default -> 10;
        };
        String digits = radix == 10 ? text : text.substring(2);
        if (digits.isEmpty() || digits.length() > 1000) {
            throw unexpected(token);
        }
        return new Value.Int(new BigInteger(digits, radix));
    }

    private Expression parenthesised(int line) {
        if (tokens.skipOperator(")")) {
            return new Expression.TupleOf(List.of(), line);
        }
        Expression inside = expressions.tuple(true);
        tokens.expectOperator(")");
        return inside;
    }

    private List<Expression> items(String end) {
        List<Expression> items = new ArrayList<>();
        while (!tokens.skipOperator(end)) {
            items.add(expressions.expression());
            if (!tokens.current().isOperator(end)) {
                tokens.expectOperator(",");
            }
        }
        return items;
    }

    private Expression map(int line) {
        List<Entry> entries = new ArrayList<>();
        while (!tokens.skipOperator("}")) {
            Expression key = expressions.expression();
            tokens.expectOperator(":");
            entries.add(new Entry(key, expressions.expression()));
            if (!tokens.current().isOperator("}")) {
                tokens.expectOperator(",");
            }
        }
        return new Expression.MapOf(entries, line);
    }

    private Expression postfix(Expression operand) {
        Expression result = operand;
        while (true) {
            int line = line();
            if (tokens.skipOperator(".")) {
                result = member(result, line);
            } else if (tokens.skipOperator("[")) {
                result = subscript(result, line);
            } else if (tokens.current().isOperator("(")) {
                result = new Expression.Call(result, arguments(), line);
            } else {
                return result;
            }
        }
    }

    private Expression member(Expression target, int line) {
        Token name = tokens.take();
        return switch (name.kind()) {
            case NAME -> new Expression.Attribute(target, name.text(), line);
            case INTEGER -> new Expression.Item(target, new Expression.Literal(integer(name), line), line);
            case DATA, VARIABLE_BEGIN, VARIABLE_END, BLOCK_BEGIN, BLOCK_END, STRING, FLOAT, OPERATOR, END ->
                throw unexpected(name);
        };
    }

    private Expression subscript(Expression target, int line) {
        Expression start = tokens.current().isOperator(":") ? null : expressions.expression();
        if (start != null && !tokens.current().isOperator(":")) {
            tokens.expectOperator("]");
            return new Expression.Item(target, start, line);
        }
        tokens.expectOperator(":");
        Expression stop = sliceBound();
        Expression step = tokens.skipOperator(":") ? sliceBound() : null;
        tokens.expectOperator("]");
        return new Expression.Slice(target, start, stop, step, line);
    }

    private @Nullable Expression sliceBound() {
        return tokens.current().isOperator(":") || tokens.current().isOperator("]") ? null : expressions.expression();
    }

    private Expression filtered(Expression operand) {
        Expression result = operand;
        while (true) {
            int line = line();
            if (tokens.current().isOperator("|")) {
                FilterCall filter = filter();
                result = new Expression.Filtered(result, filter, filter.line());
            } else if (tokens.skipName("is")) {
                result = test(result, line);
            } else if (tokens.current().isOperator("(")) {
                result = new Expression.Call(result, arguments(), line);
            } else {
                return result;
            }
        }
    }

    /** Filters written after one another, each with its bar. */
    List<FilterCall> filters() {
        List<FilterCall> filters = new ArrayList<>();
        while (tokens.current().isOperator("|")) {
            filters.add(filter());
        }
        return filters;
    }

    private FilterCall filter() {
        tokens.expectOperator("|");
        return namedFilter();
    }

    /** A filter without its bar. */
    FilterCall namedFilter() {
        Token name = tokens.expect(Kind.NAME, "a filter's name");
        ArgumentList arguments = tokens.current().isOperator("(") ? arguments() : ArgumentList.NONE;
        return new FilterCall(name.text(), arguments, name.line());
    }

    private Expression test(Expression input, int line) {
        boolean negated = tokens.skipName("not");
        String name = tokens.expect(Kind.NAME, "a test's name").text();
        ArgumentList arguments = ArgumentList.NONE;
        if (tokens.current().isOperator("(")) {
            arguments = arguments();
        } else if (tokens.current().isName("is")) {
            throw tokens.failure("tests cannot be chained with [is]");
        } else if (startsTestArgument()) {
            arguments = new ArgumentList(List.of(postfix(primary())), Map.of(), null, null);
        }
        Expression tested = new Expression.Tested(input, name, arguments, line);
        return negated ? new Expression.Not(tested, line) : tested;
    }

    private boolean startsTestArgument() {
        return switch (tokens.current().kind()) {
            case NAME -> !NO_TEST_ARGUMENT.contains(tokens.current().text());
            case STRING, INTEGER, FLOAT -> true;
            case OPERATOR ->
                tokens.current().isOperator("[") || tokens.current().isOperator("{");
            case DATA, VARIABLE_BEGIN, VARIABLE_END, BLOCK_BEGIN, BLOCK_END, END -> false;
        };
    }

    private ArgumentList arguments() {
        tokens.expectOperator("(");
        List<Expression> positional = new ArrayList<>();
        Map<String, Expression> named = new LinkedHashMap<>();
        Expression spread = null;
        Expression spreadNamed = null;
        while (!tokens.skipOperator(")")) {
            if (spreadNamed == null && tokens.skipOperator("**")) {
                spreadNamed = expressions.expression();
            } else if (spread == null && spreadNamed == null && tokens.skipOperator("*")) {
                spread = expressions.expression();
            } else if (tokens.current().kind() == Kind.NAME
                    && tokens.following().isOperator("=")
                    && spreadNamed == null) {
                String name = tokens.take().text();
                tokens.take();
                if (named.put(name, expressions.expression()) != null) {
                    throw tokens.failure("argument [%s] is given twice".formatted(name));
                }
            } else if (named.isEmpty() && spread == null && spreadNamed == null) {
                positional.add(expressions.expression());
            } else {
                throw tokens.failure("a positional argument follows a named one");
            }
            if (!tokens.current().isOperator(")")) {
                tokens.expectOperator(",");
            }
        }
        return new ArgumentList(positional, named, spread, spreadNamed);
    }

    private int line() {
        return tokens.current().line();
    }
}
