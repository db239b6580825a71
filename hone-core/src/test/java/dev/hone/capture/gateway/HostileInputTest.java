package dev.hone.capture.gateway;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.hone.capture.redact.Pseudonyms;
import java.io.ByteArrayOutputStream;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** What comes from outside is read, or refused in the way that is documented: nothing else, and soon. */
@Timeout(120)
final class HostileInputTest {
    private static final int TRIES = 6_000;

    private static final List<String> REQUESTS = List.of(
            "{\"model\":\"use-case/job\",\"messages\":[{\"role\":\"user\",\"content\":\"Hé \\\"model\\\":\"}],\"stream\":true}",
            "{ \"stream\" : false , \"a\":{\"model\":\"no\"}, \"model\" : \"one\\u002fm\", \"x\":[1.50,-0,1e5,null]}",
            "{\"stream_options\":{\"include_usage\":false,\"more\":[{}]},\"stream\":true,\"model\":\"a/m\"}",
            "{\"model\":\"a/m\",\"stream\":true, \"stream_options\" : { } }",
            "{\"model\":\"a/m\",\"stream_options\":null,\"stream\":true,\"é\":{\"stream_options\":1}}",
            "{\"input\":\"é\ud83d\ude00\",\"model\":\"é\ud83d\ude00/m\",\"dimensions\":12}");

    private static final List<String> STREAMS = List.of(
            "data: {\"id\":\"c\",\"object\":\"chat.completion.chunk\",\"choices\":[{\"index\":0,\"delta\":{\"role\":\"assistant\",\"content\":\"Hé\"}}],\"usage\":null}\n\n",
            "data: {\"choices\":[{\"index\":1,\"delta\":{\"tool_calls\":[{\"index\":0,\"id\":\"t\",\"function\":{\"name\":\"f\",\"arguments\":\"{\\\"a\\\":\"}}]},\"finish_reason\":\"stop\"}]}\r\n\r\n",
            "data:{\"object\":\"text_completion\",\"choices\":[{\"index\":0,\"text\":\"<EMA\"}]}\r\r",
            "event: response.output_text.delta\ndata: {\"type\":\"response.output_text.delta\",\"item_id\":\"i\",\"delta\":\"IL_1>\"}\n\n",
            ": a comment\ndata: {\"type\":\"response.completed\",\"response\":{\"id\":\"r\",\"usage\":{\"input_tokens\":5}}}\n\n",
            "data: {\"choices\":[],\"usage\":{\"prompt_tokens\":3,\"completion_tokens\":9,\"prompt_tokens_details\":{\"cached_tokens\":1}}}\n\ndata: [DONE]\n\n");

    private static String shown(long seed, byte[] input) {
        return "seed " + seed + ": " + new String(input, StandardCharsets.UTF_8);
    }

    private static Optional<RequestHead> read(byte[] body) {
        try {
            return Optional.of(RequestHead.read(body));
        } catch (GatewayRefusal refusal) {
            assertEquals(400, refusal.status());
            return Optional.empty();
        }
    }

    /** It is refused with 400, or else only the model's name is another in what is passed on. */
    @Test
    void aRequestIsRefusedOrPassedOnAsItIs() {
        int accepted = 0;
        for (int seed = 0; seed < TRIES; seed++) {
            byte[] body = new Mutations(seed).of(REQUESTS);
            try {
                Optional<RequestHead> head = read(body);
                if (head.isPresent()) {
                    accepted++;
                    assertPassedOn(body, head.get());
                }
            } catch (RuntimeException | AssertionError e) {
                throw new AssertionError(shown(seed, body), e);
            }
        }
        assertTrue(accepted > TRIES / 20 && accepted < TRIES - TRIES / 20, accepted + " of " + TRIES);
    }

    private static void assertPassedOn(byte[] body, RequestHead head) {
        byte[] passed = head.forServer(body, "other/\"ö", false);
        RequestHead again = RequestHead.read(passed);
        assertEquals("other/\"ö", again.model());
        assertEquals(head.stream(), again.stream());
        assertAsksForUsage(body, head);
        assertArrayEquals(
                Arrays.copyOf(body, head.modelFrom()), Arrays.copyOf(passed, again.modelFrom()), "before the name");
        assertArrayEquals(
                Arrays.copyOfRange(body, head.modelTo(), body.length),
                Arrays.copyOfRange(passed, again.modelTo(), passed.length),
                "after the name");
    }

    /** Nothing else of what is asked changes, and what asks already does so no more than once. */
    private static void assertAsksForUsage(byte[] body, RequestHead head) {
        byte[] asking = head.forServer(body, head.model(), true);
        if (head.usage() == null) {
            assertArrayEquals(body, asking);
            return;
        }
        assertNull(RequestHead.read(asking).usage(), "asks already");
        JsonNode expected = JsonMapper.shared().readTree(body);
        JsonNode options = expected.path("stream_options");
        (options instanceof ObjectNode object ? object : ((ObjectNode) expected).putObject("stream_options"))
                .put("include_usage", true);
        assertEquals(expected, JsonMapper.shared().readTree(asking));
    }

    /** JSON is UTF-8 (RFC 8259): in other charsets nobody could cut a name into it. */
    @ParameterizedTest
    @ValueSource(strings = {"UTF-16", "UTF-16LE", "UTF-16BE", "UTF-32", "UTF-32LE"})
    void otherCharsetsAreRefused(String charset) {
        byte[] body = REQUESTS.getFirst().getBytes(Charset.forName(charset));
        assertEquals(
                400,
                assertThrows(GatewayRefusal.class, () -> RequestHead.read(body)).status());
    }

