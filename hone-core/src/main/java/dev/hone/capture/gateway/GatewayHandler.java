package dev.hone.capture.gateway;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.function.Consumer;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.io.Content;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;

/** Which request goes where, and how the gateway's own refusals look. */
final class GatewayHandler extends Handler.Abstract {
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
            new CallRelay(gateway, request, response, caller, path).run();
        } catch (GatewayRefusal refusal) {
            refuse(response, refusal);
        } catch (RuntimeException e) {
            StackTraceElement[] trace = e.getStackTrace();
            trouble.accept("A fault in Hone: %s at %s"
                    .formatted(e.getClass().getName(), trace.length == 0 ? "an unknown place" : trace[0]));
            refuse(response, GatewayRefusal.of(500, "fault", "A fault in the gateway; its log says where"));
        }
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
