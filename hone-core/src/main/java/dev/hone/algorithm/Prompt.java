package dev.hone.algorithm;

import dev.hone.record.Constraint;

/**
 * What is sampled from.
 *
 * @param tokens ids, at least one
 * @param constraint what a sample may be
 */
public record Prompt(int[] tokens, Constraint constraint) {
    /** Of any text. */
    public Prompt(int... tokens) {
        this(tokens, new Constraint.None());
    }
}
