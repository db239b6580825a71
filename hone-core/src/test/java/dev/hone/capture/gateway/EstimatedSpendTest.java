package dev.hone.capture.gateway;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.hone.capture.access.KeyRing;
import dev.hone.capture.access.Secret;
import dev.hone.capture.route.Retries;
import dev.hone.capture.upstream.Price;
import dev.hone.record.ApiKey;
import dev.hone.record.CallUsage;
import dev.hone.record.CapturedCall;
import dev.hone.record.Money;
import java.io.InputStream;
import java.math.BigDecimal;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Nothing that a key asks for goes past its budget, whether or not anybody says how many tokens it took. */
final class EstimatedSpendTest extends GatewayFixture {
    private static final String STREAM = "{\"model\":\"use-case/job\",\"stream\":true}";
    private static final String CALL = "{\"model\":\"use-case/job\"}";
    private static final String PIECE = "data: {\"choices\":[{\"index\":0,\"delta\":{\"content\":\"12345678\"}}]}\n\n";
    private static final String END = "data: {\"choices\":[{\"index\":0,\"delta\":{},\"finish_reason\":\"stop\"}]}\n\n";

    private final Secret secret = Secret.random();

    @BeforeEach
    void price() {
        // One of the currency for a token, so that a cost can be read as a number of tokens.
        BigDecimal each = new BigDecimal("1000000");
        prices = Map.of("model-of-one", new Price(each, each, each));
        budget("10");
    }

    private void budget(String amount) {
        ApiKey key = key(secret, ApiKey.Scope.CALL, new ApiKey.Bounds(new BigDecimal(amount), null));
        keys = new KeyRing(() -> List.of(key), folder.resolve("keys"), InstantSource.system(), troubles::add);
    }

    private HttpRequest request(String url, String body) {
        return HttpRequest.newBuilder(URI.create(url + "/v1/chat/completions"))
                .header("Authorization", "Bearer " + secret.text())
                .POST(HttpRequest.BodyPublishers.ofString(body))
                .build();
    }

    private HttpResponse<String> send(String url, String body) throws Exception {
        return http.send(request(url, body), HttpResponse.BodyHandlers.ofString());
    }

    private CapturedCall written() throws Exception {
        for (int i = 0; i < 3_000 && calls().isEmpty(); i++) {
            Thread.sleep(10);
        }
        return call();
    }

    private static void assertEstimate(long tokens, CapturedCall call) {
        assertNull(call.facts().cost(), "what nobody counted is no cost");
        Money estimate = call.facts().estimate();
        assertEquals("EUR", estimate.currency());
        assertEquals(0, BigDecimal.valueOf(tokens).compareTo(estimate.amount()), estimate.toString());
    }

    @Test
    void whoLeavesBeforeTheTokensAreToldHasSpentWhatItMayHaveTaken() throws Exception {
        CountDownLatch end = new CountDownLatch(1);
        String url = gateway(server("one", asked -> {
            asked.response().getHeaders().put("content-type", "text/event-stream");
            asked.piece(PIECE);
            end.await(20, TimeUnit.SECONDS);
        }));
        HttpResponse<InputStream> response = http.send(request(url, STREAM), HttpResponse.BodyHandlers.ofInputStream());
        try (InputStream in = response.body()) {
            assertEquals(PIECE.length(), in.readNBytes(PIECE.length()).length);
        }
        CapturedCall call = written();
        end.countDown();
        assertEquals(CapturedCall.End.ABANDONED, call.facts().end());
        assertEstimate(STREAM.length() / 2 + 4, call);
        assertRefused(429, "insufficient_quota", send(url, STREAM));
    }

    @Test
    void answersWithoutTokensCountAgainstTheBudget() throws Exception {
        streamUsage = false;
        String url = gateway(server("one", asked -> {
            asked.response().getHeaders().put("content-type", "text/event-stream");
            asked.piece(PIECE + PIECE + END + "data: [DONE]\n\n");
        }));
        assertEquals(200, send(url, STREAM).statusCode());
        assertEstimate(STREAM.length() / 2 + 8, call());
        assertRefused(429, "insufficient_quota", send(url, STREAM));
    }

