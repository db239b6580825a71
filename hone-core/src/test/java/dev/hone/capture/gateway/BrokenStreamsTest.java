package dev.hone.capture.gateway;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.hone.capture.redact.Pseudonyms;
import dev.hone.capture.redact.RedactionKinds;
import dev.hone.capture.upstream.Upstream;
import dev.hone.record.CapturedCall;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Of a stream that breaks the client has all that there is, and then is told. */
final class BrokenStreamsTest extends GatewayFixture {
    private static final String ASKS =
            "{\"model\":\"use-case/job\",\"stream\":true,\"messages\":[{\"role\":\"user\",\"content\":\"ann@example.com\"}]%s}";

    private static final Duration SILENCE = Duration.ofSeconds(3);
    private static final String CALL = "{\"model\":\"use-case/job\"}";

    private static String event(String content) {
        return "data: {\"object\":\"chat.completion.chunk\",\"choices\":[{\"index\":0,\"delta\":{\"content\":\"%s\"}}]}\n\n"
                .formatted(content);
    }

    /** A server breaks it off, or says no more, or more than may be kept. */
    @ParameterizedTest
    @ValueSource(strings = {"breaks", "is silent", "is too long", "breaks in an event"})
    void whatWasHeldBackIsGivenOut(String how) throws Exception {
        RedactionKinds kinds = new RedactionKinds();
        kinds.add("email");
        redaction = kinds.redaction();
        redacted = true;
        options = new GatewayOptions(1 << 20, 10_000, false, Duration.ofSeconds(15));
        Upstream breaks = server("one", asked -> {
            asked.response().getHeaders().put("content-type", "text/event-stream");
            asked.piece(event("to <EMAIL_1> or <EMAIL"));
            switch (how) {
                case "is silent" -> Thread.sleep(8_000);
                case "is too long" -> asked.piece(event("x".repeat(20_000)));
                case "breaks in an event" -> asked.piece("data: {\"choices\":[{\"index\":0,\"del");
                default -> {}
            }
            throw new IOException("on purpose");
        });
        String url = gateway(new Upstream(
                breaks.name(), breaks.base(), breaks.key(), breaks.connect(), SILENCE, true, true, breaks.prices()));
        String body = post(url, ASKS.formatted("")).body();
        StringBuilder said = new StringBuilder();
        for (String one : body.split("\n\n")) {
            JsonNode event = JsonMapper.shared().readTree(one.substring("data: ".length()));
            said.append(event.at("/choices/0/delta/content").asString(""));
            said.append(event.has("error") ? "!" : "");
        }
        assertEquals("to ann@example.com or <EMAIL!", said.toString(), body);
        assertEquals(CapturedCall.End.BROKEN, call().facts().end());
    }

    /** The error is an event of its own, even where the server stopped within one that had left in part. */
    @Test
    void theErrorIsNoPartOfAnotherEvent() throws Exception {
        String part = "data: {\"choices\":[{\"index\":0,";
        String url = gateway(server("one", asked -> {
            asked.response().getHeaders().put("content-type", "text/event-stream");
            asked.piece(event("a"));
            asked.piece(part);
            throw new IOException("on purpose");
        }));
        String body = post(url, ASKS.formatted(",\"stream_options\":{\"include_usage\":true}"))
                .body();
        assertTrue(body.startsWith(event("a") + part + "\r\n\r\ndata: {\"error\":"), body);
        String unasked = post(url, ASKS.formatted("")).body();
        assertTrue(unasked.startsWith(event("a") + "data: {\"error\":"), unasked);
    }

    private static String choice(int index, String reason) {
        return "data: {\"choices\":[{\"index\":%d,\"delta\":{},\"finish_reason\":%s}]}\n\n".formatted(index, reason);
    }

