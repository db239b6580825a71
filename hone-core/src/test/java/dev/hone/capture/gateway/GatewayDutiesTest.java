package dev.hone.capture.gateway;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.hone.capture.access.KeyRing;
import dev.hone.capture.access.Secret;
import dev.hone.capture.redact.RedactionKinds;
import dev.hone.capture.route.Retries;
import dev.hone.capture.upstream.Price;
import dev.hone.capture.upstream.Upstream;
import dev.hone.record.ApiKey;
import dev.hone.record.CapturedCall;
import java.io.InputStream;
import java.math.BigDecimal;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** What the gateway does beside passing bytes: time, money, copies, and what a model may see. */
final class GatewayDutiesTest extends GatewayFixture {
    private static final String CALL = "{\"model\":\"use-case/job\"}";
    private static final String STREAM = "{\"model\":\"use-case/job\",\"stream\":true}";

    private List<CapturedCall> await(int count) throws Exception {
        for (int i = 0; i < 1_500 && calls().size() < count; i++) {
            Thread.sleep(20);
        }
        List<CapturedCall> calls = calls();
        assertEquals(count, calls.size());
        return calls;
    }

    private static Upstream silentAfter(Upstream upstream, Duration silence) {
        return new Upstream(
                upstream.name(),
                upstream.base(),
                upstream.key(),
                upstream.connect(),
                silence,
                upstream.inside(),
                upstream.streamUsage(),
                upstream.prices());
    }

    @Test
    void aServerThatIsSilentTooLongIsLeftForTheNext() throws Exception {
        CountDownLatch end = new CountDownLatch(1);
        Upstream silent =
                silentAfter(server("silent", asked -> end.await(50, TimeUnit.SECONDS)), Duration.ofMillis(300));
        retries = new Retries(0, Duration.ZERO, Duration.ZERO, Duration.ofSeconds(50), Duration.ofSeconds(50));
        String url = gateway(silent, server("other", asked -> asked.say(200, "application/json", ANSWER)));
        long from = System.nanoTime();
        assertEquals(200, post(url, CALL).statusCode());
        assertTrue(System.nanoTime() - from < TimeUnit.SECONDS.toNanos(20), "long before the deadline");
        end.countDown();
        CapturedCall call = call();
        assertEquals(
                List.of("v-silent", "v-other"),
                call.facts().attempts().stream()
                        .map(CapturedCall.Attempt::variant)
                        .toList());
        assertTrue(
                call.facts().attempts().getFirst().trouble().startsWith("silent for"),
                call.facts().attempts().toString());
    }

    /** The pause between two pieces is what counts, not the whole: this stream takes longer than a silence may. */
    @Test
    void aStreamMayTakeLongButNotBeSilentLong() throws Exception {
        CountDownLatch end = new CountDownLatch(1);
        Upstream one = silentAfter(
                server("one", asked -> {
                    asked.response().getHeaders().put("content-type", "text/event-stream");
                    for (int i = 0; i < 12; i++) {
                        asked.piece("data: {\"choices\":[]}\n\n");
                        Thread.sleep(250);
                    }
                    end.await(20, TimeUnit.SECONDS);
                }),
                Duration.ofSeconds(2));
        String answer = post(gateway(one), STREAM).body();
        end.countDown();
        assertEquals(12, answer.split("choices", -1).length - 1);
        assertTrue(answer.contains("upstream_broken") && !answer.contains("[DONE]"), answer);
        assertEquals(CapturedCall.End.BROKEN, call().facts().end());
    }

    @Test
    void aCallIsGivenUpWhenItTakesTooLong() throws Exception {
        retries = new Retries(0, Duration.ZERO, Duration.ZERO, Duration.ofSeconds(2), Duration.ofSeconds(2));
        String url = gateway(server("one", asked -> {
            asked.response().getHeaders().put("content-type", "text/event-stream");
            for (int i = 0; i < 500; i++) {
                asked.piece("data: {\"choices\":[]}\n\n");
                Thread.sleep(100);
            }
        }));
        long from = System.nanoTime();
        String answer = post(url, STREAM).body();
        assertTrue(System.nanoTime() - from < TimeUnit.SECONDS.toNanos(20));
        assertTrue(answer.contains("upstream_broken"), answer);
        assertEquals(CapturedCall.End.BROKEN, call().facts().end());
    }

