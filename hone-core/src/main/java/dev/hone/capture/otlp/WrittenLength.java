package dev.hone.capture.otlp;

import tools.jackson.databind.JsonNode;

/** How many bytes a document takes when it is written: a character of control takes six. Holds nothing meanwhile. */
final class WrittenLength {
    /** Of a number, a literal, or what is around a value. */
    private static final int AROUND = 8;

    private WrittenLength() {}

    /** At most so many. */
    static long of(JsonNode node) {
        long length = AROUND;
        if (node.isString()) {
            return length + of(node.stringValue());
        }
        if (node.isNumber()) {
            return length + node.asString().length();
        }
        for (var member : node.properties()) {
            length += AROUND + of(member.getKey()) + of(member.getValue());
        }
        if (node.isArray()) {
            for (JsonNode item : node) {
                length += of(item);
            }
        }
        return length;
    }

    private static long of(String text) {
        long length = 0;
        for (int at = 0; at < text.length(); at++) {
            char c = text.charAt(at);
            length += c < ' ' ? 6 : c == '"' || c == '\\' ? 2 : c < 0x80 ? 1 : 3;
        }
        return length;
    }
}
