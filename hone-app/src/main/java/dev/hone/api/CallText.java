package dev.hone.api;

import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;

/**
 * The text of a call, {@code {"name": …, "arguments": {…}}}, as it comes: first the name, then the text of the arguments, piece
 * by piece, without the brace that closes the call.
 */
final class CallText {
    private static final Pattern HEAD =
            Pattern.compile("\\{\"name\": ?(\"(?:[^\"\\\\]|\\\\.)*\"), ?\"arguments\": ?", Pattern.DOTALL);

    private final StringBuilder text = new StringBuilder();
    private @Nullable String name;
    private int told;

    /** Takes the next piece; returns what is certain now of the arguments. */
    String add(String piece) {
        text.append(piece);
        if (name == null) {
            Matcher head = HEAD.matcher(text);
            if (!head.lookingAt()) {
                return "";
            }
            name = Replies.parse(head.group(1)).asString();
            told = head.end();
        }
        return tell(text.length() - 1);
    }

    /** The rest: the last brace is the call's if the call is whole, and else belongs to the arguments. */
    String finish() {
        return name == null || isWhole() ? "" : tell(text.length());
    }

    private String tell(int end) {
        if (end <= told) {
            return "";
        }
        String piece = text.substring(told, end);
        told = end;
        return piece;
    }

    /** The called tool's; null until it is certain. */
    @Nullable
    String name() {
        return name;
    }

    boolean isWhole() {
        try {
            return Replies.parse(text.toString()).isObject();
        } catch (JacksonException e) {
            return false;
        }
    }
}
