package dev.hone.capture.gateway;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.re2j.Pattern;
import dev.hone.capture.feedback.FeedbackDesk;
import dev.hone.capture.journal.Position;
import dev.hone.capture.redact.Finder;
import dev.hone.capture.redact.Redaction;
import dev.hone.capture.redact.RedactionKinds;
import dev.hone.capture.upstream.Upstream;
import dev.hone.record.CapturedCall;
import dev.hone.record.Ids;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.json.JsonMapper;

/** Faults of ours are told by their class, and answered in OpenAI's form; no call that a server answered is without its record for them, but where that fails itself. */
final class FaultsTest extends GatewayFixture {
    private static final String ONE = "data: {\"choices\":[{\"index\":0,\"delta\":{\"content\":\"one\"}}]}\n\n";
    private static final String LAST =
            "data: {\"choices\":[{\"index\":0,\"delta\":{\"content\":\"last\"},\"finish_reason\":\"stop\"}]}\n\n";
    private static final String SAID = "\"messages\":[{\"role\":\"user\",\"content\":\"deep\"}]";
    private static final String WHOLE = "{\"model\":\"use-case/job\"," + SAID + "}";
    private static final String STREAM = "{\"model\":\"use-case/job\",\"stream\":true," + SAID + "}";
    private static final String NOT_LOOKED_THROUGH = "{\"hone\":\"not stored: it could not be looked through\"}";

    /** Goes wrong where a text says so. */
    private static Redaction failing(Runnable fault) {
        return new Redaction(List.of(new Finder.Expression(
                "TICKET",
                text -> {
                    if (text.contains("deep")) {
                        fault.run();
                    }
                    return false;
                },
                Pattern.compile("T"),
                found -> true,
                found -> found)));
    }

    private Upstream server() throws Exception {
        return server("one", asked -> {
            if (!asked.json().path("stream").asBoolean(false)) {
                asked.say(200, "application/json", ANSWER);
                return;
            }
            asked.response().getHeaders().put("content-type", "text/event-stream");
            asked.piece(ONE);
            Thread.sleep(50);
            asked.piece(LAST + "data: [DONE]\n\n");
        });
    }

    private static String request(CapturedCall call) {
        return new String(call.request(), StandardCharsets.UTF_8);
    }

    private static String response(CapturedCall call) {
        return new String(call.response(), StandardCharsets.UTF_8);
    }

    private void assertTold(String fault) {
        assertEquals(1, troubles.size(), troubles.toString());
        assertTrue(troubles.getFirst().contains(fault), troubles.toString());
        assertFalse(troubles.getFirst().contains("a prompt"), troubles.toString());
    }

    private void assertLost(int calls) {
        String metrics = gateway.metrics().text();
        assertTrue(metrics.contains("\nhone_calls_not_recorded_total %d.0".formatted(calls)), metrics);
    }

