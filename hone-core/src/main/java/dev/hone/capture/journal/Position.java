package dev.hone.capture.journal;

import java.util.Comparator;

/**
 * A place in a journal, between two records.
 *
 * @param segment number of the file, from 1
 * @param offset in bytes from its beginning
 */
public record Position(long segment, long offset) implements Comparable<Position> {
    /** Before everything. */
    public static final Position START = new Position(0, 0);

    private static final Comparator<Position> ORDER =
            Comparator.comparingLong(Position::segment).thenComparingLong(Position::offset);

    @Override
    public int compareTo(Position other) {
        return ORDER.compare(this, other);
    }
}
