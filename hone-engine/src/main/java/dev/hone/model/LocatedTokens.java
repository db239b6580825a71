package dev.hone.model;

import ai.djl.huggingface.tokenizers.jni.CharSpan;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Tokens and where they come from in the text. Made by {@link Tokenizer#locate}, consumed by {@link ChatEncoder}.
 *
 * @param ids token ids
 * @param starts for each token the index of its first {@code char}
 * @param ends for each token the index after its last {@code char}; tokens of one character share its place
 */
record LocatedTokens(int[] ids, int[] starts, int[] ends) {

    /** @param spans in code points; null for a token that stands for no text */
    static LocatedTokens of(String text, long[] ids, @Nullable CharSpan[] spans) {
        int[] starts = new int[ids.length];
        int[] ends = new int[ids.length];
        int[] offsets = offsets(text);
        int end = 0;
        for (int i = 0; i < ids.length; i++) {
            CharSpan span = spans[i];
            starts[i] = span == null ? end : offsets[span.getStart()];
            ends[i] = span == null ? end : offsets[span.getEnd()];
            end = ends[i];
        }
        return new LocatedTokens(
                Arrays.stream(ids).mapToInt(Math::toIntExact).toArray(), starts, ends);
    }

    /** For each code point, and the end, its index in {@code char}s. */
    private static int[] offsets(String text) {
        int[] offsets = new int[text.codePointCount(0, text.length()) + 1];
        for (int i = 0, at = 0; i < offsets.length - 1; i++) {
            offsets[i] = at;
            at += Character.charCount(text.codePointAt(at));
        }
        offsets[offsets.length - 1] = text.length();
        return offsets;
    }

    /**
     * Whether the token at {@code index} has a character in the part of the text from {@code start} to {@code end}. White
     * space that the tokenizer left out between two tokens counts to the second.
     */
    boolean touches(int index, int start, int end) {
        int begin = index == 0 ? 0 : Math.min(starts[index], ends[index - 1]);
        return begin < end && ends[index] > start;
    }
}
