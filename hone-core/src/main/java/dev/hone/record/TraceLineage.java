package dev.hone.record;

import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * What became of a trace. Read from the store.
 *
 * @param useCase null where its model is none
 * @param at when the call began, or the row was stored
 * @param answered model that answered it in the end, for a version of one's own its reference; null where nobody did, or nobody knows
 * @param copied models that answered copies of it, for nobody
 * @param feedback how much came back on it
 * @param tasks that were made of it
 * @param places in datasets, also in those that were rebuilt since without rows of others
 */
public record TraceLineage(
        UUID trace,
        String project,
        @Nullable String useCase,
        Instant at,
        @Nullable String variant,
        @Nullable String answered,
        List<String> copied,
        int feedback,
        int tasks,
        List<Place> places) {
    public TraceLineage {
        copied = List.copyOf(copied);
        places = List.copyOf(places);
    }

    /**
     * A dataset that has it, or had.
     *
     * @param position in its split, from 0; null where the dataset's own rows are gone
     * @param saw versions whose training had the dataset, directly or by what they began with
     */
    public record Place(
            DatasetNode dataset, Split split, @Nullable Integer position, List<Saw> saw) {
        public Place {
            saw = List.copyOf(saw);
        }
    }

    /** All versions that saw it, each once. */
    public List<Saw> versions() {
        return places.stream().flatMap(place -> place.saw().stream()).distinct().toList();
    }
}
