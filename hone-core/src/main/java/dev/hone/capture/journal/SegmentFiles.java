package dev.hone.capture.journal;

import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.List;

/**
 * The files of a journal, by their numbers. What is written survives the process; what is forced survives the machine. Tests put
 * in its place one that forgets what was not forced.
 */
interface SegmentFiles extends Closeable {
    /** Numbers of the segments that are there, in ascending order. */
    List<Long> numbers() throws IOException;

    /** A new segment; its name survives the machine. */
    Output create(long number) throws IOException;

    Input open(long number) throws IOException;

    /** Removes a segment; nothing happens when it is gone. */
    void delete(long number) throws IOException;

    /** Lets another process have them. */
    @Override
    default void close() throws IOException {}

    /** Bytes that can still be written. */
    long usableBytes() throws IOException;

    /** A segment that grows at its end. */
    interface Output extends Closeable {
        /** All that remains in the buffers, in their order. */
        void write(ByteBuffer[] buffers) throws IOException;

        /** Returns when what was written before survives the machine. */
        void force() throws IOException;
    }

    /** A segment that is read, also while it grows. */
    interface Input extends Closeable {
        long size() throws IOException;

        /** Fills a buffer, or less at the end. */
        void read(ByteBuffer buffer, long offset) throws IOException;
    }
}
