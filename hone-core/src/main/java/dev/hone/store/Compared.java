package dev.hone.store;

import org.jspecify.annotations.Nullable;

/**
 * Which watched calls are held against which: those of a reference, and what came after it. Calls of which nobody knows who answered them are of either.
 *
 * @param from position of the first of the reference
 * @param to position of the last of it
 * @param then who answered those of the reference; null for whoever did
 * @param now who answered what came after it; null for whoever did
 */
public record Compared(
        long from, long to, @Nullable String then, @Nullable String now) {
    /** Of a row {@code w} of {@code watched_call}, with {@link #from}, {@link #to}, {@link #then} and {@link #now} bound in this order. */
    static final String OF = """
            w.position >= ?
                   AND (w.answered IS NULL
                        OR w.answered = coalesce(CASE WHEN w.position <= ? THEN ?::text ELSE ?::text END, w.answered))""";
}
