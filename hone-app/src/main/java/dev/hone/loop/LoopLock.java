package dev.hone.loop;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Instant;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * That a round of a use case is worked on, by one process at a time: a lock that the kernel releases however the process ends. In a file beside it stands whose it is, so that
 * who only asks need not take it, and is in nobody's way.
 */
final class LoopLock implements AutoCloseable {
    /** Between threads: the kernel's locks are a process's, which loses all of a file's when it closes one. */
    private static final Set<Path> HELD = ConcurrentHashMap.newKeySet();

    /** By which the beginning of a process may differ as two others see it: each has its own idea of when the machine was started. */
    private static final long CLOSE_MILLIS = 5_000;

    private final LoopFolder folder;
    private final FileChannel channel;

    private LoopLock(LoopFolder folder, FileChannel channel) {
        this.folder = folder;
        this.channel = channel;
    }

    /**
     * Takes it.
     *
     * @throws IllegalArgumentException when somebody else has it
     */
    static LoopLock take(LoopFolder folder, String useCase) throws IOException {
        Files.createDirectories(folder.path());
        if (!HELD.add(folder.lock())) {
            throw taken(useCase, ProcessHandle.current().pid());
        }
        try {
            return new LoopLock(folder, open(folder, useCase));
        } catch (IOException | RuntimeException e) {
            HELD.remove(folder.lock());
            throw e;
        }
    }

    /** Whether somebody on this machine has it at the moment, as far as its file says; nothing is taken for that. */
    static boolean isTaken(LoopFolder folder) throws IOException {
        return HELD.contains(folder.lock()) || isAlive(holder(folder));
    }

    private static String holder(LoopFolder folder) throws IOException {
        try {
            return Files.readString(folder.holder(), StandardCharsets.ISO_8859_1);
        } catch (NoSuchFileException e) {
            return "";
        }
    }

    /** Whether what stands in the file is of a process that still is there, and is not another that got its number since. */
    private static boolean isAlive(String holder) {
        String[] words = holder.strip().split(" ");
        long pid = number(words[0]);
        return pid > 0
                && pid != ProcessHandle.current().pid()
                && ProcessHandle.of(pid)
                        .filter(ProcessHandle::isAlive)
                        .filter(process ->
                                words.length < 2 || Math.abs(number(words[1]) - begun(process)) < CLOSE_MILLIS)
                        .isPresent();
    }

    private static long number(String text) {
        return text.matches("\\d{1,18}") ? Long.parseLong(text) : 0;
    }

    /** When a process began, in milliseconds; 0 where the machine does not say. */
    private static long begun(ProcessHandle process) {
        return process.info().startInstant().map(Instant::toEpochMilli).orElse(0L);
    }

    private static FileChannel open(LoopFolder folder, String useCase) throws IOException {
        FileChannel channel = FileChannel.open(folder.lock(), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
        try {
            if (channel.tryLock() == null) {
                throw taken(useCase, number(holder(folder).strip().split(" ")[0]));
            }
            ProcessHandle own = ProcessHandle.current();
            Files.writeString(folder.holder(), own.pid() + " " + begun(own), StandardCharsets.US_ASCII);
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
        try (channel) {
            Files.deleteIfExists(folder.holder());
        } finally {
            HELD.remove(folder.lock());
        }
    }
}
