package dev.hone.sample;

import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/** What token ids stand for; needed for stop strings and constraints alone. */
@FunctionalInterface
public interface Detokenizer {
    String decode(int[] tokens);

    /**
     * Bytes of a token; null for one that is no text, such as the end of a turn, and for an id that is not used. As it is here
     * where every token is some whole characters.
     */
    default byte @Nullable [] bytes(int token) {
        return decode(new int[] {token}).getBytes(StandardCharsets.UTF_8);
    }
}
