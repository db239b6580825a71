package dev.hone.model;

import java.util.Arrays;
import java.util.function.Function;

/**
 * Turns a stream of token ids into a stream of text whose pieces, joined, are the decoded whole. A character whose bytes
 * are spread over several tokens comes out with the last of them. For one thread.
 */
public final class TextStream {
    /** Longer than the tokens of any one character: what is held back longer is not text. */
    private static final int MAX_HELD = 64;

    private static final int KEPT = 8;
    private static final String UNFINISHED = "\uFFFD";

    private final Function<int[], String> decoder;
    private int[] held = {};
    private int shownTokens;
    private String shown = "";

    TextStream(Function<int[], String> decoder) {
        this.decoder = decoder;
    }

    /** Takes the next id; returns the characters that are certain now, often none. */
    public String add(int id) {
        held = Arrays.copyOf(held, held.length + 1);
        held[held.length - 1] = id;
        String text = decoder.apply(held);
        String certain = text;
        while (certain.endsWith(UNFINISHED)) {
            certain = certain.substring(0, certain.length() - 1);
        }
        if (certain.length() > shown.length() && certain.startsWith(shown)) {
            String piece = certain.substring(shown.length());
            if (certain.length() == text.length()) {
                keepFrom(shownTokens);
                shown = decoder.apply(held);
            } else {
                shown = certain;
            }
            return piece;
        }
        return held.length > MAX_HELD ? giveUp(text) : "";
    }

    /** What was still held back: at the end, half a character is U+FFFD. */
    public String finish() {
        String rest = rest(decoder.apply(held));
        held = new int[0];
        shownTokens = 0;
        shown = "";
        return rest;
    }

    private String giveUp(String text) {
        String certain = text.endsWith(UNFINISHED) ? text.substring(0, text.length() - 1) : text;
        String piece = rest(certain);
        keepFrom(held.length - KEPT);
        String kept = decoder.apply(held);
        shown = kept.endsWith(UNFINISHED) ? kept.substring(0, kept.length() - 1) : kept;
        return piece;
    }

    private String rest(String text) {
        return text.startsWith(shown)
                ? text.substring(shown.length())
                : text.substring(Math.min(shown.length(), text.length()));
    }

    private void keepFrom(int first) {
        held = Arrays.copyOfRange(held, first, held.length);
        shownTokens = held.length;
    }
}
