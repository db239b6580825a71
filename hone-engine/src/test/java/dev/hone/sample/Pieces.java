package dev.hone.sample;

import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * A vocabulary for tests: each id is a piece of text, and those from {@link #end} on are none.
 *
 * @param texts by id
 */
public record Pieces(List<String> texts) implements Detokenizer {
    public Pieces {
        texts = List.copyOf(texts);
    }

    /** The first id without a text. */
    public int end() {
        return texts.size();
    }

    @Override
    public String decode(int[] tokens) {
        return Arrays.stream(tokens)
                .filter(id -> id < end())
                .mapToObj(texts::get)
                .collect(Collectors.joining());
    }

    @Override
    public byte @Nullable [] bytes(int token) {
        return token < end() ? Detokenizer.super.bytes(token) : null;
    }
}
