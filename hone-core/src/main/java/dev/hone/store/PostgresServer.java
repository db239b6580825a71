package dev.hone.store;

import dev.hone.file.Durable;
import dev.hone.store.ServerFolder.Running;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * The bundled server of one folder. Its methods are called under the transition lock ({@link ServerLocks}); PostgreSQL's own
 * lock on the data folder stands behind it.
 */
final class PostgresServer {
    static final String USER = "hone";
    static final String DATABASE = "postgres";

    private static final int PORT_TRIES = 5;
    /** Bytes of a log after which another is begun. */
    static final long MOST_LOG = 16L << 20;

    private static final Duration LEFTOVERS = Duration.ofSeconds(20);
    private static final Duration READY = Duration.ofMinutes(10);

    private final ServerFolder folder;
    private final Path home;
    private final Consumer<String> notices;

    /** @param notices hears what takes long */
    PostgresServer(Path home, Consumer<String> notices) {
        this.home = home.toAbsolutePath().normalize();
        this.folder = ServerFolder.in(home);
        this.notices = notices;
    }

    /** The server that runs, or one that is started now; ready for connections. */
    Running start() throws IOException {
        Optional<Running> found = folder.running();
        if (found.isPresent()) {
            return awaitReady(found.get());
        }
        ServerAccount account = ServerAccount.current();
        PostgresBinaries binaries = binaries();
        if (!folder.initialised()) {
            initialise(account, binaries);
        }
        requireSameMajor();
        clearRemains();
        return launch(account, binaries);
    }

    /** Ends the server, if one runs: open transactions are rolled back. */
    void stop() throws IOException {
        if (folder.running().isEmpty()) {
            return;
        }
        Shell.Ended ended = Shell.run(
                ServerAccount.current(),
                List.of(
                        binaries().program("pg_ctl").toString(),
                        "stop",
                        "-D",
                        folder.data().toString(),
                        "-m",
                        "fast",
                        "-w",
                        "-t",
                        "120"));
        if (ended.code() != 0 && folder.running().isPresent()) {
            throw failure("does not stop", ended.output(), "");
        }
    }

    private PostgresBinaries binaries() throws IOException {
        try {
            return PostgresBinaries.unpacked(home);
        } catch (IOException e) {
            throw new StoreException(
                    "Cannot unpack PostgreSQL into [%s]: %s; [%d MiB] are free there: make room, or set HONE_HOME to another folder"
                            .formatted(home, e.getMessage(), free(home)),
                    e);
        }
    }

