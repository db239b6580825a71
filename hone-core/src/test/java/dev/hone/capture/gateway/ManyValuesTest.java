package dev.hone.capture.gateway;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.hone.capture.redact.Pseudonyms;
import dev.hone.capture.redact.Redaction;
import dev.hone.capture.redact.RedactionKinds;
import dev.hone.record.CallUsage;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import tools.jackson.databind.JsonNode;

/** A tree of small values is forty times as long as its text: it is counted before it is made, and is not made where it is too large. */
final class ManyValuesTest extends GatewayFixture {
    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private static String empties(long count) {
        return "[" + "{},".repeat((int) count) + "{}]";
    }

    /** Which names stand there is kept, to see whether one does so twice. */
    @Test
    void aBodyOfManyNamesIsRefused() throws Exception {
        options = new GatewayOptions(24 << 20, 1 << 20, false, Duration.ofSeconds(15));
        String url = gateway(server("one", asked -> asked.say(200, "application/json", ANSWER)));
        StringBuilder names = new StringBuilder();
        for (int i = 1; i < RequestHead.MOST_NAMES; i++) {
            names.append(",\"n").append(i).append("\":1");
        }
        assertEquals(
                200, post(url, "{\"model\":\"use-case/job\"" + names + "}").statusCode(), "as many as there may be");
        HttpResponse<String> refused = post(url, "{\"model\":\"use-case/job\"" + names + ",\"one-more\":1}");
        assertRefused(400, "too_many_names", refused);
        assertTrue(
                refused.body().contains("[10000] members") && refused.body().contains("\"param\":\"one-more\""),
                refused.body());
    }

    private static String event(String logprobs) {
        return "data: {\"choices\":[{\"index\":0,\"delta\":{\"content\":\"a\"},\"logprobs\":{\"content\":" + logprobs
                + "},\"finish_reason\":\"stop\"}]}\n\n";
    }

    /** All events together: what stands in lists is put one behind the other. */
    @Test
    void aStreamOfManyValuesStaysAsItPassed() {
        String event = event(empties(StreamAssembly.MOST_VALUES / 8));
        assertTrue(StreamAssembly.of(bytes(event)).isPresent());
        assertTrue(StreamAssembly.of(bytes(event.repeat(5))).isEmpty());
        assertTrue(WholeStream.is(bytes(event.repeat(5)), 1), "no tree is made to see its end");
    }

    @Test
    void tokensAreCountedWhateverStandsBesideThem() {
        String usage = "{\"usage\":{\"x\":" + empties(3_000_000)
                + ",\"prompt_tokens\":7,\"completion_tokens\":3,\"prompt_tokens_details\":{\"cached_tokens\":2,\"y\":[{}]}}}";
        assertEquals(new CallUsage(7L, 2L, 3L), UsageReader.find(bytes(usage)));
    }

    @Test
    void anAnswerOfManyValuesKeepsItsTokens() {
        RedactionKinds kinds = new RedactionKinds();
        kinds.add("email");
        Redaction redaction = kinds.redaction();
        Pseudonyms pseudonyms = new Pseudonyms();
        assertEquals("<EMAIL_1>", redaction.text("ann@example.com", pseudonyms));
        AnswerRestorer restorer = AnswerRestorer.of(bytes("{}"), pseudonyms);
        String answer = "{\"a\":\"<EMAIL_1>\",\"x\":%s}";
        assertTrue(new String(restorer.body(bytes(answer.formatted("[{}]"))), StandardCharsets.UTF_8)
                .contains("ann@example.com"));
        byte[] many = bytes(answer.formatted(empties(Redactor.MOST_VALUES / 2)));
        assertSame(many, restorer.body(many));
        EventRestorer events = new EventRestorer(restorer);
        byte[] event = bytes("data: " + new String(many, StandardCharsets.UTF_8) + "\n\n");
        assertArrayEquals(event, events.push(event, event.length));
        byte[] next = bytes("data: " + answer.formatted("[{}]") + "\n\n");
        assertTrue(new String(events.push(next, next.length), StandardCharsets.UTF_8).contains("ann@example.com"));
    }

    /** An event with as many choices as it has values is copied once, and not once for each of these. */
    @Test
    void anEventOfManyChoicesIsRestoredSoon() {
        byte[] event = bytes("data: {\"x\":" + empties(20_000) + ",\"choices\":" + empties(20_000) + "}\n\n");
        long soonest = Long.MAX_VALUE;
        for (int i = 0; i < 3; i++) {
            EventRestorer events = new EventRestorer(AnswerRestorer.of(bytes("{}"), new Pseudonyms()));
            long from = System.nanoTime();
            assertEquals(event.length, events.push(event, event.length).length);
            soonest = Math.min(soonest, System.nanoTime() - from);
        }
        assertTrue(soonest < Duration.ofSeconds(5).toNanos(), soonest / 1e9 + " s");
    }

    private static Pseudonyms ann() {
        RedactionKinds kinds = new RedactionKinds();
        kinds.add("email");
        Pseudonyms pseudonyms = new Pseudonyms();
        assertEquals("<EMAIL_1>", kinds.redaction().text("ann@example.com", pseudonyms));
        return pseudonyms;
    }

    private static String pushed(EventRestorer events, String event) {
        return new String(events.push(bytes(event), bytes(event).length), StandardCharsets.UTF_8);
    }

    private static String choice(int index, String content, boolean last) {
        return "{\"index\":%d,%s\"delta\":{\"content\":\"%s\"}}"
                .formatted(index, last ? "\"finish_reason\":\"stop\"," : "", content);
    }

