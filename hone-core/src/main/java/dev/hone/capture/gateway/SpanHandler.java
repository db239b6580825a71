package dev.hone.capture.gateway;

import com.google.protobuf.CodedOutputStream;
import dev.hone.capture.Serving;
import dev.hone.capture.otlp.SpanCalls;
import dev.hone.capture.otlp.UnreadableSpansException;
import dev.hone.capture.redact.Redaction;
import dev.hone.record.ApiKey;
import dev.hone.record.CapturedCall;
import dev.hone.record.Project;
import io.opentelemetry.proto.collector.trace.v1.ExportTracePartialSuccess;
import io.opentelemetry.proto.collector.trace.v1.ExportTraceServiceResponse;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.util.Locale;
import java.util.function.Consumer;
import java.util.zip.GZIPInputStream;
import java.util.zip.ZipException;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.io.Content;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/**
 * Takes the spans of model calls that OpenTelemetry's exporters send (OTLP over HTTP), and answers when they survive the
 * process, as a call's answer does.
 */
final class SpanHandler extends Handler.Abstract {
    static final String PATH = "/v1/traces";

    private static final String PROTOBUF = "application/x-protobuf";
    private static final String JSON = "application/json";
    private static final String POST = "POST";

    private final Gateway gateway;
    private final Consumer<String> trouble;

    /** @param trouble hears of faults, never of what stands in a span */
    SpanHandler(Gateway gateway, Consumer<String> trouble) {
        this.gateway = gateway;
        this.trouble = trouble;
    }

    @Override
    public boolean handle(Request request, Response response, Callback callback) {
        if (!Request.getPathInContext(request).equals(PATH)) {
            return false;
        }
        return Replies.handle(callback, () -> answer(request, response));
    }

    private void answer(Request request, Response response) throws IOException {
        boolean json = type(request).equals(JSON);
        boolean spans =
                request.getMethod().equals(POST) && (json || type(request).equals(PROTOBUF));
        try {
            SpanCalls told = told(request, response, json);
            say(response, 200, json, accepted(told, json));
        } catch (GatewayRefusal refusal) {
            gateway.metrics().refused(refusal);
            RequestBody.discard(request);
            if (!spans) {
                Replies.refuse(response, refusal);
                return;
            }
            if (refusal.retryAfter() != null) {
                response.getHeaders()
                        .put(
                                HttpHeader.RETRY_AFTER,
                                Math.max(1, refusal.retryAfter().toSeconds()));
            }
            say(response, refusal.status(), json, status(String.valueOf(refusal.getMessage()), json));
        } catch (RuntimeException | Error e) {
            trouble.accept(Fault.told(e));
            GatewayRefusal fault = GatewayRefusal.fault();
            gateway.metrics().refused(fault);
            say(response, fault.status(), json, status(String.valueOf(fault.getMessage()), json));
        }
    }

    private SpanCalls told(Request request, Response response, boolean json) throws IOException {
        if (!request.getMethod().equals(POST)) {
            response.getHeaders().put(HttpHeader.ALLOW, "GET, " + POST);
            throw GatewayRefusal.of(
                    405,
                    "method_not_allowed",
                    "[%s] takes [POST] of spans, and [GET] of who reads traces".formatted(PATH));
        }
        if (!json && !type(request).equals(PROTOBUF)) {
            throw GatewayRefusal.of(
                    415,
                    "unsupported_media_type",
                    "Spans are sent as [%s] or [%s], not [%s]".formatted(PROTOBUF, JSON, type(request)));
        }
        ApiKey key = gateway.admission().key(request, ApiKey.Scope.CALL);
        gateway.admission().admit(key);
        if (!gateway.journal().hasRoom()) {
            throw GatewayRefusal.of(503, "journal_full", "The disk of the journal is full: no span can be recorded");
        }
        Configuration configuration = gateway.configuration();
        try (CallMemory.Share share = gateway.memory().share()) {
            SpanCalls told = SpanCalls.read(
                    body(request, share),
                    json ? SpanCalls.Encoding.JSON : SpanCalls.Encoding.PROTOBUF,
                    key == null ? Project.DEFAULT : key.project(),
                    key == null ? null : key.id(),
                    configuration.hash(),
                    bytes -> {
                        if (!share.take(bytes)) {
                            throw CallMemory.refusal();
                        }
                    });
            return record(configuration, told, key);
        } catch (UnreadableSpansException e) {
            throw GatewayRefusal.of(400, "invalid_value", String.valueOf(e.getMessage()));
        }
    }

