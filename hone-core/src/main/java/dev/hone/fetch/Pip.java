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
import java.util.stream.Stream;

/** Downloads wheels by the user's own pip, which knows the user's index, proxy and certificates. Never installs or builds. */
final class Pip {
    private static final List<List<String>> CANDIDATES =
            List.of(List.of("pip"), List.of("pip3"), List.of("python3", "-m", "pip"));
    private static final Duration PROBE = Duration.ofSeconds(30);
    private static final int QUOTED = 600;
    private static final int KEPT = 1 << 20;

    private final Map<String, String> environment;
    private final Duration patience;

    /**
     * @param environment of the child process; its {@code PATH} is where pip is looked for
     * @param patience after which a download is given up
     */
    Pip(Map<String, String> environment, Duration patience) {
        this.environment = Map.copyOf(environment);
        this.patience = patience;
    }

    /**
     * Downloads one wheel.
     *
     * @param wheel which; progress is told its size, if that is known
     * @param room an empty folder for it
     */
    Path download(Source.Wheel wheel, Path room, Part.Progress progress) throws IOException {
        String requirement = wheel.requirement();
        Path wheels = Files.createDirectory(room.resolve("wheel"));
        List<String> command = new ArrayList<>(working(room));
        command.addAll(List.of(
                "download",
                "--quiet",
                "--no-input",
                "--disable-pip-version-check",
                "--no-deps",
                "--only-binary=:all:",
                "--ignore-requires-python",
                "--dest",
                wheels.toString(),
                requirement));
        Finished finished = run(command, room, patience, () -> progress.bytes(soFar(room, wheel), wheel.bytes()));
        if (finished.exitCode() != 0) {
            throw new FetchException("[%s] failed with exit code [%d]%s: %s"
                    .formatted(
                            String.join(" ", command.subList(0, command.indexOf("download") + 1)) + " " + requirement,
                            finished.exitCode(),
                            hint(finished.output(), room),
                            quoted(finished.output())));
        }
        try (Stream<Path> files = Files.list(wheels)) {
            Path downloaded = files.filter(file -> file.toString().endsWith(".whl"))
                    .findFirst()
                    .orElseThrow(() -> new FetchException("pip downloaded no wheel for [" + requirement + "]"));
            progress.bytes(Files.size(downloaded), Files.size(downloaded));
            return downloaded;
        }
    }

    private List<String> working(Path room) throws IOException {
        List<String> looked = new ArrayList<>();
        for (List<String> candidate : CANDIDATES) {
            Optional<Path> program = onPath(candidate.getFirst());
            if (program.isEmpty()) {
                looked.add("no " + candidate.getFirst());
                continue;
            }
            List<String> command = new ArrayList<>(candidate);
            command.set(0, program.get().toString());
            List<String> probe = new ArrayList<>(command);
            probe.add("--version");
            if (run(probe, room, PROBE, () -> {}).exitCode() == 0) {
                return command;
            }
            looked.add(String.join(" ", probe) + " fails");
        }
        throw new FetchException("no pip to download a wheel with: %s on PATH [%s]; install Python's pip"
                .formatted(String.join(", ", looked), environment.getOrDefault("PATH", "")));
    }

    private Optional<Path> onPath(String program) {
        return Stream.of(environment.getOrDefault("PATH", "").split(File.pathSeparator))
                .filter(folder -> !folder.isEmpty())
                .map(folder -> Path.of(folder, program))
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
        } catch (InterruptedException e) {
            throw FileCache.interrupted();
        } finally {
            process.descendants().forEach(ProcessHandle::destroyForcibly);
            process.destroyForcibly();
        }
        try {
            return new Finished(process.exitValue(), output.get());
        } catch (InterruptedException e) {
            throw FileCache.interrupted();
        } catch (ExecutionException e) {
            return new Finished(process.exitValue(), "its output cannot be read: " + e.getCause());
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

    /** Less than the whole until pip has ended: it moves what it downloaded. */
    private static long soFar(Path room, Source.Wheel wheel) {
        return wheel.bytes() < 0 ? bytesUnder(room) : Math.min(bytesUnder(room), wheel.bytes() - 1);
    }

    private static long bytesUnder(Path room) {
        try (Stream<Path> files = Files.walk(room)) {
            return files.mapToLong(
                            file -> file.toFile().isFile() ? file.toFile().length() : 0)
                    .sum();
        } catch (IOException | UncheckedIOException e) {
            return 0; // pip moved a file meanwhile
        }
    }

    private static String hint(String output, Path room) {
        if (output.contains("No space left on device")) {
            return " (the disk of [%s] is full: make room, or set HONE_HOME to another folder)".formatted(room);
        }
        boolean network = Stream.of(
                        "NewConnectionError",
                        "ConnectTimeout",
                        "NameResolutionError",
                        "ProxyError",
                        "Temporary failure in name resolution",
                        "Network is unreachable")
                .anyMatch(output::contains);
        return network ? " (PyPI cannot be reached: no network?)" : "";
    }

    private static String quoted(String output) {
        String text = output.strip();
        return text.length() <= QUOTED ? text : "…" + text.substring(text.length() - QUOTED);
    }
}