    /** Each has a text that waits for its end: in the first events, in the event that ends them all, and at the end of the stream. */
    @Test
    @Timeout(value = 30, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
    void aStreamOfManyChoicesIsRestoredSoon() {
        for (boolean last : new boolean[] {true, false}) {
            EventRestorer events = new EventRestorer(AnswerRestorer.of(bytes("{}"), ann()));
            StringBuilder choices = new StringBuilder(choice(0, "<E", last));
            for (int i = 1; i < 200_000; i++) {
                choices.append(',').append(choice(i, "<E", last));
            }
            String said = pushed(
                    events, "data: {\"id\":\"c1\",\"x\":" + empties(10_000) + ",\"choices\":[" + choices + "]}\n\n");
            said += pushed(events, "data: [DONE]\n\n") + new String(events.end(), StandardCharsets.UTF_8);
            assertEquals(200_000, said.split("<E", -1).length - 1, "nothing is lost, and nothing said twice");
        }
    }

    /** A text that is not followed is restored where a piece has a token whole. */
    @Test
    void whatIsNotFollowedKeepsTokensThatAreCut() {
        EventRestorer events = new EventRestorer(AnswerRestorer.of(bytes("{}"), ann()));
        StringBuilder choices = new StringBuilder(choice(0, "<E", false));
        for (int i = 1; i <= EventRestorer.MOST_TEXTS; i++) {
            choices.append(',').append(choice(i, "<E", false));
        }
        pushed(events, "data: {\"choices\":[" + choices + "]}\n\n");
        int beyond = EventRestorer.MOST_TEXTS;
        String next = pushed(
                events,
                "data: {\"choices\":[" + choice(beyond - 1, "MAIL_1>", true) + ","
                        + choice(beyond, "MAIL_1> <EMAIL_1>", true) + "]}\n\n");
        assertEquals(
                "data: {\"choices\":[" + choice(beyond - 1, "ann@example.com", true) + ","
                        + choice(beyond, "MAIL_1> ann@example.com", true) + "]}\n\n",
                next);
    }

    private static String members(int from, int to) {
        return IntStream.range(from, to).mapToObj(",\"z%d\":1"::formatted).collect(Collectors.joining());
    }

    /** What an event repeats for each of its texts is short, however long it is itself. */
    @Test
    void whatWaitsDoesNotRepeatWhatIsLong() {
        EventRestorer events = new EventRestorer(AnswerRestorer.of(bytes("{}"), ann()));
        pushed(
                events,
                "data: {\"id\":\"c1\",\"x\":\"" + "x".repeat(3_000) + "\",\"y\":[1],\"choices\":["
                        + choice(0, "<E", false) + "]" + members(0, 20) + "}\n\n");
        assertEquals(
                "data: {\"id\":\"c1\",\"choices\":[{\"index\":0,\"finish_reason\":null,\"delta\":{\"content\":\"<E\"}}]"
                        + members(0, 14) + "}\n\n",
                new String(events.end(), StandardCharsets.UTF_8));
    }

    /** Ten megabytes of sound, and the arguments of a function in the API's old form. */
    @Test
    @Timeout(value = 30, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
    void textsOfManyPiecesArePutTogetherSoon() {
        for (String path : new String[] {"audio\":{\"data", "function_call\":{\"arguments"}) {
            String piece =
                    "data: {\"choices\":[{\"index\":0,\"delta\":{\"" + path + "\":\"" + "x".repeat(80) + "\"}}}]}\n\n";
            JsonNode whole = StreamAssembly.of(bytes(piece.repeat(120_000))).orElseThrow();
            String pointer = "/choices/0/message/" + path.replace("\":{\"", "/");
            assertEquals("x".repeat(80 * 120_000), whole.at(pointer).stringValue());
        }
    }

    /** What is no text any more forgets what it was, and begins anew. */
    @Test
    void aTextThatBecomesSomethingElseBeginsAnew() {
        StringBuilder events = new StringBuilder();
        for (String piece : new String[] {"\"a\"", "\"b\"", "1", "\"c\"", "\"d\"", "null"}) {
            events.append("data: {\"choices\":[{\"index\":0,\"delta\":{\"o\":{\"t\":" + piece + ",\"l\":[1]}}}]}\n\n");
        }
        assertEquals(
                "{\"t\":\"cd\",\"l\":[1,1,1,1,1,1]}",
                StreamAssembly.of(bytes(events.toString()))
                        .orElseThrow()
                        .at("/choices/0/message/o")
                        .toString());
    }

    /** Within a text, whose values nobody counts as those of the body, they go as a whole where keys that tell may be among them. */
    @Test
    void aDocumentOfManyValuesWithinATextGoesAsAWhole() throws Exception {
        RedactionKinds kinds = new RedactionKinds();
        kinds.add("secret");
        redaction = kinds.redaction();
        options = new GatewayOptions(16 << 20, 16 << 20, false, Duration.ofSeconds(15));
        String url = gateway(server("one", asked -> asked.say(200, "application/json", ANSWER)));
        String text = "[" + "{},".repeat(1_100_000) + "{\\\"password\\\":[\\\"q\\\",\\\"hunter2xyz\\\"]}]";
        assertEquals(
                200,
                post(
                                url,
                                "{\"model\":\"use-case/job\",\"messages\":[{\"role\":\"user\",\"content\":\"" + text
                                        + "\"}]}")
                        .statusCode());
        String stored = new String(call().request(), StandardCharsets.UTF_8);
        assertTrue(stored.contains("\"content\":\"<ESCAPED_1>\"") && stored.length() < 1_000, stored.length() + "");
        assertFalse(stored.contains("hunter2xyz"));
    }
}
