package dev.hone.capture.gateway;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.hone.capture.upstream.Upstream;
import dev.hone.record.CapturedCall.End;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.IntFunction;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import tools.jackson.databind.json.JsonMapper;

/** What a client sees of servers that do not speak as they should. */
final class BadServersTest extends GatewayFixture {
    private static final String OK = "HTTP/1.1 200 OK\r\n";
    private static final String JSON = OK + "Content-Type: application/json\r\n";
    private static final String EVENTS = OK + "Content-Type: text/event-stream\r\n";
    private static final String EVENT = "data: {\"choices\":[]}\n\n";

    /** What a server says to each request, before it closes the connection; and what the client sees. */
    private enum Bad {
        HTML(OK + "Content-Type: text/html\r\n\r\n<h1>Welcome</h1>", 502, "\"upstream_unavailable\"", End.REFUSED, 2),
        HTML_THAT_CLAIMS_TO_BE_JSON(
                JSON + "Content-Length: 16\r\n\r\n<h1>Welcome</h1>", 502, "\"upstream_unavailable\"", End.REFUSED, 2),
        HTML_ERROR(
                "HTTP/1.1 502 Bad Gateway\r\nContent-Type: text/html\r\n\r\n<h1>Bad gateway</h1>",
                502,
                "<h1>Bad gateway</h1>",
                End.REFUSED,
                2),
        HALF_A_JSON_THAT_CLAIMS_TO_BE_WHOLE(
                JSON + "Content-Length: 8\r\n\r\n{\"half\":", 502, "\"upstream_unavailable\"", End.REFUSED, 2),
        HALF_A_JSON_THAT_ENDS_LIKE_A_WHOLE(
                JSON + "Content-Length: 17\r\n\r\n{\"a\":{\"b\":1},\"c\"}",
                502,
                "\"upstream_unavailable\"",
                End.REFUSED,
                2),
        TWO_OBJECTS(JSON + "Content-Length: 5\r\n\r\n{} {}", 502, "\"upstream_unavailable\"", End.REFUSED, 2),
        HALF_A_JSON(JSON + "Content-Length: 1000\r\n\r\n{\"half\":", 502, "\"upstream_unavailable\"", End.REFUSED, 2),
        HALF_A_CHUNK(
                JSON + "Transfer-Encoding: chunked\r\n\r\n5\r\n{\"ha", 502, "\"upstream_unavailable\"", End.REFUSED, 2),
        NO_CHUNK(JSON + "Transfer-Encoding: chunked\r\n\r\nzz\r\n", 502, "\"upstream_unavailable\"", End.REFUSED, 2),
        STREAM_WITHOUT_END(EVENTS + "\r\n" + EVENT, 200, "\"upstream_broken\"", End.BROKEN, 1),
        STREAM_OF_NOTHING(EVENTS + "\r\n", 502, "\"upstream_unavailable\"", End.REFUSED, 2),
        STREAM_CUT_OFF(
                EVENTS + "Transfer-Encoding: chunked\r\n\r\n17\r\n" + EVENT + "\n\r\n30\r\ndata: {\"ch",
                200,
                "\"upstream_broken\"",
                End.BROKEN,
                1),
        TOO_LONG(JSON + "Content-Length: 2\r\n\r\n{}and this is too much", 200, "{}", End.ANSWERED, 1),
        NEGATIVE_LENGTH(JSON + "Content-Length: -5\r\n\r\n{}", 502, "\"upstream_unavailable\"", End.REFUSED, 2),
        A_HEADER_OF_A_MEBIBYTE(
                JSON + "X-Request-Id: " + "x".repeat(1 << 20) + "\r\nContent-Length: 2\r\n\r\n{}",
                502,
                "\"upstream_unavailable\"",
                End.REFUSED,
                2),
        TEN_THOUSAND_HEADERS(
                JSON + "OpenAI-X: y\r\n".repeat(10_000) + "Content-Length: 2\r\n\r\n{}",
                502,
                "\"upstream_unavailable\"",
                End.REFUSED,
                2),
        REDIRECT(
                "HTTP/1.1 302 Found\r\nLocation: http://127.0.0.1:1/elsewhere\r\nContent-Length: 0\r\n\r\n",
                502,
                "\"upstream_unavailable\"",
                End.REFUSED,
                2),
        PACKED(
                JSON + "Content-Encoding: gzip\r\nContent-Length: 4\r\n\r\n\u001f\u008b\b\u0001",
                502,
                "\"upstream_unavailable\"",
                End.REFUSED,
                2),
        NOTHING("", 502, "\"upstream_unavailable\"", End.REFUSED, 2),
        NO_HTTP("220 mail.example.com ESMTP\r\n", 502, "\"upstream_unavailable\"", End.REFUSED, 2),
        EMPTY(JSON + "Content-Length: 0\r\n\r\n", 502, "\"upstream_unavailable\"", End.REFUSED, 2);

        private final String said;
        private final int status;
        private final String seen;
        private final End end;
        private final int attempts;

        Bad(String said, int status, String seen, End end, int attempts) {
            this.said = said;
            this.status = status;
            this.seen = seen;
            this.end = end;
            this.attempts = attempts;
        }
    }

