package dev.hone.advise;

import org.jspecify.annotations.Nullable;

/**
 * What the newest evaluation of a use case found. Made from a stored report.
 *
 * @param choice its verdict: {@code post-train}, {@code classic} or {@code stay}; null where it has none
 * @param sentence the verdict in words; empty where it has none
 * @param day when it was stored
 */
public record Evaluated(@Nullable String choice, String sentence, String day) {}
