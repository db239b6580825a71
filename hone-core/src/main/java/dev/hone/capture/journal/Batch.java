package dev.hone.capture.journal;

import java.util.List;

/**
 * Records that stand one after the other in a journal.
 *
 * @param records their contents
 * @param next where to go on reading
 * @param damaged what could not be read between them
 */
public record Batch(List<byte[]> records, Position next, List<Damage> damaged) {
    /** Bytes that are no record: the end of a segment that was being written when the machine stopped, or a broken disk. */
    public record Damage(Position from, long bytes) {}

    public Batch {
        records = List.copyOf(records);
        damaged = List.copyOf(damaged);
    }

    /** Of the records together. */
    public long bytes() {
        return records.stream().mapToLong(one -> one.length).sum();
    }
}