    /** @param say by the number of the request, from 1 @param stays whether connections take further requests */
    private Upstream raw(IntFunction<String> say, boolean stays) throws IOException {
        ServerSocket server = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
        open.add(server);
        AtomicInteger requests = new AtomicInteger();
        Thread.ofVirtual().start(() -> {
            while (!server.isClosed()) {
                try {
                    Socket socket = server.accept();
                    Thread.ofVirtual().start(() -> serve(socket, () -> say.apply(requests.incrementAndGet()), stays));
                } catch (IOException e) {
                    return;
                }
            }
        });
        return new Upstream(
                "bad",
                URI.create("http://127.0.0.1:%d/v1".formatted(server.getLocalPort())),
                null,
                Duration.ofSeconds(2),
                Duration.ofSeconds(5),
                true,
                true,
                Map.of());
    }

    private static void serve(Socket accepted, Supplier<String> say, boolean stays) {
        try (Socket socket = accepted) {
            BufferedReader in =
                    new BufferedReader(new InputStreamReader(socket.getInputStream(), StandardCharsets.ISO_8859_1));
            do {
                readRequest(in);
                socket.getOutputStream().write(say.get().getBytes(StandardCharsets.ISO_8859_1));
            } while (stays);
        } catch (IOException e) {
            // The gateway has closed the connection.
        }
    }

    private static void readRequest(BufferedReader in) throws IOException {
        int length = 0;
        for (String line = in.readLine(); !String.valueOf(line).isEmpty(); line = in.readLine()) {
            if (line == null) {
                throw new IOException("the gateway has closed the connection");
            }
            if (line.toLowerCase(Locale.ROOT).startsWith("content-length:")) {
                length = Integer.parseInt(
                        line.substring("content-length:".length()).strip());
            }
        }
        in.skip(length);
    }

    @ParameterizedTest
    @EnumSource
    void theClientSeesWhatItCanMakeSenseOf(Bad bad) throws Exception {
        String url = gateway(raw(number -> bad.said, false));
        HttpResponse<String> response = post(url, "{\"model\":\"use-case/job\"}");
        assertEquals(bad.status, response.statusCode(), response.body());
        assertTrue(response.body().contains(bad.seen), response.body());
        assertFalse(response.body().contains("[DONE]"), response.body());
        assertTrue(response.headers().firstValue("location").isEmpty());
        assertEquals(bad.end, call().facts().end());
        assertEquals(bad.status, call().facts().status());
        assertEquals(bad.attempts, call().facts().attempts().size());
        assertEquals(
                call().facts().id().toString(),
                response.headers().firstValue("x-hone-trace").orElseThrow());
        assertEquals(List.of(), troubles, "faults of Hone");
    }

    /** Who looks for the reason of a refusal does not look for a server that is away where it answered. */
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "HTML|answered what is no JSON ([text/html], [16] bytes)",
                "HTML_THAT_CLAIMS_TO_BE_JSON|answered what is no JSON ([application/json], [16] bytes)",
                "HALF_A_JSON_THAT_CLAIMS_TO_BE_WHOLE|answered JSON that is not one whole object ([application/json], [8] bytes)",
                "TWO_OBJECTS|answered JSON that is not one whole object ([application/json], [5] bytes)",
                "EMPTY|answered nothing ([application/json], [0] bytes)",
                "PACKED|answered what is no JSON ([application/json], packed as [gzip], [4] bytes)",
                "HALF_A_JSON|broke off in the middle of its answer",
                "HALF_A_CHUNK|broke off in the middle of its answer",
                "STREAM_OF_NOTHING|ended its stream before the answer did",
                "REDIRECT|answered with a redirect [302], which is not followed",
                "NOTHING|closed the connection without an answer"
            })
    void theClientIsToldWhatHappened(Bad bad, String told) throws Exception {
        // Who says how long an answer is keeps the connection, on which the last attempt comes.
        String url =
                gateway(raw(number -> bad.said, told.startsWith("answered") && bad.said.contains("Content-Length")));
        HttpResponse<String> response = post(url, "{\"model\":\"use-case/job\"}");
        assertEquals(
                "No server of [job] answered: the last one " + told,
                JsonMapper.shared()
                        .readTree(response.body())
                        .path("error")
                        .path("message")
                        .asString());
        assertEquals(List.of(), troubles, "faults of Hone");
    }

    @Test
    void aServerThatIsNotThereCannotBeReached() throws Exception {
        Upstream gone = raw(number -> "", false);
        open.removeLast().close();
        String message = post(gateway(gone), "{\"model\":\"use-case/job\"}").body();
        assertTrue(message.contains("the last one cannot be reached"), message);
    }

    /** What is left of an answer that was longer than it said is nobody else's. */
    @Test
    void theRestOfAnAnswerIsNotTheNextClients() throws Exception {
        String rest = JSON + "Content-Length: 13\r\n\r\n{\"evil\":true}";
        String url = gateway(raw(number -> JSON + "Content-Length: 13\r\n\r\n{\"good\":true}" + rest, true));
        for (int i = 0; i < 3; i++) {
            HttpResponse<String> response = post(url, "{\"model\":\"use-case/job\"}");
            assertFalse(response.body().contains("evil"), "call " + i + ": " + response.body());
        }
    }
}
