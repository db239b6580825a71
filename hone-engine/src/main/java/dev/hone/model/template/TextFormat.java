package dev.hone.model.template;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.math.RoundingMode;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Python's {@code str.format} for what templates use: {@code {}}, {@code {0}}, {@code {name}}, {@code !r}, {@code !s}, and
 * in the specification fill, alignment, sign, zero, width, precision and the types {@code s d f x}.
 */
final class TextFormat {
    private static final Pattern FIELD = Pattern.compile("(\\w*)(?:!([rs]))?(?::(.*))?", Pattern.DOTALL);
    private static final Pattern SPECIFICATION =
            Pattern.compile("(?:(.)?([<>^]))?([+-])?(0)?(\\d{1,9})?(?:\\.(\\d{1,9}))?([sdfx])?", Pattern.DOTALL);

    private final Budget budget;

    TextFormat(Budget budget) {
        this.budget = budget;
    }

    String format(String pattern, Arguments arguments) {
        Output output = budget.output();
        int automatic = 0;
        int at = 0;
        while (at < pattern.length()) {
            int brace = nextBrace(pattern, at);
            output.append(pattern.substring(at, brace));
            if (brace == pattern.length()) {
                break;
            }
            char c = pattern.charAt(brace);
            if (brace + 1 < pattern.length() && pattern.charAt(brace + 1) == c) {
                output.append(String.valueOf(c));
                at = brace + 2;
                continue;
            }
            int end = c == '{' ? pattern.indexOf('}', brace) : -1;
            if (end < 0) {
                throw new Failure("[format] meets a single [%s]".formatted(c));
            }
            Matcher field = FIELD.matcher(pattern.substring(brace + 1, end));
            if (!field.matches()) {
                throw Failure.unsupported("the format field [%s]".formatted(pattern.substring(brace, end + 1)));
            }
            String name = field.group(1);
            Value value = name.isEmpty()
                    ? positional(arguments, automatic++)
                    : name.chars().allMatch(Character::isDigit)
                            ? positional(arguments, name.length() > 6 ? Integer.MAX_VALUE : Integer.parseInt(name))
                            : named(arguments, name);
            output.append(formatted(value, field.group(2), field.group(3)));
            at = end + 1;
        }
        return output.toString();
    }

    private static int nextBrace(String pattern, int from) {
        int at = from;
        while (at < pattern.length() && pattern.charAt(at) != '{' && pattern.charAt(at) != '}') {
            at++;
        }
        return at;
    }

    private static Value positional(Arguments arguments, int index) {
        if (index >= arguments.positional().size()) {
            throw new Failure("[format] has no argument [%d]".formatted(index));
        }
        return arguments.positional().get(index);
    }

    private static Value named(Arguments arguments, String name) {
        Value value = arguments.named().get(name);
        if (value == null) {
            throw new Failure("[format] has no argument [%s]".formatted(name));
        }
        return value;
    }

    @SuppressWarnings("NullAway") // a group that did not take part is null, and is tested for that
    private String formatted(Value original, String conversion, String specification) {
        Value value = conversion == null
                ? original
                : new Value.Text(
                        conversion.equals("r") ? PythonText.repr(original, budget) : PythonText.str(original, budget));
        if (specification == null || specification.isEmpty()) {
            return PythonText.str(value, budget);
        }
        Matcher parts = SPECIFICATION.matcher(specification);
        if (!parts.matches()) {
            throw Failure.unsupported("the format specification [%s]".formatted(specification));
        }
        boolean number = Operators.real(value) != null;
        String body = body(value, parts);
        String sign = number && !body.startsWith("-") && "+".equals(parts.group(3)) ? "+" : "";
        int width = parts.group(5) == null ? 0 : Integer.parseInt(parts.group(5));
        int missing = width - PythonText.length(body) - sign.length();
        budget.admit(width);
        if (missing <= 0) {
            return sign + body;
        }
        boolean zero = parts.group(4) != null && parts.group(2) == null && number;
        if (zero) {
            String minus = body.startsWith("-") ? "-" : "";
            return sign + minus + "0".repeat(missing) + body.substring(minus.length());
        }
        String fill = parts.group(1) == null ? " " : parts.group(1);
        String align = parts.group(2) == null ? (number ? ">" : "<") : parts.group(2);
        int left = align.equals("<") ? 0 : align.equals(">") ? missing : missing / 2;
        return fill.repeat(left) + sign + body + fill.repeat(missing - left);
    }

    private String body(Value value, Matcher parts) {
        String type = parts.group(7) == null ? "" : parts.group(7);
        int precision = parts.group(6) == null ? -1 : Integer.parseInt(parts.group(6));
        BigInteger integer = Operators.integer(value);
        if (type.equals("d") && integer != null) {
            return integer.toString();
        }
        if (type.equals("x") && integer != null) {
            return integer.toString(16);
        }
        if (type.equals("f") && Operators.real(value) instanceof Double real && Double.isFinite(real)) {
            budget.admit(precision);
            return new BigDecimal(real)
                    .setScale(precision < 0 ? 6 : precision, RoundingMode.HALF_EVEN)
                    .toPlainString();
        }
        if (value instanceof Value.Text text && (type.isEmpty() || type.equals("s"))) {
            boolean cut = precision >= 0 && precision < PythonText.length(text.value());
            return cut ? text.value().substring(0, text.value().offsetByCodePoints(0, precision)) : text.value();
        }
        if (type.isEmpty() && precision < 0) {
            return PythonText.str(value, budget);
        }
        throw Failure.unsupported(
                "the format type [%s] with precision [%d] for [%s]".formatted(type, precision, value.type()));
    }
}