    @Test
    void whoWaitsForAStreamIsToldThatSomebodyIsAtWork() throws Exception {
        options = new GatewayOptions(1 << 20, 16 << 20, false, Duration.ofMillis(200));
        CountDownLatch told = new CountDownLatch(1);
        String url = gateway(server("one", asked -> {
            if (asked.json().path("stream").asBoolean()) {
                told.await(20, TimeUnit.SECONDS);
            } else {
                Thread.sleep(700);
            }
            asked.say(200, "text/event-stream", "data: {\"choices\":[]}\n\ndata: [DONE]\n\n");
        }));
        String twice = ": waiting\n\n".repeat(2);
        HttpResponse<InputStream> response = streamed(url);
        assertEquals(200, response.statusCode());
        String body = new String(response.body().readNBytes(twice.length()), StandardCharsets.UTF_8);
        told.countDown();
        body += new String(response.body().readAllBytes(), StandardCharsets.UTF_8);
        assertTrue(body.matches("(?s)(: waiting\n\n){2,}data: \\{\"choices\":\\[\\]\\}\n\ndata: \\[DONE\\]\n\n"), body);
        assertEquals(
                call().facts().id().toString(),
                response.headers().firstValue("x-hone-trace").orElseThrow());
        assertEquals(
                "data: {\"choices\":[]}\n\ndata: [DONE]\n\n", new String(call().response(), StandardCharsets.UTF_8));
        assertFalse(post(url, CALL).body().contains("waiting"), "only who streams reads comments");
    }

    /** The answer as it comes: its head is there with the first sign of life. */
    private HttpResponse<InputStream> streamed(String url) throws Exception {
        return http.send(
                HttpRequest.newBuilder(URI.create(url + "/v1/chat/completions"))
                        .POST(HttpRequest.BodyPublishers.ofString(STREAM))
                        .build(),
                HttpResponse.BodyHandlers.ofInputStream());
    }

    /** After a sign of life nobody can be told by a status: what goes wrong is an event, and others are asked all the same. */
    @Test
    void afterASignOfLifeOthersAreAskedAndFailuresAreEvents() throws Exception {
        options = new GatewayOptions(1 << 20, 16 << 20, false, Duration.ofMillis(200));
        retries = new Retries(0, Duration.ZERO, Duration.ZERO, Duration.ofSeconds(20), Duration.ofSeconds(30));
        CountDownLatch alive = new CountDownLatch(1);
        String url = gateway(
                server("one", asked -> {
                    alive.await(20, TimeUnit.SECONDS);
                    asked.say(500, "application/json", "{}");
                }),
                server("two", asked -> asked.say(400, "application/json", "{\"error\":{\"code\":\"bad\"}}")));
        HttpResponse<InputStream> response = streamed(url);
        assertEquals(200, response.statusCode());
        alive.countDown();
        String body = new String(response.body().readAllBytes(), StandardCharsets.UTF_8);
        assertTrue(body.endsWith("data: {\"error\":{\"code\":\"bad\"}}\n\n"), body);
        assertEquals(400, call().facts().status());
        assertEquals(CapturedCall.End.REFUSED, call().facts().end());
    }

    @Test
    void anAnswerThatIsTooLargeIsBrokenAndWrittenDown() throws Exception {
        options = new GatewayOptions(1 << 20, 1000, false, Duration.ofSeconds(15));
        String url = gateway(server("one", asked -> asked.say(200, "application/json", "x".repeat(100_000))));
        assertRefused(502, "answer_too_large", post(url, CALL));
        assertEquals(CapturedCall.End.BROKEN, call().facts().end());
        assertEquals("answer_too_large", call().facts().attempts().getFirst().trouble());
    }

    @Test
    void whatACallCostsIsExactAndWhoSpentItsBudgetIsRefused() throws Exception {
        prices = Map.of(
                "model-of-one", new Price(new BigDecimal("0.40"), new BigDecimal("0.10"), new BigDecimal("1.60")));
        Secret secret = Secret.random();
        ApiKey key = key(secret, ApiKey.Scope.CALL, new ApiKey.Bounds(new BigDecimal("0.00001"), null));
        keys = new KeyRing(() -> List.of(key), folder.resolve("keys"), InstantSource.system(), troubles::add);
        spent.put(key.id(), new BigDecimal("0.000003"));
        String url = gateway(server("one", asked -> asked.say(200, "application/json", ANSWER)));
        assertEquals(200, shown(url, secret).statusCode());
        // 5 x 0.40 + 2 x 0.10 + 3 x 1.60 of a million
        assertEquals(
                0, new BigDecimal("0.0000070").compareTo(call().facts().cost().amount()));
        assertEquals("EUR", call().facts().cost().currency());
        assertEquals(
                call().facts().cost().amount(),
                call().facts().attempts().getFirst().cost());
        HttpResponse<String> response = shown(url, secret);
        assertRefused(429, "insufficient_quota", response);
        assertTrue(Long.parseLong(response.headers().firstValue("retry-after").orElseThrow()) > 0);
        assertEquals(1, calls().size());
    }

