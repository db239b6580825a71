package dev.hone.capture.gateway;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.net.ConnectException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.eclipse.jetty.io.Content;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(180)
final class EdgeServerTest {
    /** More than a server has that says nothing, and as many as every system holds. */
    private static final int MANY = 120;

    /** Before anybody takes them: nobody is told to try again in a second. */
    @Test
    void manyNewConnectionsAtOnceAreHeld() throws Exception {
        List<Socket> sockets = new ArrayList<>();
        try (EdgeServer server = EdgeServer.bind("127.0.0.1", 0, Duration.ZERO)) {
            URI url = URI.create(server.url());
            for (int i = 0; i < MANY; i++) {
                Socket socket = new Socket();
                sockets.add(socket);
                socket.connect(new InetSocketAddress(url.getHost(), url.getPort()), 900);
            }
        } finally {
            for (Socket socket : sockets) {
                socket.close();
            }
        }
        assertEquals(MANY, sockets.size());
    }

    /** Who waits for the end of a server is not told of calls that were cut off, and nobody is answered any more. */
    @Test
    void whatDoesNotEndInTimeIsCutOff() throws Exception {
        CountDownLatch inside = new CountDownLatch(1);
        CountDownLatch over = new CountDownLatch(1);
        EdgeServer server = EdgeServer.bind("127.0.0.1", 0, Duration.ofMillis(200));
        URI url = URI.create(server.url());
        try (HttpClient http = HttpClient.newHttpClient()) {
            server.start(new Handler.Abstract() {
                @Override
                public boolean handle(Request request, Response response, Callback callback) throws Exception {
                    inside.countDown();
                    over.await(30, TimeUnit.SECONDS);
                    callback.succeeded();
                    return true;
                }
            });
            CompletableFuture<HttpResponse<Void>> answer =
                    http.sendAsync(HttpRequest.newBuilder(url).build(), HttpResponse.BodyHandlers.discarding());
            assertTrue(inside.await(20, TimeUnit.SECONDS));
            server.close();
            assertThrows(ExecutionException.class, () -> answer.get(20, TimeUnit.SECONDS));
            try (Socket socket = new Socket()) {
                assertThrows(
                        ConnectException.class,
                        () -> socket.connect(new InetSocketAddress(url.getHost(), url.getPort()), 900));
            }
        } finally {
            over.countDown();
        }
    }

    /** All of them are inside at once, or none comes out: as long as a stream lasts, its call is being answered. */
    @Test
    void aThousandCallsAreAnsweredAtOnce() throws Exception {
        int calls = 1_000;
        CountDownLatch inside = new CountDownLatch(calls);
        try (EdgeServer server = EdgeServer.bind("127.0.0.1", 0, Duration.ZERO);
                HttpClient http = HttpClient.newBuilder()
                        .version(HttpClient.Version.HTTP_1_1)
                        .build()) {
            server.start(new Handler.Abstract() {
                @Override
                public boolean handle(Request request, Response response, Callback callback) throws Exception {
                    inside.countDown();
                    response.setStatus(inside.await(100, TimeUnit.SECONDS) ? 200 : 503);
                    Content.Sink.write(response, true, ByteBuffer.allocate(0));
                    callback.succeeded();
                    return true;
                }
            });
            HttpRequest request =
                    HttpRequest.newBuilder(URI.create(server.url())).build();
            List<CompletableFuture<HttpResponse<Void>>> answers = IntStream.range(0, calls)
                    .mapToObj(i -> http.sendAsync(request, HttpResponse.BodyHandlers.discarding()))
                    .toList();
            for (CompletableFuture<HttpResponse<Void>> answer : answers) {
                assertEquals(200, answer.get(120, TimeUnit.SECONDS).statusCode());
            }
        }
    }
}
