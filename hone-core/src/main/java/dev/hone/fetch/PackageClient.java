package dev.hone.fetch;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Stream;

/**
 * A package manager's own command line, as the user set it up: it knows the user's index, proxy and certificates. A child
 * process without input, bounded in time, ended with all its children.
 */
final class PackageClient {
    private static final Duration PROBE = Duration.ofSeconds(30);
    private static final int QUOTED = 600;
    private static final int KEPT = 1 << 20;

    private final Program program;
    private final Map<String, String> environment;
    private final Duration patience;

    /**
     * A package manager's program.
     *
     * @param name of the program
     * @param candidates ways to start it, the best first
     * @param archive what it downloads, in a word
     * @param suffix of the name of such a file
     * @param registry where from
     * @param install what a user without it has to install
     * @param unreachable what it says when there is no network
     */
    record Program(
            String name,
            List<List<String>> candidates,
            String archive,
            String suffix,
            String registry,
            String install,
            List<String> unreachable) {}

    /**
     * One download.
     *
     * @param arguments the first is the subcommand, the last the package
     * @param folder where the archive will be
     * @param bytes of the archive; -1 when unknown
     */
    record Download(List<String> arguments, Path folder, long bytes) {}

    /**
     * @param environment of the child process; its {@code PATH} is where the program is looked for
     * @param patience after which a download is given up
     */
    PackageClient(Program program, Map<String, String> environment, Duration patience) {
        this.program = program;
        this.environment = Map.copyOf(environment);
        this.patience = patience;
    }

    /**
     * Downloads one archive.
     *
     * @param room a folder for all that the process writes
     * @param progress is told its size, if that is known
     */
    Path download(Download download, Path room, Part.Progress progress) throws IOException {
        List<String> start = working(room);
        List<String> command = new ArrayList<>(start);
        command.addAll(download.arguments());
        long bytes = download.bytes();
        Finished finished = run(command, room, patience, () -> progress.bytes(soFar(room, bytes), bytes));
        String asked = download.arguments().getLast();
        if (finished.exitCode() != 0) {
            throw new FetchException("[%s %s %s] failed with exit code [%d]%s: %s"
                    .formatted(
                            String.join(" ", start),
                            download.arguments().getFirst(),
                            asked,
                            finished.exitCode(),
                            hint(finished.output(), room),
                            quoted(finished.output())));
        }
        try (Stream<Path> files = Files.list(download.folder())) {
            Path downloaded = files.filter(file -> file.toString().endsWith(program.suffix()))
                    .findFirst()
                    .orElseThrow(() -> new FetchException(
                            "%s downloaded no %s for [%s]".formatted(program.name(), program.archive(), asked)));
            progress.bytes(Files.size(downloaded), Files.size(downloaded));
            return downloaded;
        }
    }

    private List<String> working(Path room) throws IOException {
        List<String> looked = new ArrayList<>();
        for (List<String> candidate : program.candidates()) {
            Optional<Path> found = onPath(candidate.getFirst());
            if (found.isEmpty()) {
                looked.add("no " + candidate.getFirst());
                continue;
            }
            List<String> command = new ArrayList<>(candidate);
            command.set(0, found.get().toString());
            List<String> probe = new ArrayList<>(command);
            probe.add("--version");
            if (run(probe, room, PROBE, () -> {}).exitCode() == 0) {
                return command;
            }
            looked.add(String.join(" ", probe) + " fails");
        }
        throw new FetchException("no %s to download a %s with: %s on PATH [%s]; install %s"
                .formatted(
                        program.name(),
                        program.archive(),
                        String.join(", ", looked),
                        environment.getOrDefault("PATH", ""),
                        program.install()));
    }

    private Optional<Path> onPath(String name) {
        return Stream.of(environment.getOrDefault("PATH", "").split(File.pathSeparator))
                .filter(folder -> !folder.isEmpty())
                .map(folder -> Path.of(folder, name))
                .filter(path -> Files.isRegularFile(path) && Files.isExecutable(path))
                .findFirst();
    }

    private record Finished(int exitCode, String output) {}

    private Finished run(List<String> command, Path room, Duration limit, Runnable tick) throws IOException {
        ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
        builder.environment().clear();
        builder.environment().putAll(environment);
        builder.environment().put("TMPDIR", room.toString());
        Process process = builder.start();
        FutureTask<String> output = new FutureTask<>(() -> head(process.getInputStream()));
        Thread.ofVirtual().start(output);
        try {
            process.getOutputStream().close();
            long deadline = System.nanoTime() + limit.toNanos();
            while (!process.waitFor(200, TimeUnit.MILLISECONDS)) {
                tick.run();
                if (System.nanoTime() - deadline > 0) {
                    throw new FetchException(
                            "[%s] did not end within [%s]".formatted(String.join(" ", command), limit));
                }
            }
            return new Finished(process.exitValue(), whole(output, deadline - System.nanoTime()));
        } catch (InterruptedException e) {
            throw FileCache.interrupted();
        } finally {
            process.descendants().forEach(ProcessHandle::destroyForcibly);
            process.destroyForcibly(); // closes its pipes too: not before all is read
        }
    }

    /** All that an ended process said. */
    private static String whole(FutureTask<String> output, long nanos) throws InterruptedException {
        try {
            return output.get(Math.max(nanos, 0), TimeUnit.NANOSECONDS);
        } catch (ExecutionException e) {
            return "its output cannot be read: " + e.getCause();
        } catch (TimeoutException e) {
            return "its output did not end";
        }
    }

    /** What a process says, through a pipe: on a full disk a file would hold nothing. Reads all, and keeps the beginning. */
    private static String head(InputStream said) throws IOException {
        try (said) {
            String text = new String(said.readNBytes(KEPT), UTF_8);
            said.transferTo(OutputStream.nullOutputStream());
            return text;
        }
    }

    /** Less than the whole until the process has ended: it moves what it downloaded. */
    private static long soFar(Path room, long bytes) {
        return bytes < 0 ? bytesUnder(room) : Math.min(bytesUnder(room), bytes - 1);
    }

    private static long bytesUnder(Path room) {
        try (Stream<Path> files = Files.walk(room)) {
            return files.mapToLong(
                            file -> file.toFile().isFile() ? file.toFile().length() : 0)
                    .sum();
        } catch (IOException | UncheckedIOException e) {
            return 0; // the process moved a file meanwhile
        }
    }

    private String hint(String output, Path room) {
        if (output.contains("No space left on device") || output.contains("ENOSPC")) {
            return " (the disk of [%s] is full: make room, or set HONE_HOME to another folder)".formatted(room);
        }
        return program.unreachable().stream().anyMatch(output::contains)
                ? " (%s cannot be reached: no network?)".formatted(program.registry())
                : "";
    }

    private static String quoted(String output) {
        String text = output.strip();
        return text.length() <= QUOTED ? text : "…" + text.substring(text.length() - QUOTED);
    }
}
