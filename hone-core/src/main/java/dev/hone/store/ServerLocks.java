package dev.hone.store;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Who uses the bundled server. Every process that does holds a shared lock, which the kernel releases however the process
 * ends; starting and stopping is done by one process at a time.
 */
final class ServerLocks implements AutoCloseable {
    /** The kernel's locks are between processes; this one is between threads. */
    private static final ReentrantLock IN_PROCESS = new ReentrantLock();

    private final Path folder;
    private final FileChannel users;
    private @Nullable FileLock used;

    ServerLocks(ServerFolder server) throws IOException {
        this.folder = server.folder();
        Files.createDirectories(folder);
        this.users = open("users.lock");
    }

    private FileChannel open(String name) throws IOException {
        return FileChannel.open(
                folder.resolve(name), StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE);
    }

    /** What is done while nobody else starts or stops the server. */
    interface Transition<T> {
        T run() throws IOException;
    }

    /** Runs something while nobody else starts or stops the server. */
    <T> T transition(Consumer<String> notices, Transition<T> work) throws IOException {
        IN_PROCESS.lock();
        try (FileChannel channel = open("transition.lock")) {
            FileLock lock = channel.tryLock();
            if (lock == null) {
                notices.accept("Waiting: another process starts or stops the database in [%s]".formatted(folder));
                lock = channel.lock();
            }
            try (FileLock held = lock) {
                assert held.isValid();
                return work.run();
            }
        } finally {
            IN_PROCESS.unlock();
        }
    }

    /** Counts this process as a user. */
    void use() throws IOException {
        try {
            used = users.lock(0, 1, true);
        } catch (OverlappingFileLockException e) {
            throw new StoreException("The database in [%s] is open in this process already".formatted(folder), e);
        }
    }

    /** Counts this process as a user no more; true when nobody is left. */
    boolean leave() throws IOException {
        if (used != null) {
            used.release();
            used = null;
        }
        try (FileLock alone = users.tryLock(0, 1, false)) {
            return alone != null;
        }
    }

    @Override
    public void close() throws IOException {
        users.close();
    }
}
