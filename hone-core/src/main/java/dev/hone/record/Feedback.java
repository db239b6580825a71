package dev.hone.record;

import java.time.Instant;
import java.util.Locale;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * What came back on a trace or an episode. Made by the gateway from what a product says; kept by the store, whose rollups count it.
 *
 * @param id of version 7
 * @param project by its name, whose trace or episode it is
 * @param trace that it is about; null where it is about an episode
 * @param useCase of the episode; of the trace where it is known and has one
 * @param episode that it is about; null where it is about a trace
 * @param name of the metric
 * @param value as JSON: a boolean, a number, a text, a message, or messages by {@code chosen} and {@code rejected}
 * @param score 0 or 1 of a boolean, a number as it is; null where the value is no figure
 * @param author who judged; null where nobody is named
 * @param at when it was judged, or happened
 * @param received when Hone took it
 * @param callerId what the caller calls it, once in a project; null where it has no name there
 * @param fingerprint of its content: the same where somebody says the same again
 * @param key whose holder said it; null where none was asked for
 * @param checked whether what it is about was known when it was taken
 * @param configuration SHA-256 of the files by which it was judged; null where there were none
 */
public record Feedback(
        UUID id,
        String project,
        @Nullable UUID trace,
        @Nullable String useCase,
        @Nullable String episode,
        Kind kind,
        String name,
        String value,
        @Nullable Double score,
        @Nullable String author,
        Instant at,
        Instant received,
        @Nullable String callerId,
        String fingerprint,
        @Nullable UUID key,
        boolean checked,
        @Nullable String configuration) {
    public Feedback {
        if ((trace == null) == (episode == null)) {
            throw new IllegalArgumentException("Feedback [%s] is about a trace or about an episode".formatted(id));
        }
        if (episode != null && useCase == null) {
            throw new IllegalArgumentException("The episode of feedback [%s] has no use case".formatted(id));
        }
    }

    /** What a value is. */
    public enum Kind {
        BOOLEAN,
        FLOAT,
        COMMENT,
        /** The right output. */
        DEMONSTRATION,
        /** The better of two outputs. */
        PREFERENCE,
        /** A business event, possibly days later: whether it happened, or how much of it. */
        OUTCOME;

        /** As callers and files write it. */
        public String word() {
            return name().toLowerCase(Locale.ROOT);
        }

        /** Whether its values can be counted, and one is better than another. */
        public boolean isFigure() {
            return switch (this) {
                case BOOLEAN, FLOAT, OUTCOME -> true;
                case COMMENT, DEMONSTRATION, PREFERENCE -> false;
            };
        }
    }
}
