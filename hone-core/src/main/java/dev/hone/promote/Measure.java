package dev.hone.promote;

import java.util.Locale;

/** By what a candidate is compared with the version that is live. Values are from 0 to 1, and more is better. */
public enum Measure {
    /** What graders say of a call. */
    QUALITY,
    /** What people or events say of it. */
    FEEDBACK,
    /** 1 for a call that was answered, 0 for one that failed. */
    ANSWERED,
    /** 1 for a call that was answered within the time that the use case allows. */
    IN_TIME,
    /** 1 for a call that cost no more than the use case allows. */
    WITHIN_COST;

    /** As charters and people write it. */
    public String word() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
}
