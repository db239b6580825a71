package dev.hone.model;

import ai.djl.huggingface.tokenizers.jni.CharSpan;
import java.util.Arrays;
import java.util.function.IntUnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * Tokens and where they come from in the text. Made by {@link Tokenizer#locate}, consumed by {@link ChatEncoder}.
 *
 * @param ids token ids
 * @param starts for each token the index of its first {@code char}
 * @param ends for each token the index after its last {@code char}; tokens of one character share its place
 */
record LocatedTokens(int[] ids, int[] starts, int[] ends) {

    /**
     * Some tokenizers trim white space off their spans; it is given back here: to the token that is nothing else, else to
     * the token behind it.
     *
     * @param spans in code points; null for a token that stands for no text
     * @param length number of {@code char}s of a token's own text
     */
    static LocatedTokens of(String text, long[] ids, @Nullable CharSpan[] spans, IntUnaryOperator length) {
        int[] offsets = offsets(text);
        int[] starts = new int[ids.length];
        int[] ends = new int[ids.length];
        for (int i = 0; i < ids.length; i++) {
            CharSpan span = spans[i];
            int before = i == 0 ? 0 : ends[i - 1];
            starts[i] = span == null ? before : Math.min(offsets[span.getStart()], before);
            ends[i] = span == null ? before : offsets[span.getEnd()];
            if (span != null && span.getStart() == span.getEnd()) {
                ends[i] = Math.min(before + length.applyAsInt(Math.toIntExact(ids[i])), text.length());
            }
        }
        return new LocatedTokens(Arrays.stream(ids).mapToInt(Math::toIntExact).toArray(), starts, ends);
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

    /** Whether the token at {@code index} has a character in the part of the text from {@code start} to {@code end}. */
    boolean touches(int index, int start, int end) {
        return starts[index] < end && ends[index] > start;
    }
}
