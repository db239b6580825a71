package dev.hone.record;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * An alias that was made, moved or removed. Read from the store.
 *
 * @param before number of the version that it pointed at; null when it was made
 * @param after number of the version that it points at since; null when it was removed
 * @param who did it
 */
public record AliasChange(
        String useCase,
        String alias,
        @Nullable Integer before,
        @Nullable Integer after,
        String who,
        Instant changed) {}
