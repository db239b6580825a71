package dev.hone.record;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * A trace with all that the store has of it, as it is there: what was taken out before stays out. Read by {@code hone traces export};
 * made by {@code hone import} from what that wrote.
 *
 * @param id of version 7
 * @param project whose it is, by its name
 * @param useCase null where its model is none
 * @param metadata of an imported row, tags of a call, by name
 * @param occurred when the call began; null where a row does not say
 * @param recorded when a store first had it
 * @param call null of an imported row
 * @param row null of a call
 * @param request null where it is gone
 * @param response null where there was none, or it is gone
 * @param feedback on the trace, and on the episode whose first call it is
 */
public record StoredTrace(
        UUID id,
        String project,
        @Nullable String useCase,
        Map<String, String> metadata,
        @Nullable Instant occurred,
        Instant recorded,
        @Nullable Call call,
        @Nullable Row row,
        @Nullable String request,
        @Nullable String response,
        List<CapturedCall.Attempt> attempts,
        List<Said> feedback) {
    public StoredTrace {
        metadata = Map.copyOf(metadata);
        attempts = List.copyOf(attempts);
        feedback = List.copyOf(feedback);
        if ((call == null) == (row == null)) {
            throw new IllegalArgumentException("The trace [%s] is a call or an imported row".formatted(id));
        }
        if (row != null && useCase == null) {
            throw new IllegalArgumentException("The imported row [%s] has no use case".formatted(id));
        }
    }

    /**
     * A call that passed; its members are those of {@link CapturedCall.Facts} and {@link CapturedCall.Origin}.
     *
     * @param millis null where nobody measured it
     * @param shadowOf null for a call of a product
     */
    public record Call(
            String path,
            String model,
            String route,
            String variant,
            @Nullable String episode,
            boolean stream,
            int status,
            CapturedCall.End ended,
            @Nullable Double firstByteMillis,
            @Nullable Double millis,
            CallUsage usage,
            @Nullable Money cost,
            @Nullable UUID key,
            @Nullable String endUser,
            @Nullable String configuration,
            @Nullable UUID shadowOf) {}

    /**
     * Where an imported row was read.
     *
     * @param contentHash SHA-256 of its content, in hexadecimal
     * @param externalId what the product calls it; null where it has no name there
     * @param line from 1
     */
    public record Row(String contentHash, @Nullable String externalId, String source, int line) {}

    /**
     * What came back; its members are those of {@link Feedback}.
     *
     * @param episode that it is about; null where it is about the trace
     * @param value as JSON
     * @param occurred null of a demonstration that was imported
     * @param fingerprint null of a demonstration that was imported
     */
    public record Said(
            UUID id,
            @Nullable String episode,
            Feedback.Kind kind,
            String name,
            String value,
            @Nullable Double score,
            @Nullable String author,
            @Nullable Instant occurred,
            Instant created,
            @Nullable String callerId,
            @Nullable String fingerprint,
            @Nullable UUID key,
            @Nullable String configuration) {}
}
