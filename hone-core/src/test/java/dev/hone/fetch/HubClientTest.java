package dev.hone.fetch;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The hub and its content network, played by a server of the JDK. */
class HubClientTest {
    private static final String COMMIT = "0123456789abcdef0123456789abcdef01234567";
    private static final Source.Hub FILE = new Source.Hub("owner/model", "main", "sub/weights.bin");
    private static final Part.Progress SILENT = (soFar, total) -> {};

    @TempDir
    Path temporary;

    private final byte[] content = new byte[300_000];
    private final List<String> ranges = Collections.synchronizedList(new ArrayList<>());
    private final CountDownLatch release = new CountDownLatch(1);
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    private HttpServer server;
    private HubClient hub;
    private Path part;
    private volatile String etag = "\"one\"";
    private volatile int breakAt = -1;

    @BeforeEach
    void serve() throws IOException {
        new Random(7).nextBytes(content);
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.setExecutor(threads);
        server.createContext("/owner/model/resolve/main/sub/weights.bin", exchange -> {
            exchange.getResponseHeaders().add("Location", "/content");
            exchange.getResponseHeaders().add("X-Linked-Etag", etag);
            exchange.getResponseHeaders().add("X-Repo-Commit", COMMIT);
            exchange.sendResponseHeaders(302, -1);
            exchange.close();
        });
        server.createContext("/content", this::content);
        server.start();
        hub = hub(Duration.ofSeconds(20));
        part = temporary.resolve("weights.part");
    }

    private HubClient hub(Duration patience) {
        URI endpoint = URI.create("http://127.0.0.1:" + server.getAddress().getPort());
        return new HubClient(endpoint, new EnvironmentProxy(Map.of()), patience);
    }

    @AfterEach
    void stop() {
        release.countDown();
        server.stop(0);
        threads.close();
    }

    @Test
    void theProxyThatTheEnvironmentNamesIsAsked() throws IOException {
        String address = "127.0.0.1:" + server.getAddress().getPort();
        EnvironmentProxy proxy = new EnvironmentProxy(Map.of("http_proxy", address));
        HubClient behind = new HubClient(URI.create("http://hub.invalid"), proxy, Duration.ofSeconds(20));
        behind.download(FILE, part, 1 << 20, (soFar, total) -> {});
        assertArrayEquals(content, Files.readAllBytes(part));
    }

    private void content(HttpExchange exchange) throws IOException {
        String range = exchange.getRequestHeaders().getFirst("Range");
        ranges.add(String.valueOf(range));
        int from = range == null ? 0 : Integer.parseInt(range.replaceAll("\\D", ""));
        if (range != null) {
            exchange.getResponseHeaders()
                    .add("Content-Range", "bytes %d-%d/%d".formatted(from, content.length - 1, content.length));
        }
        exchange.sendResponseHeaders(range == null ? 200 : 206, content.length - from);
        int until = breakAt < 0 ? content.length : breakAt;
        breakAt = -1;
        exchange.getResponseBody().write(content, from, until - from);
        exchange.close();
    }

    @Test
    void redirectsAreFollowedAndTheCommitIsReported() throws IOException {
        List<Long> seen = new ArrayList<>();
        HubClient.Received received = hub.download(FILE, part, 1 << 20, (soFar, total) -> {
            assertEquals(content.length, total);
            seen.add(soFar);
        });
        assertArrayEquals(content, Files.readAllBytes(part));
        assertEquals(COMMIT, received.commit());
        assertEquals(content.length, seen.getLast());
        assertFalse(Files.exists(Part.etag(part)));
    }

    @Test
    void aBrokenTransferContinuesWhereItStopped() throws IOException {
        breakAt = 200_000;
        hub.download(FILE, part, 1 << 20, SILENT);
        assertArrayEquals(content, Files.readAllBytes(part));
        assertEquals(2, ranges.size());
        assertTrue(ranges.get(1).matches("bytes=[1-9]\\d*-"), ranges.toString());
    }

    @Test
    void aPartOfAnEarlierRunContinuesOnlyWithTheSameVersion() throws IOException {
        Files.write(part, Arrays.copyOf(content, 1000));
        Files.writeString(Part.etag(part), etag);
        hub.download(FILE, part, 1 << 20, SILENT);
        assertArrayEquals(content, Files.readAllBytes(part));
        Files.write(part, new byte[1000]);
        Files.writeString(Part.etag(part), etag);
        etag = "\"two\"";
        hub.download(FILE, part, 1 << 20, SILENT);
        assertArrayEquals(content, Files.readAllBytes(part));
        assertEquals(List.of("bytes=1000-", "null"), ranges);
    }

