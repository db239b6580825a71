package dev.hone.api;

import dev.hone.capture.gateway.Caller;
import dev.hone.capture.gateway.RequestBody;
import dev.hone.record.AnswerLogprob;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Supplier;
import org.eclipse.jetty.http.HttpField;
import org.eclipse.jetty.http.HttpFields;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.http.HttpVersion;
import org.eclipse.jetty.io.Content;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import tools.jackson.databind.node.ObjectNode;

/**
 * A request and what is written for it: one JSON object, or server-sent events. Writing blocks.
 *
 * @param caller who asks
 */
record Exchange(Request request, Response response, Caller caller) {
    static final int MOST_BYTES = 4 << 20;

    Exchange(Request request, Response response) {
        this(request, response, new Caller(request));
    }

    String method() {
        return request.getMethod();
    }

    String path() {
        return Request.getPathInContext(request);
    }

    /** The whole body, which must say that it is JSON. */
    byte[] body() throws IOException {
        String type = request.getHeaders().get(HttpHeader.CONTENT_TYPE);
        if (type == null || !type.toLowerCase(Locale.ROOT).startsWith("application/json")) {
            throw Refusal.of(
                    415, null, "unsupported_media_type", "The body must be JSON: send Content-Type: application/json");
        }
        if (request.getLength() > MOST_BYTES) {
            throw tooLarge();
        }
        try (InputStream in = Request.asInputStream(request)) {
            byte[] body = in.readNBytes(MOST_BYTES + 1);
            if (body.length > MOST_BYTES) {
                throw tooLarge();
            }
            return body;
        }
    }

    private static Refusal tooLarge() {
        return Refusal.of(
                413,
                null,
                "request_too_large",
                "The body has more than [%d] bytes: send a shorter one".formatted(MOST_BYTES));
    }

    /** Whether whoever asks wants to hear, beside the answer, how probable it was. */
    private boolean asksLogprob() {
        return request.getHeaders().contains(AnswerLogprob.FIELD);
    }

    /** Says how probable the answer is that comes next as one object, where that was asked. */
    void probable(AnswerLogprob logprob) {
        if (asksLogprob()) {
            response.getHeaders().put(AnswerLogprob.FIELD, logprob.text());
        }
    }

    /** Answers with one object. */
    void json(int status, ObjectNode object) throws IOException {
        response.setStatus(status);
        response.getHeaders().put(HttpHeader.CONTENT_TYPE, "application/json");
        write(object.toString(), true);
    }

    void refuse(Refusal refusal) throws IOException {
        if (refusal.status() == 429) {
            response.getHeaders().put(HttpHeader.RETRY_AFTER, "1");
        }
        // A caller that is still writing would lose the answer with the connection.
        RequestBody.linger(request, MOST_BYTES);
        if (refusal.status() == 413) {
            response.getHeaders().put(HttpHeader.CONNECTION, "close");
        }
        json(refusal.status(), Replies.error(refusal));
    }

    /** Whether something was written. */
    boolean begun() {
        return response.isCommitted();
    }

    /** @param logprob of the answer, where it is known once they have ended: said after them, where that was asked, and the protocol can */
    void beginEvents(Supplier<Optional<AnswerLogprob>> logprob) {
        response.setStatus(200);
        response.getHeaders().put(HttpHeader.CONTENT_TYPE, "text/event-stream; charset=utf-8");
        response.getHeaders().put(HttpHeader.CACHE_CONTROL, "no-cache");
        boolean hasTrailers = request.getConnectionMetaData().getHttpVersion().compareTo(HttpVersion.HTTP_1_1) >= 0;
        if (hasTrailers && asksLogprob()) {
            response.getHeaders().put(HttpHeader.TRAILER, AnswerLogprob.FIELD);
            response.setTrailersSupplier(() -> logprob.get()
                    .<HttpFields>map(known -> HttpFields.from(new HttpField(AnswerLogprob.FIELD, known.text())))
                    .orElse(HttpFields.EMPTY));
        }
    }

    void event(ObjectNode data) throws IOException {
        write("data: " + data + "\n\n", false);
    }

    void endEvents() throws IOException {
        write("data: [DONE]\n\n", true);
    }

    /** Ends events that cannot go on. */
    void breakEvents(Refusal refusal) throws IOException {
        write("data: " + Replies.error(refusal) + "\n\n", true);
    }

    private void write(String text, boolean last) throws IOException {
        Content.Sink.write(response, last, ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8)));
    }
}
