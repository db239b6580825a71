package dev.hone.capture.gateway;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.hone.capture.access.KeyRing;
import dev.hone.capture.access.Secret;
import dev.hone.record.ApiKey;
import java.io.IOException;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** What a page of somebody else in a browser of this machine can have sent, where no key is asked for. */
final class ForeignPagesTest extends GatewayFixture {
    private final AtomicInteger asked = new AtomicInteger();

    private String open() throws IOException {
        return gateway(server("one", call -> {
            asked.incrementAndGet();
            call.say(200, "application/json", ANSWER);
        }));
    }

    private static String said(String url, String head, String body) throws IOException {
        try (Socket socket = new Socket("127.0.0.1", URI.create(url).getPort())) {
            socket.getOutputStream()
                    .write("%sContent-Length: %d\r\nConnection: close\r\n\r\n%s"
                            .formatted(head, body.length(), body)
                            .getBytes(StandardCharsets.UTF_8));
            return new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    private static String call(String url, String headers) throws IOException {
        return said(
                url,
                "POST /v1/chat/completions HTTP/1.1\r\n" + headers,
                "{\"model\":\"use-case/job\",\"messages\":[]}");
    }

    @Test
    void aForeignPageHasNobodyAsked() throws Exception {
        String url = open();
        String host = "Host: 127.0.0.1:%d\r\n".formatted(URI.create(url).getPort());
        for (String said : List.of(
                "Origin: https://evil.example\r\n",
                "Origin: null\r\n",
                "Origin: http://127.0.0.1:1\r\n",
                "Sec-Fetch-Site: cross-site\r\n",
                "Sec-Fetch-Site: same-site\r\n")) {
            String answer = call(url, host + said);
            assertTrue(answer.startsWith("HTTP/1.1 403") && answer.contains("\"foreign_origin\""), said + answer);
            assertTrue(answer.contains("\"type\":\"permission_error\""), answer);
        }
        assertEquals(0, asked.get());
        assertEquals(0, calls().size());
    }

    /** The name of a page that leads here since a moment ago. */
    @Test
    void aForeignNameReadsNothing() throws Exception {
        String url = open();
        for (String name : List.of("evil.example:8787", "127.0.0.1.evil.example", "localhost.evil.example", "x")) {
            String answer = call(url, "Host: " + name + "\r\n");
            assertTrue(answer.startsWith("HTTP/1.1 403") && answer.contains("\"foreign_host\""), name + answer);
            for (String path : List.of("/v1/models", "/metrics")) {
                assertTrue(
                        said(url, "GET %s HTTP/1.1\r\nHost: %s\r\n".formatted(path, name), "")
                                .contains("\"foreign_host\""),
                        path);
            }
        }
        assertEquals(0, asked.get());
        assertTrue(
                said(url, "GET /health HTTP/1.1\r\nHost: 10.0.0.7:8787\r\n", "").startsWith("HTTP/1.1 200"));
    }

    @Test
    void programsAndPagesOfOursPass() throws Exception {
        String url = open();
        int port = URI.create(url).getPort();
        for (String headers : List.of(
                "Host: 127.0.0.1:%d\r\n".formatted(port),
                "Host: localhost\r\n",
                "Host: LOCALHOST.:9999\r\n",
                "Host: hone.localhost:80\r\n",
                "Host: [::1]:8787\r\n",
                "Host: host.docker.internal:8787\r\n",
                "Host: localhost:%d\r\nOrigin: http://localhost:%d\r\nSec-Fetch-Site: same-origin\r\n"
                        .formatted(port, port),
                "Host: localhost\r\nSec-Fetch-Site: none\r\n",
                "Host: localhost\r\nSec-Fetch-Mode: cors\r\n")) {
            String answer = call(url, headers);
            assertTrue(answer.startsWith("HTTP/1.1 200"), headers + answer);
        }
        String old =
                said(url, "POST /v1/chat/completions HTTP/1.0\r\n", "{\"model\":\"use-case/job\",\"messages\":[]}");
        assertTrue(old.startsWith("HTTP/1.1 200"), old);
        assertEquals(10, asked.get());
    }

    /** A page does not know the key. */
    @Test
    void aKeyIsEnough() throws Exception {
        Secret secret = Secret.random();
        ApiKey key = key(secret, ApiKey.Scope.CALL);
        keys = new KeyRing(() -> List.of(key), folder.resolve("keys"), InstantSource.system(), troubles::add);
        String answer = call(
                open(),
                "Host: hone.example\r\nOrigin: https://app.example\r\nAuthorization: Bearer %s\r\n"
                        .formatted(secret.text()));
        assertTrue(answer.startsWith("HTTP/1.1 200"), answer);
    }

    @Test
    void theNamesOfANetworkAreNoPublicOnes() {
        for (String name : List.of("10.0.0.7:8787", "[fd00::7]:8787", "hone", "hone:8787", "hone.local", "nas.lan")) {
            assertFalse(HostName.isAnothers(name, false), name);
            assertTrue(HostName.isAnothers(name, true), name);
        }
        for (String name : List.of("evil.example", "10.0.0.7.evil.example", "", ":80", "[::1", "[fd00::7].example")) {
            assertTrue(HostName.isAnothers(name, false), name);
            assertTrue(HostName.isAnothers(name, true), name);
        }
    }
}
