package dev.hone.record;

import java.util.Locale;

/** A part of a dataset. */
public enum Split {
    /** To learn from. */
    TRAIN,
    /** To choose between runs. */
    VALIDATION,
    /** To judge by, once. */
    TEST;

    /** As the store and files write it. */
    public String label() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** The split of a {@link #label}. */
    public static Split of(String label) {
        return valueOf(label.toUpperCase(Locale.ROOT));
    }
}
