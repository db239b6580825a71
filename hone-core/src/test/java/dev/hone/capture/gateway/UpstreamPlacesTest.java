package dev.hone.capture.gateway;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.hone.capture.upstream.Upstream;
import dev.hone.record.CapturedCall;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** A server gets no more calls at once than it may; the others go elsewhere, or come again. */
final class UpstreamPlacesTest extends GatewayFixture {
    private static final String CALL = "{\"model\":\"use-case/job\"}";
    private static final int MOST = 4;

    private final CountDownLatch go = new CountDownLatch(1);
    private final Semaphore there = new Semaphore(0);
    private final AtomicInteger now = new AtomicInteger();
    private final AtomicInteger highest = new AtomicInteger();

    private static Upstream bounded(Upstream upstream, int most) {
        return new Upstream(
                upstream.name(),
                upstream.base(),
                upstream.key(),
                upstream.connect(),
                upstream.silence(),
                upstream.inside(),
                upstream.streamUsage(),
                upstream.prices(),
                most);
    }

    private Upstream slow() throws IOException {
        return bounded(
                server("slow", asked -> {
                    highest.accumulateAndGet(now.incrementAndGet(), Math::max);
                    there.release();
                    go.await(20, TimeUnit.SECONDS);
                    now.decrementAndGet();
                    asked.say(200, "application/json", ANSWER);
                }),
                MOST);
    }

    private List<CompletableFuture<HttpResponse<String>>> fill(String url) throws InterruptedException {
        List<CompletableFuture<HttpResponse<String>>> answers = new ArrayList<>();
        for (int i = 0; i < MOST; i++) {
            answers.add(http.sendAsync(
                    HttpRequest.newBuilder(URI.create(url + "/v1/chat/completions"))
                            .POST(HttpRequest.BodyPublishers.ofString(CALL))
                            .build(),
                    HttpResponse.BodyHandlers.ofString()));
        }
        assertTrue(there.tryAcquire(MOST, 30, TimeUnit.SECONDS));
        return answers;
    }

    @Test
    void whoFindsNoPlaceIsToldToComeAgain() throws Exception {
        String url = gateway(slow());
        List<CompletableFuture<HttpResponse<String>>> first = fill(url);
        for (int i = 0; i < 20; i++) {
            HttpResponse<String> refused = post(url, CALL);
            assertRefused(503, "overloaded", refused);
            assertEquals("1", refused.headers().firstValue("retry-after").orElseThrow());
        }
        go.countDown();
        for (CompletableFuture<HttpResponse<String>> one : first) {
            assertEquals(200, one.get(30, TimeUnit.SECONDS).statusCode());
        }
        // A call gives its place back when its client has the answer already. One that fails is left alone for longer.
        HttpResponse<String> next = post(url, CALL);
        for (int i = 0; i < 50 && next.statusCode() == 503; i++) {
            Thread.sleep(10);
            next = post(url, CALL);
        }
        assertEquals(200, next.statusCode(), "places are free again, and nobody takes the server for one that fails");
        assertEquals(MOST, highest.get());
        CapturedCall refused = calls().getFirst();
        assertEquals(CapturedCall.End.REFUSED, refused.facts().end());
        assertEquals(
                "has as many calls as it may",
                refused.facts().attempts().getFirst().trouble());
    }

    @Test
    void theNextInTheChainIsAsked() throws Exception {
        String url = gateway(slow(), server("other", asked -> asked.say(200, "application/json", ANSWER)));
        List<CompletableFuture<HttpResponse<String>>> first = fill(url);
        HttpResponse<String> answer = post(url, CALL);
        assertEquals(200, answer.statusCode());
        assertEquals("v-other", answer.headers().firstValue("x-hone-variant").orElseThrow());
        assertEquals(2, call().facts().attempts().size());
        go.countDown();
        for (CompletableFuture<HttpResponse<String>> one : first) {
            assertEquals(
                    "v-slow",
                    one.get(30, TimeUnit.SECONDS)
                            .headers()
                            .firstValue("x-hone-variant")
                            .orElseThrow());
        }
    }

    /** Where a server answers calls and copies, the call that is copied has its answer and needs no place any more. */
    @Test
    void aCallDoesNotStandInTheWayOfItsCopy() throws Exception {
        shadows = List.of("v-one");
        Upstream one = bounded(server("one", asked -> asked.say(200, "application/json", ANSWER)), 2);
        assertEquals(200, post(gateway(one), CALL).statusCode());
        for (int i = 0; i < 3_000 && calls().size() < 2; i++) {
            Thread.sleep(10);
        }
        assertEquals(2, calls().size());
        assertEquals(0, gateway.shadows().leftOut());
    }

    /** A copy waits for no place, and half of them are kept for whom somebody waits for. */
    @Test
    void copiesTakeHalfOfThePlaces() throws Exception {
        shadows = List.of("v-slow");
        String url = gateway(server("one", asked -> asked.say(200, "application/json", ANSWER)), slow());
        for (int i = 0; i < MOST; i++) {
            assertEquals(200, post(url, CALL).statusCode());
        }
        assertTrue(there.tryAcquire(MOST / 2, 30, TimeUnit.SECONDS));
        for (int i = 0; i < 3_000 && gateway.shadows().leftOut() < MOST / 2; i++) {
            Thread.sleep(10);
        }
        assertEquals(MOST / 2, gateway.shadows().leftOut());
        assertEquals(MOST / 2, highest.get());
        List<CompletableFuture<HttpResponse<String>>> users = new ArrayList<>();
        for (int i = 0; i < MOST / 2; i++) {
            users.add(http.sendAsync(
                    HttpRequest.newBuilder(URI.create(url + "/v1/chat/completions"))
                            .POST(HttpRequest.BodyPublishers.ofString("{\"model\":\"slow/m\"}"))
                            .build(),
                    HttpResponse.BodyHandlers.ofString()));
        }
        assertTrue(there.tryAcquire(MOST / 2, 30, TimeUnit.SECONDS), "calls have places beside copies");
        go.countDown();
        for (CompletableFuture<HttpResponse<String>> one : users) {
            assertEquals(200, one.get(30, TimeUnit.SECONDS).statusCode());
        }
    }
}
