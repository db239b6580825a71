package dev.hone.capture.gateway;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;
import org.junit.jupiter.api.Test;

final class EdgePathsTest {
    private static Handler says(String text) {
        return new Handler.Abstract() {
            @Override
            public boolean handle(Request request, Response response, Callback callback) {
                response.write(true, ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8)), callback);
                return true;
            }
        };
    }

    @Test
    void programsAndPeopleReachTheirOwnHandlers() throws Exception {
        try (EdgeServer server = EdgeServer.bind("127.0.0.1", 0, Duration.ZERO);
                HttpClient http = HttpClient.newHttpClient()) {
            server.start(new EdgePaths(says("programs"), says("people")));
            for (String path : new String[] {
                "/v1/chat/completions", "/v1", "/v1/", "/v1/traces", "/feedback", "/health", "/ready", "/metrics"
            }) {
                assertEquals("programs", get(http, server.url() + path), path);
            }
            for (String path : new String[] {"/", "/v11", "/login", "/p/default/traces", "/feedback/x", "/V1/models"}) {
                assertEquals("people", get(http, server.url() + path), path);
            }
        }
    }

    private static String get(HttpClient http, String url) throws Exception {
        return http.send(HttpRequest.newBuilder(URI.create(url)).build(), HttpResponse.BodyHandlers.ofString())
                .body();
    }
}
