package dev.hone.capture.gateway;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.hone.capture.redact.Redaction;
import dev.hone.capture.redact.RedactionKinds;
import dev.hone.capture.route.Retries;
import dev.hone.capture.upstream.Upstream;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;

/** What callers say beside the body is stored as well. */
final class RedactedFactsTest extends GatewayFixture {
    private HttpResponse<String> call(String url, String episode, String tags) throws Exception {
        return http.send(
                HttpRequest.newBuilder(URI.create(url + "/v1/chat/completions"))
                        .header("X-Hone-Episode", episode)
                        .header("X-Hone-Tags", tags)
                        .POST(
                                HttpRequest.BodyPublishers.ofString(
                                        "{\"model\":\"use-case/job\",\"seed\":4111111111111111,\"messages\":[{\"role\":\"user\",\"content\":\"I am ann@example.com\"}]}"))
                        .build(),
                HttpResponse.BodyHandlers.ofString());
    }

    @Test
    void tagsAreStoredWithoutItAndEpisodesAreNotNamedByIt() throws Exception {
        RedactionKinds kinds = new RedactionKinds();
        kinds.add("email");
        kinds.add("card");
        kinds.add("secret");
        redaction = kinds.redaction();
        String url = gateway(server("one", asked -> asked.say(200, "application/json", ANSWER)));
        assertEquals(
                200,
                call(url, "e-1", "customer=ann@example.com, bob@example.com=1, api-key=x1")
                        .statusCode());
        Map<String, String> tags = call().facts().origin().tags();
        assertEquals("<EMAIL_1>", tags.get("customer"), "as in the call: " + tags);
        assertEquals("1", tags.get("<EMAIL_2>"), tags.toString());
        assertEquals("<SECRET_1>", tags.get("api-key"), "by its name: " + tags);
        String request = new String(call().request(), StandardCharsets.UTF_8);
        assertTrue(request.contains("I am <EMAIL_1>") && request.contains("\"seed\":4111111111111111"), request);
        HttpResponse<String> refused = call(url, "chat with ann@example.com", "a=b");
        assertRefused(400, "invalid_value", refused);
        assertTrue(refused.body().contains("x-hone-episode") && !refused.body().contains("ann@"), refused.body());
        assertEquals(1, calls().size());
    }

    /** A tree of small values is forty times as long as its text: who sends one empties nobody's memory. */
    @Test
    void moreValuesThanCanBeLookedThroughAreRefusedAndNotStored() throws Exception {
        RedactionKinds kinds = new RedactionKinds();
        kinds.add("email");
        redaction = kinds.redaction();
        options = new GatewayOptions(16 << 20, 16 << 20, false, Duration.ofSeconds(15));
        String many = "\"x\":[" + "{},".repeat(Redactor.MOST_VALUES) + "{}]}";
        String url = gateway(server("one", asked -> asked.say(200, "application/json", "{" + many)));
        assertRefused(400, "too_many_values", post(url, "{\"model\":\"use-case/job\"," + many));
        assertEquals(0, calls().size());
        assertEquals(200, post(url, "{\"model\":\"use-case/job\"}").statusCode());
        String stored = new String(call().response(), StandardCharsets.UTF_8);
        assertTrue(
                stored.contains("not stored: it has more than"), stored.substring(0, Math.min(200, stored.length())));
    }

    /** Whoever names a server's model itself does not get around what must not be stored. */
    @Test
    void callsOfNoUseCaseAreStoredWithoutItToo() throws Exception {
        RedactionKinds kinds = new RedactionKinds();
        kinds.add("email");
        options = new GatewayOptions(1 << 20, 1 << 20, false, Duration.ofSeconds(15), kinds.redaction());
        String url = gateway(server("one", asked -> asked.say(200, "application/json", ANSWER)));
        assertEquals(
                200,
                post(
                                url,
                                "{\"model\":\"one/any\",\"messages\":[{\"role\":\"user\",\"content\":\"I am ann@example.com\"}]}")
                        .statusCode());
        String request = new String(call().request(), StandardCharsets.UTF_8);
        assertTrue(request.contains("I am <EMAIL_1>"), request);
    }

    /** What goes wrong before a server is asked says nothing of it: the next call may try. */
    @Test
    void aCallThatCannotBePreparedKeepsNobodyFromTrying() throws Exception {
        redacted = true;
        retries = new Retries(
                0, Duration.ofMillis(1), Duration.ofMillis(1), Duration.ofSeconds(5), Duration.ofSeconds(5));
        AtomicBoolean well = new AtomicBoolean();
        Upstream one = server("one", asked -> asked.say(well.get() ? 200 : 500, "application/json", ANSWER));
        String url = gateway(one);
        for (int i = 0; i < 12; i++) {
            post(url, "{\"model\":\"use-case/job\"}");
        }
        well.set(true);
        Thread.sleep(2_100);
        // Without its model's key no server can be asked.
        RedactionKinds kinds = new RedactionKinds();
        kinds.add("KEY", "model");
        redaction = kinds.redaction();
        gateway.configure(configuration("1".repeat(64), one));
        assertTrue(post(url, "{\"model\":\"use-case/job\"}").statusCode() >= 400);
        redaction = new Redaction(List.of());
        gateway.configure(configuration("2".repeat(64), one));
        assertEquals(200, post(url, "{\"model\":\"use-case/job\"}").statusCode());
    }

    /** A process that ends does not wait for copies that nobody asked for. */
    @Test
    void aShadowThatTakesLongIsNotWaitedFor() throws Exception {
        shadows = List.of("v-two");
        CountDownLatch asked = new CountDownLatch(1);
        CountDownLatch end = new CountDownLatch(1);
        String url =
                gateway(server("one", one -> one.say(200, "application/json", ANSWER)), silentFor(server("two", two -> {
                    asked.countDown();
                    end.await(30, TimeUnit.SECONDS);
                })));
        assertEquals(200, post(url, "{\"model\":\"use-case/job\"}").statusCode());
        assertTrue(asked.await(30, TimeUnit.SECONDS));
        long from = System.nanoTime();
        gateway.close();
        assertTrue(System.nanoTime() - from < TimeUnit.SECONDS.toNanos(25), "before the copy ends");
        end.countDown();
    }

    private static Upstream silentFor(Upstream one) {
        return new Upstream(
                one.name(),
                one.base(),
                one.key(),
                one.connect(),
                Duration.ofSeconds(60),
                one.inside(),
                one.streamUsage(),
                one.prices());
    }
}
