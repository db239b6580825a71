package dev.hone.model.template;

import dev.hone.model.template.Expression.Relation;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.math.RoundingMode;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** What stands behind {@code |} and works on one value; {@link SequenceFilters} has those that work on many. */
final class Filters {
    private static final Pattern WORD_BEGIN =
            Pattern.compile("(?U)(?<=[-\\s({\\[<])(?=[^-\\s({\\[<])|(?<=[^-\\s({\\[<])(?=[-\\s({\\[<])");

    private static final Pattern WORD = Pattern.compile("(?U)\\w+");

    private final Budget budget;
    private final Operators operators;
    private final SequenceFilters sequences;

    Filters(Budget budget, Operators operators, Members members, Tests tests) {
        this.budget = budget;
        this.operators = operators;
        this.sequences = new SequenceFilters(budget, operators, members, tests, this);
    }

    Value apply(String name, Value value, Arguments arguments) {
        return switch (name) {
            case "tojson" -> new Value.Text(JsonText.of(value, arguments, budget));
            case "trim" ->
                new Value.Text(TextMethods.strip(
                        text(value), arguments.bind(name, "chars").textOrNull("chars"), true, true));
            case "string" -> bare(name, arguments, asText(value));
            case "safe" -> bare(name, arguments, new Value.Text(text(value), true));
            case "upper" -> bare(name, arguments, new Value.Text(text(value).toUpperCase(Locale.ROOT)));
            case "lower" -> bare(name, arguments, new Value.Text(text(value).toLowerCase(Locale.ROOT)));
            case "capitalize" -> bare(name, arguments, new Value.Text(TextMethods.capitalized(text(value))));
            case "title" -> bare(name, arguments, new Value.Text(titled(text(value))));
            case "escape", "e" -> bare(name, arguments, new Value.Text(PythonText.escaped(asText(value)), true));
            case "default", "d" -> {
                var bound = arguments.bind(name, "default_value", "boolean");
                boolean missing = value instanceof Value.Undefined || (bound.flag("boolean") && !value.truth());
                yield missing ? bound.get("default_value", new Value.Text("")) : value;
            }
            case "replace" -> {
                var bound = arguments.bind(name, "old", "new", "count");
                yield new Value.Text(TextMethods.replace(
                        text(value),
                        text(bound.get("old")),
                        text(bound.get("new")),
                        bound.integer("count", -1),
                        budget));
            }
            case "indent" -> new Value.Text(indented(value, arguments.bind(name, "width", "first", "blank")));
            case "int" -> integer(value, arguments.bind(name, "default", "base"));
            case "float" -> real(value, arguments.bind(name, "default"));
            case "round" -> round(value, arguments.bind(name, "precision", "method"));
            case "abs" ->
                bare(
                        name,
                        arguments,
                        operators.compare(Relation.LESS, value, Value.Int.of(0)) < 0
                                ? operators.signed(true, value)
                                : operators.signed(false, value));
            case "attr" ->
                sequences.attribute(value, arguments.bind(name, "name").text("name"));
            case "wordcount" ->
                bare(
                        name,
                        arguments,
                        Value.Int.of(WORD.matcher(text(value)).results().count()));
            default -> {
                Value result = sequences.apply(name, value, arguments);
                if (result == null) {
                    throw new Failure("there is no filter named [%s], or it is not supported here".formatted(name));
                }
                yield result;
            }
        };
    }

    private static Value bare(String name, Arguments arguments, Value result) {
        arguments.bind(name);
        return result;
    }

    private String text(Value value) {
        String text = PythonText.str(value, budget);
        budget.spendOn(text.length());
        return text;
    }

    private Value.Text asText(Value value) {
        return value instanceof Value.Text text ? text : new Value.Text(text(value));
    }

    private static String titled(String text) {
        StringBuilder titled = new StringBuilder(text.length());
        for (String word : WORD_BEGIN.split(text)) {
            titled.append(word.isEmpty() ? "" : word.substring(0, 1).toUpperCase(Locale.ROOT));
            titled.append(word.isEmpty() ? "" : word.substring(1).toLowerCase(Locale.ROOT));
        }
        return titled.toString();
    }

