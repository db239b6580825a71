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
import org.junit.jupiter.api.Test;

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
        EventRestorer events = new EventRestorer(AnswerRestorer.of(bytes("{}"), new Pseudonyms()));
        byte[] event = bytes("data: {\"x\":" + empties(20_000) + ",\"choices\":" + empties(20_000) + "}\n\n");
        long from = System.nanoTime();
        assertEquals(event.length, events.push(event, event.length).length);
        assertTrue(System.nanoTime() - from < Duration.ofSeconds(5).toNanos());
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
