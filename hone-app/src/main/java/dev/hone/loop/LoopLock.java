package dev.hone.loop;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Instant;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * That a round of a use case is worked on, by one process at a time: a lock that the kernel releases however the process ends. In its file stands whose it is, so that who
 * only asks need not take it, and is in nobody's way.
 */
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

    /** Whether somebody on this machine has it at the moment, as far as its file says; nothing is taken for that. */
    static boolean isTaken(LoopFolder folder) throws IOException {
        Path file = folder.lock();
        return HELD.contains(file)
                || Files.exists(file) && isAlive(Files.readString(file, StandardCharsets.ISO_8859_1));
    }

    /** Whether what stands in the file is of a process that still is there, and is not another that got its number since. */
    private static boolean isAlive(String holder) {
        String[] words = holder.strip().split(" ");
        long pid = pid(words[0]);
        return pid > 0
                && pid != ProcessHandle.current().pid()
                && ProcessHandle.of(pid)
                        .filter(ProcessHandle::isAlive)
                        .filter(process -> words.length < 2 || words[1].equals(begun(process)))
                        .isPresent();
    }

    private static long pid(String text) {
        return text.matches("\\d{1,18}") ? Long.parseLong(text) : 0;
    }

    /** When a process began, in milliseconds; 0 where the machine does not say. */
    private static String begun(ProcessHandle process) {
        return String.valueOf(
                process.info().startInstant().map(Instant::toEpochMilli).orElse(0L));
    }

    private static FileChannel open(Path file, String useCase) throws IOException {
        FileChannel channel =
                FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE);
        try {
            if (channel.tryLock() == null) {
                throw taken(
                        useCase,
                        pid(Files.readString(file, StandardCharsets.ISO_8859_1)
                                .strip()
                                .split(" ")[0]));
            }
            ProcessHandle own = ProcessHandle.current();
            channel.truncate(0);
            channel.write(ByteBuffer.wrap((own.pid() + " " + begun(own)).getBytes(StandardCharsets.US_ASCII)));
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
        try {
            channel.truncate(0);
            channel.close();
        } finally {
            HELD.remove(file);
        }
    }
}