    private SpanCalls record(Configuration configuration, SpanCalls told, @Nullable ApiKey key) {
        int foreign = 0;
        int telling = 0;
        String tooLarge = null;
        int large = 0;
        try {
            for (CapturedCall call : told.calls()) {
                Serving serving = configuration.serving(call.facts().route());
                boolean others =
                        serving != null && key != null && !key.project().equals(serving.project());
                if (others || key != null && !key.mayUse(call.facts().route())) {
                    foreign++;
                } else if (tells(call, serving == null ? configuration.options().redaction() : serving.redaction())) {
                    telling++;
                } else if (!gateway.recordTold(configuration, call, serving)) {
                    large++;
                    tooLarge = call.facts().origin().tags().getOrDefault("span_id", "");
                }
            }
            gateway.force();
        } catch (IOException e) {
            throw GatewayRefusal.of(503, "not_recorded", "The spans could not be recorded: " + e.getMessage());
        }
        if (foreign + telling + large == 0) {
            return told;
        }
        String reason = tooLarge != null
                ? SpanCalls.tooLarge(tooLarge)
                : foreign > 0
                        ? "A use case is another project's, or none of those that the key is for"
                        : "A [gen_ai.conversation.id] has what its use case does not store: name the conversation by an id that says nothing";
        return new SpanCalls(
                told.calls(),
                told.rejected() + foreign + telling + large,
                told.rejected() > 0 ? told.reason() : reason);
    }

    private static boolean tells(CapturedCall call, Redaction redaction) {
        String episode = call.facts().origin().episode();
        return episode != null && redaction.finds(episode);
    }

    private static String type(Request request) {
        String type = request.getHeaders().get(HttpHeader.CONTENT_TYPE);
        return type == null ? "" : type.split(";", 2)[0].strip().toLowerCase(Locale.ROOT);
    }

    /** As long as it may be, also when it is unpacked. */
    private byte[] body(Request request, CallMemory.Share share) throws IOException {
        int most = gateway.configuration().options().mostRequestBytes();
        String encoding = request.getHeaders().get(HttpHeader.CONTENT_ENCODING);
        try (InputStream in = Request.asInputStream(request)) {
            InputStream plain =
                    switch (encoding == null ? "identity" : encoding.strip().toLowerCase(Locale.ROOT)) {
                        case "identity" -> in;
                        case "gzip" -> new GZIPInputStream(in);
                        case String other ->
                            throw GatewayRefusal.of(
                                    415, "unsupported_encoding", "[%s] is neither gzip nor identity".formatted(other));
                    };
            byte[] body = RequestBody.read(plain, most, share);
            if (body.length > most) {
                throw GatewayRefusal.of(
                        413,
                        "request_too_large",
                        "The spans have more than [%d] bytes: send smaller batches".formatted(most));
            }
            return body;
        } catch (ZipException | EOFException e) {
            throw GatewayRefusal.of(400, "invalid_value", "The body is no gzip: " + e.getMessage());
        }
    }

    private static byte[] accepted(SpanCalls told, boolean json) {
        if (json) {
            ObjectNode answer = JsonMapper.shared().createObjectNode();
            if (told.rejected() > 0) {
                answer.putObject("partialSuccess")
                        .put("rejectedSpans", String.valueOf(told.rejected()))
                        .put("errorMessage", told.reason());
            }
            return JsonMapper.shared().writeValueAsBytes(answer);
        }
        ExportTraceServiceResponse.Builder answer = ExportTraceServiceResponse.newBuilder();
        if (told.rejected() > 0) {
            answer.setPartialSuccess(ExportTracePartialSuccess.newBuilder()
                    .setRejectedSpans(told.rejected())
                    .setErrorMessage(told.reason()));
        }
        return answer.build().toByteArray();
    }

    /** A {@code google.rpc.Status} with its message, as OTLP wants refusals. */
    private static byte[] status(String message, boolean json) throws IOException {
        if (json) {
            return JsonMapper.shared()
                    .writeValueAsBytes(JsonMapper.shared().createObjectNode().put("message", message));
        }
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        CodedOutputStream out = CodedOutputStream.newInstance(bytes);
        out.writeString(2, message);
        out.flush();
        return bytes.toByteArray();
    }

    private static void say(Response response, int status, boolean json, byte[] body) throws IOException {
        response.setStatus(status);
        response.getHeaders().put(HttpHeader.CONTENT_TYPE, json ? JSON : PROTOBUF);
        if (status == 413 || status == 408) {
            response.getHeaders().put(HttpHeader.CONNECTION, "close");
        }
        Content.Sink.write(response, true, ByteBuffer.wrap(body));
    }
}
