package dev.hone.load;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** SIGTERM to {@code hone serve}, as by a service manager, and once more by somebody who does not wait: no call is cut or lost. */
final class GatewayEndTest {
    private static final Pattern FAULT = Pattern.compile("\\bfault\\b");
    private static final String SLOW = "slow";
    private static final int QUICK_CALLS = 40;
    private static final int SLOW_CALLS = 12;
    private static final Answer QUICK = Answer.whole(200, "application/json", Answer.chat());
    private static final Answer LATE = Answer.later(Duration.ofSeconds(6), 200, "application/json", Answer.chat());
    private static final Answer STREAM = Answer.events(60, Duration.ofMillis(100));

    /** As docs/cli.md has it. */
    private static final int ENDED_BY_SIGTERM = 143;

    @TempDir
    private Path folder;

    private final Map<String, String> acknowledged = new HashMap<>();

    @Test
    @Timeout(400)
    void callsInFlightEndAndAllIsKept() throws Exception {
        try (Stage stage = new Stage(folder);
                HttpClient http = HttpClient.newBuilder()
                        .version(HttpClient.Version.HTTP_1_1)
                        .build()) {
            MockUpstream upstream = stage.upstream(
                    "mock", asked -> !asked.text().contains(SLOW) ? QUICK : asked.stream() ? STREAM : LATE);
            stage.start("none", "", "variants:\n  only: {upstream: mock, model: mock-1}\n");
            CountDownLatch released = new CountDownLatch(1);
            CompletableFuture<Void> holder = stage.stored().whileLocked("trace", released);
            // The journal's reader cannot store these, nor those that end after the signal.
            for (int i = 0; i < QUICK_CALLS; i++) {
                note(i, http.send(request(stage, i, false, ""), HttpResponse.BodyHandlers.ofString()));
            }
            List<CompletableFuture<HttpResponse<String>>> inFlight = new ArrayList<>();
            for (int i = QUICK_CALLS; i < QUICK_CALLS + SLOW_CALLS; i++) {
                inFlight.add(http.sendAsync(request(stage, i, i % 2 == 0, SLOW), HttpResponse.BodyHandlers.ofString()));
            }
            while (upstream.asked() < QUICK_CALLS + SLOW_CALLS) {
                Thread.sleep(5);
            }
            long from = System.nanoTime();
            stage.served().signal("TERM");
            HttpRequest health = asking(stage, "/health");
            for (int i = 0; i < 500 && !isTurnedAway(http, health); i++) {
                Thread.sleep(10);
            }
            assertTrue(isTurnedAway(http, request(stage, -1, false, "")), "no new calls");
            assertTrue(stage.served().isAlive());
            stage.served().signal("TERM");
            stage.served().signal("INT");
            for (int i = 0; i < SLOW_CALLS; i++) {
                HttpResponse<String> response = inFlight.get(i).get(60, TimeUnit.SECONDS);
                assertEquals(200, response.statusCode(), response.body());
                if ((QUICK_CALLS + i) % 2 == 0) {
                    assertTrue(response.body().strip().endsWith("data: [DONE]"), response.body());
                }
                note(QUICK_CALLS + i, response);
            }
            released.countDown();
            holder.get(60, TimeUnit.SECONDS);
            assertEquals(ENDED_BY_SIGTERM, stage.served().awaitEnd(Duration.ofSeconds(60)));
            double seconds = (System.nanoTime() - from) / 1e9;
            assertTrue(seconds > 1 && seconds < 60, "it took [%.1f] s".formatted(seconds));
            assertFalse(
                    FAULT.matcher(stage.served().said()).find(), stage.served().said());
            stage.served().start();
            assertEquals(QUICK_CALLS + SLOW_CALLS, acknowledged.size());
            stage.assertKept(acknowledged, Set.of());
            assertEquals(QUICK_CALLS + SLOW_CALLS, stage.stored().count());
            assertEquals(
                    List.of("answered"), stage.stored().column("SELECT DISTINCT ended FROM trace"), "nothing was cut");
            HttpResponse<String> read = http.send(
                    HttpRequest.newBuilder(URI.create("http://127.0.0.1:%d/v1/traces?limit=1000"
                                    .formatted(stage.served().address().getPort())))
                            .build(),
                    HttpResponse.BodyHandlers.ofString());
            assertEquals(200, read.statusCode(), read.body());
            acknowledged
                    .keySet()
                    .forEach(id -> assertTrue(read.body().contains(id), "programs read [%s]".formatted(id)));
        }
    }

    /** Who sends calls here learns that it should not before it cannot. */
    @Test
    @Timeout(400)
    void whoSendsCallsHereIsToldBeforeNoneAreTaken() throws Exception {
        try (Stage stage = new Stage(folder);
                HttpClient http = HttpClient.newBuilder()
                        .version(HttpClient.Version.HTTP_1_1)
                        .build()) {
            stage.upstream("mock", asked -> QUICK);
            stage.start("none", "drain-notice: 8s\n", "variants:\n  only: {upstream: mock, model: mock-1}\n");
            HttpRequest ready = asking(stage, "/ready");
            assertEquals(
                    200, http.send(ready, HttpResponse.BodyHandlers.ofString()).statusCode());
            long from = System.nanoTime();
            stage.served().signal("TERM");
            HttpResponse<String> told = http.send(ready, HttpResponse.BodyHandlers.ofString());
            while (told.statusCode() == 200 && System.nanoTime() - from < 6_000_000_000L) {
                told = http.send(ready, HttpResponse.BodyHandlers.ofString());
            }
            assertEquals(503, told.statusCode());
            assertTrue(told.body().contains("it is ending"), told.body());
            note(1, http.send(request(stage, 1, false, ""), HttpResponse.BodyHandlers.ofString()));
            assertEquals(ENDED_BY_SIGTERM, stage.served().awaitEnd(Duration.ofSeconds(60)));
            double seconds = (System.nanoTime() - from) / 1e9;
            assertTrue(seconds > 8 && seconds < 60, "it took [%.1f] s".formatted(seconds));
            assertTrue(isTurnedAway(http, request(stage, -1, false, "")), "no new calls");
            stage.served().start();
            stage.assertKept(acknowledged, Set.of());
        }
    }

    private static HttpRequest asking(Stage stage, String path) {
        return HttpRequest.newBuilder(URI.create("http://127.0.0.1:%d%s"
                        .formatted(stage.served().address().getPort(), path)))
                .build();
    }

    private static HttpRequest request(Stage stage, int number, boolean stream, String said) {
        return HttpRequest.newBuilder(URI.create("http://127.0.0.1:%d/v1/chat/completions"
                        .formatted(stage.served().address().getPort())))
                .header("Content-Type", "application/json")
                .timeout(Duration.ofSeconds(60))
                .POST(HttpRequest.BodyPublishers.ofString(
                        "{\"user\":\"n-%d\",\"stream\":%s,\"model\":\"use-case/load\",\"messages\":[{\"role\":\"user\",\"content\":\"%s\"}]}"
                                .formatted(number, stream, said)))
                .build();
    }

    private void note(int number, HttpResponse<String> response) {
        assertEquals(200, response.statusCode(), response.body());
        acknowledged.put(response.headers().firstValue("x-hone-trace").orElseThrow(), "n-" + number);
    }

    private static boolean isTurnedAway(HttpClient http, HttpRequest request) throws InterruptedException {
        try {
            return http.send(request, HttpResponse.BodyHandlers.ofString()).statusCode() == 503;
        } catch (IOException e) {
            return true;
        }
    }
}
