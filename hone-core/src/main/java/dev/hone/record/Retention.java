package dev.hone.record;

import org.jspecify.annotations.Nullable;

/**
 * How long traces are kept. Read from {@code hone.yaml}; carried out on the store.
 *
 * @param contentDays what they say; null for ever, or as long as what is known of them
 * @param factsDays what is known of them, and what came back on them; null for ever
 */
public record Retention(
        @Nullable Integer contentDays, @Nullable Integer factsDays) {
    public static final Retention FOR_EVER = new Retention(null, null);

    public Retention {
        if (contentDays != null && contentDays < 1 || factsDays != null && factsDays < 1) {
            throw new IllegalArgumentException(
                    "Traces are kept for a day at least, not [%s] and [%s]".formatted(contentDays, factsDays));
        }
        if (contentDays != null && factsDays != null && contentDays > factsDays) {
            throw new IllegalArgumentException(
                    "What traces say cannot be kept longer, for [%d] days, than what is known of them, for [%d]"
                            .formatted(contentDays, factsDays));
        }
    }
}
