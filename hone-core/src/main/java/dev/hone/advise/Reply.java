package dev.hone.advise;

import java.util.Locale;

/**
 * What came back on a call, in short. Made by {@link CallReader}; read by who asks whether answers are of a closed set.
 *
 * @param text of a call of tools the names of these, else the beginning of what was said
 */
public record Reply(Form form, String text) {
    /** Of a call without an answer. */
    public static final Reply NONE = new Reply(Form.NONE, "");

    private static final int LONGEST_LABEL = 64;
    private static final int MOST_WORDS = 8;
    private static final int KEPT = 200;

    /** What it looks like. */
    public enum Form {
        NONE,
        /** Of tools. */
        CALL,
        /** A JSON object or list. */
        JSON,
        /** A number and nothing else. */
        NUMBER,
        /** Few words on one line, and no sentence. */
        LABEL,
        TEXT;

        /** As reports write it. */
        public String word() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /** Of what a model said. */
    static Reply of(String said) {
        String text = said.strip();
        if (text.isEmpty()) {
            return NONE;
        }
        if (text.length() > 1 && text.charAt(0) == '"' && text.charAt(text.length() - 1) == '"') {
            text = text.substring(1, text.length() - 1).strip();
        }
        String kept = text.substring(0, Math.min(KEPT, text.length()));
        if (kept.startsWith("{") || kept.startsWith("[")) {
            return new Reply(Form.JSON, kept);
        }
        if (text.length() <= LONGEST_LABEL) {
            if (text.matches("[-+]?[0-9][0-9., ]*%?")) {
                return new Reply(Form.NUMBER, text);
            }
            boolean sentence = text.indexOf('\n') >= 0 || text.matches("(?s).*[.!?:;]") || text.contains(". ");
            if (!sentence && text.split("\\s+").length <= MOST_WORDS) {
                return new Reply(Form.LABEL, text);
            }
        }
        return new Reply(Form.TEXT, kept);
    }

    /** Whether it could be one of a closed set: short, whatever it is. */
    boolean isShort() {
        return switch (form) {
            case LABEL, NUMBER -> true;
            case JSON -> text.length() <= LONGEST_LABEL;
            case NONE, CALL, TEXT -> false;
        };
    }
}
