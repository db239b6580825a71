package dev.hone.capture.journal;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableSet;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * An append-only sequence of records in segments. A record that was appended survives {@code kill -9}: the process has handed it
 * to the operating system. Within {@link Options#forceWithin} it survives a power failure too, and {@link #force} waits for
 * that. A new start begins a new segment; what an old one has at its end that is no whole record is told, and passed over. Many
 * threads append, one reads.
 */
public final class Journal implements AutoCloseable {
    private final SegmentFiles files;
    private final Options options;
    private final Thread forcing;

    private final ReentrantLock lock = new ReentrantLock();
    private final Condition written = lock.newCondition();
    private final Condition forcedMore = lock.newCondition();

    private final NavigableSet<Long> segments = new TreeSet<>();

    /** Where segments end that this process wrote, and writes no more. */
    private final Map<Long, Long> ends = new HashMap<>();

    /** Segments that are written no more and not forced yet. */
    private final List<SegmentFiles.Output> sealed = new ArrayList<>();

    private final List<Unforced> unforced = new ArrayList<>();
    private SegmentFiles.@Nullable Output output;
    private Position end;
    private Position forced;

    /** The thread that forces waits for a first record; with one it waits for its time, and further records do not wake it. */
    private boolean idle;

    private boolean urgent;
    private boolean closed;
    private volatile boolean roomy = true;

    /**
     * @param segmentBytes after which a new segment begins
     * @param forceWithin how long a record may stay in memory that a power failure empties
     * @param reserveBytes of the disk, below which {@link #hasRoom} says no
     */
    public record Options(long segmentBytes, Duration forceWithin, long reserveBytes) {
        public static final Options STANDARD = new Options(64L << 20, Duration.ofMillis(20), 256L << 20);

        public Options {
            if (segmentBytes < 1 || reserveBytes < 0 || forceWithin.isNegative()) {
                throw new IllegalArgumentException("A journal needs sizes and times above 0, not [%d, %s, %d]"
                        .formatted(segmentBytes, forceWithin, reserveBytes));
            }
        }
    }

    /** Records, after one place and up to another, of which the disk did not say that it has them. */
    private record Unforced(Position after, Position upTo, IOException why) {
        boolean has(Position position) {
            return position.compareTo(after) > 0 && position.compareTo(upTo) <= 0;
        }
    }

    /** Of a record. */
    public static final int MOST_BYTES = Frame.MOST_BYTES;

    /**
     * Opens the journal of a folder, which is made when it is missing.
     *
     * @throws IllegalArgumentException when another process writes there
     */
    public static Journal open(Path folder, Options options) throws IOException {
        return new Journal(new SegmentFolder(folder), options);
    }

    Journal(SegmentFiles files, Options options) throws IOException {
        this.files = files;
        this.options = options;
        segments.addAll(files.numbers());
        end = new Position(next(), 0);
        forced = end;
        roomy = files.usableBytes() >= options.reserveBytes();
        forcing = Thread.ofPlatform().name("hone-journal-force").daemon().start(this::forceAgainAndAgain);
    }

    /**
     * Greater than all before it. Also where these are gone with their folder, since numbers are times in milliseconds: a reader
     * remembers how far it came.
     */
    private long next() {
        long now = System.currentTimeMillis();
        return segments.isEmpty() ? now : Math.max(segments.last() + 1, now);
    }

    /**
     * Appends a record, which then survives the process.
     *
     * @return its end: to {@link #force}
     * @throws IOException when it could not be written; then it may be read all the same
     * @throws IllegalArgumentException when it is empty, or larger than a record may be
     */
    public Position append(byte[] content) throws IOException {
        if (content.length < 1 || content.length > Frame.MOST_BYTES) {
            throw new IllegalArgumentException(
                    "A record must have 1 to [%d] bytes, not [%d]".formatted(Frame.MOST_BYTES, content.length));
        }
        lock.lock();
        try {
            if (closed) {
                throw new ClosedChannelException();
            }
            SegmentFiles.Output to = output;
            if (to == null || end.offset() + Frame.HEADER_BYTES + content.length > options.segmentBytes()) {
                to = begin();
            }
            try {
                to.write(new ByteBuffer[] {Frame.header(end, content), ByteBuffer.wrap(content)});
            } catch (IOException e) {
                abandon();
                throw e;
            }
            end = new Position(end.segment(), end.offset() + Frame.HEADER_BYTES + content.length);
            if (idle) {
                idle = false;
                written.signal();
            }
            return end;
        } finally {
            lock.unlock();
        }
    }

    private SegmentFiles.Output begin() throws IOException {
        abandon();
        long number = next();
        SegmentFiles.Output begun = files.create(number);
        segments.add(number);
        output = begun;
        end = new Position(number, 0);
        try {
            begun.write(new ByteBuffer[] {SegmentReader.magic()});
        } catch (IOException e) {
            abandon();
            throw e;
        }
        end = new Position(number, SegmentReader.magic().remaining());
        return begun;
    }

    /** Writes no more to the current segment. */
    private void abandon() {
        if (output != null) {
            sealed.add(output);
            ends.put(end.segment(), end.offset());
            output = null;
        }
    }

    /**
     * Waits until a record survives a power failure.
     *
     * @param recordEnd that {@link #append} gave
     * @throws IOException when the disk did not say so: then the record may be lost with the machine
     */
    public void force(Position recordEnd) throws IOException {
        lock.lock();
        try {
            urgent = true;
            written.signal();
            while (forced.compareTo(recordEnd) < 0 && !closed) {
                forcedMore.awaitUninterruptibly();
            }
            for (Unforced some : unforced) {
                if (some.has(recordEnd)) {
                    throw new IOException(
                            "The disk does not take the journal: " + some.why().getMessage(), some.why());
                }
            }
            if (forced.compareTo(recordEnd) < 0) {
                throw new ClosedChannelException();
            }
        } finally {
            lock.unlock();
        }
    }

    private void forceAgainAndAgain() {
        boolean open = true;
        while (open) {
            lock.lock();
            try {
                open = awaitUnforced();
            } finally {
                lock.unlock();
            }
            forceOnce();
        }
    }

    /** @return whether the journal is open */
    private boolean awaitUnforced() {
        long left = options.forceWithin().toNanos();
        while (!closed && end.equals(forced)) {
            idle = true;
            awaitNanos(TimeUnit.SECONDS.toNanos(1));
            idle = false;
            if (end.equals(forced)) {
                look();
            }
        }
        while (!closed && !urgent && left > 0) {
            left = awaitNanos(left);
        }
        return !closed;
    }

    private long awaitNanos(long nanos) {
        try {
            return written.awaitNanos(nanos);
        } catch (InterruptedException e) {
            closed = true;
            return 0;
        }
    }

    /** Whether the disk has room; what cannot say has none. */
    private void look() {
        try {
            roomy = files.usableBytes() >= options.reserveBytes();
        } catch (IOException e) {
            roomy = false;
        }
    }

    private void forceOnce() {
        List<SegmentFiles.Output> done;
        SegmentFiles.Output current;
        Position upTo;
        Position after;
        lock.lock();
        try {
            done = List.copyOf(sealed);
            sealed.clear();
            current = output;
            upTo = end;
            after = forced;
            urgent = false;
        } finally {
            lock.unlock();
        }
        IOException failed = null;
        for (SegmentFiles.Output one : done) {
            try (one) {
                one.force();
            } catch (IOException e) {
                failed = e;
            }
        }
        if (current != null) {
            try {
                current.force();
            } catch (IOException e) {
                failed = e;
            }
        }
        look();
        lock.lock();
        try {
            if (failed != null) {
                unforced.add(new Unforced(after, upTo, failed));
                if (current != null && current == output) {
                    // After a failure the system may have dropped what it did not write: this file is not to be trusted
                    // again.
                    abandon();
                }
            }
            forced = upTo;
            forcedMore.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /** Whether the disk has more than its reserve: where not, nothing new should be begun. */
    public boolean hasRoom() {
        return roomy;
    }

    /** After the last record. */
    public Position end() {
        lock.lock();
        try {
            return end;
        } finally {
            lock.unlock();
        }
    }

    /**
     * Reads on.
     *
     * @param from {@link Position#START}, or where the last batch ended
     * @param mostBytes after which no further record is read: there may be one that is larger
     */
    public Batch read(Position from, long mostBytes) throws IOException {
        List<byte[]> records = new ArrayList<>();
        List<Batch.Damage> damaged = new ArrayList<>();
        Position at = from;
        long bytes = 0;
        for (Segment segment : from(from.segment())) {
            if (bytes >= mostBytes) {
                break;
            }
            Position on = segment.number() == at.segment() ? at : new Position(segment.number(), 0);
            Batch some = SegmentReader.read(files, on, segment.end(), mostBytes - bytes);
            records.addAll(some.records());
            damaged.addAll(some.damaged());
            bytes += some.bytes();
            at = some.next();
        }
        return new Batch(records, at, damaged);
    }

    /** How much is written after a place, as the files have it. */
    public long bytesFrom(Position from) throws IOException {
        long bytes = 0;
        for (Segment segment : from(from.segment())) {
            long end = segment.end();
            if (end < 0) {
                try (SegmentFiles.Input earlier = files.open(segment.number())) {
                    end = earlier.size();
                }
            }
            bytes += end - (segment.number() == from.segment() ? from.offset() : 0);
        }
        return bytes;
    }

    /** @param end of what was written; negative where an earlier process wrote it */
    private record Segment(long number, long end) {}

    private List<Segment> from(long number) {
        lock.lock();
        try {
            return segments.tailSet(number, true).stream()
                    .map(one -> new Segment(
                            one, output != null && one == end.segment() ? end.offset() : ends.getOrDefault(one, -1L)))
                    .toList();
        } finally {
            lock.unlock();
        }
    }

    /** Removes segments that end before a place: what they have is somewhere else for good. The last one stays. */
    public void release(Position before) throws IOException {
        List<Long> gone;
        lock.lock();
        try {
            gone = segments.headSet(before.segment(), false).stream()
                    .filter(number -> number != end.segment() && !number.equals(segments.last()))
                    .toList();
            gone.forEach(segments::remove);
            gone.forEach(ends::remove);
        } finally {
            lock.unlock();
        }
        for (long number : gone) {
            files.delete(number);
        }
    }

    /** Forces what is there, and ends. */
    @Override
    public void close() throws IOException {
        lock.lock();
        try {
            closed = true;
            written.signalAll();
        } finally {
            lock.unlock();
        }
        boolean interrupted = false;
        while (true) {
            try {
                forcing.join();
                break;
            } catch (InterruptedException e) {
                interrupted = true;
            }
        }
        lock.lock();
        try {
            abandon();
            for (SegmentFiles.Output one : sealed) {
                one.close();
            }
            sealed.clear();
            forcedMore.signalAll();
        } finally {
            lock.unlock();
            files.close();
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
