package dev.hone.capture.journal;

import dev.hone.file.Durable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** Segments as files of a folder. */
final class SegmentFolder implements SegmentFiles {
    private static final Pattern NAME = Pattern.compile("(\\d{16})\\.journal");

    private final Path folder;
    private final FileChannel lock;

    /** @param folder made when it is missing; nobody else on the machine may look into it: it has what calls say */
    SegmentFolder(Path folder) throws IOException {
        this.folder = folder;
        Durable.makePrivate(folder);
        this.lock = lock(folder.resolve("lock"));
    }

    /** One process alone writes here, until it ends: two would take over, and away, what the other writes. */
    private static FileChannel lock(Path file) throws IOException {
        FileChannel channel = FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
        try {
            if (channel.tryLock() != null) {
                return channel;
            }
        } catch (OverlappingFileLockException e) {
            // This process itself has it.
        }
        channel.close();
        throw new IllegalArgumentException(
                "The journal [%s] is another gateway's, which runs: end it first, or give this one a HONE_HOME of its own"
                        .formatted(file.getParent()));
    }

    @Override
    public void close() throws IOException {
        lock.close();
    }

    @Override
    public List<Long> numbers() throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.map(file -> NAME.matcher(file.getFileName().toString()))
                    .filter(Matcher::matches)
                    .map(matcher -> Long.parseLong(matcher.group(1)))
                    .sorted()
                    .toList();
        }
    }

    @Override
    public Output create(long number) throws IOException {
        FileChannel channel = FileChannel.open(path(number), StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
        try {
            Durable.force(folder);
        } catch (IOException e) {
            channel.close();
            throw e;
        }
        return new Growing(channel);
    }

    @Override
    public Input open(long number) throws IOException {
        return new Read(FileChannel.open(path(number), StandardOpenOption.READ));
    }

    @Override
    public void delete(long number) throws IOException {
        Files.deleteIfExists(path(number));
    }

    @Override
    public long usableBytes() throws IOException {
        return Files.getFileStore(folder).getUsableSpace();
    }

    private Path path(long number) {
        return folder.resolve(String.format(Locale.ROOT, "%016d.journal", number));
    }

    private record Growing(FileChannel channel) implements Output {
        @Override
        public void write(ByteBuffer[] buffers) throws IOException {
            ByteBuffer last = buffers[buffers.length - 1];
            while (last.hasRemaining()) {
                channel.write(buffers);
            }
        }

        @Override
        public void force() throws IOException {
            channel.force(false);
        }

        @Override
        public void close() throws IOException {
            channel.close();
        }
    }

    private record Read(FileChannel channel) implements Input {
        @Override
        public long size() throws IOException {
            return channel.size();
        }

        @Override
        public void read(ByteBuffer buffer, long offset) throws IOException {
            long at = offset;
            while (buffer.hasRemaining()) {
                int read = channel.read(buffer, at);
                if (read < 0) {
                    return;
                }
                at += read;
            }
        }

        @Override
        public void close() throws IOException {
            channel.close();
        }
    }
}
