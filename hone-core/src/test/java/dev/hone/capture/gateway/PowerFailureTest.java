package dev.hone.capture.gateway;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.hone.capture.journal.Journal;
import dev.hone.capture.journal.PowerFailure;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** Power failures between the gateway's answers and the disk: of what was acknowledged, this much is lost, and no more. */
final class PowerFailureTest extends GatewayFixture {
    private static final int CLIENTS = 4;
    private static final int FAILURES = 40;
    private static final Duration WINDOW = Duration.ofMillis(20);
    private static final long STREAMS = 2;

    private final Map<String, Long> acknowledged = new ConcurrentHashMap<>();
    private final AtomicBoolean ended = new AtomicBoolean();

    /** @param oldestLost age in nanoseconds of the oldest acknowledged call that is lost; 0 where none is */
    private record Seen(long oldestLost, int lost) {}

    /** Under the clients' load the power fails again and again, each time as if it were the only time. */
    private List<Seen> failures(boolean strict, Duration forceWithin) throws Exception {
        options = new GatewayOptions(1 << 20, 16 << 20, strict, Duration.ofSeconds(15));
        PowerFailure power = new PowerFailure();
        Journal.Options standard = Journal.Options.STANDARD;
        journal.close();
        journal = power.journal(new Journal.Options(standard.segmentBytes(), forceWithin, 0));
        String url = gateway(server("one", asked -> {
            if (asked.json().path("stream").asBoolean()) {
                asked.response().getHeaders().put("content-type", "text/event-stream");
                asked.piece("data: {\"choices\":[]}\n\ndata: [DONE]\n\n");
            } else {
                asked.say(200, "application/json", ANSWER);
            }
        }));
        List<Thread> clients = new ArrayList<>();
        for (int i = 0; i < CLIENTS; i++) {
            boolean stream = i % STREAMS == 0;
            clients.add(Thread.ofVirtual().start(() -> ask(url, stream)));
        }
        List<Seen> seen = new ArrayList<>();
        Random random = new Random(1);
        while (acknowledged.size() < CLIENTS) {
            Thread.sleep(5);
        }
        for (int i = 0; i < FAILURES; i++) {
            Thread.sleep(10 + random.nextInt(20));
            while (acknowledged.size() <= CLIENTS + i) {
                Thread.sleep(1);
            }
            Map<String, Long> before = Map.copyOf(acknowledged);
            long now = System.nanoTime();
            seen.add(lost(before, now, power.after(random)));
        }
        ended.set(true);
        for (Thread client : clients) {
            client.join();
        }
        return seen;
    }

    private void ask(String url, boolean stream) {
        String body = "{\"model\":\"use-case/job\",\"stream\":%s}".formatted(stream);
        HttpRequest request = HttpRequest.newBuilder(URI.create(url + "/v1/chat/completions"))
                .POST(HttpRequest.BodyPublishers.ofString(body))
                .build();
        while (!ended.get()) {
            try {
                HttpResponse<String> response = http.send(request, HttpResponse.BodyHandlers.ofString());
                assertEquals(200, response.statusCode());
                acknowledged.put(response.headers().firstValue("x-hone-trace").orElseThrow(), System.nanoTime());
            } catch (IOException | InterruptedException e) {
                throw new IllegalStateException(e);
            }
        }
    }

    private static Seen lost(Map<String, Long> before, long now, List<byte[]> records) {
        Set<String> kept = records.stream()
                .map(record -> CallCodec.decode(record).facts().id().toString())
                .collect(Collectors.toSet());
        long oldest = 0;
        int lost = 0;
        for (Map.Entry<String, Long> one : before.entrySet()) {
            if (!kept.contains(one.getKey())) {
                lost++;
                oldest = Math.max(oldest, now - one.getValue());
            }
        }
        return new Seen(oldest, lost);
    }

    @Test
    void strictLosesNothing() throws Exception {
        for (Seen seen : failures(true, Duration.ofSeconds(5))) {
            assertEquals(0, seen.lost());
        }
        assertTrue(acknowledged.size() > FAILURES, acknowledged.size() + " calls");
    }

    /** What is lost was acknowledged at most 20 ms before, and as much later as this machine lets a thread wait that should run. */
    @Test
    void fastLosesWhatWasAcknowledgedWithinItsWindow() throws Exception {
        AtomicBoolean stop = new AtomicBoolean();
        long[] late = new long[1];
        Thread probe = Thread.ofPlatform().start(() -> {
            while (!stop.get()) {
                long from = System.nanoTime();
                LockSupport.parkNanos(1_000_000);
                late[0] = Math.max(late[0], System.nanoTime() - from - 1_000_000);
            }
        });
        List<Seen> seen = failures(false, WINDOW);
        stop.set(true);
        probe.join();
        long most = WINDOW.toNanos() + 3 * late[0] + 10_000_000;
        for (Seen one : seen) {
            assertTrue(
                    one.oldestLost() <= most,
                    "lost was what had been acknowledged %.1f ms before; %.1f ms may be"
                            .formatted(one.oldestLost() / 1e6, most / 1e6));
        }
    }

    /** That these files forget at all: with a window of seconds, as much is lost. */
    @Test
    void aLongerWindowLosesMore() throws Exception {
        List<Seen> seen = failures(false, Duration.ofSeconds(30));
        assertTrue(seen.stream().anyMatch(one -> one.lost() > 20), seen.toString());
        assertTrue(seen.stream().anyMatch(one -> one.oldestLost() > 200_000_000), seen.toString());
    }
}
