package dev.hone.schema;

import org.jspecify.annotations.Nullable;

/**
 * What remains to be written on one reading of a text so far: the innermost value first, then what surrounds it.
 *
 * @param top the innermost
 * @param below null when nothing surrounds it
 * @param hash of the whole
 */
record Stack(Frame top, @Nullable Stack below, int hash) {
    /** The readings that go on after one byte. */
    @FunctionalInterface
    interface Readings {
        /** @param stack null when the text is complete */
        void add(@Nullable Stack stack);
    }

    static Stack of(Frame top, @Nullable Stack below) {
        return new Stack(top, below, 31 * top.hashCode() + (below == null ? 7 : below.hash));
    }

    /** Adds the readings after one more byte. */
    static void advance(@Nullable Stack stack, int b, Readings readings) {
        for (Stack each = stack; each != null; each = each.below) {
            each.top.advance(b, each.below, readings);
            if (!each.top.mayEnd()) {
                return;
            }
        }
    }

    static boolean mayEnd(@Nullable Stack stack) {
        for (Stack each = stack; each != null; each = each.below) {
            if (!each.top.mayEnd()) {
                return false;
            }
        }
        return true;
    }

    @Override
    public int hashCode() {
        return hash;
    }

    @Override
    public boolean equals(@Nullable Object other) {
        if (this == other) {
            return true;
        }
        if (!(other instanceof Stack that) || hash != that.hash || !top.equals(that.top)) {
            return false;
        }
        return below == null ? that.below == null : below.equals(that.below);
    }
}