    @Test
    void aLargeFileMustHaveTheHashThatTheHubNames() throws IOException {
        PinnedFile file = new PinnedFile("m/weights.bin", null, 1 << 20, List.of(FILE));
        FileCache cache = new FileCache(
                temporary.resolve("cache"),
                hub,
                new Pip(Map.of(), Duration.ofSeconds(1)),
                new Npm(Map.of(), Duration.ofSeconds(1)));
        etag = "\"" + "0".repeat(64) + "\"";
        FetchException e = assertThrows(FetchException.class, () -> cache.fetch(file, FetchListener.SILENT));
        assertTrue(e.getMessage().contains("the source itself names [000"), e.getMessage());
        etag = "\"" + Hashes.sha256(Files.write(temporary.resolve("whole"), content)) + "\"";
        assertArrayEquals(content, Files.readAllBytes(cache.fetch(file, FetchListener.SILENT)));
        assertTrue(cache.stamp(file).orElseThrow().origin().contains(COMMIT), "the commit is recorded");
    }

    @Test
    void tooLargeIsRefusedBeforeItIsReceived() {
        FetchException e = assertThrows(FetchException.class, () -> hub.download(FILE, part, 1000, SILENT));
        assertTrue(e.getMessage().contains("larger than the [1000] bytes"), e.getMessage());
        assertFalse(Files.exists(part));
    }

    @Test
    void aFileThatIsNotThereIsSaid() {
        Source.Hub none = new Source.Hub("owner/model", "main", "none.bin");
        FetchException e = assertThrows(FetchException.class, () -> hub.download(none, part, 1000, SILENT));
        assertTrue(e.getMessage().contains("[404]: there is no such file"), e.getMessage());
    }

    @Test
    void aServerThatStopsSendingIsGivenUp() {
        server.createContext("/owner/model/resolve/main/slow.bin", exchange -> {
            exchange.sendResponseHeaders(200, 1000);
            exchange.getResponseBody().write(new byte[10]);
            exchange.getResponseBody().flush();
            try {
                release.await();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        });
        Source.Hub slow = new Source.Hub("owner/model", "main", "slow.bin");
        HubClient impatient = hub(Duration.ofSeconds(2));
        FetchException e = assertThrows(FetchException.class, () -> impatient.download(slow, part, 1 << 20, SILENT));
        assertTrue(e.getMessage().contains("stopped sending"), e.getMessage());
        assertFalse(Thread.currentThread().isInterrupted());
    }

    @Test
    void redirectsNeverLeaveHttps() throws IOException {
        URI hubAddress = URI.create("https://huggingface.co/a/b");
        assertEquals(URI.create("https://cdn.example/x"), HubClient.redirect(hubAddress, "https://cdn.example/x"));
        assertEquals(URI.create("https://huggingface.co/c"), HubClient.redirect(hubAddress, "/c"));
        for (String bad : List.of("http://cdn.example/x", "ftp://cdn.example/x", "https:opaque", "a b")) {
            assertThrows(FetchException.class, () -> HubClient.redirect(hubAddress, bad), bad);
        }
    }

    @Test
    void endlessRedirectsAndOtherSchemesAreNotFollowed() {
        server.createContext("/owner/model/resolve/main/round.bin", exchange -> {
            exchange.getResponseHeaders()
                    .add("Location", exchange.getRequestURI().toString());
            exchange.sendResponseHeaders(307, -1);
            exchange.close();
        });
        server.createContext("/owner/model/resolve/main/local.bin", exchange -> {
            exchange.getResponseHeaders().add("Location", "file:///etc/passwd");
            exchange.sendResponseHeaders(302, -1);
            exchange.close();
        });
        Source.Hub round = new Source.Hub("owner/model", "main", "round.bin");
        Source.Hub local = new Source.Hub("owner/model", "main", "local.bin");
        assertTrue(assertThrows(FetchException.class, () -> hub.download(round, part, 1000, SILENT))
                .getMessage()
                .contains("redirects more than [5] times"));
        assertTrue(assertThrows(FetchException.class, () -> hub.download(local, part, 1000, SILENT))
                .getMessage()
                .contains("[file:///etc/passwd], which is not followed"));
    }
}