    private HttpResponse<String> shown(String url, Secret secret) throws Exception {
        return http.send(
                HttpRequest.newBuilder(URI.create(url + "/v1/chat/completions"))
                        .header("Authorization", "Bearer " + secret.text())
                        .header("x-hone-tags", "release=42")
                        .header("x-hone-tags", "team = a")
                        .header("x-hone-user", "ann@example.com")
                        .POST(HttpRequest.BodyPublishers.ofString(CALL))
                        .build(),
                HttpResponse.BodyHandlers.ofString());
    }

    @Test
    void whoCallsTooOftenWaits() throws Exception {
        Secret secret = Secret.random();
        ApiKey key = key(secret, ApiKey.Scope.CALL, new ApiKey.Bounds(null, 2));
        keys = new KeyRing(() -> List.of(key), folder.resolve("keys"), InstantSource.system(), troubles::add);
        String url = gateway(server("one", asked -> asked.say(200, "application/json", ANSWER)));
        assertEquals(200, shown(url, secret).statusCode());
        assertEquals(200, shown(url, secret).statusCode());
        HttpResponse<String> response = shown(url, secret);
        assertRefused(429, "rate_limit_exceeded", response);
        long wait = Long.parseLong(response.headers().firstValue("retry-after").orElseThrow());
        assertTrue(wait > 0 && wait <= 30, "a call becomes free every 30 s, not " + wait);
        CapturedCall.Origin origin = calls().getFirst().facts().origin();
        assertEquals(Map.of("release", "42", "team", "a"), origin.tags());
        assertTrue(origin.endUser().matches("[0-9a-f]{64}"), origin.endUser());
        assertEquals("0".repeat(64), origin.configuration());
    }

    @Test
    void aShadowGetsACopyOfWhatIsStoredAndNobodyWaitsForIt() throws Exception {
        RedactionKinds kinds = new RedactionKinds();
        kinds.add("email");
        redaction = kinds.redaction();
        shadows = List.of("v-two");
        prices = Map.of("model-of-two", new Price(BigDecimal.ONE, BigDecimal.ONE, BigDecimal.ONE));
        List<Asked> seen = Collections.synchronizedList(new ArrayList<>());
        CountDownLatch answered = new CountDownLatch(1);
        String url =
                gateway(server("one", asked -> asked.say(200, "application/json", ANSWER)), server("two", asked -> {
                    answered.await(20, TimeUnit.SECONDS);
                    seen.add(asked);
                    asked.say(200, "application/json", ANSWER.replace("hé", "shadow"));
                }));
        HttpResponse<String> response = post(
                url, "{\"model\":\"use-case/job\",\"messages\":[{\"role\":\"user\",\"content\":\"ann@example.com\"}]}");
        assertEquals(ANSWER, response.body());
        answered.countDown();
        List<CapturedCall> calls = await(2);
        assertEquals("model-of-two", seen.getFirst().json().path("model").asString());
        assertEquals(
                "<EMAIL_1>",
                seen.getFirst().json().path("messages").path(0).path("content").asString());
        CapturedCall shadow = calls.getLast();
        assertEquals(calls.getFirst().facts().id(), shadow.facts().origin().shadowOf());
        assertEquals("v-two", shadow.facts().variant());
        assertEquals(
                0, new BigDecimal("0.00001").compareTo(shadow.facts().cost().amount()));
        assertTrue(new String(shadow.response(), StandardCharsets.UTF_8).contains("shadow"));
    }