    @Test
    void whatIsKnownOrRefusedIsNotEstimated() throws Exception {
        budget("1000");
        String url = gateway(server("one", asked -> {
            if (asked.json().path("user").isMissingNode()) {
                asked.say(200, "application/json", ANSWER);
            } else {
                asked.say(400, "application/json", "{}");
            }
        }));
        assertEquals(200, send(url, "{\"model\":\"use-case/job\"}").statusCode());
        assertEquals(
                400, send(url, "{\"model\":\"use-case/job\",\"user\":\"x\"}").statusCode());
        assertEquals(
                new BigDecimal("10"),
                calls().getFirst()
                        .facts()
                        .booked()
                        .amount()
                        .stripTrailingZeros()
                        .setScale(0));
        assertNull(calls().getFirst().facts().estimate());
        assertNull(calls().getLast().facts().booked());
    }

    /** It may have worked until nobody listened any more. */
    @Test
    void aServerThatSaysNothingInTimeMayHaveToBePaid() throws Exception {
        budget("1000");
        Price price = prices.get("model-of-one");
        prices = Map.of("model-of-one", price, "model-of-two", price);
        retries = new Retries(
                0, Duration.ofMillis(10), Duration.ofMillis(10), Duration.ofMillis(5_000), Duration.ofSeconds(30));
        CountDownLatch end = new CountDownLatch(1);
        String url = gateway(
                server("one", asked -> end.await(20, TimeUnit.SECONDS)),
                server("two", asked -> asked.say(200, "application/json", ANSWER)));
        assertEquals(200, send(url, CALL).statusCode());
        end.countDown();
        CapturedCall.Facts facts = call().facts();
        assertEquals(
                0,
                BigDecimal.valueOf(CALL.length() / 2).compareTo(facts.estimate().amount()),
                "of the first");
        assertEquals(0, BigDecimal.TEN.compareTo(facts.cost().amount()), "of the second");
        assertEquals(
                0,
                BigDecimal.valueOf(10 + CALL.length() / 2)
                        .compareTo(facts.booked().amount()));
        assertEquals(2, facts.attempts().size());
    }

    @Test
    void aBudgetIsNotLedPastByModelsWithoutAPrice() throws Exception {
        String url = gateway(server("one", asked -> asked.say(200, "application/json", ANSWER)));
        HttpResponse<String> response = send(url, "{\"model\":\"one/dearest\"}");
        assertRefused(403, "model_without_price", response);
        assertTrue(
                response.body().contains("\"param\":\"model\"")
                        && response.body().contains("[dearest]"),
                response.body());
        prices = Map.of();
        gateway.configure(
                configuration("1".repeat(64), server("one", asked -> asked.say(200, "application/json", ANSWER))));
        assertRefused(403, "model_without_price", send(url, STREAM));
        assertEquals(List.of(), calls());
        keys = null;
    }

    @Test
    void onlyWhatWasSaidCountsOfEventsAndAPictureIsOne() {
        assertEquals(new CallUsage(4L, null, 4L), estimate("1234567", PIECE + "data: {\"choices\":[{\"delta\":{\"con"));
        assertEquals(
                new CallUsage(0L, null, 3L),
                estimate("", "data: {\"type\":\"response.output_text.delta\",\"delta\":\"12345\"}\n\n"));
        assertEquals(new CallUsage(0L, null, 5L), estimate("", "{\"a\":\"b\"}\n"));
        String tool =
                "data: {\"choices\":[{\"delta\":{\"tool_calls\":[{\"index\":0,\"function\":{\"arguments\":\"{1}\"}}]},\"finish_reason\":null}],\"model\":\"abc\"}\n";
        assertEquals(new CallUsage(0L, null, 2L), estimate("", tool));
        String picture = "{\"url\":\"data:image/png;base64,%s\"}";
        assertEquals(
                TokenEstimate.TOKENS_OF_A_PICTURE + 11 + 1,
                estimate(picture.formatted("A".repeat(1 << 20)), "").prompt());
        assertEquals(11 + 6 + 1, estimate(picture.formatted("AAAA"), "").prompt());
    }

    private static CallUsage estimate(String request, String answer) {
        return TokenEstimate.of(request.getBytes(StandardCharsets.UTF_8), answer.getBytes(StandardCharsets.UTF_8));
    }
}
