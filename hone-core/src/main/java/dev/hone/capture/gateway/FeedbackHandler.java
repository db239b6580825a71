package dev.hone.capture.gateway;

import dev.hone.capture.feedback.FeedbackDesk;
import dev.hone.capture.feedback.FeedbackRefusal;
import dev.hone.record.ApiKey;
import dev.hone.record.Project;
import java.io.IOException;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** Takes what a product says about calls. */
final class FeedbackHandler extends Handler.Abstract {
    private static final Set<String> PATHS = Set.of("/feedback", "/v1/feedback");
    private static final int MOST_BYTES = 4 << 20;

    private final Gateway gateway;
    private final FeedbackDesk desk;
    private final Consumer<String> trouble;

    /** @param trouble hears of faults, never of what stands in a request */
    FeedbackHandler(Gateway gateway, FeedbackDesk desk, Consumer<String> trouble) {
        this.gateway = gateway;
        this.desk = desk;
        this.trouble = trouble;
    }

    @Override
    public boolean handle(Request request, Response response, Callback callback) {
        if (!PATHS.contains(Request.getPathInContext(request))) {
            return false;
        }
        return Replies.handle(callback, () -> answer(request, response));
    }

    private void answer(Request request, Response response) throws IOException, InterruptedException {
        try {
            if (!request.getMethod().equals("POST")) {
                response.getHeaders().put(HttpHeader.ALLOW, "POST");
                throw GatewayRefusal.of(
                        405,
                        "method_not_allowed",
                        "Feedback is sent by [POST], not [%s]".formatted(request.getMethod()));
            }
            ApiKey key = gateway.admission().key(request, ApiKey.Scope.FEEDBACK);
            byte[] body;
            List<FeedbackDesk.Taken> taken;
            try (CallMemory.Share share = gateway.memory().share()) {
                body = RequestBody.read(request, MOST_BYTES, "send less at once", share);
                taken = take(caller(key), body);
            }
            boolean checked = taken.stream().allMatch(FeedbackDesk.Taken::checked);
            boolean list = body[first(body)] == '[';
            Replies.json(response, checked ? 200 : 202, list ? list(taken) : one(taken.getFirst()));
        } catch (FeedbackRefusal refusal) {
            refuse(
                    request,
                    response,
                    GatewayRefusal.at(
                            refusal.status(), refusal.code(), refusal.field(), String.valueOf(refusal.getMessage())));
        } catch (GatewayRefusal refusal) {
            refuse(request, response, refusal);
        } catch (RuntimeException | Error e) {
            trouble.accept(Fault.told(e));
            refuse(request, response, GatewayRefusal.fault());
        }
    }

    private static FeedbackDesk.Caller caller(@Nullable ApiKey key) {
        return key == null
                ? new FeedbackDesk.Caller(Project.DEFAULT, null)
                : new FeedbackDesk.Caller(key.project(), key.id(), key.bounds().useCases());
    }

    private List<FeedbackDesk.Taken> take(FeedbackDesk.Caller caller, byte[] body) throws InterruptedException {
        try {
            return desk.take(caller, body);
        } catch (IOException e) {
            throw GatewayRefusal.of(503, "not_recorded", "The feedback could not be recorded: " + e.getMessage());
        }
    }

    /** Of a body that has been read as JSON: where it begins. */
    private static int first(byte[] body) {
        int at = 0;
        while (body[at] != '[' && body[at] != '{') {
            at++;
        }
        return at;
    }

    private static JsonNode list(List<FeedbackDesk.Taken> taken) {
        ObjectNode list = JsonMapper.shared().createObjectNode().put("object", "list");
        ArrayNode data = list.putArray("data");
        taken.forEach(one -> data.add(one(one)));
        return list;
    }

    private static ObjectNode one(FeedbackDesk.Taken taken) {
        ObjectNode one =
                JsonMapper.shared().createObjectNode().put("object", "feedback").put("id", taken.id());
        if (taken.trace() != null) {
            one.put("trace", taken.trace().toString());
        } else {
            one.put("episode", taken.episode());
        }
        return one.put("status", taken.checked() ? "accepted" : "unchecked");
    }

    private void refuse(Request request, Response response, GatewayRefusal refusal) throws IOException {
        gateway.metrics().refused(refusal);
        RequestBody.discard(request);
        Replies.refuse(response, refusal);
    }
}
