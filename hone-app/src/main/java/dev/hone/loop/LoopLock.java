package dev.hone.loop;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** That a round of a use case is worked on, by one process at a time: a lock that the kernel releases however the process ends. */
final class LoopLock implements AutoCloseable {
    /** Between threads: the kernel's locks are a process's, which loses all of a file's when it closes one. */
    private static final Set<Path> HELD = ConcurrentHashMap.newKeySet();

    private final Path file;
    private final FileChannel channel;

    private LoopLock(Path file, FileChannel channel) {
        this.file = file;
        this.channel = channel;
    }

    /**
     * Takes it.
     *
     * @throws IllegalArgumentException when somebody else has it
     */
    static LoopLock take(LoopFolder folder, String useCase) throws IOException {
        Files.createDirectories(folder.path());
        Path file = folder.lock();
        if (!HELD.add(file)) {
            throw taken(useCase, ProcessHandle.current().pid());
        }
        try {
            return new LoopLock(file, open(file, useCase));
        } catch (IOException | RuntimeException e) {
            HELD.remove(file);
            throw e;
        }
    }

    /** Whether somebody has it at the moment. */
    static boolean isTaken(LoopFolder folder, String useCase) throws IOException {
        if (!Files.exists(folder.lock())) {
            return false;
        }
        try (LoopLock lock = take(folder, useCase)) {
            return !lock.isHeld();
        } catch (IllegalArgumentException e) {
            return true;
        }
    }

    private static FileChannel open(Path file, String useCase) throws IOException {
        FileChannel channel =
                FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE);
        try {
            if (channel.tryLock() == null) {
                String pid = Files.readString(file).strip();
                throw taken(useCase, pid.matches("\\d{1,18}") ? Long.parseLong(pid) : 0);
            }
            channel.truncate(0);
            channel.write(
                    ByteBuffer.wrap(Long.toString(ProcessHandle.current().pid()).getBytes(StandardCharsets.US_ASCII)));
            return channel;
        } catch (IOException | RuntimeException e) {
            channel.close();
            throw e;
        }
    }

    private static IllegalArgumentException taken(String useCase, long pid) {
        return new IllegalArgumentException(
                "A loop of [%s] is at work already, in the process [%d]: one runs at a time. Wait for it, or end it by Ctrl-C: the next goes on where it was"
                        .formatted(useCase, pid));
    }

    boolean isHeld() {
        return channel.isOpen();
    }

    @Override
    public void close() throws IOException {
        channel.close();
        HELD.remove(file);
    }
}
