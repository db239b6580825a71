package dev.hone.record;

import java.util.List;
import java.util.UUID;

/**
 * Where a dataset came from, and what became of it. Read from the store.
 *
 * @param before the datasets that it was rebuilt from without rows that were forgotten, the nearest first
 * @param traces that its rows were made of, by split
 * @param saw versions that it went into
 * @param reports hashes of evaluations that were judged on it
 */
public record DatasetLineage(
        DatasetNode dataset, List<DatasetNode> before, List<Row> traces, List<Saw> saw, List<String> reports) {
    public DatasetLineage {
        before = List.copyOf(before);
        traces = List.copyOf(traces);
        saw = List.copyOf(saw);
        reports = List.copyOf(reports);
    }

    /** A row, and what it was made of. */
    public record Row(Split split, int position, UUID trace) {}
}
