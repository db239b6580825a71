package dev.hone.loop;

import dev.hone.store.Loops;
import org.jspecify.annotations.Nullable;

/**
 * How a round ended: the last file in its folder.
 *
 * @param reason in a sentence; null where the outcome needs none
 * @param version number of what it made; null where it made none
 */
public record Ended(
        Loops.Outcome outcome,
        @Nullable String reason,
        @Nullable Integer version) {}
