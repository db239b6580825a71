package dev.hone.capture.gateway;

import dev.hone.record.ApiKey;
import java.io.IOException;
import java.util.List;
import java.util.function.Consumer;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;
import org.eclipse.jetty.util.URIUtil;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** Which request goes where, and how the gateway's own refusals look. */
final class GatewayHandler extends Handler.Abstract {
    private static final String MODELS = "/v1/models";

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
            if (Gateway.CALLS.containsKey(path)) {
                require(request, response, path, "POST");
                gateway.answer(request, response, caller, path);
            } else if (path.equals(MODELS) || path.startsWith(MODELS + "/")) {
                require(request, response, path, "GET");
                models(request, response, path);
            } else {
                throw GatewayRefusal.of(
                        404,
                        "unknown_url",
                        "There is nothing at [%s]; there are %s"
                                .formatted(
                                        path,
                                        Gateway.CALLS.keySet().stream().sorted().toList()));
            }
        } catch (GatewayRefusal refusal) {
            gateway.metrics().refused(refusal);
            RequestBody.discard(request);
            Replies.refuse(response, refusal);
        } catch (RuntimeException | Error e) {
            trouble.accept(Fault.told(e));
            GatewayRefusal fault = GatewayRefusal.fault();
            gateway.metrics().refused(fault);
            Replies.refuse(response, fault);
        }
    }

    private static void require(Request request, Response response, String path, String method) {
        if (!request.getMethod().equals(method)) {
            response.getHeaders().put(HttpHeader.ALLOW, method);
            throw GatewayRefusal.of(
                    405,
                    "method_not_allowed",
                    "[%s] takes [%s], not [%s]".formatted(path, method, request.getMethod()));
        }
    }

    private void models(Request request, Response response, String path) throws IOException {
        List<String> models = gateway.configuration().models(gateway.admission().key(request, ApiKey.Scope.CALL));
        if (path.equals(MODELS)) {
            ObjectNode list = JsonMapper.shared().createObjectNode().put("object", "list");
            ArrayNode data = list.putArray("data");
            models.forEach(model -> data.add(model(model)));
            Replies.json(response, 200, list);
            return;
        }
        String wanted = URIUtil.decodePath(path.substring(MODELS.length() + 1));
        if (!models.contains(wanted)) {
            throw GatewayRefusal.of(404, "model_not_found", "There is no model [%s] in the list".formatted(wanted));
        }
        Replies.json(response, 200, model(wanted));
    }

    private static ObjectNode model(String name) {
        return JsonMapper.shared()
                .createObjectNode()
                .put("id", name)
                .put("object", "model")
                .put("created", 0)
                .put("owned_by", name.substring(0, name.indexOf('/')));
    }
}