    private String indented(Value value, Arguments.Bound bound) {
        if (!(value instanceof Value.Text text)) {
            throw new Failure("[indent] needs a string, not [%s]".formatted(value.type()));
        }
        Value width = bound.get("width", Value.Int.of(4));
        String indentation = width instanceof Value.Text prefix ? prefix.value() : spaces(width);
        List<String> lines = TextMethods.lines(text.value() + "\n", false);
        Output output = budget.output();
        for (int i = 0; i < lines.size(); i++) {
            boolean indented = i == 0
                    ? bound.flag("first")
                    : bound.flag("blank") || !lines.get(i).isEmpty();
            output.append(i == 0 ? "" : "\n")
                    .append(indented ? indentation : "")
                    .append(lines.get(i));
        }
        return output.toString();
    }

    private String spaces(Value width) {
        int count = Math.max(0, Operators.index(width, "[indent]'s argument [width]"));
        budget.admit(count);
        return " ".repeat(count);
    }

    private static Value integer(Value value, Arguments.Bound bound) {
        Value fallback = bound.get("default", Value.Int.of(0));
        int base = bound.integer("base", 10);
        if (value instanceof Value.Undefined undefined) {
            throw Failure.undefined(undefined);
        }
        if (Operators.integer(value) instanceof BigInteger integer) {
            return new Value.Int(integer);
        }
        if (value instanceof Value.Text text && parsed(text.value(), base) instanceof BigInteger integer) {
            return new Value.Int(integer);
        }
        Double real = asReal(value);
        return real == null || !Double.isFinite(real) ? fallback : new Value.Int(new BigDecimal(real).toBigInteger());
    }

    private static @Nullable BigInteger parsed(String text, int base) {
        String digits = PythonText.stripEnd(PythonText.stripStart(text));
        String prefix = base == 16 ? "0x" : base == 8 ? "0o" : base == 2 ? "0b" : "";
        if (!prefix.isEmpty() && digits.toLowerCase(Locale.ROOT).startsWith(prefix)) {
            digits = digits.substring(2);
        }
        if (digits.length() > 1000 || base < 2 || base > 36) {
            return null;
        }
        try {
            return new BigInteger(digits.replaceAll("(?<=\\w)_(?=\\w)", ""), base);
        } catch (NumberFormatException e) {
            return null;
        }
    }

    private static Value real(Value value, Arguments.Bound bound) {
        if (value instanceof Value.Undefined undefined) {
            throw Failure.undefined(undefined);
        }
        Double real = asReal(value);
        return real == null ? bound.get("default", new Value.Real(0)) : new Value.Real(real);
    }

    private static @Nullable Double asReal(Value value) {
        if (!(value instanceof Value.Text text)) {
            return Operators.real(value);
        }
        String digits = PythonText.stripEnd(PythonText.stripStart(text.value())).toLowerCase(Locale.ROOT);
        return switch (digits) {
            case "inf", "+inf", "infinity", "+infinity" -> Double.POSITIVE_INFINITY;
            case "-inf", "-infinity" -> Double.NEGATIVE_INFINITY;
            case "nan", "+nan", "-nan" -> Double.NaN;
            default ->
                digits.matches("[+-]?(\\d+\\.?\\d*|\\.\\d+)(e[+-]?\\d+)?") ? (Double) Double.parseDouble(digits) : null;
        };
    }

    private static Value round(Value value, Arguments.Bound bound) {
        int precision = bound.integer("precision", 0);
        String method = bound.optional("method") == null ? "common" : bound.text("method");
        Double real = Operators.real(value);
        if (real == null || Math.abs((long) precision) > 400) {
            throw new Failure("[round] needs a number, not [%s], and a precision within 400".formatted(value.type()));
        }
        if (method.equals("common")) {
            if (Operators.integer(value) instanceof BigInteger integer) {
                return new Value.Int(
                        precision >= 0
                                ? integer
                                : rounded(new BigDecimal(integer), precision).toBigInteger());
            }
            return Double.isFinite(real)
                    ? new Value.Real(rounded(new BigDecimal(real), precision).doubleValue() + (real < 0 ? -0.0 : 0.0))
                    : value;
        }
        double scale = Math.pow(10, precision);
        return switch (method) {
            case "ceil" -> new Value.Real(Math.ceil(real * scale) / scale);
            case "floor" -> new Value.Real(Math.floor(real * scale) / scale);
            default ->
                throw new Failure("[round] knows the methods common, ceil and floor, not [%s]".formatted(method));
        };
    }

    private static BigDecimal rounded(BigDecimal exact, int precision) {
        return exact.setScale(precision, RoundingMode.HALF_EVEN);
    }
}
