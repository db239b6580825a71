package dev.hone.capture.gateway;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.protobuf.ByteString;
import dev.hone.capture.access.KeyRing;
import dev.hone.capture.access.Secret;
import dev.hone.capture.redact.RedactionKinds;
import dev.hone.record.ApiKey;
import dev.hone.record.CallUsage;
import dev.hone.record.CapturedCall;
import dev.hone.record.Ids;
import dev.hone.record.Project;
import io.opentelemetry.api.common.AttributeKey;
import io.opentelemetry.api.common.Attributes;
import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.StatusCode;
import io.opentelemetry.exporter.otlp.http.trace.OtlpHttpSpanExporter;
import io.opentelemetry.proto.collector.trace.v1.ExportTracePartialSuccess;
import io.opentelemetry.proto.collector.trace.v1.ExportTraceServiceRequest;
import io.opentelemetry.proto.collector.trace.v1.ExportTraceServiceResponse;
import io.opentelemetry.proto.common.v1.AnyValue;
import io.opentelemetry.proto.common.v1.KeyValue;
import io.opentelemetry.proto.trace.v1.ResourceSpans;
import io.opentelemetry.proto.trace.v1.ScopeSpans;
import io.opentelemetry.sdk.common.CompletableResultCode;
import io.opentelemetry.sdk.resources.Resource;
import io.opentelemetry.sdk.trace.SdkTracerProvider;
import io.opentelemetry.sdk.trace.data.SpanData;
import io.opentelemetry.sdk.trace.export.SimpleSpanProcessor;
import io.opentelemetry.sdk.trace.export.SpanExporter;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Spans of OpenTelemetry's own exporter, and bodies that no exporter would send, at the gateway's port. */
@Timeout(60)
final class SpanHandlerTest extends GatewayFixture {
    private static final String QUESTION =
            "[{\"role\":\"user\",\"parts\":[{\"type\":\"text\",\"content\":\"How warm is it? I am ann@example.com\"}]},"
                    + "{\"role\":\"assistant\",\"parts\":[{\"type\":\"tool_call\",\"id\":\"c1\",\"name\":\"weather\",\"arguments\":{\"city\":\"Bern\"}}]},"
                    + "{\"role\":\"tool\",\"parts\":[{\"type\":\"tool_call_response\",\"id\":\"c1\",\"response\":\"21 °C\"}]}]";
    private static final String ANSWER =
            "[{\"role\":\"assistant\",\"parts\":[{\"type\":\"text\",\"content\":\"Warm\"}],\"finish_reason\":\"stop\"}]";

    private final List<Collection<SpanData>> exported = new ArrayList<>();

    private String url() throws IOException {
        return gateway(server("one", asked -> asked.say(200, "application/json", "{}")));
    }

    private static OtlpHttpSpanExporter exporter(String url, String authorization) {
        return OtlpHttpSpanExporter.builder()
                .setEndpoint(url + "/v1/traces")
                .setCompression("gzip")
                .addHeader("Authorization", authorization)
                .setRetryPolicy(null)
                .build();
    }

    /** @return whether the exporter was told that all is well */
    private boolean export(OtlpHttpSpanExporter exporter, String service, Consumer<Span> filling) {
        exported.clear();
        List<CompletableResultCode> results = new ArrayList<>();
        SpanExporter remembering = SpanExporter.composite(exporter, new SpanExporter() {
            @Override
            public CompletableResultCode export(Collection<SpanData> spans) {
                exported.add(spans);
                return CompletableResultCode.ofSuccess();
            }

            @Override
            public CompletableResultCode flush() {
                return CompletableResultCode.ofSuccess();
            }

            @Override
            public CompletableResultCode shutdown() {
                return CompletableResultCode.ofSuccess();
            }
        });
        try (SdkTracerProvider provider = SdkTracerProvider.builder()
                .setResource(Resource.create(Attributes.of(AttributeKey.stringKey("service.name"), service)))
                .addSpanProcessor(SimpleSpanProcessor.create(remembering))
                .build()) {
            Span span = provider.get("test").spanBuilder("chat").startSpan();
            filling.accept(span);
            span.end();
            results.add(provider.forceFlush().join(60, TimeUnit.SECONDS));
        }
        return results.getFirst().isSuccess();
    }

