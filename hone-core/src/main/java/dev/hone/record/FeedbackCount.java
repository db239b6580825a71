package dev.hone.record;

import java.util.Collections;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * Feedback on the traces that a dataset's rows were made of, without what was taken back. Read from the store.
 *
 * @param traces how many of them have any
 * @param kinds how much there is of each kind
 */
public record FeedbackCount(long traces, Map<String, Long> kinds) {
    public FeedbackCount {
        kinds = Collections.unmodifiableMap(new TreeMap<>(kinds));
    }

    /** All of it. */
    public long given() {
        return kinds.values().stream().mapToLong(Long::longValue).sum();
    }

    /** For people. */
    public String sentence() {
        return kinds.isEmpty()
                ? "none on these traces"
                : String.format(
                        Locale.ROOT,
                        "%,d on %,d of these traces (%s)",
                        given(),
                        traces,
                        kinds.entrySet().stream()
                                .map(kind -> String.format(Locale.ROOT, "%s %,d", kind.getKey(), kind.getValue()))
                                .collect(Collectors.joining(", ")));
    }
}