    @Test
    void aModelThatSeesTokensAnswersInWords() throws Exception {
        RedactionKinds kinds = new RedactionKinds();
        kinds.add("email");
        kinds.add("NAME", "O\"Hara|Ann");
        redaction = kinds.redaction();
        redacted = true;
        List<String> seen = Collections.synchronizedList(new ArrayList<>());
        String url = gateway(server("one", asked -> {
            seen.add(new String(asked.body(), StandardCharsets.UTF_8));
            if (asked.json().path("stream").asBoolean(false)) {
                asked.response().getHeaders().put("content-type", "text/event-stream");
                asked.piece(
                        "data: {\"choices\":[{\"index\":0,\"delta\":{\"role\":\"assistant\",\"content\":\"to <EM\"},\"finish_reason\":null}]}\n\nda");
                asked.piece(
                        "ta: {\"choices\":[{\"index\":0,\"delta\":{\"content\":\"AIL_1>!<\"},\"finish_reason\":null}]}\n\n");
                asked.piece(
                        "data: {\"choices\":[{\"index\":0,\"delta\":{\"tool_calls\":[{\"index\":0,\"function\":{\"name\":\"f\",\"arguments\":\"{\\\"a\\\":\\\"<NAME\"}}]},\"finish_reason\":null}]}\n\n");
                asked.piece(
                        "data: {\"choices\":[{\"index\":0,\"delta\":{\"tool_calls\":[{\"index\":0,\"function\":{\"arguments\":\"_1>\\\"}\"}}]},\"finish_reason\":null}]}\n\n");
                asked.piece(
                        "data: {\"choices\":[{\"index\":0,\"delta\":{},\"finish_reason\":\"stop\"}],\"usage\":{\"prompt_tokens\":7,\"completion_tokens\":3}}\n\ndata: [DONE]\n\n");
                return;
            }
            asked.say(
                    200,
                    "application/json",
                    "{\"choices\":[{\"index\":0,\"message\":{\"content\":\"to <EMAIL_1>\",\"tool_calls\":[{\"function\":{\"arguments\":\"{\\\"a\\\":\\\"<NAME_1>\\\"}\"}}]}}]}");
        }));
        String message = "\"messages\":[{\"role\":\"user\",\"content\":\"I am O\\\"Hara, ann@example.com\"}]}";
        String whole = post(url, "{\"model\":\"use-case/job\"," + message).body();
        assertEquals(
                "{\"choices\":[{\"index\":0,\"message\":{\"content\":\"to ann@example.com\",\"tool_calls\":[{\"function\":{\"arguments\":\"{\\\"a\\\":\\\"O\\\\\\\"Hara\\\"}\"}}]}}]}",
                whole);
        assertFalse(seen.getFirst().contains("ann@") || seen.getFirst().contains("Hara"), seen.getFirst());
        HttpResponse<String> streamed = post(url, "{\"model\":\"use-case/job\",\"stream\":true," + message);
        var answer = StreamAssembly.of(streamed.body().getBytes(StandardCharsets.UTF_8))
                .orElseThrow();
        assertEquals(
                "to ann@example.com!<",
                answer.path("choices").path(0).path("message").path("content").asString());
        assertEquals(
                "{\"a\":\"O\\\"Hara\"}",
                answer.path("choices")
                        .path(0)
                        .path("message")
                        .path("tool_calls")
                        .path(0)
                        .path("function")
                        .path("arguments")
                        .asString());
        assertEquals(3, answer.path("usage").path("completion_tokens").asInt());
        assertTrue(streamed.body().endsWith("data: [DONE]\n\n"), streamed.body());
        for (CapturedCall call : calls()) {
            String stored = new String(call.request(), StandardCharsets.UTF_8)
                    + new String(call.response(), StandardCharsets.UTF_8);
            assertFalse(stored.contains("ann@") || stored.contains("Hara"), stored);
        }
    }

    /** Who calls an episode like somebody else's does not get that one's texts. */
    @Test
    void whatWasTakenOutOfAnothersEpisodeIsNotPutBack() throws Exception {
        RedactionKinds kinds = new RedactionKinds();
        kinds.add("email");
        redaction = kinds.redaction();
        redacted = true;
        Secret one = Secret.random();
        Secret other = Secret.random();
        ApiKey first = key(one, ApiKey.Scope.CALL);
        ApiKey second = key(other, ApiKey.Scope.CALL);
        keys = new KeyRing(() -> List.of(first, second), folder.resolve("keys"), InstantSource.system(), troubles::add);
        String url = gateway(server(
                "one",
                asked -> asked.say(
                        200, "application/json", "{\"choices\":[{\"message\":{\"content\":\"<EMAIL_1>\"}}]}")));
        String body = "{\"model\":\"use-case/job\",\"messages\":[{\"content\":\"%s\"}]}";
        assertTrue(episode(url, one, body.formatted("ann@example.com")).contains("ann@example.com"));
        assertTrue(episode(url, other, body.formatted("<EMAIL_1>")).contains("<EMAIL_1>"));
    }

    private String episode(String url, Secret secret, String body) throws Exception {
        return http.send(
                        HttpRequest.newBuilder(URI.create(url + "/v1/chat/completions"))
                                .header("Authorization", "Bearer " + secret.text())
                                .header("x-hone-episode", "e")
                                .POST(HttpRequest.BodyPublishers.ofString(body))
                                .build(),
                        HttpResponse.BodyHandlers.ofString())
                .body();
    }