    private static void newer(Span span) {
        span.setAttribute("gen_ai.operation.name", "chat")
                .setAttribute("gen_ai.provider.name", "openai")
                .setAttribute("gen_ai.request.model", "gpt-4.1-mini")
                .setAttribute("gen_ai.request.temperature", 0.5)
                .setAttribute("gen_ai.conversation.id", "talk 1")
                .setAttribute("gen_ai.usage.input_tokens", 12)
                .setAttribute("gen_ai.usage.output_tokens", 3)
                .setAttribute("gen_ai.system_instructions", "[{\"type\":\"text\",\"content\":\"Be brief\"}]")
                .setAttribute(
                        "gen_ai.tool.definitions",
                        "[{\"type\":\"function\",\"name\":\"weather\",\"parameters\":{\"type\":\"object\"}}]")
                .setAttribute("gen_ai.input.messages", QUESTION)
                .setAttribute("gen_ai.output.messages", ANSWER);
    }

    private static JsonNode json(byte[] bytes) {
        return JsonMapper.shared().readTree(bytes);
    }

    @Test
    void aSpanIsTheCallThatItTells() throws Exception {
        String url = url();
        assertTrue(export(exporter(url, "none"), "Shop Assistant", SpanHandlerTest::newer));
        CapturedCall call = call();
        CapturedCall.Facts facts = call.facts();
        assertEquals("shop-assistant", facts.route());
        assertTrue(facts.useCase());
        assertEquals("otlp", facts.path());
        assertEquals("gpt-4.1-mini", facts.model());
        assertEquals("talk 1", facts.origin().episode());
        assertEquals("0".repeat(64), facts.origin().configuration());
        assertEquals(new CallUsage(12L, null, 3L), facts.usage());
        assertEquals("openai", facts.attempts().getFirst().upstream());
        SpanData span = exported.getFirst().iterator().next();
        assertEquals(
                Map.of("trace_id", span.getTraceId(), "span_id", span.getSpanId()),
                facts.origin().tags());
        assertEquals((span.getEndEpochNanos() - span.getStartEpochNanos()) / 1e6, facts.millis());
        assertEquals(
                JsonMapper.shared()
                        .readTree(
                                "{\"model\":\"gpt-4.1-mini\",\"temperature\":0.5,\"messages\":[{\"role\":\"system\",\"content\":\"Be brief\"},"
                                        + "{\"role\":\"user\",\"content\":\"How warm is it? I am ann@example.com\"},"
                                        + "{\"role\":\"assistant\",\"content\":null,\"tool_calls\":[{\"id\":\"c1\",\"type\":\"function\",\"function\":{\"name\":\"weather\",\"arguments\":\"{\\\"city\\\":\\\"Bern\\\"}\"}}]},"
                                        + "{\"role\":\"tool\",\"tool_call_id\":\"c1\",\"content\":\"21 °C\"}],"
                                        + "\"tools\":[{\"type\":\"function\",\"function\":{\"name\":\"weather\",\"parameters\":{\"type\":\"object\"}}}]}"),
                json(call.request()));
        JsonNode choice = json(call.response()).at("/choices/0");
        assertEquals("Warm", choice.at("/message/content").asString());
        assertEquals("stop", choice.path("finish_reason").asString());
        // What an exporter sends again, because it did not hear the answer, is the same call.
        exporter(url, "none").export(exported.getFirst()).join(60, TimeUnit.SECONDS);
        assertEquals(2, calls().size());
        assertEquals(facts.id(), calls().getLast().facts().id());
        assertEquals(List.of(), troubles);
    }

