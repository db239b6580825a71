package dev.hone.store;

import dev.hone.record.CapturedCall;
import java.time.Instant;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Which traces somebody looks for: those that are all of what is said here. Null where it does not matter.
 *
 * @param project that alone is looked into
 * @param model as the request named it
 * @param ended in one of these ways; empty for any
 * @param status that the client got, exactly
 * @param from the first moment
 * @param to the moment after the last
 * @param tags by name
 * @param judged that there is feedback on it
 * @param text that stands in request or response, whatever its case
 * @param shadows whether copies that shadows answered are among them
 */
public record TraceQuery(
        String project,
        @Nullable String useCase,
        @Nullable String variant,
        @Nullable String model,
        Set<CapturedCall.End> ended,
        @Nullable Integer status,
        @Nullable Instant from,
        @Nullable Instant to,
        Map<String, String> tags,
        @Nullable String episode,
        @Nullable Judged judged,
        @Nullable String text,
        boolean shadows) {
    public TraceQuery {
        ended = Set.copyOf(ended);
        tags = Map.copyOf(tags);
    }

    /** All traces of a project. */
    public static TraceQuery of(String project) {
        return new TraceQuery(project, null, null, null, Set.of(), null, null, null, Map.of(), null, null, null, true);
    }

    /**
     * Feedback that a trace must have.
     *
     * @param name of the metric; null for any
     * @param least that it counts as; null for no bound
     * @param most that it counts as; null for no bound
     */
    public record Judged(
            @Nullable String name,
            @Nullable Double least,
            @Nullable Double most) {}
}
