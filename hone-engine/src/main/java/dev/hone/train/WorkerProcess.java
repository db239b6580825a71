package dev.hone.train;

import dev.hone.file.TemporaryFolders;
import dev.hone.train.Frames.FrameException;
import dev.hone.train.WorkerException.Reason;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.Channels;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * A child virtual machine and the socket to it. Its folder (mode 0700) holds the socket until the child has connected,
 * and the log of its standard streams; it is removed when the worker ends in order and kept, and named, after a crash (for a week:
 * {@link TemporaryFolders}).
 */
final class WorkerProcess implements AutoCloseable {
    private static final Duration START = Duration.ofSeconds(60);
    private static final Duration END = Duration.ofSeconds(10);
    private static final int LOG_LINES = 12;

    private final Process process;
    private final Path folder;
    private final SocketChannel channel;

    private WorkerProcess(Process process, Path folder, SocketChannel channel) {
        this.process = process;
        this.folder = folder;
        this.channel = channel;
    }

    static WorkerProcess start(WorkerSettings settings) {
        try {
            Path folder = TemporaryFolders.make("worker");
            Path socket = folder.resolve("socket");
            try (ServerSocketChannel server = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
                server.bind(UnixDomainSocketAddress.of(socket));
                server.configureBlocking(false);
                Process process = launch(settings, folder, socket);
                return new WorkerProcess(process, folder, accept(server, process, folder));
            } finally {
                Files.deleteIfExists(socket);
            }
        } catch (IOException e) {
            throw new WorkerException(Reason.FILE, "Cannot start the worker process: " + e.getMessage(), e);
        }
    }

    private static Process launch(WorkerSettings settings, Path folder, Path socket) throws IOException {
        List<String> command = new ArrayList<>();
        command.add(settings.java().toString());
        command.addAll(settings.options());
        command.add("-XX:ErrorFile=" + folder.resolve("crash.txt"));
        command.add("-cp");
        command.add(System.getProperty("java.class.path"));
        command.add(settings.mainClass());
        command.add(socket.toString());
        ProcessBuilder builder = new ProcessBuilder(command);
        builder.environment().putAll(settings.environment());
        builder.redirectErrorStream(true).redirectOutput(log(folder).toFile());
        return builder.start();
    }

    private static SocketChannel accept(ServerSocketChannel server, Process process, Path folder) throws IOException {
        long deadline = System.nanoTime() + START.toNanos();
        while (true) {
            SocketChannel channel = server.accept();
            if (channel != null) {
                channel.configureBlocking(true);
                return channel;
            }
            if (!waits(process, Duration.ofMillis(5))) {
                throw new WorkerException(Reason.DIED, obituary(process, folder, "while starting"));
            }
            if (System.nanoTime() > deadline) {
                process.destroyForcibly();
                throw new WorkerException(
                        Reason.DIED,
                        "The worker process did not start within " + START.toSeconds() + " s" + tail(folder));
            }
        }
    }

    /** Waits while the process lives, at most this long; false when it has ended. */
    private static boolean waits(Process process, Duration atMost) {
        try {
            return !process.waitFor(atMost.toNanos(), TimeUnit.NANOSECONDS);
        } catch (InterruptedException e) {
            process.destroyForcibly();
            Thread.currentThread().interrupt();
            throw new WorkerException(Reason.DIED, "Interrupted while waiting for the worker process");
        }
    }

    InputStream in() {
        return Channels.newInputStream(channel);
    }

    OutputStream out() {
        return Channels.newOutputStream(channel);
    }

    long pid() {
        return process.pid();
    }

    Path folder() {
        return folder;
    }

    /** Largest resident memory so far in bytes, or 0 where the system does not say. */
    long peakMemoryBytes() {
        return ProcessMemory.peakBytes(process.pid());
    }

    /** What the death of the process means, after the socket broke in the middle of {@code doing}. */
    WorkerException died(String doing) {
        if (waits(process, END)) {
            process.destroyForcibly();
            return new WorkerException(
                    Reason.DIED, "The worker process broke the connection " + doing + " and was ended" + tail(folder));
        }
        return new WorkerException(Reason.DIED, obituary(process, folder, doing));
    }

    /** Ends the process by force, after it has broken the protocol. */
    WorkerException brokeProtocol(FrameException cause) {
        process.destroyForcibly();
        return new WorkerException(
                Reason.DIED, "The worker process broke the protocol: " + cause.getMessage() + tail(folder), cause);
    }

    private static String obituary(Process process, Path folder, String doing) {
        int exit = process.exitValue();
        String how = switch (exit) {
            case 128 + 9 ->
                "was killed (signal 9, SIGKILL: usually the system when memory runs out)."
                        + " Try --checkpointing, also with --resume, or a new run with a smaller --micro-batch-tokens";
            case 128 + 11 -> "crashed in native code (signal 11, SIGSEGV). Please report it with the log";
            case 128 + 7 -> "crashed in native code (signal 7, SIGBUS: a model file that shrank while in use?)";
            case 128 + 6 -> "aborted in native code (signal 6, SIGABRT). Please report it with the log";
            case 128 + 4 -> "crashed (signal 4, SIGILL: this processor lacks an instruction that it needs)";
            case 128 + 15 -> "was ended from outside (signal 15, SIGTERM)";
            case 3 -> "ran out of Java heap (exit 3). Try a new run with a smaller --batch-tokens";
            default -> exit > 128 ? "was ended by signal " + (exit - 128) : "ended with exit code " + exit;
        };
        return "The worker process %s %s".formatted(doing, how) + tail(folder);
    }

    private static String tail(Path folder) {
        try {
            List<String> lines = Files.readString(log(folder), StandardCharsets.ISO_8859_1)
                    .lines()
                    .toList();
            if (lines.isEmpty()) {
                Files.deleteIfExists(log(folder));
                Files.deleteIfExists(folder);
                return "";
            }
            List<String> last = lines.subList(Math.max(0, lines.size() - LOG_LINES), lines.size());
            return "\n  its last lines (all in " + log(folder) + "):\n    " + String.join("\n    ", last);
        } catch (IOException e) {
            return "";
        }
    }

    private static Path log(Path folder) {
        return folder.resolve("worker.log");
    }

    /** Closes the socket, which ends the worker, and removes its folder. */
    @Override
    public void close() {
        try {
            channel.close();
            if (waits(process, END)) {
                process.destroyForcibly();
            }
            Files.deleteIfExists(log(folder));
            Files.deleteIfExists(folder.resolve("crash.txt"));
            Files.deleteIfExists(folder);
        } catch (IOException e) {
            throw new WorkerException(Reason.FILE, "Cannot remove the worker's folder [" + folder + "]", e);
        }
    }
}