    @Test
    void olderConventionsAreUnderstood() throws Exception {
        String url = url();
        assertTrue(export(
                exporter(url, "none"),
                "older",
                span -> span.setAttribute("gen_ai.system", "openai")
                        .setAttribute("gen_ai.request.model", "m")
                        .setAttribute("gen_ai.usage.prompt_tokens", 7)
                        .setAttribute("gen_ai.usage.completion_tokens", 2)
                        .addEvent(
                                "gen_ai.content.prompt",
                                Attributes.of(
                                        AttributeKey.stringKey("gen_ai.prompt"),
                                        "[{\"role\":\"system\",\"content\":\"S\"},{\"content\":\"Q\"}]"))
                        .addEvent(
                                "gen_ai.content.completion",
                                Attributes.of(AttributeKey.stringKey("gen_ai.completion"), "A"))));
        assertEquals("system", json(call().request()).at("/messages/0/role").asString());
        assertEquals("user", json(call().request()).at("/messages/1/role").asString());
        assertEquals(
                "A", json(call().response()).at("/choices/0/message/content").asString());
        assertEquals(new CallUsage(7L, null, 2L), call().facts().usage());
        assertTrue(export(
                exporter(url, "none"),
                "older",
                span -> span.setAttribute("gen_ai.request.model", "m")
                        .setAttribute("gen_ai.prompt.0.role", "system")
                        .setAttribute("gen_ai.prompt.0.content", "S")
                        .setAttribute("gen_ai.prompt.1.role", "user")
                        .setAttribute("gen_ai.prompt.1.content", "Q")
                        .setAttribute("gen_ai.completion.0.role", "assistant")
                        .setAttribute("gen_ai.completion.0.finish_reason", "tool_calls")
                        .setAttribute("gen_ai.completion.0.tool_calls.0.name", "f")
                        .setAttribute("gen_ai.completion.0.tool_calls.0.arguments", "{}")));
        CapturedCall call = calls().getLast();
        assertEquals("Q", json(call.request()).at("/messages/1/content").asString());
        assertEquals(
                "f",
                json(call.response())
                        .at("/choices/0/message/tool_calls/0/function/name")
                        .asString());
        assertEquals(
                "tool_calls",
                json(call.response()).at("/choices/0/finish_reason").asString());
    }

    @Test
    void otherSpansAreAcceptedAndPassedOver() throws Exception {
        String url = url();
        assertTrue(export(exporter(url, "none"), "shop", span -> span.setAttribute("http.route", "/")));
        assertTrue(export(
                exporter(url, "none"),
                "shop",
                span -> span.setAttribute("gen_ai.operation.name", "execute_tool")
                        .setAttribute("gen_ai.request.model", "m")));
        assertEquals(0, calls().size());
        assertTrue(export(
                exporter(url, "none"),
                "shop",
                span -> span.setAttribute("hone.use_case", "job")
                        .setAttribute("gen_ai.operation.name", "chat")
                        .setStatus(StatusCode.ERROR)));
        assertEquals("job", call().facts().route());
        assertEquals(CapturedCall.End.REFUSED, call().facts().end());
    }

    @Test
    void whatAUseCaseDoesNotStoreIsTakenOut() throws Exception {
        RedactionKinds kinds = new RedactionKinds();
        kinds.add("email");
        redaction = kinds.redaction();
        assertTrue(export(exporter(url(), "none"), "job", SpanHandlerTest::newer));
        String stored = new String(call().request(), StandardCharsets.UTF_8);
        assertTrue(stored.contains("<EMAIL_1>") && !stored.contains("ann@example.com"), stored);
    }

    /** An episode is looked for by its name, which is therefore kept as it is, or not at all. */
    @Test
    void aConversationIsNotNamedByWhatIsNotStored() throws Exception {
        RedactionKinds kinds = new RedactionKinds();
        kinds.add("email");
        redaction = kinds.redaction();
        String url = url();
        assertTrue(export(
                exporter(url, "none"),
                "job",
                span -> span.setAttribute("gen_ai.request.model", "m")
                        .setAttribute("gen_ai.conversation.id", "chat with ann@example.com")));
        assertEquals(0, calls().size());
        assertTrue(export(
                exporter(url, "none"),
                "job",
                span -> span.setAttribute("gen_ai.request.model", "m")
                        .setAttribute("gen_ai.conversation.id", "chat-1")));
        assertEquals("chat-1", call().facts().origin().episode());
    }

    /** Also where no file names the use case: the gateway's own redaction counts. */
    @Test
    void aConversationOfAnUndeclaredUseCaseIsNotNamedByWhatIsNotStored() throws Exception {
        RedactionKinds kinds = new RedactionKinds();
        kinds.add("email");
        options = new GatewayOptions(1 << 20, 1 << 20, false, Duration.ofSeconds(15), kinds.redaction());
        String url = url();
        assertTrue(export(
                exporter(url, "none"),
                "undeclared",
                span -> span.setAttribute("gen_ai.request.model", "m")
                        .setAttribute("gen_ai.conversation.id", "chat with ann@example.com")));
        assertEquals(0, calls().size());
        assertTrue(export(
                exporter(url, "none"),
                "undeclared",
                span -> span.setAttribute("gen_ai.request.model", "m")
                        .setAttribute("gen_ai.conversation.id", "chat-1")));
        assertEquals("chat-1", call().facts().origin().episode());
    }

