package dev.hone.model.template;

import java.math.BigDecimal;
import java.math.MathContext;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;

/** Values as Python writes them ({@code str}, {@code repr}), and what Python counts as white space. */
final class PythonText {
    private PythonText() {}

    /** Whether {@code str.isspace} holds. */
    static boolean isSpace(char c) {
        return (c >= '\t' && c <= '\r')
                || (c >= 0x1c && c <= ' ')
                || c == 0x85
                || c == 0xa0
                || c == 0x1680
                || (c >= 0x2000 && c <= 0x200a)
                || c == 0x2028
                || c == 0x2029
                || c == 0x202f
                || c == 0x205f
                || c == 0x3000;
    }

    static boolean isBlank(String text) {
        return text.chars().allMatch(c -> isSpace((char) c));
    }

    static String stripStart(String text) {
        int start = 0;
        while (start < text.length() && isSpace(text.charAt(start))) {
            start++;
        }
        return text.substring(start);
    }

    static String stripEnd(String text) {
        int end = text.length();
        while (end > 0 && isSpace(text.charAt(end - 1))) {
            end--;
        }
        return text.substring(0, end);
    }

    /** Each code point as a text of its own: what Python iterates over. */
    static List<Value> characters(String text) {
        List<Value> characters = new ArrayList<>(text.length());
        text.codePoints().forEach(c -> characters.add(new Value.Text(Character.toString(c))));
        return Collections.unmodifiableList(characters);
    }

    /** Number of code points. */
    static int length(String text) {
        return text.codePointCount(0, text.length());
    }

    /** {@code str(value)}. */
    static String str(Value value, Budget budget) {
        return switch (value) {
            case Value.Text text -> text.value();
            case Value.Undefined ignored -> "";
            default -> repr(value, budget);
        };
    }

    /** {@code repr(value)}. */
    static String repr(Value value, Budget budget) {
        Output output = budget.output();
        write(value, output, budget);
        return output.toString();
    }

    private static void write(Value value, Output output, Budget budget) {
        budget.enter();
        switch (value) {
            case Value.None ignored -> output.append("None");
            case Value.Bool bool -> output.append(bool.value() ? "True" : "False");
            case Value.Int integer -> output.append(integer.value().toString());
            case Value.Real real -> output.append(real(real.value()));
            case Value.Text text -> output.append(quoted(text.value()));
            case Value.Undefined ignored -> output.append("Undefined");
            case Value.Listing list -> writeItems("[", list.items(), "]", output, budget);
            case Value.Tuple tuple ->
                writeItems("(", tuple.items(), tuple.items().size() == 1 ? ",)" : ")", output, budget);
            case Value.View view -> writeItems(view.kind() + "([", view.items(), "])", output, budget);
            case Value.Mapping map -> {
                String separator = "{";
                for (var entry : map.entries().entrySet()) {
                    output.append(separator);
                    write(entry.getKey(), output, budget);
                    output.append(": ");
                    write(entry.getValue(), output, budget);
                    separator = ", ";
                }
                output.append(map.entries().isEmpty() ? "{}" : "}");
            }
            case Value.Namespace ignored -> throw Failure.unsupported("printing a namespace");
            case Value.Function function ->
                throw Failure.unsupported("printing the function [%s]".formatted(function.name()));
            case Value.Stream ignored -> throw Failure.unsupported("printing a generator (add [|list])");
            case Value.Loop ignored -> throw Failure.unsupported("printing [loop]");
        }
        budget.leave();
    }

    private static void writeItems(String begin, List<Value> items, String end, Output output, Budget budget) {
        output.append(begin);
        for (int i = 0; i < items.size(); i++) {
            output.append(i == 0 ? "" : ", ");
            write(items.get(i), output, budget);
        }
        output.append(end);
    }

    /** {@code repr(float)}: the shortest digits that read back, with an exponent below 1e-4 and from 1e16 on. */
    static String real(double value) {
        if (Double.isNaN(value)) {
            return "nan";
        }
        if (Double.isInfinite(value)) {
            return value > 0 ? "inf" : "-inf";
        }
        if (value == 0) {
            return 1 / value < 0 ? "-0.0" : "0.0";
        }
        BigDecimal shortest = shortest(value);
        String digits = shortest.unscaledValue().abs().toString();
        int exponent = digits.length() - 1 - shortest.scale();
        String sign = value < 0 ? "-" : "";
        if (exponent >= -4 && exponent < 16) {
            String plain = shortest.abs().toPlainString();
            return sign + (plain.contains(".") ? plain : plain + ".0");
        }
        String fraction = digits.length() > 1 ? "." + digits.substring(1) : "";
        return "%s%c%se%s%02d"
                .formatted(sign, digits.charAt(0), fraction, exponent < 0 ? "-" : "+", Math.abs(exponent));
    }

    private static BigDecimal shortest(double value) {
        BigDecimal decimal = new BigDecimal(Double.toString(value)).stripTrailingZeros();
        if (decimal.precision() == 2) {
            BigDecimal oneDigit = decimal.round(new MathContext(1));
            if (oneDigit.doubleValue() == value) {
                return oneDigit.stripTrailingZeros();
            }
        }
        return decimal;
    }

    /** {@code repr(str)}. */
    static String quoted(String text) {
        char quote = text.indexOf('\'') >= 0 && text.indexOf('"') < 0 ? '"' : '\'';
        StringBuilder quoted = new StringBuilder(text.length() + 2).append(quote);
        text.codePoints().forEach(c -> {
            switch (c) {
                case '\n' -> quoted.append("\\n");
                case '\r' -> quoted.append("\\r");
                case '\t' -> quoted.append("\\t");
                case '\\' -> quoted.append("\\\\");
                default -> {
                    if (c == quote) {
                        quoted.append('\\').append(quote);
                    } else if (isPrintable(c)) {
                        quoted.appendCodePoint(c);
                    } else {
                        String form = c < 0x100 ? "\\x%02x" : c < 0x10000 ? "\\u%04x" : "\\U%08x";
                        quoted.append(String.format(Locale.ROOT, form, c));
                    }
                }
            }
        });
        return quoted.append(quote).toString();
    }

    /** Text that is safe in HTML: markup itself, anything else escaped. */
    static String escaped(Value.Text text) {
        if (text.markup()) {
            return text.value();
        }
        return text.value()
                .replace("&", "&amp;")
                .replace(">", "&gt;")
                .replace("<", "&lt;")
                .replace("'", "&#39;")
                .replace("\"", "&#34;");
    }

    private static boolean isPrintable(int codePoint) {
        return switch (Character.getType(codePoint)) {
            case Character.CONTROL,
                    Character.FORMAT,
                    Character.SURROGATE,
                    Character.PRIVATE_USE,
                    Character.UNASSIGNED,
                    Character.LINE_SEPARATOR,
                    Character.PARAGRAPH_SEPARATOR -> false;
            case Character.SPACE_SEPARATOR -> codePoint == ' ';
            default -> true;
        };
    }
}
