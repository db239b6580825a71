package dev.hone.capture.gateway;

import dev.hone.capture.access.KeyRing;
import dev.hone.record.ApiKey;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.function.Consumer;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.io.Content;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;
import org.jspecify.annotations.Nullable;

/** Which request goes where, and how the gateway's own refusals look. */
final class GatewayHandler extends Handler.Abstract {
    private static final String BEARER = "Bearer ";

    private final Gateway gateway;
    private final Consumer<String> trouble;

    /** @param trouble hears of faults, never of what stands in a request */
    GatewayHandler(Gateway gateway, Consumer<String> trouble) {
        this.gateway = gateway;
        this.trouble = trouble;
    }

    @Override
    public boolean handle(Request request, Response response, Callback callback) {
        Caller caller = new Caller(request);
        try {
            answer(request, response, caller);
            callback.succeeded();
            caller.answered();
        } catch (IOException e) {
            callback.failed(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            callback.failed(e);
        }
        return true;
    }

    private void answer(Request request, Response response, Caller caller) throws IOException, InterruptedException {
        try {
            String path = Request.getPathInContext(request);
            if (!Gateway.CALLS.containsKey(path)) {
                throw GatewayRefusal.of(
                        404,
                        "unknown_url",
                        "There is nothing at [%s]; there are %s"
                                .formatted(
                                        path,
                                        Gateway.CALLS.keySet().stream().sorted().toList()));
            }
            if (!request.getMethod().equals("POST")) {
                response.getHeaders().put(HttpHeader.ALLOW, "POST");
                throw GatewayRefusal.of(
                        405, "method_not_allowed", "[%s] takes [POST], not [%s]".formatted(path, request.getMethod()));
            }
            new CallRelay(gateway, request, response, caller, key(request), path).run();
        } catch (GatewayRefusal refusal) {
            refuse(response, refusal);
        } catch (RuntimeException e) {
            StackTraceElement[] trace = e.getStackTrace();
            trouble.accept("A fault in Hone: %s at %s"
                    .formatted(e.getClass().getName(), trace.length == 0 ? "an unknown place" : trace[0]));
            refuse(response, GatewayRefusal.of(500, "fault", "A fault in the gateway; its log says where"));
        }
    }

    /** @throws GatewayRefusal when the caller may not call */
    private @Nullable ApiKey key(Request request) {
        KeyRing keys = gateway.keys();
        if (keys == null) {
            return null;
        }
        String shown = request.getHeaders().get(HttpHeader.AUTHORIZATION);
        if (shown == null || !shown.regionMatches(true, 0, BEARER, 0, BEARER.length())) {
            throw GatewayRefusal.of(
                    401, "missing_api_key", "There is no key: send [Authorization: Bearer KEY], made by hone keys add");
        }
        ApiKey key = keys.find(shown.substring(BEARER.length()).strip())
                .orElseThrow(() -> GatewayRefusal.of(
                        401, "invalid_api_key", "The key is unknown, revoked or has expired; see hone keys list"));
        if (!key.scopes().contains(ApiKey.Scope.CALL)) {
            throw GatewayRefusal.of(403, "insufficient_scope", "The key [%s] is not for calls".formatted(key.name()));
        }
        return key;
    }

    private static void refuse(Response response, GatewayRefusal refusal) throws IOException {
        if (response.isCommitted()) {
            throw new IOException("The answer had begun", refusal);
        }
        response.setStatus(refusal.status());
        response.getHeaders().put(HttpHeader.CONTENT_TYPE, "application/json");
        if (refusal.status() == 413) {
            response.getHeaders().put(HttpHeader.CONNECTION, "close");
        }
        Content.Sink.write(response, true, ByteBuffer.wrap(Replies.error(refusal)));
    }
}
