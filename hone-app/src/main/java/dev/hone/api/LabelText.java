package dev.hone.api;

import tools.jackson.core.JacksonException;

/** The text of a label, {@code "…"}, as it comes. It is told once it is whole, without its quotes: nobody asked for JSON. */
final class LabelText {
    private final StringBuilder text = new StringBuilder();

    /** Takes the next piece. */
    void add(String piece) {
        text.append(piece);
    }

    /** The label; where it was cut, what there is of it. */
    String finish() {
        try {
            return Replies.parse(text.toString()).asString();
        } catch (JacksonException e) {
            return text.isEmpty() ? "" : text.substring(1);
        }
    }
}
