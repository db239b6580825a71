package dev.hone.capture.gateway;

import dev.hone.record.ApiKey;
import java.io.IOException;
import java.util.Set;
import java.util.function.Supplier;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.json.JsonMapper;

/**
 * What those ask who run the gateway: whether it is alive ({@code /health}), whether calls may be sent to it ({@code /ready}), and
 * what it counted ({@code /metrics}, with a key for reading where keys are asked for).
 */
final class ServiceHandler extends Handler.Abstract {
    private static final Set<String> PATHS = Set.of("/health", "/ready", "/metrics");
    private static final String PROMETHEUS = "text/plain; version=0.0.4; charset=utf-8";

    private final Gateway gateway;
    private final Supplier<@Nullable String> unready;

    ServiceHandler(Gateway gateway, Supplier<@Nullable String> unready) {
        this.gateway = gateway;
        this.unready = unready;
    }

    /** Whether a path is one of these, which are answered whatever else there is to do. */
    static boolean isService(String path) {
        return PATHS.contains(path);
    }

    @Override
    public boolean handle(Request request, Response response, Callback callback) {
        String path = Request.getPathInContext(request);
        if (!isService(path)) {
            return false;
        }
        return Replies.handle(callback, () -> answer(request, response, path));
    }

    private void answer(Request request, Response response, String path) throws IOException {
        try {
            if (path.equals("/health")) {
                Replies.json(
                        response, 200, JsonMapper.shared().createObjectNode().put("status", "alive"));
            } else if (path.equals("/ready")) {
                String why = gateway.journal().hasRoom() ? unready.get() : "the disk of the journal is full";
                Replies.json(
                        response,
                        why == null ? 200 : 503,
                        JsonMapper.shared()
                                .createObjectNode()
                                .put("status", why == null ? "ready" : "not ready")
                                .put("reason", why));
            } else {
                gateway.admission().key(request, ApiKey.Scope.READ);
                Replies.text(response, 200, PROMETHEUS, gateway.metrics().text());
            }
        } catch (GatewayRefusal refusal) {
            Replies.refuse(response, refusal);
        }
    }
}
