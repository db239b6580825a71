package dev.hone.record;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What goes, or went, when traces are forgotten. Made by the store.
 *
 * @param contents of traces, what they say
 * @param feedback labels among it
 * @param samples answers that runs tried to questions with the traces' names
 * @param datasets that held rows of them
 * @param versions that saw these rows, which stay as they are
 */
public record Forgetting(
        long traces,
        long contents,
        long attempts,
        long feedback,
        long tasks,
        long samples,
        List<Held> datasets,
        List<Saw> versions) {
    public static final Forgetting NOTHING = new Forgetting(0, 0, 0, 0, 0, 0, List.of(), List.of());

    public Forgetting {
        datasets = List.copyOf(datasets);
        versions = List.copyOf(versions);
    }

    /**
     * A dataset that held rows.
     *
     * @param train rows to learn from that go
     * @param left rows that stay
     * @param rebuilt hash of what is left; null where nothing is, or it was not done yet
     */
    public record Held(
            String useCase,
            String hash,
            int train,
            int validation,
            int test,
            int left,
            @Nullable String rebuilt) {}
}
