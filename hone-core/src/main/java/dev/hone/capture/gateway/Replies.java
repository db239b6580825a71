package dev.hone.capture.gateway;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.io.Content;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** What the gateway says itself, in the form of OpenAI's errors. */
public final class Replies {
    private Replies() {}

    static byte[] error(GatewayRefusal refusal) {
        return object(refusal).toString().getBytes(StandardCharsets.UTF_8);
    }

    /** An event after which nothing comes. */
    static byte[] event(GatewayRefusal refusal) {
        ObjectNode object = object(refusal);
        ((ObjectNode) object.path("error")).put("status", refusal.status());
        return event(object);
    }

    static byte[] event(JsonNode object) {
        return ("data: " + object + "\n\n").getBytes(StandardCharsets.UTF_8);
    }

    /** What a server said, as such an event. */
    static byte[] event(int status, byte[] body) {
        try {
            return event(JsonMapper.shared().readTree(body));
        } catch (JacksonException e) {
            return event(
                    GatewayRefusal.of(status, "upstream_refused", "The model's server said [%d]".formatted(status)));
        }
    }

    private static ObjectNode object(GatewayRefusal refusal) {
        ObjectNode object = JsonMapper.shared().createObjectNode();
        object.putObject("error")
                .put("message", String.valueOf(refusal.getMessage()))
                .put("type", refusal.type())
                .put("param", refusal.parameter())
                .put("code", refusal.code());
        return object;
    }

    /** What answers a request. */
    public interface Answering {
        void answer() throws IOException, InterruptedException;
    }

    /** Answers a request of one's own, and lets the server know what became of it. @return true: it is handled */
    public static boolean handle(Callback callback, Answering answering) {
        try {
            answering.answer();
            callback.succeeded();
        } catch (IOException e) {
            callback.failed(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            callback.failed(e);
        }
        return true;
    }

    /**
     * Answers a request that is turned away.
     *
     * @throws IOException when an answer had begun, or the client is gone
     */
    public static void refuse(Response response, GatewayRefusal refusal) throws IOException {
        if (response.isCommitted()) {
            throw new IOException("The answer had begun", refusal);
        }
        @Nullable Duration wait = refusal.retryAfter();
        if (wait != null) {
            response.getHeaders().put("retry-after", Math.max(1, wait.toSeconds()));
        }
        if (refusal.status() == 413 || refusal.status() == 408) {
            response.getHeaders().put(HttpHeader.CONNECTION, "close");
        }
        json(response, refusal.status(), object(refusal));
    }

    /** Answers a request by a document. */
    public static void json(Response response, int status, JsonNode document) throws IOException {
        text(response, status, "application/json", document.toString());
    }

    /** Answers a request by a text. */
    public static void text(Response response, int status, String type, String text) throws IOException {
        response.setStatus(status);
        response.getHeaders().put(HttpHeader.CONTENT_TYPE, type);
        Content.Sink.write(response, true, ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8)));
    }
}
