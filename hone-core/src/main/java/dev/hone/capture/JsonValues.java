package dev.hone.capture;

/**
 * How many values a JSON text has, by what stands outside of its strings: as a tree each takes some hundred bytes, so that a short text of many takes
 * forty times its length.
 */
public final class JsonValues {
    private JsonValues() {}

    /** At least as many as there are, also of what is no JSON. */
    public static long in(byte[] text) {
        long values = 1;
        boolean inside = false;
        for (int i = 0; i < text.length; i++) {
            switch (text[i]) {
                case '"' -> inside = !inside;
                case '\\' -> i += inside ? 1 : 0;
                case '{', '[', ',', ':' -> values += inside ? 0 : 1;
                default -> {}
            }
        }
        return values;
    }

    /** The same of a text that is in memory. */
    public static long in(String text) {
        long values = 1;
        boolean inside = false;
        for (int i = 0; i < text.length(); i++) {
            switch (text.charAt(i)) {
                case '"' -> inside = !inside;
                case '\\' -> i += inside ? 1 : 0;
                case '{', '[', ',', ':' -> values += inside ? 0 : 1;
                default -> {}
            }
        }
        return values;
    }
}
