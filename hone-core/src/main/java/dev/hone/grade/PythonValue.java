package dev.hone.grade;

import java.util.Locale;
import java.util.Map;
import java.util.regex.Pattern;
import tools.jackson.databind.JsonNode;

/** JSON values as Python's {@code json} module reads them, with Python's types and equality. */
final class PythonValue {
    private static final Pattern IGNORED = Pattern.compile("[ ,./\\-_*^]");

    private PythonValue() {}

    /** Python's type of a value. */
    enum Type {
        STRING,
        INTEGER,
        FLOAT,
        BOOLEAN,
        LIST,
        DICT,
        NONE
    }

    static Type type(JsonNode value) {
        return switch (value.getNodeType()) {
            case STRING -> Type.STRING;
            case NUMBER -> value.isIntegralNumber() ? Type.INTEGER : Type.FLOAT;
            case BOOLEAN -> Type.BOOLEAN;
            case ARRAY -> Type.LIST;
            case OBJECT -> Type.DICT;
            case NULL -> Type.NONE;
            case BINARY, MISSING, POJO -> throw new IllegalArgumentException("No JSON value: " + value.getNodeType());
        };
    }

    /** {@code a == b}: numbers by value, whatever their type; {@code True == 1}. */
    static boolean equal(JsonNode a, JsonNode b) {
        if (isNumber(a) && isNumber(b)) {
            if (a.isIntegralNumber() && b.isIntegralNumber()) {
                return a.bigIntegerValue().equals(b.bigIntegerValue());
            }
            return number(a) == number(b);
        }
        Type type = type(a);
        if (type != type(b)) {
            return false;
        }
        return switch (type) {
            case STRING -> a.stringValue().equals(b.stringValue());
            case LIST -> equalLists(a, b);
            case DICT -> equalDicts(a, b);
            case NONE -> true;
            case INTEGER, FLOAT, BOOLEAN -> throw new AssertionError("numbers were compared above");
        };
    }

    private static boolean equalLists(JsonNode a, JsonNode b) {
        if (a.size() != b.size()) {
            return false;
        }
        for (int i = 0; i < a.size(); i++) {
            if (!equal(a.get(i), b.get(i))) {
                return false;
            }
        }
        return true;
    }

    private static boolean equalDicts(JsonNode a, JsonNode b) {
        if (a.size() != b.size()) {
            return false;
        }
        for (Map.Entry<String, JsonNode> entry : a.properties()) {
            JsonNode other = b.get(entry.getKey());
            if (other == null || !equal(entry.getValue(), other)) {
                return false;
            }
        }
        return true;
    }

    private static boolean isNumber(JsonNode value) {
        return value.isNumber() || value.isBoolean();
    }

    private static double number(JsonNode value) {
        return value.isBoolean() ? (value.booleanValue() ? 1 : 0) : value.doubleValue();
    }

    /** A string without spaces, case and the signs {@code , . / - _ * ^}, quotes made double. */
    static String standardised(String text) {
        return IGNORED.matcher(text).replaceAll("").toLowerCase(Locale.ROOT).replace('\'', '"');
    }

    /** Equality after both sides, where they are strings, are {@link #standardised}. */
    static boolean alike(JsonNode a, JsonNode b) {
        return a.isString() && b.isString()
                ? standardised(a.stringValue()).equals(standardised(b.stringValue()))
                : equal(a, b);
    }
}
