package dev.hone.clients;

import dev.hone.capture.gateway.EdgeServer;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import org.eclipse.jetty.io.Content;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * An OpenAI-compatible server over real HTTP whose answers are a function of what it is asked ({@link ScriptedAnswers}). By itself, for
 * clients of other languages: {@code java ScriptedServer.java PORT} prints its address and ends with its input.
 */
public final class ScriptedServer implements AutoCloseable {
    /** Refused with status 429. */
    public static final String LIMITED = "limited";

    /** Refused with status 400. */
    public static final String STRICT = "strict";

    private final EdgeServer server;
    private volatile byte[] last = {};

    private ScriptedServer(EdgeServer server) {
        this.server = server;
    }

    public static void main(String[] arguments) throws IOException {
        try (ScriptedServer server = open(Integer.parseInt(arguments[0]))) {
            System.out.println(server.url());
            System.out.flush();
            while (System.in.read() >= 0) {
                continue;
            }
        }
    }

    /** Listens on a free port. */
    public static ScriptedServer open() throws IOException {
        return open(0);
    }

    private static ScriptedServer open(int port) throws IOException {
        ScriptedServer opened = new ScriptedServer(EdgeServer.bind("127.0.0.1", port, Duration.ZERO));
        opened.server.start(new Handler.Abstract() {
            @Override
            public boolean handle(Request request, Response response, Callback callback) throws Exception {
                try (InputStream in = Request.asInputStream(request)) {
                    opened.last = in.readAllBytes();
                }
                answer(Request.getPathInContext(request), JsonMapper.shared().readTree(opened.last), response);
                callback.succeeded();
                return true;
            }
        });
        return opened;
    }

    /** Base of OpenAI's paths. */
    public String url() {
        return server.url() + "/v1";
    }

    /** The body that it was asked last, as it came. */
    byte[] lastBody() {
        return last;
    }

    private static void answer(String path, JsonNode asked, Response response) throws IOException {
        switch (asked.path("model").asString()) {
            case LIMITED -> {
                response.getHeaders().put("retry-after", "60");
                refuse(response, 429, "Slow down", "requests", "null", "rate_limit_exceeded");
            }
            case STRICT ->
                refuse(
                        response,
                        400,
                        "[temperature] must be 1",
                        "invalid_request_error",
                        "\"temperature\"",
                        "unsupported_value");
            default -> {
                ScriptedAnswers answers = new ScriptedAnswers(asked);
                if (asked.path("stream").asBoolean(false)) {
                    response.getHeaders().put("content-type", "text/event-stream");
                    for (String piece : answers.events(path)) {
                        Content.Sink.write(response, false, bytes(piece));
                    }
                    Content.Sink.write(response, true, ByteBuffer.allocate(0));
                } else {
                    say(response, 200, answers.whole(path).toString());
                }
            }
        }
    }

    private static void refuse(Response response, int status, String message, String type, String param, String code)
            throws IOException {
        say(
                response,
                status,
                "{\"error\":{\"message\":\"%s\",\"type\":\"%s\",\"param\":%s,\"code\":\"%s\"}}"
                        .formatted(message, type, param, code));
    }

    private static void say(Response response, int status, String text) throws IOException {
        response.setStatus(status);
        response.getHeaders().put("content-type", "application/json");
        Content.Sink.write(response, true, bytes(text));
    }

    private static ByteBuffer bytes(String text) {
        return ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8));
    }

    @Override
    public void close() {
        server.close();
    }
}