    /** Objects within objects within texts within objects. */
    private static String nested(int documents, int levels) {
        String document = "\"end\"";
        for (int i = 0; i < documents; i++) {
            String text = i == 0 ? document : JsonMapper.shared().writeValueAsString(document);
            document = "{\"a\":".repeat(levels - 1) + "{\"password\":\"hunter\",\"a\":" + text + "}"
                    + "}".repeat(levels - 1);
        }
        return document;
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void whatIsNestedDeepIsAnsweredAndRecorded(boolean stream) throws Exception {
        RedactionKinds kinds = new RedactionKinds();
        kinds.add("secret");
        redaction = kinds.redaction();
        String url = gateway(server());
        for (int i = 1; i <= 3; i++) {
            HttpResponse<String> answer =
                    post(url, (stream ? STREAM : WHOLE).replace("}]}", "}],\"x\":" + nested(5, 190) + "}"));
            assertEquals(200, answer.statusCode(), answer.body());
            assertEquals(stream, answer.body().contains("[DONE]"), answer.body());
            assertEquals(i, calls().size());
        }
        for (CapturedCall call : calls()) {
            assertEquals(CapturedCall.End.ANSWERED, call.facts().end());
            assertTrue(request(call).contains("<ESCAPED_"), request(call));
            assertFalse(request(call).contains("hunter"), request(call));
        }
        assertEquals(List.of(), troubles);
        assertLost(0);
    }

    @ParameterizedTest
    @ValueSource(strings = {WHOLE, STREAM})
    void aBodyThatOverflowsTheStackTakesNoRecordFromItsCall(String body) throws Exception {
        redaction = failing(() -> {
            throw new StackOverflowError("a prompt");
        });
        String url = gateway(server());
        HttpResponse<String> answer = post(url, body);
        assertEquals(200, answer.statusCode(), answer.body());
        assertEquals(body.equals(STREAM), answer.body().contains("[DONE]"), answer.body());
        assertEquals(NOT_LOOKED_THROUGH, request(call()));
        assertTrue(response(call()).contains("\"choices\""), response(call()));
        assertTold("java.lang.StackOverflowError");
        assertLost(0);
    }

    /** Nothing of what it says is stored, not even its tags. */
    @Test
    void aFaultWhileACallIsLookedThroughTakesNoRecordFromIt() throws Exception {
        redaction = failing(() -> {
            throw new IllegalStateException("a prompt");
        });
        String url = gateway(server());
        HttpResponse<String> answer = http.send(
                HttpRequest.newBuilder(URI.create(url + "/v1/chat/completions"))
                        .header("X-Hone-Tags", "release=1")
                        .POST(HttpRequest.BodyPublishers.ofString(WHOLE))
                        .build(),
                HttpResponse.BodyHandlers.ofString());
        assertEquals(200, answer.statusCode(), answer.body());
        assertEquals(NOT_LOOKED_THROUGH, request(call()));
        assertEquals(NOT_LOOKED_THROUGH, response(call()));
        assertEquals(Map.of(), call().facts().origin().tags());
        assertTold("java.lang.IllegalStateException");
        assertLost(0);
    }

    @Test
    void whatCannotBeRecordedIsToldAndCounted() throws Exception {
        redaction = failing(() -> {
            throw new AssertionError("a prompt");
        });
        String url = gateway(server());
        assertRefused(503, "not_recorded", post(url, WHOLE));
        assertTold("java.lang.AssertionError");
        assertLost(1);
        String streamed = post(url, STREAM).body();
        assertTrue(streamed.contains("not_recorded") && !streamed.contains("[DONE]"), streamed);
        assertEquals(2, troubles.size());
        assertLost(2);
        assertEquals(List.of(), calls());
        assertTrue(gateway.metrics().text().contains("hone_refusals_total{code=\"not_recorded\"} 2.0"));
    }

    /** Here when the second piece is on its way to the client. */
    @Test
    void aFaultInTheMiddleOfAnAnswerEndsItAndIsRecorded() throws Exception {
        gateway(server());
        AtomicInteger writes = new AtomicInteger();
        String url = serve(new Handler.Wrapper(new GatewayHandler(gateway, troubles::add)) {
            @Override
            public boolean handle(Request request, Response response, Callback callback) throws Exception {
                return super.handle(
                        request,
                        new Response.Wrapper(request, response) {
                            @Override
                            public void write(boolean last, ByteBuffer bytes, Callback written) {
                                if (writes.incrementAndGet() == 2) {
                                    throw new StackOverflowError("a prompt");
                                }
                                super.write(last, bytes, written);
                            }
                        },
                        callback);
            }
        });
        HttpResponse<String> answer = post(url, STREAM);
        assertEquals(200, answer.statusCode());
        assertTrue(answer.body().startsWith(ONE), answer.body());
        assertTrue(answer.body().contains("\"code\":\"fault\""), answer.body());
        assertFalse(answer.body().contains("[DONE]"), answer.body());
        assertEquals(CapturedCall.End.BROKEN, call().facts().end());
        assertTrue(response(call()).contains("last"), "as far as the server's answer came");
        String metrics = gateway.metrics().text();
        assertFalse(metrics.contains("hone_refusals_total{"), "it is counted once, as a call: " + metrics);
        assertTrue(metrics.contains("outcome=\"broken\""), metrics);
        assertTold("java.lang.StackOverflowError");
        assertLost(0);
    }

    /** Whether its redaction left a note in its place or said nothing: who may see no more than that gets neither. */
    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void aRequestThatCannotBeLookedThroughIsAFaultOfOursWhereItMustBe(boolean overflows) throws Exception {
        redacted = true;
        redaction = failing(() -> {
            if (overflows) {
                throw new StackOverflowError("a prompt");
            }
            throw new IllegalStateException("a prompt");
        });
        AtomicInteger asked = new AtomicInteger();
        String url = gateway(server("one", one -> {
            asked.incrementAndGet();
            one.say(200, "application/json", ANSWER);
        }));
        HttpResponse<String> answer = post(url, WHOLE);
        assertRefused(500, "fault", answer);
        assertEquals(0, asked.get());
        assertEquals(
                call().facts().id().toString(),
                answer.headers().firstValue("x-hone-trace").orElseThrow());
        assertEquals(500, call().facts().status());
        assertEquals(CapturedCall.End.REFUSED, call().facts().end());
        assertEquals(NOT_LOOKED_THROUGH, request(call()));
        assertFalse(troubles.isEmpty());
        assertFalse(troubles.toString().contains("a prompt"), troubles.toString());
        assertFalse(gateway.metrics().text().contains("hone_refusals_total{"), "it is counted once, as a call");
        assertLost(0);
    }

    @Test
    void aFaultBeforeAnybodyIsAskedIsToldAndAnswered() throws Exception {
        redaction = failing(() -> {
            throw new StackOverflowError("a prompt");
        });
        String url = gateway(server());
        HttpResponse<String> answer = http.send(
                HttpRequest.newBuilder(URI.create(url + "/v1/chat/completions"))
                        .header("X-Hone-Episode", "deep")
                        .POST(HttpRequest.BodyPublishers.ofString(WHOLE))
                        .build(),
                HttpResponse.BodyHandlers.ofString());
        assertRefused(500, "fault", answer);
        assertTold("java.lang.StackOverflowError");
        assertLost(0);
    }

    private String serve(Handler handler) throws Exception {
        EdgeServer server = EdgeServer.bind("127.0.0.1", 0, Duration.ZERO);
        open.add(server);
        server.start(handler);
        return server.url();
    }

    @Test
    void whoeverReadsFeedsOrTellsIsAnsweredToo() throws Exception {
        redaction = failing(() -> {
            throw new AssertionError("a prompt");
        });
        gateway(server());
        FeedbackDesk desk = new FeedbackDesk(
                journal,
                () -> Position.START,
                Optional::empty,
                () -> {
                    throw new StackOverflowError("a prompt");
                },
                () -> false,
                InstantSource.system());
        open.add(desk);
        String url = serve(new Handler.Sequence(
                new FeedbackHandler(gateway, desk, troubles::add),
                new ReadHandler(
                        gateway,
                        () -> {
                            throw new StackOverflowError("a prompt");
                        },
                        InstantSource.system(),
                        troubles::add),
                new SpanHandler(gateway, troubles::add)));
        assertRefused(
                500,
                "fault",
                send(
                        url + "/feedback",
                        "POST",
                        "{\"trace\":\"%s\",\"kind\":\"boolean\",\"name\":\"good\",\"value\":true}"
                                .formatted(Ids.next())));
        assertTold("java.lang.StackOverflowError");
        troubles.clear();
        assertRefused(500, "fault", send(url + "/v1/traces", "GET", ""));
        assertTold("java.lang.StackOverflowError");
        troubles.clear();
        HttpResponse<String> told = send(url + "/v1/traces", "POST", span());
        assertEquals(500, told.statusCode(), told.body());
        assertTrue(told.body().contains("its log says where"), told.body());
        assertTold("java.lang.AssertionError");
        assertTrue(gateway.metrics().text().contains("hone_refusals_total{code=\"fault\"} 3.0"));
    }

    private HttpResponse<String> send(String url, String method, String body) throws Exception {
        return http.send(
                HttpRequest.newBuilder(URI.create(url))
                        .header("Content-Type", "application/json")
                        .method(method, HttpRequest.BodyPublishers.ofString(body))
                        .build(),
                HttpResponse.BodyHandlers.ofString());
    }

    private static String span() {
        long now = System.currentTimeMillis() * 1_000_000;
        StringBuilder attributes = new StringBuilder();
        Map.of(
                        "gen_ai.operation.name",
                        "chat",
                        "gen_ai.request.model",
                        "m",
                        "hone.use_case",
                        "job",
                        "gen_ai.prompt",
                        "deep")
                .forEach((name, value) -> attributes.append("%s{\"key\":\"%s\",\"value\":{\"stringValue\":\"%s\"}}"
                        .formatted(attributes.isEmpty() ? "" : ",", name, value)));
        return "{\"resourceSpans\":[{\"scopeSpans\":[{\"spans\":[{\"traceId\":\"%032x\",\"spanId\":\"%016x\",\"name\":\"chat\",\"startTimeUnixNano\":\"%d\",\"endTimeUnixNano\":\"%d\",\"attributes\":[%s]}]}]}]}"
                .formatted(now, now, now - 1_000_000_000, now, attributes);
    }
}
