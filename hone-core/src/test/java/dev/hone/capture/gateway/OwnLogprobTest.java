package dev.hone.capture.gateway;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;

import dev.hone.record.AnswerLogprob;
import dev.hone.record.CapturedCall;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.eclipse.jetty.http.HttpField;
import org.eclipse.jetty.http.HttpFields;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Hone's own servers say beside an answer how probable it was: the record has it, and the client gets what it got before. */
final class OwnLogprobTest extends GatewayFixture {
    private static final String EVENT =
            "data: {\"object\":\"chat.completion.chunk\",\"choices\":[{\"index\":0,\"delta\":{\"content\":\"a\"},\"finish_reason\":%s}]}\n\n";
    private static final String SAID = EVENT.formatted("null") + EVENT.formatted("\"stop\"");
    private static final String DONE = "data: [DONE]\n\n";
    private static final String CALL = "{\"model\":\"use-case/job\"}";
    private static final String STREAM = "{\"model\":\"use-case/job\",\"stream\":true}";

    private final List<String> asked = Collections.synchronizedList(new ArrayList<>());

    /** Says it to whoever asks, or to everybody, by a header before an object, and by a trailer after a stream. */
    private Behaviour saying(String logprob, boolean toAll) {
        return request -> {
            boolean asks = request.request().getHeaders().contains(AnswerLogprob.FIELD);
            asked.add("%s %s".formatted(request.json().path("model").asString(), asks));
            if (!request.json().path("stream").asBoolean(false)) {
                if (asks || toAll) {
                    request.response().getHeaders().put(AnswerLogprob.FIELD, logprob);
                }
                request.say(200, "application/json", ANSWER);
                return;
            }
            request.response().getHeaders().put("content-type", "text/event-stream");
            if (asks || toAll) {
                request.response()
                        .setTrailersSupplier(() -> HttpFields.from(new HttpField(AnswerLogprob.FIELD, logprob)));
            }
            request.piece(SAID);
            end(request);
        };
    }

    private static void end(Asked request) throws IOException {
        org.eclipse.jetty.io.Content.Sink.write(
                request.response(), true, java.nio.ByteBuffer.wrap(DONE.getBytes(StandardCharsets.UTF_8)));
    }

    private static @Nullable AnswerLogprob logprob(CapturedCall call) {
        return call.facts().attempts().getLast().logprob();
    }

    private static void assertUntouched(String body, HttpResponse<String> response, CapturedCall call) {
        assertEquals(body, response.body());
        assertEquals(body, new String(call.response(), StandardCharsets.UTF_8), "what is stored is what was said");
        assertEquals(
                List.of(),
                response.headers().map().keySet().stream()
                        .filter(name -> name.contains("logprob") || name.equals("trailer"))
                        .toList());
    }

    @Test
    void itIsRecordedAndTheClientSeesNothingOfIt() throws Exception {
        String url = gateway(server("one", saying("-0.75;tokens=3", false)).asOwn());
        assertUntouched(ANSWER, post(url, CALL), calls().getLast());
        assertEquals(new AnswerLogprob(-0.75, 3), logprob(calls().getLast()));
        assertUntouched(SAID + DONE, post(url, STREAM), calls().getLast());
        assertEquals(new AnswerLogprob(-0.75, 3), logprob(calls().getLast()));
        assertEquals(List.of("model-of-one true", "model-of-one true"), asked);
        assertEquals(2, calls().size());
        assertEquals(List.of(), troubles);
    }

    /** A connection goes on after trailers: the next answer is its own. */
    @Test
    void eachAnswerHasItsOwn() throws Exception {
        List<String> values = new ArrayList<>(List.of("-1.0;tokens=1", "-2.0;tokens=2", "-3.0;tokens=3"));
        String url = gateway(server(
                        "one", request -> saying(values.removeFirst(), false).answer(request))
                .asOwn());
        for (int i = 1; i <= 3; i++) {
            post(url, i == 2 ? CALL : STREAM);
            assertEquals(new AnswerLogprob(-i, i), logprob(calls().getLast()));
        }
    }

    /** Others are not asked, and what they say all the same is not believed. */
    @Test
    void serversOfOthersAreNotAsked() throws Exception {
        String url = gateway(server("one", saying("-0.75;tokens=3", true)));
        assertUntouched(ANSWER, post(url, CALL), calls().getLast());
        assertNull(logprob(calls().getLast()));
        assertUntouched(SAID + DONE, post(url, STREAM), calls().getLast());
        assertNull(logprob(calls().getLast()));
        assertEquals(List.of("model-of-one false", "model-of-one false"), asked);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "1;tokens=3", "NaN;tokens=3", "<script>", "-1;tokens=0"})
    void whatIsNoneIsLeftOut(String said) throws Exception {
        String url = gateway(server("one", saying(said, false)).asOwn());
        assertUntouched(ANSWER, post(url, CALL), call());
        assertNull(logprob(call()));
    }

    /** Of whom the answer is, and not of who was asked before; of a copy, what its own server says. */
    @Test
    void fallbacksAndCopiesHaveTheirOwn() throws Exception {
        shadows = List.of("v-three");
        String url = gateway(
                server("one", request -> {
                            request.response().getHeaders().put(AnswerLogprob.FIELD, "-9;tokens=9");
                            request.say(503, "application/json", "{}");
                        })
                        .asOwn(),
                server("two", saying("-2;tokens=2", false)).asOwn(),
                server("three", saying("-3;tokens=3", false)).asOwn());
        assertEquals(SAID + DONE, post(url, STREAM).body());
        for (int i = 0; i < 3_000 && calls().size() < 2; i++) {
            Thread.sleep(10);
        }
        List<CapturedCall> calls = calls();
        assertEquals(2, calls.size());
        assertNull(calls.getFirst().facts().attempts().getFirst().logprob());
        assertEquals(new AnswerLogprob(-2, 2), logprob(calls.getFirst()));
        assertEquals(
                calls.getFirst().facts().id(), calls.getLast().facts().origin().shadowOf());
        assertEquals(new AnswerLogprob(-3, 3), logprob(calls.getLast()));
    }

    /** What breaks off has no probability, and is no fault of ours. */
    @Test
    void aStreamThatBreaksOffHasNone() throws Exception {
        String url = gateway(server("one", request -> {
                    request.response().getHeaders().put("content-type", "text/event-stream");
                    request.piece(EVENT.formatted("null"));
                    throw new IOException("gone");
                })
                .asOwn());
        assertFalse(post(url, STREAM).body().contains(DONE));
        assertNull(logprob(call()));
        assertEquals(CapturedCall.End.BROKEN, call().facts().end());
        assertEquals(List.of(), troubles);
    }
}
