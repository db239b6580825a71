package dev.hone.capture.feedback;

import dev.hone.record.Feedback.Kind;
import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * Feedback as a caller gave it, of the right shape. Made by {@link FeedbackParser}; decided on by {@link FeedbackDesk}.
 *
 * @param place of it in a list, before the names of its fields; empty where it came alone
 * @param value boolean, number, text, message, or messages by {@code chosen} and {@code rejected}
 * @param score null where the value is no figure
 * @param at null where the caller does not say
 * @param callerId null where the caller gives none
 */
record Given(
        String place,
        @Nullable UUID trace,
        @Nullable String useCase,
        @Nullable String episode,
        Kind kind,
        String name,
        JsonNode value,
        @Nullable Double score,
        @Nullable String author,
        @Nullable Instant at,
        @Nullable String callerId) {

    FeedbackRefusal refused(int status, String code, String field, String message) {
        return new FeedbackRefusal(status, code, place + field, told(place, message));
    }

    /** A message with the place of what it is about. */
    static String told(String place, String message) {
        return place.isEmpty() ? message : "%s: %s".formatted(place.substring(0, place.length() - 1), message);
    }
}
