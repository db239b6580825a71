package dev.hone.load;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/** A gateway as it is shipped, on a folder of its own, with servers that say what a test tells them. */
final class Stage implements AutoCloseable {
    private static final Duration LONGEST_DRAIN = Duration.ofMinutes(5);

    private final Path folder;
    private final List<AutoCloseable> open = new ArrayList<>();
    private final Map<String, MockUpstream> upstreams = new TreeMap<>();
    private String bearer = "";
    private ServedHone served;

    Stage(Path folder) {
        this.folder = folder;
    }

    /** A server, by its name in the configuration. */
    MockUpstream upstream(String name, java.util.function.Function<MockUpstream.Asked, Answer> behaviour)
            throws IOException {
        MockUpstream upstream = new MockUpstream(0, behaviour);
        open.add(upstream);
        upstreams.put(name, upstream);
        return upstream;
    }

    /**
     * Starts the gateway on a port that stays.
     *
     * @param keys whether callers show one: {@code required} or {@code none}
     * @param gateway more of its file
     * @param serving of the use case {@code load}
     * @param options of its virtual machine
     */
    void start(String keys, String gateway, String serving, String... options)
            throws IOException, InterruptedException {
        start("  %s: {url: \"%s\", connect: 1s}\n", keys, gateway, serving, List.of(options));
    }

    /** The same with servers described otherwise. @param server its line in the gateway's file, with name and address */
    void startWith(String server, String keys, String serving) throws IOException, InterruptedException {
        start(server, keys, "", serving, List.of());
    }

    private void start(String server, String keys, String gateway, String serving, List<String> options)
            throws IOException, InterruptedException {
        int port;
        try (ServerSocket socket = new ServerSocket(0)) {
            port = socket.getLocalPort();
        }
        StringBuilder servers = new StringBuilder("port: %d\nkeys: %s\n%supstreams:\n".formatted(port, keys, gateway));
        upstreams.forEach((name, upstream) -> servers.append(server.formatted(name, upstream.url())));
        shareBinaries();
        ServedHone.configure(folder, servers.toString(), serving);
        bearer = keys.equals("required") ? ServedHone.key(folder) : "";
        served = ServedHone.start(folder, options);
    }

    /** PostgreSQL is unpacked once for all stages of this build. */
    private void shareBinaries() throws IOException {
        Path shared = Path.of("target", "faults-home", "postgres").toAbsolutePath();
        Files.createDirectories(shared);
        Files.createDirectories(home());
        if (!Files.exists(home().resolve("postgres"))) {
            Files.createSymbolicLink(home().resolve("postgres"), shared);
        }
    }

    ServedHone served() {
        return served;
    }

    Path home() {
        return ServedHone.home(folder);
    }

    Path journal() {
        return home().resolve("journal");
    }

    StoredTraces stored() {
        return new StoredTraces(home());
    }

    String bearer() {
        return bearer;
    }

    /** Callers of the use case, of whom every second one asks for streams. */
    Callers callers(int count, Duration pause) {
        Callers callers = new Callers(served.address(), bearer, "use-case/load", pause).begin(count);
        open.add(callers);
        return callers;
    }

    /**
     * Every call that was acknowledged is in the database under its identifier, with its own request, and no call is there twice.
     *
     * @param but acknowledged ones that need not be there
     */
    void assertKept(Map<String, String> acknowledged, Set<String> but) throws Exception {
        stored().awaitDrained(LONGEST_DRAIN);
        Map<String, String> kept = new HashMap<>();
        Set<String> numbers = new HashSet<>();
        List<String> doubled = new ArrayList<>();
        for (String row : stored().column("""
                SELECT id || ' ' || substring(request from '"user": ?"(n-[0-9]+)"') FROM trace LEFT JOIN trace_content USING (id)
                """)) {
            String[] parts = row.split(" ");
            kept.put(parts[0], parts[1]);
            if (!numbers.add(parts[1])) {
                doubled.add(row);
            }
        }
        List<String> lost = new ArrayList<>();
        acknowledged.forEach((id, number) -> {
            if (!number.equals(kept.get(id)) && !but.contains(id)) {
                lost.add(number + " " + id);
            }
        });
        assertEquals(List.of(), doubled, "stored twice");
        assertEquals(
                List.of(),
                lost.stream().limit(10).toList(),
                () -> "%d of %d acknowledged calls are lost".formatted(lost.size(), acknowledged.size()));
        assertEquals(
                List.of(),
                stored().column("SELECT id FROM trace t WHERE NOT EXISTS (SELECT FROM attempt a WHERE a.trace = t.id)"),
                "without attempts");
        Path rejected = journal().resolve("rejected");
        assertTrue(!Files.exists(rejected), "put aside: " + rejected);
    }

    @Override
    public void close() throws Exception {
        for (AutoCloseable one : open.reversed()) {
            if (one instanceof Callers) {
                one.close();
            }
        }
        if (served != null) {
            served.close();
        }
        for (AutoCloseable one : open.reversed()) {
            if (!(one instanceof Callers)) {
                one.close();
            }
        }
    }
}
