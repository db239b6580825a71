package dev.hone.capture.gateway;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Set;
import org.eclipse.jetty.http.HttpException;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.http.HttpStatus;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.server.handler.ErrorHandler;
import org.eclipse.jetty.util.Callback;
import org.jspecify.annotations.Nullable;

/** What is said to requests that the HTTP server itself turns away, before any handler sees them: in OpenAI's form, and on people's paths as a text. */
final class EdgeErrors implements Request.Handler {
    /** What the server has for a path where it could not read one. */
    private static final Set<String> UNREAD = Set.of("/badMessage", "/badURI");

    private static final Duration ANOTHER = Duration.ofSeconds(5);

    @Override
    public boolean handle(Request request, Response response, Callback callback) {
        int status = request.getAttribute(ErrorHandler.ERROR_EXCEPTION) instanceof HttpException known
                ? known.getCode()
                : response.getStatus();
        refuse(request, response, callback, refusal(status));
        return true;
    }

    /** Nothing of the request is repeated: it is not known what it is. */
    private static GatewayRefusal refusal(int status) {
        return switch (status) {
            case 400 ->
                GatewayRefusal.of(
                        400,
                        "bad_request",
                        "The request is no HTTP: its first line, its address, [Host] or a header cannot be read, or its body broke off");
            case 408 -> GatewayRefusal.of(408, "request_timeout", "The request did not come in time");
            case 414 -> GatewayRefusal.of(414, "uri_too_long", "The address is too long: send less in it");
            case 431 ->
                GatewayRefusal.of(
                        431, "headers_too_large", "The headers are too large: 8 KiB at most, with the first line");
            case 503 ->
                GatewayRefusal.later(
                        503,
                        "ending",
                        "This gateway is ending: send the request again, for another to answer",
                        ANOTHER);
            case 505 -> GatewayRefusal.of(505, "bad_request", "The request is not of HTTP 1.1 or 1.0");
            case 500 -> GatewayRefusal.fault();
            default ->
                GatewayRefusal.of(
                        status,
                        status < 500 ? "bad_request" : "fault",
                        "The request cannot be answered: %s".formatted(HttpStatus.getMessage(status)));
        };
    }

    /** Turns a request away, whoever sent it. */
    static void refuse(Request request, Response response, Callback callback, GatewayRefusal refusal) {
        boolean people = isForPeople(request.getHttpURI().getCanonicalPath());
        response.setStatus(refusal.status());
        @Nullable Duration wait = refusal.retryAfter();
        if (wait != null) {
            response.getHeaders().put(HttpHeader.RETRY_AFTER, Math.max(1, wait.toSeconds()));
        }
        response.getHeaders().put(HttpHeader.CACHE_CONTROL, "no-store");
        response.getHeaders().put(HttpHeader.CONTENT_TYPE, people ? "text/plain; charset=utf-8" : "application/json");
        byte[] said = people ? (refusal.getMessage() + "\n").getBytes(StandardCharsets.UTF_8) : Replies.error(refusal);
        response.write(true, ByteBuffer.wrap(said), callback);
    }

    private static boolean isForPeople(@Nullable String path) {
        return path != null && !UNREAD.contains(path) && !EdgePaths.isForPrograms(path);
    }
}
