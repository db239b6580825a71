package dev.hone.load;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.LongAdder;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Callers that are too many, too slow, or gone. */
@Tag("slow")
final class CallerFaultsTest {
    private static final String ONE = "variants:\n  only: {upstream: mock, model: mock-1}\n";
    private static final Answer CHAT = Answer.whole(200, "application/json", Answer.chat());

    @TempDir
    private Path folder;

    private static LoadResult load(Stage stage, Arrivals arrivals, int connections, int seconds) throws Exception {
        InetSocketAddress address = stage.served().address();
        try {
            return LoadClient.run(new LoadClient.Plan(
                    address,
                    LoadClient.Plan.post(
                            address, "/v1/chat/completions", stage.bearer(), Comparand.body("use-case/load", false)),
                    connections,
                    arrivals,
                    Duration.ofSeconds(seconds),
                    Long.MAX_VALUE,
                    Duration.ofSeconds(30)));
        } catch (UncheckedIOException e) {
            throw new IllegalStateException(
                    "%s: %s".formatted(e.getMessage(), stage.served().said()), e);
        }
    }

    /** Ten times what it can, in a virtual machine with half a gibibyte of heap. */
    @Test
    @Timeout(600)
    void tenTimesTooMuchIsSurvived() throws Exception {
        try (Stage stage = new Stage(folder)) {
            stage.upstream("mock", asked -> CHAT);
            stage.start("required", "", ONE, "-Xmn256m", "-Xmx512m");
            load(stage, new Arrivals.Saturated(), 32, 10);
            double most = load(stage, new Arrivals.Saturated(), 32, 5).perSecond();
            LoadResult flood = load(stage, new Arrivals.Steady(10 * most), 2_000, 15);
            double memory = Usage.mostMebibytes(stage.served().pid());
            LoadResult after = load(stage, new Arrivals.Steady(most / 10), 32, 5);
            System.out.printf(
                    "overload: %.0f/s is the most; of %d sent in 15 s %d answered, %d refused, %d broken, %d not answered; %.0f MiB at most; afterwards p50 %.1f ms%n",
                    most,
                    flood.sent(),
                    flood.answered(),
                    flood.refused(),
                    flood.broken(),
                    flood.unanswered(),
                    memory,
                    after.millis(50));
            assertTrue(stage.served().isAlive());
            assertFalse(
                    stage.served().said().contains("OutOfMemory"),
                    stage.served().said());
            assertTrue(flood.answered() > 5 * most, "what can be answered is: " + flood.answered());
            assertTrue(
                    flood.refused() + flood.broken() < flood.answered() / 20,
                    "%d refused, %d broken".formatted(flood.refused(), flood.broken()));
            assertTrue(after.clean(), "%d of %d answered afterwards".formatted(after.answered(), after.sent()));
            assertTrue(memory < 1_024, memory + " MiB");
            stage.stored().awaitDrained(Duration.ofMinutes(5));
        }
    }

    /**
     * Eight callers send 18 MB each, of digits, of words and of escapes, to a use case that stores none of five kinds, in a virtual machine with half a
     * gibibyte of heap; twenty others a second have little to say.
     */
    @Test
    @Timeout(900)
    void longTextsThatAreLookedThroughHoldUpNobody() throws Exception {
        Random random = new Random(1);
        List<String> texts = List.of(
                digits(random, 18_000_000, " "),
                "please remind ann@example.com, call 030 901820 ".repeat(18_000_000 / 47),
                digits(random, 9_000_000, "\\\\n"),
                "token: ".repeat(18_000_000 / 7));
        try (Stage stage = new Stage(folder)) {
            stage.upstream("mock", asked -> CHAT);
            stage.start("none", "", ONE + "redaction: [email, phone, card, iban, secret]\n", "-Xmn256m", "-Xmx512m");
            Map<Integer, LongAdder> statuses = new ConcurrentHashMap<>();
            List<byte[]> bodies = new ArrayList<>();
            for (int i = 0; i < 8; i++) {
                bodies.add(Callers.bytes(
                        "{\"model\":\"use-case/load\",\"messages\":[{\"role\":\"user\",\"content\":\"%s\"}]}"
                                .formatted(texts.get(i % texts.size()))));
            }
            LoadResult others = beside(stage, bodies, statuses);
            double memory = Usage.mostMebibytes(stage.served().pid());
            System.out.printf(
                    "long texts to look through: %s of eight callers with 18 MB; others meanwhile p50 %.0f ms, p99 %.0f ms; %.0f MiB at most%n",
                    statuses, others.millis(50), others.millis(99), memory);
            assertFalse(
                    stage.served().said().contains("OutOfMemory"),
                    stage.served().said());
            assertEquals(8, statuses.get(200).sum());
            assertTrue(others.clean(), "%d of %d answered meanwhile".formatted(others.answered(), others.sent()));
            assertTrue(others.millis(99) < 2_000, others.millis(99) + " ms");
            stage.stored().awaitDrained(Duration.ofMinutes(5));
        }
    }

