package dev.hone.capture.gateway;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.eclipse.jetty.io.Content;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** What the HTTP server itself turns away. */
@Timeout(60)
final class EdgeErrorsTest {
    private final CountDownLatch inside = new CountDownLatch(1);
    private final CountDownLatch go = new CountDownLatch(1);

    private final class Answers extends Handler.Abstract {
        @Override
        public boolean handle(Request request, Response response, Callback callback) throws Exception {
            if (Request.getPathInContext(request).equals("/v1/wait")) {
                inside.countDown();
                go.await(20, TimeUnit.SECONDS);
            }
            Content.Sink.write(response, true, ByteBuffer.wrap("{}".getBytes(StandardCharsets.UTF_8)));
            callback.succeeded();
            return true;
        }
    }

    private static Socket socket(EdgeServer server) throws IOException {
        return new Socket("127.0.0.1", URI.create(server.url()).getPort());
    }

    private static void say(Socket socket, String text) throws IOException {
        socket.getOutputStream().write(text.getBytes(StandardCharsets.ISO_8859_1));
    }

    private static String heard(EdgeServer server, String text) throws IOException {
        try (Socket socket = socket(server)) {
            say(socket, text);
            return new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    /** The next answer on a connection: up to the end of a model's list, or of the connection. */
    private static String models(Socket socket) throws IOException {
        say(socket, "GET /v1/models HTTP/1.1\r\nHost: localhost\r\n\r\n");
        InputStream in = socket.getInputStream();
        StringBuilder heard = new StringBuilder();
        int next = in.read();
        while (next >= 0) {
            heard.append((char) next);
            next = heard.toString().endsWith("{}") ? -1 : in.read();
        }
        return heard.toString();
    }

    private static void assertRefused(int status, String code, String heard) {
        assertTrue(heard.startsWith("HTTP/1.1 %d ".formatted(status)), heard);
        assertTrue(heard.contains("Content-Type: application/json\r\n"), heard);
        JsonNode error = JsonMapper.shared()
                .readTree(heard.substring(heard.indexOf("\r\n\r\n") + 4))
                .path("error");
        assertEquals(code, error.path("code").asString(), heard);
        assertFalse(error.path("message").asString().isEmpty(), heard);
        assertEquals(
                status < 500 ? "invalid_request_error" : "server_error",
                error.path("type").asString());
        assertTrue(error.has("param"), heard);
    }

    @Test
    void programsAreToldInOpenAisForm() throws Exception {
        try (EdgeServer server = EdgeServer.bind("127.0.0.1", 0, Duration.ZERO)) {
            server.start(new Answers());
            String end = "Host: localhost\r\nConnection: close\r\n\r\n";
            String call = "POST /v1/chat/completions HTTP/1.1\r\n";
            assertRefused(431, "headers_too_large", heard(server, call + "X: " + "y".repeat(20_000) + "\r\n" + end));
            assertRefused(400, "bad_request", heard(server, "\u0001\u0002 /v1/models HTTP/1.1\r\n" + end));
            assertRefused(505, "bad_request", heard(server, "what is this\r\n\r\n"));
            assertRefused(400, "bad_request", heard(server, "GET /v1/%zz HTTP/1.1\r\n" + end));
            assertRefused(400, "bad_request", heard(server, "GET /v1/models/..;/x HTTP/1.1\r\n" + end));
            assertRefused(400, "bad_request", heard(server, call + "Connection: close\r\n\r\n"));
            assertRefused(400, "bad_request", heard(server, call + "Host: a b\r\nConnection: close\r\n\r\n"));
            assertRefused(400, "bad_request", heard(server, call + "Content-Length: x\r\n" + end));
        }
    }

    @Test
    void peopleAreToldByAText() throws Exception {
        try (EdgeServer server = EdgeServer.bind("127.0.0.1", 0, Duration.ZERO)) {
            server.start(new Answers());
            String heard = heard(
                    server,
                    "GET /sign-in HTTP/1.1\r\nHost: localhost\r\nX: <b>%s\r\n\r\n".formatted("y".repeat(20_000)));
            assertTrue(heard.startsWith("HTTP/1.1 431 "), heard);
            assertTrue(heard.contains("Content-Type: text/plain"), heard);
            assertFalse(heard.contains("<"), heard);
        }
    }

    /** Who has a connection when the gateway is told to end learns that another should be asked. */
    @Test
    void whoComesWhileItEndsIsSentAway() throws Exception {
        EdgeServer server = EdgeServer.bind("127.0.0.1", 0, Duration.ofSeconds(10));
        server.start(new Answers());
        Thread ending = Thread.ofVirtual().unstarted(server::close);
        try (Socket waiting = socket(server);
                Socket late = socket(server)) {
            say(waiting, "GET /v1/wait HTTP/1.1\r\nHost: localhost\r\n\r\n");
            assertTrue(inside.await(10, TimeUnit.SECONDS));
            assertTrue(models(late).startsWith("HTTP/1.1 200 "));
            ending.start();
            // Without a pause, since who says nothing for a second while it ends is cut off.
            String heard = models(late);
            while (heard.startsWith("HTTP/1.1 200 ")) {
                heard = models(late);
            }
            assertRefused(503, "ending", heard);
            assertTrue(heard.contains("Retry-After: 5\r\n"), heard);
        } finally {
            go.countDown();
            ending.join();
        }
    }
}
