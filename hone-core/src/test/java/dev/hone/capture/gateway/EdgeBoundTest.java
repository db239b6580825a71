package dev.hone.capture.gateway;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.eclipse.jetty.io.Content;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(120)
final class EdgeBoundTest {
    private static final int PLACES = 3;

    private final Semaphore inside = new Semaphore(0);
    private final CountDownLatch go = new CountDownLatch(1);
    private final List<String> refused = Collections.synchronizedList(new ArrayList<>());
    private final HttpClient http =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

    /** Calls stay inside, and so does one page. */
    private final class Answers extends Handler.Abstract {
        @Override
        public boolean handle(Request request, Response response, Callback callback) throws Exception {
            String path = Request.getPathInContext(request);
            if (path.startsWith("/v1/") || path.equals("/long")) {
                inside.release();
                go.await(30, TimeUnit.SECONDS);
            }
            Content.Sink.write(response, true, ByteBuffer.allocate(0));
            callback.succeeded();
            return true;
        }
    }

    private EdgeServer open(int waiting, Duration longest) throws Exception {
        EdgeServer server = EdgeServer.bind("127.0.0.1", 0, Duration.ZERO);
        EdgeBound.Room room = new EdgeBound.Room(PLACES, waiting, longest);
        server.startWithin(new EdgeBound(
                new Answers(), room, new EdgeBound.Room(1, waiting, longest), refusal -> refused.add(refusal.code())));
        return server;
    }

    private CompletableFuture<HttpResponse<String>> ask(EdgeServer server, String path) {
        return http.sendAsync(
                HttpRequest.newBuilder(URI.create(server.url() + path))
                        .POST(HttpRequest.BodyPublishers.ofString("{}"))
                        .build(),
                HttpResponse.BodyHandlers.ofString());
    }

    private static void assertOverloaded(CompletableFuture<HttpResponse<String>> answer) throws Exception {
        HttpResponse<String> response = answer.get(20, TimeUnit.SECONDS);
        GatewayFixture.assertRefused(503, "overloaded", response);
        assertEquals("1", response.headers().firstValue("retry-after").orElseThrow());
    }

    @Test
    void whoAsksHowItIsNeverWaitsAndTooManyCallsAreTurnedAway() throws Exception {
        try (EdgeServer server = open(1, Duration.ofSeconds(30))) {
            List<CompletableFuture<HttpResponse<String>>> calls = new ArrayList<>();
            for (int i = 0; i < PLACES; i++) {
                calls.add(ask(server, "/v1/x"));
            }
            assertTrue(inside.tryAcquire(PLACES, 20, TimeUnit.SECONDS));
            CompletableFuture<HttpResponse<String>> one = ask(server, "/v1/x");
            CompletableFuture<HttpResponse<String>> other = ask(server, "/v1/x");
            CompletableFuture.anyOf(one, other).get(20, TimeUnit.SECONDS);
            boolean oneWaits = !one.isDone();
            assertOverloaded(oneWaits ? other : one);
            calls.add(oneWaits ? one : other);
            assertOverloaded(ask(server, "/feedback"));
            assertFalse(calls.getLast().isDone(), "one waits");
            for (String path : List.of("/health", "/ready", "/metrics", "/", "/sign-in")) {
                assertEquals(200, ask(server, path).get(20, TimeUnit.SECONDS).statusCode(), path);
            }
            assertEquals(List.of("overloaded", "overloaded"), refused);
            go.countDown();
            for (CompletableFuture<HttpResponse<String>> call : calls) {
                assertEquals(200, call.get(20, TimeUnit.SECONDS).statusCode());
            }
            assertEquals(200, ask(server, "/v1/x").get(20, TimeUnit.SECONDS).statusCode());
        }
    }

    @Test
    void nobodyWaitsForEver() throws Exception {
        try (EdgeServer server = open(10, Duration.ofMillis(300))) {
            List<CompletableFuture<HttpResponse<String>>> calls = new ArrayList<>();
            for (int i = 0; i < PLACES; i++) {
                calls.add(ask(server, "/v1/x"));
            }
            assertTrue(inside.tryAcquire(PLACES, 20, TimeUnit.SECONDS));
            assertOverloaded(ask(server, "/v1/x"));
            go.countDown();
            for (CompletableFuture<HttpResponse<String>> call : calls) {
                assertEquals(200, call.get(20, TimeUnit.SECONDS).statusCode());
            }
        }
    }

    @Test
    void peopleAreTurnedAwayByATextAndTakeNoPlaceOfCalls() throws Exception {
        try (EdgeServer server = open(0, Duration.ZERO)) {
            CompletableFuture<HttpResponse<String>> page = ask(server, "/long");
            assertTrue(inside.tryAcquire(20, TimeUnit.SECONDS));
            HttpResponse<String> late = ask(server, "/sign-in").get(20, TimeUnit.SECONDS);
            assertEquals(503, late.statusCode());
            assertTrue(late.headers().firstValue("content-type").orElseThrow().startsWith("text/plain"));
            assertTrue(refused.isEmpty());
            CompletableFuture<HttpResponse<String>> call = ask(server, "/v1/x");
            assertTrue(inside.tryAcquire(20, TimeUnit.SECONDS));
            go.countDown();
            assertEquals(200, page.get(20, TimeUnit.SECONDS).statusCode());
            assertEquals(200, call.get(20, TimeUnit.SECONDS).statusCode());
        }
    }
}