    @Test
    void whoMayNotCallMayNotTell() throws Exception {
        Secret secret = Secret.random();
        Secret other = Secret.random();
        keys = new KeyRing(
                () -> List.of(key(secret, Project.DEFAULT), key(other, "elsewhere")),
                folder.resolve("known-keys.json"),
                InstantSource.system(),
                troubles::add);
        String url = url();
        assertFalse(export(exporter(url, "Bearer no"), "job", SpanHandlerTest::newer));
        assertEquals(0, calls().size());
        // The use case is the default project's: another's key is told so, and nothing is kept.
        assertTrue(export(exporter(url, "Bearer " + other.text()), "job", SpanHandlerTest::newer));
        assertEquals(0, calls().size());
        assertTrue(export(exporter(url, "Bearer " + secret.text()), "job", SpanHandlerTest::newer));
        assertNotNull(call().facts().origin().key());
    }

    private static ApiKey key(Secret secret, String project) {
        return new ApiKey(
                Ids.next(),
                project,
                secret.hash(),
                secret.hint(),
                Set.of(ApiKey.Scope.CALL),
                project,
                ApiKey.Bounds.NONE,
                "me",
                Instant.now(),
                null,
                null);
    }

    private HttpResponse<byte[]> send(String url, String type, String encoding, byte[] body) throws Exception {
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(url + "/v1/traces"))
                .header("Content-Type", type)
                .POST(HttpRequest.BodyPublishers.ofByteArray(body));
        if (!encoding.isEmpty()) {
            request.header("Content-Encoding", encoding);
        }
        return http.send(request.build(), HttpResponse.BodyHandlers.ofByteArray());
    }

    private static byte[] gzip(byte[] bytes) throws IOException {
        ByteArrayOutputStream packed = new ByteArrayOutputStream();
        try (GZIPOutputStream out = new GZIPOutputStream(packed)) {
            out.write(bytes);
        }
        return packed.toByteArray();
    }

    private static byte[] spans(String... spans) {
        return "{\"resourceSpans\":[{\"resource\":{\"attributes\":[{\"key\":\"service.name\",\"value\":{\"stringValue\":\"shop\"}}]},\"scopeSpans\":[{\"spans\":[%s]}]}]}"
                .formatted(String.join(",", spans))
                .getBytes(StandardCharsets.UTF_8);
    }

    private static String span(String id, String start) {
        return "{\"traceId\":\"5b8efff798038103d269b633813fc60c\",\"spanId\":\"%s\",\"startTimeUnixNano\":\"%s\",\"endTimeUnixNano\":\"%s\",\"attributes\":[{\"key\":\"gen_ai.request.model\",\"value\":{\"stringValue\":\"m\"}},{\"key\":\"gen_ai.usage.input_tokens\",\"value\":{\"intValue\":\"5\"}}]}"
                .formatted(id, start, start);
    }

    /** As OTLP defines it: what is good is kept, what is not is counted with a reason. */
    @Test
    void jsonIsReadAndPartOfASuccessIsToldAsSuch() throws Exception {
        String url = url();
        byte[] body = spans(
                span("eee19b7ec3c1b174", "1738960610000000000"),
                span("eee19b7ec3c1b175", "17"),
                span("nothing", "1738960610000000000"));
        HttpResponse<byte[]> response = send(url, "application/json; charset=utf-8", "gzip", gzip(body));
        assertEquals(200, response.statusCode());
        assertEquals(
                "application/json",
                response.headers().firstValue("content-type").orElseThrow());
        assertEquals(
                "2", json(response.body()).at("/partialSuccess/rejectedSpans").asString());
        assertTrue(json(response.body())
                .at("/partialSuccess/errorMessage")
                .asString()
                .contains("eee19b7ec3c1b175"));
        assertEquals(5L, call().facts().usage().prompt());
        assertEquals(Instant.parse("2025-02-07T20:36:50Z"), call().facts().started());
        assertEquals(
                "{}",
                new String(
                        send(url, "application/json", "", spans(span("eee19b7ec3c1b174", "1738960610000000000")))
                                .body(),
                        StandardCharsets.UTF_8));
        HttpResponse<byte[]> empty = send(url, "application/x-protobuf", "", new byte[0]);
        assertEquals(200, empty.statusCode());
        assertFalse(ExportTraceServiceResponse.parseFrom(empty.body()).hasPartialSuccess());
    }

    @Test
    void whatCannotBeTakenIsRefusedWithItsReason() throws Exception {
        String url = url();
        assertEquals(415, send(url, "text/plain", "", new byte[0]).statusCode());
        assertEquals(415, send(url, "application/json", "br", new byte[0]).statusCode());
        assertEquals(400, send(url, "application/json", "", new byte[] {'{'}).statusCode());
        assertEquals(
                400,
                send(url, "application/json", "", "[]".getBytes(StandardCharsets.UTF_8))
                        .statusCode());
        assertEquals(
                400,
                send(url, "application/x-protobuf", "", new byte[] {1, 2, 3}).statusCode());
        assertEquals(
                400, send(url, "application/json", "gzip", new byte[] {1, 2, 3}).statusCode());
        byte[] bomb = gzip(new byte[8 << 20]);
        assertTrue(bomb.length < 1 << 20);
        HttpResponse<byte[]> large = send(url, "application/json", "gzip", bomb);
        assertEquals(413, large.statusCode());
        assertTrue(json(large.body()).path("message").asString().contains("smaller"));
        byte[] deep = ("{\"resourceSpans\":" + "[".repeat(5000)).getBytes(StandardCharsets.UTF_8);
        assertEquals(400, send(url, "application/json", "", deep).statusCode());
        String many = "{},".repeat(10_001);
        assertEquals(
                400,
                send(url, "application/json", "", spans(many.substring(0, many.length() - 1)))
                        .statusCode());
        journal.close();
        assertEquals(
                503,
                send(url, "application/json", "", spans(span("eee19b7ec3c1b174", "1738960610000000000")))
                        .statusCode());
        assertEquals(0, troubles.size(), troubles::toString);
    }

    /** What is a byte in a span may be six in a record: such a span is told of by its name, and the others are kept. */
    @Test
    void aSpanThatIsTooLargeForARecordIsRejectedAlone() throws Exception {
        options = new GatewayOptions(24 << 20, 1 << 20, false, Duration.ofSeconds(15));
        ExportTraceServiceRequest request = ExportTraceServiceRequest.newBuilder()
                .addResourceSpans(ResourceSpans.newBuilder()
                        .addScopeSpans(ScopeSpans.newBuilder()
                                .addSpans(said(1, "\u0001".repeat(12 << 20)))
                                .addSpans(said(2, "Hello"))))
                .build();
        HttpResponse<byte[]> response = http.send(
                HttpRequest.newBuilder(URI.create(url() + "/v1/traces"))
                        .header("Content-Type", "application/x-protobuf")
                        .POST(HttpRequest.BodyPublishers.ofByteArray(request.toByteArray()))
                        .build(),
                HttpResponse.BodyHandlers.ofByteArray());
        assertEquals(200, response.statusCode(), troubles.toString());
        ExportTracePartialSuccess partial =
                ExportTraceServiceResponse.parseFrom(response.body()).getPartialSuccess();
        assertEquals(1, partial.getRejectedSpans());
        assertTrue(partial.getErrorMessage().contains("[0000000000000001] is too large"), partial.getErrorMessage());
        assertEquals("0000000000000002", call().facts().origin().tags().get("span_id"));
    }

    private static io.opentelemetry.proto.trace.v1.Span said(int number, String text) {
        byte[] id = ByteBuffer.allocate(Long.BYTES).putLong(number).array();
        return io.opentelemetry.proto.trace.v1.Span.newBuilder()
                .setTraceId(ByteString.copyFrom(new byte[16]).substring(1).concat(ByteString.copyFrom(new byte[] {1})))
                .setSpanId(ByteString.copyFrom(id))
                .setStartTimeUnixNano(1_764_100_000_000_000_000L)
                .setEndTimeUnixNano(1_764_100_001_000_000_000L)
                .addAttributes(attribute("gen_ai.operation.name", "chat"))
                .addAttributes(attribute("gen_ai.request.model", "m"))
                .addAttributes(attribute("hone.use_case", "told"))
                .addAttributes(attribute("gen_ai.prompt.0.role", "user"))
                .addAttributes(attribute("gen_ai.prompt.0.content", text))
                .build();
    }

    private static KeyValue attribute(String name, String value) {
        return KeyValue.newBuilder()
                .setKey(name)
                .setValue(AnyValue.newBuilder().setStringValue(value))
                .build();
    }
}
