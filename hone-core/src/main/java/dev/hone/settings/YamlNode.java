package dev.hone.settings;

import java.util.List;
import java.util.Map;

/** A part of a YAML file with its line, from 1. Made by {@link YamlReader}. */
public sealed interface YamlNode {
    int line();

    /**
     * A text as it was written, without its quotes.
     *
     * @param plain whether it had none, so that it may also be a number, a boolean or nothing
     */
    record Scalar(String text, boolean plain, int line) implements YamlNode {
        private static final String NUMBER = "[-+]?(?:\\d+(?:\\.\\d*)?|\\.\\d+)(?:[eE][-+]?\\d+)?";
        private static final String OTHER_NUMBER = "0x[0-9a-fA-F]+|0o[0-7]+|[-+]?\\.(?:inf|Inf|INF)|\\.(?:nan|NaN|NAN)";

        public boolean isNothing() {
            return plain && text.matches("|~|null|Null|NULL");
        }

        public boolean isBoolean() {
            return plain && text.matches("true|True|TRUE|false|False|FALSE");
        }

        /** In the notation of JSON, or nearly. */
        public boolean isNumber() {
            return plain && text.matches(NUMBER);
        }

        /** By YAML's core schema a text and nothing else. */
        public boolean isText() {
            return !isNothing() && !isBoolean() && !isNumber() && !(plain && text.matches(OTHER_NUMBER));
        }
    }

    /** A list. */
    record Sequence(List<YamlNode> items, int line) implements YamlNode {
        public Sequence {
            items = List.copyOf(items);
        }
    }

    /**
     * Values by key, in order.
     *
     * @param keyLines where each key stands
     */
    record Mapping(Map<String, YamlNode> entries, Map<String, Integer> keyLines, int line) implements YamlNode {
        public int lineOf(String key) {
            return keyLines.getOrDefault(key, line);
        }
    }
}
