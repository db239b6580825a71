package dev.hone.schema;

import java.util.List;

/** A regular expression. Made by {@link PatternParser}; compiled by {@link PatternCompiler}. */
sealed interface Expression {
    /** One character of a set. */
    record Characters(CharacterSet set) implements Expression {}

    /** One after the other; none is the empty text. */
    record Sequence(List<Expression> parts) implements Expression {}

    /** One of several. */
    record Choice(List<Expression> options) implements Expression {}

    /**
     * Several times.
     *
     * @param most or {@link Integer#MAX_VALUE}
     */
    record Repeat(Expression part, int least, int most) implements Expression {}

    /** Nothing, where the text begins. */
    record Begin() implements Expression {}

    /** Nothing, where the text ends. */
    record End() implements Expression {}
}