    /** What twenty others a second see while somebody sends each of these, again where there is no room for it. */
    private static LoadResult beside(Stage stage, List<byte[]> bodies, Map<Integer, LongAdder> statuses)
            throws Exception {
        URI uri = URI.create("http://127.0.0.1:%d/v1/chat/completions"
                .formatted(stage.served().address().getPort()));
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
                HttpClient client = HttpClient.newBuilder()
                        .version(HttpClient.Version.HTTP_1_1)
                        .build()) {
            List<Future<Void>> calling = new ArrayList<>();
            for (byte[] body : bodies) {
                calling.add(threads.submit(() -> {
                    int status = 503;
                    while (status == 503) {
                        status = client.send(
                                        HttpRequest.newBuilder(uri)
                                                .POST(HttpRequest.BodyPublishers.ofByteArray(body))
                                                .build(),
                                        HttpResponse.BodyHandlers.discarding())
                                .statusCode();
                        statuses.computeIfAbsent(status, made -> new LongAdder())
                                .increment();
                        Thread.sleep(status == 503 ? 1_000 : 0);
                    }
                    return null;
                }));
            }
            Thread.sleep(1_000);
            LoadResult others = load(stage, new Arrivals.Steady(20), 32, 30);
            for (Future<Void> one : calling) {
                one.get();
            }
            return others;
        }
    }

    /**
     * Callers send bodies of two million names and of eight million values, which are refused, and such as have nearly as many as there may be, among their own
     * members and in a text, to a use case that stores none of five kinds; twenty others a second have little to say.
     */
    @Test
    @Timeout(900)
    void bodiesOfManyNamesAndValuesHoldUpNobody() throws Exception {
        StringBuilder names = new StringBuilder("{\"model\":\"use-case/load\",\"messages\":[]");
        for (int i = 0; i < 2_000_000; i++) {
            names.append(",\"").append(Integer.toHexString(i)).append("\":1");
        }
        StringBuilder inner = new StringBuilder("{\"model\":\"use-case/load\",\"messages\":[],\"x\":{\"0\":1");
        for (int i = 1; i < 600_000; i++) {
            inner.append(",\"").append(Integer.toHexString(i)).append("\":{}");
        }
        byte[] many = Callers.bytes(names.append('}').toString());
        byte[] legal = Callers.bytes(inner.append("}}").toString());
        byte[] empties = Callers.bytes(
                "{\"model\":\"use-case/load\",\"messages\":[],\"x\":[%s{}]}".formatted("{},".repeat(7_500_000)));
        byte[] text = Callers.bytes(
                "{\"model\":\"use-case/load\",\"messages\":[{\"role\":\"user\",\"content\":\"[%s{\\\"password\\\":[1]}]\"}]}"
                        .formatted("{},".repeat(7_500_000)));
        try (Stage stage = new Stage(folder)) {
            stage.upstream("mock", asked -> CHAT);
            stage.start("none", "", ONE + "redaction: [email, phone, card, iban, secret]\n");
            Map<Integer, LongAdder> statuses = new ConcurrentHashMap<>();
            LoadResult others =
                    beside(stage, List.of(many, empties, text, legal, many, empties, text, legal), statuses);
            double memory = Usage.mostMebibytes(stage.served().pid());
            System.out.printf(
                    "many names and values: %s of eight callers; others meanwhile p50 %.0f ms, p99 %.0f ms; %.0f MiB at most%n",
                    statuses, others.millis(50), others.millis(99), memory);
            assertFalse(
                    stage.served().said().contains("OutOfMemory"),
                    stage.served().said());
            assertEquals(4, statuses.get(400).sum(), statuses.toString());
            assertEquals(4, statuses.get(200).sum(), statuses.toString());
            assertTrue(others.clean(), "%d of %d answered meanwhile".formatted(others.answered(), others.sent()));
            assertTrue(others.millis(99) < 2_000, others.millis(99) + " ms");
            stage.stored().awaitDrained(Duration.ofMinutes(5));
        }
    }

    /** Every twelfth on average with something behind it. */
    private static String digits(Random random, int characters, String behind) {
        StringBuilder text = new StringBuilder(characters);
        while (text.length() < characters) {
            text.append((char) ('0' + random.nextInt(10)));
            if (random.nextInt(12) == 0) {
                text.append(behind);
            }
        }
        return text.toString();
    }

    /** 60 callers send 20 MB each, again and again, to a virtual machine with half a gibibyte of heap. */
    @Test
    @Timeout(600)
    void requestsThatAreTooMuchTogetherAreTurnedAway() throws Exception {
        int callers = 60;
        try (Stage stage = new Stage(folder)) {
            stage.upstream("mock", asked -> CHAT);
            stage.start("none", "", ONE, "-Xmn256m", "-Xmx512m");
            byte[] body =
                    Callers.bytes("{\"model\":\"use-case/load\",\"messages\":[{\"role\":\"user\",\"content\":\"%s\"}]}"
                            .formatted("x".repeat(20_000_000)));
            HttpRequest request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:%d/v1/chat/completions"
                            .formatted(stage.served().address().getPort())))
                    .POST(HttpRequest.BodyPublishers.ofByteArray(body))
                    .build();
            Map<Integer, LongAdder> statuses = new ConcurrentHashMap<>();
            long end = System.nanoTime() + 20_000_000_000L;
            try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
                    HttpClient client = HttpClient.newBuilder()
                            .version(HttpClient.Version.HTTP_1_1)
                            .build()) {
                List<Future<Void>> calling = new ArrayList<>();
                for (int i = 0; i < callers; i++) {
                    calling.add(threads.submit(() -> {
                        while (System.nanoTime() < end) {
                            int status = client.send(request, HttpResponse.BodyHandlers.discarding())
                                    .statusCode();
                            statuses.computeIfAbsent(status, made -> new LongAdder())
                                    .increment();
                        }
                        return null;
                    }));
                }
                for (Future<Void> one : calling) {
                    one.get();
                }
            }
            double memory = Usage.mostMebibytes(stage.served().pid());
            LoadResult after = load(stage, new Arrivals.Steady(50), 16, 5);
            System.out.printf(
                    "large requests: of %d callers with 20 MB each %s; %.0f MiB at most; afterwards p50 %.1f ms%n",
                    callers, statuses, memory, after.millis(50));
            assertFalse(
                    stage.served().said().contains("OutOfMemory"),
                    stage.served().said());
            assertEquals(Set.of(200, 503), statuses.keySet());
            assertTrue(after.clean(), "%d of %d answered afterwards".formatted(after.answered(), after.sent()));
            stage.stored().awaitDrained(Duration.ofMinutes(5));
            assertEquals(
                    Long.toString(statuses.get(200).sum() + after.answered()),
                    stage.stored().column("SELECT count(*) FROM trace").getFirst());
        }
    }

    /** 40 callers ask for streams of 20 MB, and read nothing. */
    @Test
    @Timeout(600)
    void callersThatDoNotReadCostLittle() throws Exception {
        int callers = 40;
        List<Answer.Piece> pieces = new ArrayList<>();
        pieces.add(new Answer.Piece(
                Duration.ZERO,
                Callers.bytes(
                        "HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nTransfer-Encoding: chunked\r\n\r\n")));
        byte[] event = Answer.chunk(
                "data: {\"choices\":[{\"index\":0,\"delta\":{\"content\":\"%s\"}}]}\n\n".formatted("x".repeat(20_000)));
        pieces.addAll(Collections.nCopies(1_000, new Answer.Piece(Duration.ZERO, event)));
        pieces.add(new Answer.Piece(Duration.ZERO, Answer.chunk("data: [DONE]\n\n")));
        pieces.add(new Answer.Piece(Duration.ZERO, Callers.bytes("0\r\n\r\n")));
        Answer large = new Answer(pieces, Answer.End.KEEP);
        try (Stage stage = new Stage(folder)) {
            MockUpstream mock = stage.upstream("mock", asked -> asked.stream() ? large : CHAT);
            stage.start("none", "", ONE);
            load(stage, new Arrivals.Saturated(), 16, 5);
            double before = Usage.mebibytes(stage.served().pid());
            List<Socket> sockets = new ArrayList<>();
            for (int i = 0; i < callers; i++) {
                sockets.add(ask(stage, true));
            }
            Thread.sleep(10_000);
            double grown = Usage.mebibytes(stage.served().pid()) - before;
            LoadResult beside = load(stage, new Arrivals.Steady(50), 16, 5);
            System.out.printf(
                    "slow readers: %d streams of 20 MB not read, %.0f MiB more; beside them p50 %.1f ms%n",
                    callers, grown, beside.millis(50));
            assertTrue(grown < 400, grown + " MiB for %d callers".formatted(callers));
            assertTrue(beside.clean(), "others are answered");
            for (Socket socket : sockets) {
                socket.close();
            }
            long end = System.nanoTime() + 10_000_000_000L;
            while (mock.hungUp().size() < callers && System.nanoTime() < end) {
                Thread.sleep(20);
            }
            assertEquals(callers, mock.hungUp().size(), "connections to the server that ended with their callers");
        }
    }

    private static Socket ask(Stage stage, boolean stream) throws Exception {
        Socket socket = new Socket();
        socket.setReceiveBufferSize(16 << 10);
        socket.connect(stage.served().address());
        socket.getOutputStream()
                .write(LoadClient.Plan.post(
                        stage.served().address(),
                        "/v1/chat/completions",
                        stage.bearer(),
                        Comparand.body("use-case/load", stream)));
        return socket;
    }

    /** Before an answer begins, and in a stream: within a second nobody works for them any more. */
    @Test
    @Timeout(600)
    void callersThatLeaveAreNotWorkedFor() throws Exception {
        int callers = 50;
        for (boolean begun : new boolean[] {false, true}) {
            Path place = folder.resolve(begun ? "in" : "before");
            try (Stage stage = new Stage(place)) {
                Answer slow = begun ? Answer.events(1_000, Duration.ofMillis(300)) : Answer.silence();
                MockUpstream mock = stage.upstream("mock", asked -> slow);
                stage.start("none", "", ONE);
                List<Socket> sockets = new ArrayList<>();
                for (int i = 0; i < callers; i++) {
                    sockets.add(ask(stage, true));
                }
                for (int i = 0; i < 1_000 && mock.asked() < callers; i++) {
                    Thread.sleep(10);
                }
                if (begun) {
                    for (Socket socket : sockets) {
                        InputStream in = socket.getInputStream();
                        assertTrue(in.read() >= 0);
                    }
                }
                assertEquals(0, mock.hungUp().size());
                long left = System.nanoTime();
                for (Socket socket : sockets) {
                    socket.close();
                }
                for (int i = 0; i < 500 && mock.hungUp().size() < callers; i++) {
                    Thread.sleep(10);
                }
                assertEquals(callers, mock.hungUp().size(), "connections to the server that ended");
                double last =
                        mock.hungUp().stream().mapToLong(at -> at - left).max().orElseThrow() / 1e6;
                System.out.printf(
                        "callers gone %s: all %d connections to the server ended, the last after %.0f ms%n",
                        begun ? "in the stream" : "before the answer", callers, last);
                assertTrue(last <= 1_000, last + " ms");
                stage.stored().awaitDrained(Duration.ofMinutes(1));
                assertEquals(
                        Set.of("abandoned " + callers),
                        Set.copyOf(stage.stored().column("SELECT ended || ' ' || count(*) FROM trace GROUP BY ended")));
            }
        }
    }
}