    /** Two writings of one name would be two names to one server and one to another. */
    @ParameterizedTest
    @ValueSource(strings = {"C080", "EDA080", "E08080", "FF"})
    void whatIsNoUtf8IsRefusedWithItsPlace(String bytes) {
        ByteArrayOutputStream body = new ByteArrayOutputStream();
        body.writeBytes("{\"model\":\"a/m\",\"x\":\"".getBytes(StandardCharsets.UTF_8));
        int at = body.size();
        body.writeBytes(HexFormat.of().parseHex(bytes));
        body.writeBytes("\"}".getBytes(StandardCharsets.UTF_8));
        GatewayRefusal refusal = assertThrows(GatewayRefusal.class, () -> RequestHead.read(body.toByteArray()));
        assertEquals(400, refusal.status());
        assertEquals("invalid_json", refusal.code());
        assertTrue(String.valueOf(refusal.getMessage()).contains("at byte [%d]".formatted(at)), refusal.getMessage());
    }

    @Test
    void aMarkOfTheByteOrderIsRefused() {
        byte[] body = ("\ufeff" + REQUESTS.getFirst()).getBytes(StandardCharsets.UTF_8);
        assertEquals(Optional.empty(), read(body));
    }

    @Test
    void whatIsDeepLongOrLargeIsReadOrRefusedSoon() {
        for (String body : List.of(
                "{\"model\":\"m\",\"a\":" + "[".repeat(1_000_000),
                "{\"a\":".repeat(1_000_000),
                "{\"model\":\"m\",\"a\":" + "9".repeat(1_000_000) + "}",
                "{\"model\":\"m\",\"a\":1e" + "9".repeat(100_000) + "}",
                "{\"model\":\"m\",\"" + "k".repeat(1_000_000) + "\":1}",
                "{\"model\":\"" + "m".repeat(1_000_000) + "\"}",
                "{\"model\":\"m\"" + ",\"a\":1".repeat(100_000) + "}",
                "{\"model\":\"\\ud800\"}",
                "{\"model\":\"m\\u0000\"}",
                " ".repeat(1_000_000))) {
            byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
            read(bytes).ifPresent(head -> assertPassedOn(bytes, head));
        }
    }

    /** However it is cut, the same may leave, nothing is lost, and the last line is not among it. */
    @Test
    void aStreamsEndIsFoundHoweverItIsCut() {
        for (int seed = 0; seed < TRIES; seed++) {
            Mutations mutations = new Mutations(seed);
            byte[] stream = new Mutations(seed).of(STREAMS);
            StreamEnd whole = new StreamEnd();
            byte[] atOnce = whole.pass(stream, stream.length);
            StreamEnd cut = new StreamEnd();
            ByteArrayOutputStream passed = new ByteArrayOutputStream();
            for (int from = 0; from < stream.length; ) {
                int length = Math.min(stream.length - from, 1 + mutations.below(20));
                passed.writeBytes(cut.pass(Arrays.copyOfRange(stream, from, from + length), length));
                from += length;
            }
            assertArrayEquals(atOnce, passed.toByteArray(), shown(seed, stream));
            assertEquals(whole.isDone(), cut.isDone(), shown(seed, stream));
            passed.writeBytes(cut.held());
            assertArrayEquals(stream, passed.toByteArray(), shown(seed, stream));
            assertFalse(
                    new String(atOnce, StandardCharsets.UTF_8)
                            .lines()
                            .anyMatch(line -> line.equals("data: [DONE]") || line.equals("data:[DONE]")),
                    shown(seed, stream));
        }
    }

    /** Whatever a server streamed, it can be put together, or not, and stored. */
    @Test
    void anyStreamIsPutTogetherOrLeftAsItIs() {
        int together = 0;
        for (int seed = 0; seed < TRIES; seed++) {
            byte[] stream = streams(new Mutations(seed));
            try {
                Optional<ObjectNode> whole = StreamAssembly.of(stream);
                if (whole.isPresent()) {
                    together++;
                    JsonNode again = JsonMapper.shared().readTree(whole.get().toString());
                    assertTrue(again.isObject());
                }
                UsageReader.find(stream);
            } catch (RuntimeException e) {
                throw new AssertionError(shown(seed, stream), e);
            }
        }
        assertTrue(together > TRIES / 10, together + " of " + TRIES);
    }

    /** Whatever a server streams, what was taken out can be put back into it without a fault. */
    @Test
    void anyStreamIsRestoredWithoutAFault() {
        for (int seed = 0; seed < TRIES / 2; seed++) {
            Mutations mutations = new Mutations(seed);
            byte[] stream = streams(mutations);
            EventRestorer restorer = new EventRestorer(AnswerRestorer.of(request(seed), new Pseudonyms()));
            try {
                for (int from = 0; from < stream.length; ) {
                    int length = Math.min(stream.length - from, 1 + mutations.below(200));
                    restorer.push(Arrays.copyOfRange(stream, from, from + length), length);
                    from += length;
                }
                restorer.end();
            } catch (RuntimeException e) {
                throw new AssertionError(shown(seed, stream), e);
            }
        }
    }

    /** Of whose answer the texts are JSON, or not. */
    private static byte[] request(int seed) {
        return (seed % 2 == 0 ? "{}" : "{\"response_format\":{\"type\":\"json_object\"}}")
                .getBytes(StandardCharsets.UTF_8);
    }

    private static byte[] streams(Mutations mutations) {
        ByteArrayOutputStream stream = new ByteArrayOutputStream();
        for (int i = 1 + mutations.below(4); i > 0; i--) {
            stream.writeBytes(mutations.of(STREAMS));
        }
        return stream.toByteArray();
    }
}
