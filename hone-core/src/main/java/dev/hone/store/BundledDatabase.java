package dev.hone.store;

import dev.hone.store.ServerFolder.Running;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;
import java.util.function.Consumer;

/** The bundled server seen from outside: looks at it and ends it, but never starts it. */
public final class BundledDatabase {
    private final Path home;

    /** @param home where Hone keeps things */
    public BundledDatabase(Path home) {
        this.home = home;
    }

    /** Whether there is a database, and a server for it. */
    public enum State {
        /** No database was made yet. */
        NONE,
        /** There is one, and no server runs. */
        STOPPED,
        /** Its server runs. */
        RUNNING
    }

    /**
     * What is there.
     *
     * @param folder with data, password and log
     * @param pid of the server, 0 when none runs
     * @param port on 127.0.0.1, 0 when none runs
     * @param version of the bundled PostgreSQL
     */
    public record Status(State state, Path folder, long pid, int port, String version) {}

    /** Looks, and changes nothing. */
    public Status status() throws IOException {
        ServerFolder folder = ServerFolder.in(home);
        Optional<Running> running = folder.running();
        State state = running.isPresent() ? State.RUNNING : folder.initialised() ? State.STOPPED : State.NONE;
        return new Status(
                state,
                folder.folder(),
                running.map(Running::pid).orElse(0L),
                running.map(Running::port).orElse(0),
                PostgresBinaries.version());
    }

    /**
     * Ends the server.
     *
     * @param force also while processes use it
     * @return whether one ran
     * @throws IllegalArgumentException when processes use it and force was not asked for
     */
    public boolean stop(boolean force, Consumer<String> notices) throws IOException {
        ServerFolder folder = ServerFolder.in(home);
        if (folder.running().isEmpty()) {
            return false;
        }
        try (ServerLocks locks = new ServerLocks(folder)) {
            return locks.transition(notices, () -> {
                if (!locks.leave() && !force) {
                    throw new IllegalArgumentException(
                            "The database in [%s] is in use by another process of Hone: end that first, or use --force"
                                    .formatted(folder.folder()));
                }
                new PostgresServer(home, notices).stop();
                return true;
            });
        }
    }
}
