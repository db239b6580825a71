package dev.hone.store;

import dev.hone.store.ServerFolder.Running;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.function.Consumer;

/** This process's share in the bundled server: counts it as a user, and has the server started again when it dies. */
final class Bundled {
    /** A server that dies more often than that has a reason that a start does not mend. */
    private static final int RESTARTS = 5;

    private static final Duration LOOK = Duration.ofMillis(500);

    private final ServerFolder folder;
    private final PostgresServer server;
    private final ServerLocks locks;
    private final Consumer<String> notices;
    private volatile boolean left;
    private volatile long pid;

    Bundled(Path home, Consumer<String> notices) throws IOException {
        this.folder = ServerFolder.in(home);
        this.server = new PostgresServer(home, notices);
        this.locks = new ServerLocks(folder);
        this.notices = notices;
    }

    /** Finds or starts the server. */
    Running enter() throws IOException {
        try {
            return locks.transition(notices, () -> {
                locks.use();
                Running running = server.start();
                pid = running.pid();
                return running;
            });
        } catch (IOException | RuntimeException e) {
            locks.close();
            throw e;
        }
    }

    long pid() {
        return pid;
    }

    /**
     * Looks after the server until this process leaves it.
     *
     * @param moved hears of a server that took the place of one that died
     */
    void watch(Consumer<Running> moved) {
        Thread.ofVirtual().name("hone-database-watch").start(() -> {
            int restarts = 0;
            while (!left && restarts <= RESTARTS) {
                try {
                    Thread.sleep(LOOK);
                    if (folder.running().filter(running -> running.pid() == pid).isEmpty() && !left) {
                        restarts++;
                        restart(moved);
                    }
                } catch (IOException | RuntimeException e) {
                    if (!left) {
                        notices.accept("The database died and does not start again: " + e.getMessage());
                    }
                } catch (InterruptedException e) {
                    return;
                }
            }
        });
    }

    private void restart(Consumer<Running> moved) throws IOException {
        Optional<Running> running = locks.transition(text -> {}, () -> {
            if (left) {
                return Optional.empty();
            }
            Running started = server.start();
            pid = started.pid();
            return Optional.of(started);
        });
        if (running.isPresent()) {
            moved.accept(running.get());
            notices.accept("The database had died and runs again");
        }
    }

    /** Leaves the server, and ends it when this was its last user. */
    void leave() {
        left = true;
        try {
            locks.transition(notices, () -> {
                if (locks.leave()) {
                    server.stop();
                }
                return true;
            });
            locks.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
