package dev.hone.store;

import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * The folder of the bundled server.
 *
 * @param folder {@code data/} is PostgreSQL's, beside it are password, log and locks
 */
record ServerFolder(Path folder) {
    /** @param home where Hone keeps things */
    static ServerFolder in(Path home) {
        return new ServerFolder(home.toAbsolutePath().normalize().resolve("db"));
    }

    Path data() {
        return folder.resolve("data");
    }

    Path password() {
        return folder.resolve("password");
    }

    Path log() {
        return folder.resolve("server.log");
    }

    /** What the log said before it became too long. */
    Path olderLog() {
        return folder.resolve("server.log.old");
    }

    Path pidFile() {
        return data().resolve("postmaster.pid");
    }

    /** Whether there is a database. */
    boolean initialised() {
        return Files.isDirectory(data());
    }

    /**
     * The server as its pid file describes it.
     *
     * @param pid of a process that lives and works in the data folder
     * @param ready whether it takes connections
     */
    record Running(long pid, int port, boolean ready) {}

    /** The server that lives; empty when there is none, whatever the pid file says. */
    Optional<Running> running() throws IOException {
        List<String> lines;
        try {
            lines = Files.readAllLines(pidFile());
        } catch (NoSuchFileException e) {
            return Optional.empty();
        }
        if (lines.size() < 4
                || !lines.get(0).strip().matches("\\d{1,9}")
                || !lines.get(3).strip().matches("\\d{1,5}")) {
            return Optional.empty();
        }
        long pid = Long.parseLong(lines.get(0).strip());
        boolean ready = lines.size() > 7 && lines.get(7).strip().equals("ready");
        return worksHere(pid)
                ? Optional.of(new Running(pid, Integer.parseInt(lines.get(3).strip()), ready))
                : Optional.empty();
    }

    /** Processes that work in the data folder: a server, or what a killed one left for a moment. */
    List<Long> processes() throws IOException {
        try (Stream<Path> all = Files.list(Path.of("/proc"))) {
            return all.map(path -> path.getFileName().toString())
                    .filter(name -> name.matches("\\d+"))
                    .map(Long::parseLong)
                    .filter(this::worksHere)
                    .toList();
        }
    }

    private static boolean isServer(Path process) {
        try {
            return Files.readString(process.resolve("comm")).strip().equals("postgres");
        } catch (IOException e) {
            return false;
        }
    }

    /** PostgreSQL's processes work in their data folder; a process that got an old one's number does not. */
    private boolean worksHere(long pid) {
        Path process = Path.of("/proc", Long.toString(pid));
        try {
            if (Files.readString(process.resolve("stat")).matches("(?s).*\\) [ZX] .*")) {
                return false;
            }
            return Files.isSameFile(process.resolve("cwd"), data());
        } catch (AccessDeniedException e) {
            // Another user's: only its name can be seen.
            return isServer(process);
        } catch (IOException e) {
            return false;
        }
    }
}