    private void initialise(ServerAccount account, PostgresBinaries binaries) throws IOException {
        notices.accept("Making a database in [%s]".formatted(folder.folder()));
        Files.createDirectories(folder.folder());
        Path part = folder.folder().resolve("data.part");
        Durable.delete(part);
        Files.createDirectory(part, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
        Path secret = folder.folder().resolve("password.part");
        Files.deleteIfExists(secret);
        Files.createFile(secret, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
        byte[] random = new byte[24];
        new SecureRandom().nextBytes(random);
        Files.writeString(secret, Base64.getUrlEncoder().withoutPadding().encodeToString(random));
        account.own(folder.folder());
        Shell.Ended ended = Shell.run(
                account,
                List.of(
                        binaries.program("initdb").toString(),
                        "-D",
                        part.toString(),
                        "-U",
                        USER,
                        "--pwfile=" + secret,
                        "--auth=scram-sha-256",
                        "--encoding=UTF8",
                        "--locale=C",
                        "--locale-provider=builtin",
                        "--builtin-locale=C.UTF-8",
                        "--data-checksums"));
        if (ended.code() != 0) {
            String cause = reason(ended.output(), "");
            String remedy = account instanceof ServerAccount.Other(int user)
                    ? "PostgreSQL runs as user [%d] here, who must be able to enter [%s]: set HONE_HOME to such a folder"
                            .formatted(user, home)
                    : cause.contains("No space left")
                            ? "[%d MiB] are free there: make room".formatted(free(home))
                            : "Set HONE_HOME to another folder, or HONE_DB_URL to a PostgreSQL of yours";
            throw new StoreException(
                    "A database in [%s] cannot be made: %s. %s".formatted(folder.folder(), cause, remedy));
        }
        Durable.publish(secret, folder.password());
        Durable.publish(part, folder.data());
    }

    private void requireSameMajor() throws IOException {
        Path file = folder.data().resolve("PG_VERSION");
        String made = Files.isRegularFile(file) ? Files.readString(file).strip() : "";
        String bundled = PostgresBinaries.version();
        if (made.isEmpty()) {
            throw new StoreException(
                    "The database in [%s] is damaged: it has no PG_VERSION; restore a back-up of it, or move it away to begin with an empty one"
                            .formatted(folder.data()));
        }
        if (!bundled.startsWith(made + ".")) {
            throw new StoreException(
                    "The database in [%s] was made by PostgreSQL [%s], and this Hone brings [%s]: move it with pg_dump and psql (docs/store.md)"
                            .formatted(folder.data(), made, bundled));
        }
        if (!Files.isRegularFile(folder.password())) {
            throw new StoreException("The database in [%s] has lost its password [%s]: restore that file from a back-up"
                    .formatted(folder.data(), folder.password()));
        }
    }

    /** After a kill: waits for the processes that are still ending, and takes away a pid file whose number lives on as another. */
    private void clearRemains() throws IOException {
        long end = System.nanoTime() + LEFTOVERS.toNanos();
        List<Long> left = folder.processes();
        while (!left.isEmpty()) {
            if (System.nanoTime() > end) {
                throw new StoreException(
                        "Processes %s of a server that was killed still hold [%s]: end them, then try again"
                                .formatted(left, folder.data()));
            }
            pause();
            left = folder.processes();
        }
        Files.deleteIfExists(folder.pidFile());
    }

    private Running launch(ServerAccount account, PostgresBinaries binaries) throws IOException {
        account.own(folder.folder());
        boundLog();
        for (int attempt = 1; ; attempt++) {
            long logged = Files.exists(folder.log()) ? Files.size(folder.log()) : 0;
            Shell.Ended ended = Shell.run(account, command(binaries, freePort()));
            if (ended.code() == 0) {
                return folder.running()
                        .orElseThrow(() -> failure("ended as soon as it was started", ended.output(), log(logged)));
            }
            String log = log(logged);
            if (!log.contains("Address already in use") || attempt == PORT_TRIES) {
                throw failure("does not start", ended.output(), log);
            }
        }
    }

    /** Whether the log has become too long. */
    boolean logIsLong() throws IOException {
        return Files.exists(folder.log()) && Files.size(folder.log()) > MOST_LOG;
    }

    /**
     * Begins another log where this one is too long, which is kept until the next. The server writes on: it appends to the file, whatever its
     * length; what it says within this moment may be lost.
     */
    void boundLog() throws IOException {
        if (logIsLong()) {
            Files.copy(
                    folder.log(),
                    folder.olderLog(),
                    StandardCopyOption.REPLACE_EXISTING,
                    StandardCopyOption.COPY_ATTRIBUTES);
            try (FileChannel log = FileChannel.open(folder.log(), StandardOpenOption.WRITE)) {
                log.truncate(0);
            }
        }
    }

    private List<String> command(PostgresBinaries binaries, int port) {
        String settings = String.join(
                " ",
                "-p " + port,
                "-c listen_addresses=127.0.0.1",
                "-c unix_socket_directories=",
                "-c fsync=on",
                "-c synchronous_commit=on",
                "-c full_page_writes=on",
                "-c timezone=UTC",
                "-c log_timezone=UTC",
                "-c max_connections=50",
                // Millions of small rows, written all the time and looked up by index: no plan here is worth compiling.
                "-c shared_buffers=256MB",
                "-c max_wal_size=2GB",
                "-c random_page_cost=1.1",
                "-c jit=off");
        // Calls go first: what they need is in the journal, and what the server does can wait for a processor.
        return List.of(
                "nice",
                "-n",
                "10",
                binaries.program("pg_ctl").toString(),
                "start",
                "-D",
                folder.data().toString(),
                "-l",
                folder.log().toString(),
                "-w",
                "-t",
                Long.toString(READY.toSeconds()),
                "-o",
                settings);
    }

    private Running awaitReady(Running found) throws IOException {
        long end = System.nanoTime() + READY.toNanos();
        Running running = found;
        while (!running.ready()) {
            if (System.nanoTime() > end) {
                throw new StoreException(
                        "The server [%d] of [%s] does not become ready: look into [%s], or end it by: hone db stop"
                                .formatted(running.pid(), folder.data(), folder.log()));
            }
            pause();
            running = folder.running().orElseThrow(() -> failure("ended while it was starting", "", log(0)));
        }
        return running;
    }

    /** What the log says from a place on. */
    private String log(long from) {
        try {
            byte[] all = Files.readAllBytes(folder.log());
            int start = (int) Math.min(from, all.length);
            return new String(all, start, all.length - start, StandardCharsets.UTF_8);
        } catch (IOException e) {
            return "";
        }
    }

    private StoreException failure(String what, String output, String log) {
        String reason = reason(output, log);
        return new StoreException(
                "The database in [%s] %s: %s. %s".formatted(folder.data(), what, reason, remedy(reason)));
    }

    /** What programs complained about, without their times. */
    private static String reason(String output, String log) {
        List<String> said = new ArrayList<>();
        for (String line : (log + "\n" + output).lines().toList()) {
            if (line.matches(".*\\b(FATAL|PANIC|ERROR|initdb: error|could not)\\b.*") && said.size() < 4) {
                said.add(line.replaceFirst("^\\S+ \\S+ UTC \\[\\d+\\] ", "").strip());
            }
        }
        return said.isEmpty() ? output.strip() : String.join("; ", said);
    }

    private String remedy(String reason) {
        if (reason.contains("No space left")) {
            return "[%d MiB] are free there: make room, then try again; what was committed is kept"
                    .formatted(free(folder.folder()));
        }
        if (reason.contains("wrong ownership") || reason.contains("Permission denied")) {
            return "Run Hone as the user that the folder belongs to, or set HONE_HOME to a folder of yours that this user may enter";
        }
        return "Restore a back-up of that folder, or move it away to begin with an empty one (docs/store.md); the log is [%s]"
                .formatted(folder.log());
    }

    /** In MiB; -1 when it cannot be told. */
    private static long free(Path folder) {
        try {
            Path existing = folder;
            while (!Files.exists(existing) && existing.getParent() != null) {
                existing = existing.getParent();
            }
            return Files.getFileStore(existing).getUsableSpace() >> 20;
        } catch (IOException e) {
            return -1;
        }
    }

    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }

    private static void pause() throws IOException {
        try {
            Thread.sleep(50);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new InterruptedIOException("Interrupted while waiting for the database");
        }
    }
}