    /** A server that closes its stream as if all were said, and has not said all. */
    @Test
    void aStreamThatEndsInTheMiddleIsNoAnswer() throws Exception {
        shadows = List.of("v-shadow");
        List<String> says = List.of(
                event("a"),
                event("a") + choice(0, "null"),
                event("a \\\"[DONE]\\\" \\\"finish_reason\\\":\\\"stop\\\""),
                event("a") + choice(0, "\"stop\"") + choice(1, "null"),
                "data: {\"type\":\"response.output_text.delta\",\"delta\":\"\\\"response.completed\\\"\"}\n\n");
        for (String said : says) {
            String url = gateway(stream("one", said), stream("shadow", said));
            String body = post(url, ASKS.formatted("")).body();
            assertTrue(body.startsWith(said + "data: {\"error\":") && body.contains("upstream_broken"), body);
        }
        assertEquals(
                Collections.nCopies(says.size(), CapturedCall.End.BROKEN),
                calls().stream().map(call -> call.facts().end()).toList());
        assertEquals(
                "upstream_broken",
                calls().getFirst().facts().attempts().getFirst().trouble());
    }

    /** Whoever never ends an answer fails, as whoever never begins one. */
    @Test
    void aServerThatAlwaysEndsInTheMiddleIsPassedOver() throws Exception {
        String url = gateway(stream("one", event("a")));
        for (int i = 0; i < 10; i++) {
            assertTrue(post(url, ASKS.formatted("")).body().contains("upstream_broken"));
        }
        assertRefused(503, "upstream_unavailable", post(url, CALL));
    }

    /** Not every server sends the line that ends a stream. */
    @Test
    void aStreamThatSaysWhyItEndsIsAnswered() throws Exception {
        shadows = List.of("v-shadow");
        List<String> says = List.of(
                event("a") + choice(0, "\"stop\""),
                event("a") + choice(1, "\"length\"") + choice(0, "\"stop\"") + choice(0, "null"),
                event("a") + "data: [DONE]",
                "event: response.completed\ndata: {\"type\":\"response.completed\",\"response\":{}}\n\n",
                "data: {\"type\":\"response.failed\",\"response\":{}}\n\n",
                "data: {\"type\":\"response.incomplete\",\"response\":{}}\n\n");
        for (String said : says) {
            String url = gateway(stream("one", said), stream("shadow", said));
            assertEquals(said, post(url, ASKS.formatted("")).body());
        }
        for (int i = 0; i < 3_000 && calls().size() < 2 * says.size(); i++) {
            Thread.sleep(10);
        }
        assertEquals(
                Collections.nCopies(2 * says.size(), CapturedCall.End.ANSWERED),
                calls().stream().map(call -> call.facts().end()).toList());
    }

    /** A copy that breaks off is no answer to compare with. */
    @Test
    void aShadowsStreamThatEndsInTheMiddleIsBroken() throws Exception {
        shadows = List.of("v-shadow");
        post(gateway(stream("one", choice(0, "\"stop\"")), stream("shadow", event("a"))), ASKS.formatted(""));
        for (int i = 0; i < 3_000 && calls().size() < 2; i++) {
            Thread.sleep(10);
        }
        assertEquals(
                List.of(CapturedCall.End.ANSWERED, CapturedCall.End.BROKEN),
                calls().stream().map(call -> call.facts().end()).toList());
    }

    /** Whoever has said all may go as it likes. */
    @Test
    void aServerThatBreaksAfterItsEndHasAnswered() throws Exception {
        String said = event("a") + choice(0, "\"stop\"");
        String url = gateway(server("one", asked -> {
            asked.response().getHeaders().put("content-type", "text/event-stream");
            asked.piece(said);
            throw new IOException("on purpose");
        }));
        assertEquals(said, post(url, ASKS.formatted("")).body());
        assertEquals(CapturedCall.End.ANSWERED, call().facts().end());
    }

    private Upstream stream(String name, String said) throws IOException {
        return server(name, asked -> asked.say(200, "text/event-stream", said));
    }

    /** What a server leaves unfinished at its own end comes behind what it held back, and not before it. */
    @Test
    void anEndWithinAnEventSwallowsNothing() {
        Pseudonyms pseudonyms = new Pseudonyms();
        EventRestorer restorer =
                new EventRestorer(AnswerRestorer.of("{}".getBytes(StandardCharsets.UTF_8), pseudonyms));
        byte[] stream = (event("a <EM") + "data: {\"cut").getBytes(StandardCharsets.UTF_8);
        String all = new String(restorer.push(stream, stream.length), StandardCharsets.UTF_8)
                + new String(restorer.end(), StandardCharsets.UTF_8);
        assertTrue(all.indexOf("<EM") < all.indexOf("{\"cut") && all.endsWith("data: {\"cut"), all);
    }
}
