package dev.hone.capture.journal;

import java.io.FileNotFoundException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.TreeMap;

/**
 * Segments in memory that a power failure cuts: of what was not forced, any beginning stays, and what follows it may be anything. Can
 * be told to fail.
 */
final class ForgetfulFiles implements SegmentFiles {
    private static final int ROOM = 1 << 16;

    final TreeMap<Long, File> files = new TreeMap<>();
    long usable = Long.MAX_VALUE;

    /** Bytes that can still be written before writing fails. */
    long writable = Long.MAX_VALUE;

    boolean forceFails;

    /** A guarantee to break on purpose: forcing that does nothing. */
    boolean forceLies;

    static final class File {
        byte[] bytes = new byte[ROOM];
        int size;
        int forced;

        void add(ByteBuffer buffer, int most) {
            int count = Math.min(most, buffer.remaining());
            if (size + count > bytes.length) {
                bytes = Arrays.copyOf(bytes, 2 * (size + count));
            }
            buffer.get(bytes, size, count);
            size += count;
        }
    }

    /** What another process finds. */
    synchronized ForgetfulFiles afterKill() {
        return after(new Random(0), true);
    }

    /** What is there after the machine stopped. */
    synchronized ForgetfulFiles afterPowerFailure(Random random) {
        return after(random, false);
    }

    private ForgetfulFiles after(Random random, boolean everything) {
        ForgetfulFiles left = new ForgetfulFiles();
        files.forEach((number, file) -> {
            File copy = new File();
            int kept = everything ? file.size : file.forced + random.nextInt(file.size - file.forced + 1);
            copy.add(ByteBuffer.wrap(file.bytes, 0, kept), kept);
            if (!everything && kept < file.size && random.nextBoolean()) {
                // The size was written down, the content was not.
                byte[] rest = new byte[file.size - kept];
                if (random.nextBoolean()) {
                    random.nextBytes(rest);
                }
                copy.add(ByteBuffer.wrap(rest), rest.length);
            }
            copy.forced = copy.size;
            left.files.put(number, copy);
        });
        return left;
    }

    @Override
    public synchronized List<Long> numbers() {
        return new ArrayList<>(files.keySet());
    }

    @Override
    public synchronized Output create(long number) throws IOException {
        if (files.containsKey(number)) {
            throw new IOException("There is a segment " + number);
        }
        File file = new File();
        files.put(number, file);
        return new Output() {
            @Override
            public void write(ByteBuffer[] buffers) throws IOException {
                synchronized (ForgetfulFiles.this) {
                    for (ByteBuffer buffer : buffers) {
                        int most = (int) Math.min(buffer.remaining(), writable);
                        writable -= most;
                        file.add(buffer, most);
                        if (buffer.hasRemaining()) {
                            throw new IOException("No space left on device");
                        }
                    }
                }
            }

            @Override
            public void force() throws IOException {
                synchronized (ForgetfulFiles.this) {
                    if (forceFails) {
                        throw new IOException("Input/output error");
                    }
                    if (!forceLies) {
                        file.forced = file.size;
                    }
                }
            }

            @Override
            public void close() {}
        };
    }

    @Override
    public synchronized Input open(long number) throws IOException {
        File file = files.get(number);
        if (file == null) {
            throw new FileNotFoundException("There is no segment " + number);
        }
        return new Input() {
            @Override
            public long size() {
                synchronized (ForgetfulFiles.this) {
                    return file.size;
                }
            }

            @Override
            public void read(ByteBuffer buffer, long offset) {
                synchronized (ForgetfulFiles.this) {
                    int count = (int) Math.min(buffer.remaining(), file.size - offset);
                    if (count > 0) {
                        buffer.put(file.bytes, (int) offset, count);
                    }
                }
            }

            @Override
            public void close() {}
        };
    }

    @Override
    public synchronized void delete(long number) {
        files.remove(number);
    }

    @Override
    public long usableBytes() {
        return usable;
    }
}
