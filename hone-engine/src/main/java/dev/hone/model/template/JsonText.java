package dev.hone.model.template;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Python's {@code json.dumps}, as transformers gives it to templates in place of Jinja's {@code tojson}. */
final class JsonText {
    private final Output output;
    private final Budget budget;
    private final boolean ascii;
    private final boolean sorted;
    private final @Nullable String indent;
    private final String itemSeparator;
    private final String keySeparator;

    private JsonText(Arguments.Bound bound, Budget budget) {
        this.output = budget.output();
        this.budget = budget;
        this.ascii = bound.flag("ensure_ascii");
        this.sorted = bound.flag("sort_keys");
        this.indent = indent(bound.get("indent", Value.NONE), budget);
        Value separators = bound.get("separators", Value.NONE);
        List<Value> pair = separators instanceof Value.None
                ? List.of(new Value.Text(indent == null ? ", " : ","), new Value.Text(": "))
                : separators.iterated();
        if (pair.size() != 2 || !(pair.get(0) instanceof Value.Text item) || !(pair.get(1) instanceof Value.Text key)) {
            throw new Failure("[tojson] needs two strings as [separators]");
        }
        this.itemSeparator = item.value();
        this.keySeparator = key.value();
    }

    static String of(Value value, Arguments arguments, Budget budget) {
        JsonText json =
                new JsonText(arguments.bind("tojson", "ensure_ascii", "indent", "separators", "sort_keys"), budget);
        json.write(value, 1);
        return json.output.toString();
    }

    private static @Nullable String indent(Value value, Budget budget) {
        if (value instanceof Value.None) {
            return null;
        }
        if (value instanceof Value.Text text) {
            return text.value();
        }
        int width = Math.max(0, Operators.index(value, "[tojson]'s argument [indent]"));
        budget.admit(width);
        return " ".repeat(width);
    }

    private void write(Value value, int level) {
        budget.enter();
        switch (value) {
            case Value.None ignored -> output.append("null");
            case Value.Bool bool -> output.append(bool.value() ? "true" : "false");
            case Value.Int integer -> output.append(integer.value().toString());
            case Value.Real real -> output.append(real(real.value()));
            case Value.Text text -> output.append(quoted(text.value()));
            case Value.Listing list -> writeItems(list.items(), level);
            case Value.Tuple tuple -> writeItems(tuple.items(), level);
            case Value.Mapping map -> writeEntries(map, level);
            case Value.Undefined undefined ->
                throw new Failure("[tojson] of nothing: %s".formatted(undefined.reason()));
            case Value.View ignored -> throw refused(value);
            case Value.Stream ignored -> throw refused(value);
            case Value.Namespace ignored -> throw refused(value);
            case Value.Function ignored -> throw refused(value);
            case Value.Loop ignored -> throw refused(value);
        }
        budget.leave();
    }

    private static Failure refused(Value value) {
        return new Failure("[tojson] cannot write a value of type [%s]".formatted(value.type()));
    }

    private void writeItems(List<Value> items, int level) {
        output.append("[");
        for (int i = 0; i < items.size(); i++) {
            output.append(i == 0 ? "" : itemSeparator);
            newLine(level);
            write(items.get(i), level + 1);
        }
        if (!items.isEmpty()) {
            newLine(level - 1);
        }
        output.append("]");
    }

    private void writeEntries(Value.Mapping map, int level) {
        List<Map.Entry<Value, Value>> entries = new ArrayList<>(map.entries().entrySet());
        if (sorted) {
            Operators operators = new Operators(budget);
            entries.sort(Comparator.comparing(
                    Map.Entry::getKey, (a, b) -> operators.compare(Expression.Relation.LESS, a, b)));
        }
        output.append("{");
        for (int i = 0; i < entries.size(); i++) {
            output.append(i == 0 ? "" : itemSeparator);
            newLine(level);
            output.append(quoted(key(entries.get(i).getKey()))).append(keySeparator);
            write(entries.get(i).getValue(), level + 1);
        }
        if (!entries.isEmpty()) {
            newLine(level - 1);
        }
        output.append("}");
    }

    private void newLine(int level) {
        if (indent != null) {
            output.append("\n");
            for (int i = 0; i < level; i++) {
                output.append(indent);
            }
        }
    }

    private static String key(Value key) {
        return switch (key) {
            case Value.Text text -> text.value();
            case Value.None ignored -> "null";
            case Value.Bool bool -> bool.value() ? "true" : "false";
            case Value.Int integer -> integer.value().toString();
            case Value.Real real -> real(real.value());
            default -> throw new Failure("[tojson] cannot write a key of type [%s]".formatted(key.type()));
        };
    }

    private static String real(double value) {
        if (Double.isNaN(value)) {
            return "NaN";
        }
        return Double.isInfinite(value) ? (value > 0 ? "Infinity" : "-Infinity") : PythonText.real(value);
    }

    private String quoted(String text) {
        StringBuilder quoted = new StringBuilder(text.length() + 2).append('"');
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            switch (c) {
                case '"' -> quoted.append("\\\"");
                case '\\' -> quoted.append("\\\\");
                case '\n' -> quoted.append("\\n");
                case '\r' -> quoted.append("\\r");
                case '\t' -> quoted.append("\\t");
                case '\f' -> quoted.append("\\f");
                case '\b' -> quoted.append("\\b");
                default -> {
                    if (c < 0x20 || (ascii && c > 0x7e)) {
                        quoted.append("\\u%04x".formatted((int) c));
                    } else {
                        quoted.append(c);
                    }
                }
            }
        }
        return quoted.append('"').toString();
    }
}
