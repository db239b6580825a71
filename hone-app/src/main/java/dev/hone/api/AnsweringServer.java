package dev.hone.api;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.UnaryOperator;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** A server of chat completions whose answers are a function of the request, on this machine alone: for a world that is simulated. */
public final class AnsweringServer implements AutoCloseable {
    private static final int MOST_BYTES = 4 << 20;

    private final HttpServer server;
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();

    private AnsweringServer(HttpServer server, UnaryOperator<JsonNode> answer) {
        this.server = server;
        server.setExecutor(threads);
        server.createContext("/v1/chat/completions", exchange -> {
            try (exchange) {
                answer(exchange, answer);
            }
        });
    }

    /** Listens at a free port. @param answer a completion, of a request */
    public static AnsweringServer open(UnaryOperator<JsonNode> answer) throws IOException {
        AnsweringServer made = new AnsweringServer(
                HttpServer.create(new InetSocketAddress(InetAddress.getByName("127.0.0.1"), 0), 0), answer);
        made.server.start();
        return made;
    }

    private static void answer(HttpExchange exchange, UnaryOperator<JsonNode> answer) throws IOException {
        byte[] request;
        try (InputStream body = exchange.getRequestBody()) {
            request = body.readNBytes(MOST_BYTES);
        }
        int status;
        String said;
        try {
            said = answer.apply(JsonMapper.shared().readTree(request)).toString();
            status = 200;
        } catch (JacksonException | IllegalArgumentException e) {
            said = "{\"error\":{\"message\":\"nothing to answer\",\"type\":\"invalid_request_error\"}}";
            status = 400;
        }
        byte[] bytes = said.getBytes(StandardCharsets.UTF_8);
        exchange.getResponseHeaders().set("Content-Type", "application/json");
        exchange.sendResponseHeaders(status, bytes.length);
        exchange.getResponseBody().write(bytes);
    }

    /** Under which OpenAI's paths are. */
    public URI url() {
        return URI.create("http://127.0.0.1:%d/v1".formatted(server.getAddress().getPort()));
    }

    @Override
    public void close() {
        server.stop(0);
        threads.close();
    }
}