    /** A server that says that it is done, and does not end, or ends badly, has answered. */
    @Test
    void aStreamThatIsDoneIsWhole() throws Exception {
        CountDownLatch end = new CountDownLatch(1);
        Upstream one = server("one", asked -> {
            asked.response().getHeaders().put("content-type", "text/event-stream");
            asked.piece("data: {\"choices\":[]}\n\ndata: [DONE]\n\n");
            end.await(50, TimeUnit.SECONDS);
        });
        String url = gateway(silentAfter(one, Duration.ofSeconds(50)));
        long from = System.nanoTime();
        assertTrue(post(url, STREAM).body().endsWith("data: [DONE]\n\n"));
        assertTrue(System.nanoTime() - from < TimeUnit.SECONDS.toNanos(20), "long before anybody gives it up");
        end.countDown();
        assertEquals(CapturedCall.End.ANSWERED, call().facts().end());
    }

    @Test
    void aModelsNameAndItsTokensHaveBounds() throws Exception {
        String url = gateway(server(
                "one",
                asked -> asked.say(
                        200,
                        "application/json",
                        "{\"usage\":{\"prompt_tokens\":9223372036854775807,\"completion_tokens\":3}}")));
        assertRefused(400, "invalid_value", post(url, "{\"model\":\"one/%s\"}".formatted("m".repeat(300))));
        assertEquals(200, post(url, CALL).statusCode());
        assertEquals(null, call().facts().usage().prompt());
        assertEquals(3L, call().facts().usage().completion());
    }

    /** A call that is being answered keeps to what it began with; the next follows the new files. */
    @Test
    void newFilesDropNoCall() throws Exception {
        CountDownLatch begun = new CountDownLatch(1);
        CountDownLatch go = new CountDownLatch(1);
        Upstream old = server("one", asked -> {
            begun.countDown();
            go.await(10, TimeUnit.SECONDS);
            asked.say(200, "application/json", "{\"by\":\"old\"}");
        });
        Upstream next = server("one", asked -> asked.say(200, "application/json", "{\"by\":\"new\"}"));
        String url = gateway(old);
        var answer = http.sendAsync(
                HttpRequest.newBuilder(URI.create(url + "/v1/chat/completions"))
                        .POST(HttpRequest.BodyPublishers.ofString(CALL))
                        .build(),
                HttpResponse.BodyHandlers.ofString());
        assertTrue(begun.await(10, TimeUnit.SECONDS));
        gateway.configure(configuration("1".repeat(64), next));
        assertEquals("{\"by\":\"new\"}", post(url, CALL).body());
        go.countDown();
        assertEquals("{\"by\":\"old\"}", answer.get(10, TimeUnit.SECONDS).body());
        assertEquals(
                List.of("1".repeat(64), "0".repeat(64)),
                calls().stream()
                        .map(call -> call.facts().origin().configuration())
                        .toList());
    }

    @Test
    void modelsAreListedAndTheServiceTellsHowItIs() throws Exception {
        prices = Map.of("model-of-one", new Price(BigDecimal.ONE, BigDecimal.ONE, BigDecimal.ONE));
        String url = gateway(server("one", asked -> asked.say(200, "application/json", ANSWER)));
        assertTrue(get(url + "/v1/models").contains("\"use-case/job\""), get(url + "/v1/models"));
        assertTrue(get(url + "/v1/models/one/model-of-one").contains("\"owned_by\":\"one\""));
        assertTrue(get(url + "/v1/models/other").contains("model_not_found"));
        assertEquals("{\"status\":\"alive\"}", get(url + "/health"));
        assertTrue(get(url + "/ready").contains("\"ready\""));
        post(url, CALL);
        post(url, "{\"model\":\"nothing\"}");
        String metrics = get(url + "/metrics");
        assertTrue(
                metrics.contains(
                        "hone_call_seconds_count{outcome=\"answered\",shadow=\"false\",use_case=\"job\",variant=\"v-one\"} 1"),
                metrics);
        assertTrue(metrics.contains("hone_refusals_total{code=\"model_not_found\"} 2.0"), metrics);
        assertTrue(metrics.contains("hone_attempts_total{outcome=\"2xx\",upstream=\"one\"} 1.0"), metrics);
    }

    private String get(String url) throws Exception {
        return http.send(HttpRequest.newBuilder(URI.create(url)).build(), HttpResponse.BodyHandlers.ofString())
                .body();
    }

    @Test
    void theGatewayTriesItselfOut() throws Exception {
        long from = System.nanoTime();
        WarmUp.run();
        assertTrue(System.nanoTime() - from < TimeUnit.SECONDS.toNanos(30));
    }
}
