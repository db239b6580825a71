package dev.hone.load;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** {@code hone serve} as a process of its own, with its database, in a folder of its own. */
final class ServedHone implements AutoCloseable {
    /** A use case that does not store all that is said. */
    static final String PRIVATE = "private";

    private static final int PATIENCE_SECONDS = 180;

    private final Path folder;
    private final List<String> before;
    private final List<String> options;
    private Process process;
    private InetSocketAddress address;

    private ServedHone(Path folder, List<String> before, List<String> options) {
        this.folder = folder;
        this.before = before;
        this.options = options;
    }

    /**
     * Starts it, and returns when calls may be sent, and the database takes them.
     *
     * @param folder with {@code hone.yaml} and {@code use-cases}; {@code home} and what it says are put beside them
     * @param options of the virtual machine, after those of the launcher
     */
    static ServedHone start(Path folder, List<String> options) throws IOException, InterruptedException {
        return start(folder, List.of(), options);
    }

    /** The same, by a program that starts programs. @param before that program, with its arguments */
    static ServedHone start(Path folder, List<String> before, List<String> options)
            throws IOException, InterruptedException {
        ServedHone served = new ServedHone(folder, before, options);
        served.start();
        served.awaitReady();
        return served;
    }

    /** Starts it once more, and returns when it listens. */
    void start() throws IOException, InterruptedException {
        Path out = folder.resolve("serve.out");
        Files.deleteIfExists(out);
        process = run(
                folder,
                before,
                options,
                out,
                "serve",
                "--config",
                folder.resolve("hone.yaml").toString(),
                "--use-cases",
                folder.resolve("use-cases").toString(),
                "--json");
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(PATIENCE_SECONDS);
        while (!Files.exists(out) || !Files.readString(out).endsWith("\n")) {
            if (!process.isAlive() || System.nanoTime() > end) {
                throw new IllegalStateException("hone serve does not listen: " + said());
            }
            Thread.sleep(20);
        }
        URI url = URI.create(
                JsonMapper.shared().readTree(Files.readString(out)).path("url").asString());
        address = new InetSocketAddress("127.0.0.1", url.getPort());
    }

    private void awaitReady() throws IOException, InterruptedException {
        StoredTraces stored = new StoredTraces(home(folder));
        HttpRequest ready = HttpRequest.newBuilder(URI.create("http://127.0.0.1:%d/ready".formatted(address.getPort())))
                .build();
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(PATIENCE_SECONDS);
        try (HttpClient http = HttpClient.newHttpClient()) {
            HttpResponse<String> response;
            do {
                Thread.sleep(50);
                response = http.send(ready, HttpResponse.BodyHandlers.ofString());
                if (System.nanoTime() > end) {
                    throw new IllegalStateException("hone serve is not ready: " + response.body() + said());
                }
            } while (response.statusCode() != 200 || !stored.isOpen());
        }
    }

    private static Process run(Path folder, List<String> before, List<String> options, Path out, String... arguments)
            throws IOException {
        List<String> command = new ArrayList<>(before);
        command.addAll(Launcher.command(options, arguments));
        ProcessBuilder builder = new ProcessBuilder(command)
                .redirectOutput(out.toFile())
                .redirectError(ProcessBuilder.Redirect.appendTo(
                        folder.resolve("serve.log").toFile()));
        builder.environment().put("HONE_HOME", home(folder).toString());
        builder.environment().remove("HONE_DB_URL");
        return builder.start();
    }

    /** Makes a key for callers. */
    static String key(Path folder) throws IOException, InterruptedException {
        Path out = folder.resolve("key.out");
        Process process = run(folder, List.of(), List.of(), out, "keys", "add", "load", "--json");
        if (process.waitFor() != 0) {
            throw new IllegalStateException("No key: " + Files.readString(folder.resolve("serve.log")));
        }
        JsonNode made = JsonMapper.shared().readTree(Files.readString(out));
        Files.delete(out);
        return made.path("key").asString();
    }

    /** Writes the gateway's file, and the charter of the use case {@code load} with the rest of it. */
    static void configure(Path folder, String gateway, String serving) throws IOException {
        Files.createDirectories(folder.resolve("use-cases"));
        write(folder.resolve("hone.yaml"), gateway);
        declare(folder, "load", serving);
    }

    /** One more use case. @param serving as in {@link #configure} */
    static void declare(Path folder, String name, String serving) throws IOException {
        write(folder.resolve("use-cases").resolve(name + ".yaml"), """
                name: %s
                owner: The load generator
                job: Answers as a server would.
                good:
                  kind: string_check
                  operation: eq
                viewers: [everyone]
                """.formatted(name) + serving);
    }

    private static void write(Path file, String text) throws IOException {
        Files.writeString(file, text, StandardOpenOption.CREATE, StandardOpenOption.TRUNCATE_EXISTING);
    }

    static Path home(Path folder) {
        return folder.resolve("home");
    }

    InetSocketAddress address() {
        return address;
    }

    long pid() {
        return process.pid();
    }

    boolean isAlive() {
        return process.isAlive();
    }

    /** What it complained about. */
    String said() throws IOException {
        Path log = folder.resolve("serve.log");
        return Files.exists(log) ? Files.readString(log) : "";
    }

    /** {@code kill -9}. */
    void kill() throws InterruptedException {
        process.destroyForcibly().waitFor();
    }

    /** Sends a signal. @param name such as {@code TERM} */
    void signal(String name) throws IOException, InterruptedException {
        int sent = new ProcessBuilder("kill", "-" + name, String.valueOf(process.pid()))
                .inheritIO()
                .start()
                .waitFor();
        if (sent != 0) {
            throw new IllegalStateException("No signal [%s] could be sent".formatted(name));
        }
    }

    /** Waits until it has ended of a signal. @return its exit code */
    int awaitEnd(Duration most) throws InterruptedException {
        if (!process.waitFor(most.toMillis(), TimeUnit.MILLISECONDS)) {
            throw new IllegalStateException("hone serve did not end in " + most);
        }
        return process.exitValue();
    }

    /** As by Ctrl-C or a service manager. */
    @Override
    public void close() throws InterruptedException {
        process.destroy();
        if (!process.waitFor(60, TimeUnit.SECONDS)) {
            process.destroyForcibly().waitFor();
            throw new IllegalStateException("hone serve did not end within a minute");
        }
    }
}
