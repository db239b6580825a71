package dev.hone.capture.gateway;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import dev.hone.capture.redact.RedactionKinds;
import dev.hone.capture.upstream.Price;
import dev.hone.record.CallUsage;
import dev.hone.record.CapturedCall;
import java.io.IOException;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.json.JsonMapper;

/** The tokens of a stream are known whether or not the client asks for them, and the client sees what it asked for. */
final class StreamUsageTest extends GatewayFixture {
    private static final String SAID =
            "data: {\"object\":\"chat.completion.chunk\",\"choices\":[{\"index\":0,\"delta\":{\"content\":\"a\"}}],\"usage\":null}\n\n";
    private static final String USAGE =
            "data: {\"object\":\"chat.completion.chunk\",\"choices\":[],\"usage\":{\"prompt_tokens\":5,\"completion_tokens\":1}}\n\n";
    private static final String DONE = "data: [DONE]\n\n";
    private static final CallUsage COUNTED = new CallUsage(5L, null, 1L);

    private final List<String> seen = Collections.synchronizedList(new ArrayList<>());

    /** A server that counts where it is asked to, as OpenAI's. */
    private void counts(Asked asked) throws IOException {
        seen.add(new String(asked.body(), StandardCharsets.UTF_8));
        asked.response().getHeaders().put("content-type", "text/event-stream");
        boolean counts = asked.json().at("/stream_options/include_usage").asBoolean(false);
        asked.piece(SAID);
        asked.piece(counts ? USAGE + DONE : DONE);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{\"model\":\"use-case/job\", \"stream\":true}|{\"stream_options\":{\"include_usage\":true},\"model\":\"model-of-one\", \"stream\":true}|false",
                "{\"stream\":true,\"stream_options\":null,\"model\":\"use-case/job\"}|{\"stream\":true,\"stream_options\":{\"include_usage\":true},\"model\":\"model-of-one\"}|false",
                "{\"stream\":true,\"stream_options\":{},\"model\":\"use-case/job\"}|{\"stream\":true,\"stream_options\":{\"include_usage\":true},\"model\":\"model-of-one\"}|false",
                "{\"stream\":true,\"model\":\"use-case/job\",\"stream_options\":{ \"x\":1}}|{\"stream\":true,\"model\":\"model-of-one\",\"stream_options\":{\"include_usage\":true, \"x\":1}}|false",
                "{\"stream\":true,\"model\":\"use-case/job\",\"stream_options\":{\"include_usage\":false }}|{\"stream\":true,\"model\":\"model-of-one\",\"stream_options\":{\"include_usage\":true }}|false",
                "{\"stream\":true,\"model\":\"use-case/job\",\"stream_options\":{\"include_usage\":true}}|{\"stream\":true,\"model\":\"model-of-one\",\"stream_options\":{\"include_usage\":true}}|true"
            })
    void aStreamIsCountedAndTheClientSeesWhatItAskedFor(String request, String sent, boolean asks) throws Exception {
        prices = Map.of("model-of-one", new Price(BigDecimal.ONE, BigDecimal.ONE, BigDecimal.TEN));
        String url = gateway(server("one", this::counts));
        assertEquals(SAID + (asks ? USAGE : "") + DONE, post(url, request).body());
        assertEquals(List.of(sent), seen);
        CapturedCall call = call();
        assertEquals(request, new String(call.request(), StandardCharsets.UTF_8));
        assertEquals(COUNTED, call.facts().usage());
        assertEquals(new BigDecimal("0.000015"), call.facts().cost().amount());
        assertEquals(
                1,
                JsonMapper.shared()
                        .readTree(StreamAssembly.whole(call).response())
                        .at("/usage/completion_tokens")
                        .asInt());
    }

    @Test
    void whoIsNotToBeAskedGetsTheRequestAsItIs() throws Exception {
        streamUsage = false;
        String url = gateway(server("one", this::counts));
        assertEquals(
                SAID + DONE,
                post(url, "{\"model\":\"use-case/job\",\"stream\":true}").body());
        assertEquals(List.of("{\"model\":\"model-of-one\",\"stream\":true}"), seen);
        assertEquals(CallUsage.UNKNOWN, call().facts().usage());
    }

    @Test
    void whatIsNoStreamIsSentAsItIs() throws Exception {
        String url = gateway(server("one", asked -> {
            seen.add(new String(asked.body(), StandardCharsets.UTF_8));
            asked.say(200, "application/json", ANSWER);
        }));
        for (String more : List.of("", ",\"stream\":false", ",\"stream\":null")) {
            assertEquals(
                    ANSWER,
                    post(url, "{\"model\":\"use-case/job\"%s}".formatted(more)).body());
            assertEquals("{\"model\":\"model-of-one\"%s}".formatted(more), seen.removeLast());
        }
    }

    /** Counts of a stream that goes on after them, with nothing in their place, are still the counts. */
    @Test
    void whatSaysNothingAfterTheCountsIsPassedOver() {
        assertEquals(COUNTED, UsageReader.find((SAID + USAGE + SAID + DONE).getBytes(StandardCharsets.UTF_8)));
    }

    @Test
    void fallbacksAndShadowsAreAskedToo() throws Exception {
        shadows = List.of("v-three");
        String url = gateway(
                server("one", asked -> asked.say(503, "application/json", "{}")),
                server("two", this::counts),
                server("three", this::counts));
        assertEquals(
                SAID + DONE,
                post(url, "{\"model\":\"use-case/job\",\"stream\":true}").body());
        for (int i = 0; i < 3_000 && calls().size() < 2; i++) {
            Thread.sleep(10);
        }
        assertEquals(
                List.of(COUNTED, COUNTED),
                calls().stream().map(call -> call.facts().usage()).toList());
    }

    @Test
    void aVariantThatSeesTokensOfWhatWasTakenOutIsAskedToo() throws Exception {
        RedactionKinds kinds = new RedactionKinds();
        kinds.add("email");
        redaction = kinds.redaction();
        redacted = true;
        String url = gateway(server("one", asked -> {
            seen.add(new String(asked.body(), StandardCharsets.UTF_8));
            asked.response().getHeaders().put("content-type", "text/event-stream");
            asked.piece(SAID.replace("\"a\"", "\"<EMA\""));
            asked.piece(SAID.replace("\"a\"", "\"IL_1>\""));
            asked.piece(USAGE + DONE);
        }));
        String body = post(url, "{\"model\":\"use-case/job\",\"stream\":true,\"user\":\"ann@example.com\"}")
                .body();
        assertEquals(
                "{\"stream_options\":{\"include_usage\":true},\"model\":\"model-of-one\",\"stream\":true,\"user\":\"<EMAIL_1>\"}",
                seen.getFirst());
        assertFalse(body.contains("prompt_tokens"), body);
        assertEquals(true, body.contains("ann@example.com") && body.endsWith(DONE), body);
        assertEquals(COUNTED, call().facts().usage());
    }
}
