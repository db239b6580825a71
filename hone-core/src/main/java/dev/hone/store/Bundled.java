package dev.hone.store;

import dev.hone.store.ServerFolder.Running;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.function.Consumer;

/** This process's share in the bundled server: counts it as a user, has the server started again when it dies, and its log bounded. */
final class Bundled {
    private static final Duration LOOK = Duration.ofMillis(500);

    /** Between two starts of a server that dies, or does not start, each time twice as long up to this; and after it as at first. */
    private static final Duration LONGEST_PAUSE = Duration.ofSeconds(30);

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
            Duration pause = Duration.ZERO;
            long started = System.nanoTime();
            String told = "";
            while (!left) {
                try {
                    Thread.sleep(LOOK);
                    boundLog();
                    Duration since = Duration.ofNanos(System.nanoTime() - started);
                    boolean runs = folder.running()
                            .filter(running -> running.pid() == pid)
                            .isPresent();
                    if (runs && since.compareTo(LONGEST_PAUSE) > 0) {
                        pause = Duration.ZERO;
                        told = "";
                    } else if (!runs && !left && since.compareTo(pause) >= 0) {
                        started = System.nanoTime();
                        pause = longer(pause);
                        restart(moved);
                    }
                } catch (IOException | RuntimeException e) {
                    String message = String.valueOf(e.getMessage());
                    if (!left && !message.equals(told)) {
                        told = message;
                        notices.accept("The database died and does not start again; it is tried on: " + message);
                    }
                } catch (InterruptedException e) {
                    return;
                }
            }
        });
    }

    /** One process at a time: two would take away what the other has not kept. A full disk stands in the way of neither calls nor restarts. */
    private void boundLog() {
        try {
            if (server.logIsLong()) {
                locks.transition(text -> {}, () -> {
                    server.boundLog();
                    return true;
                });
            }
        } catch (IOException e) {
            // Tried again at the next look.
        }
    }

    private static Duration longer(Duration pause) {
        Duration twice = pause.isZero() ? LOOK : pause.multipliedBy(2);
        return twice.compareTo(LONGEST_PAUSE) > 0 ? LONGEST_PAUSE : twice;
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
