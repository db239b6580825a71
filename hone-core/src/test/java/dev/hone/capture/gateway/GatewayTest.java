package dev.hone.capture.gateway;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.hone.capture.access.KeyRing;
import dev.hone.capture.access.Secret;
import dev.hone.capture.redact.RedactionKinds;
import dev.hone.capture.upstream.Upstream;
import dev.hone.record.ApiKey;
import dev.hone.record.CallUsage;
import dev.hone.record.CapturedCall;
import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.eclipse.jetty.server.Request;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Calls through the real gateway. */
final class GatewayTest extends GatewayFixture {
    @Test
    void bytesPassBothWaysAndTheCallIsRecorded() throws Exception {
        List<Asked> seen = Collections.synchronizedList(new ArrayList<>());
        String url = gateway(server("one", asked -> {
            seen.add(asked);
            asked.response().getHeaders().put("x-request-id", "r1");
            asked.response().getHeaders().put("set-cookie", "a=b");
            asked.say(200, "application/json", ANSWER);
        }));
        String body =
                "{ \"messages\": [{\"role\":\"user\",\"content\":\"\\u00e9 \\\"model\\\":\"}],\n \"model\" : \"use-case/job\", \"x\":1.50}";
        HttpResponse<String> response = post(url, body);
        assertEquals(200, response.statusCode());
        assertEquals(ANSWER, response.body());
        assertEquals("r1", response.headers().firstValue("x-request-id").orElseThrow());
        assertTrue(response.headers().firstValue("set-cookie").isEmpty());
        assertEquals("v-one", response.headers().firstValue("x-hone-variant").orElseThrow());
        assertEquals(
                body.replace("use-case/job", "model-of-one"),
                new String(seen.getFirst().body(), StandardCharsets.UTF_8));
        assertEquals(
                "/v1/chat/completions", Request.getPathInContext(seen.getFirst().request()));
        assertEquals("Bearer key-of-one", seen.getFirst().request().getHeaders().get("authorization"));
        assertNull(seen.getFirst().request().getHeaders().get("x-hone-episode"));
        CapturedCall call = call();
        assertEquals(
                call.facts().id().toString(),
                response.headers().firstValue("x-hone-trace").orElseThrow());
        assertEquals(body, new String(call.request(), StandardCharsets.UTF_8));
        assertEquals(ANSWER, new String(call.response(), StandardCharsets.UTF_8));
        assertEquals(new CallUsage(7L, 2L, 3L), call.facts().usage());
        assertEquals("job", call.facts().route());
        assertEquals("e1", call.facts().origin().episode());
        assertEquals(CapturedCall.End.ANSWERED, call.facts().end());
        assertEquals(1, call.facts().attempts().size());
    }

    /** The client has everything but the end while the server still speaks; and the end only with the record. */
    @Test
    void aStreamPassesAtOnceAndEndsWhenItIsRecorded() throws Exception {
        CountDownLatch goOn = new CountDownLatch(1);
        String first = "data: {\"choices\":[{\"delta\":{\"content\":\"a\"}}]}\n\n";
        String last = "data: {\"choices\":[],\"usage\":{\"prompt_tokens\":5,\"completion_tokens\":1}}\n\n";
        String url = gateway(server("one", asked -> {
            asked.response().getHeaders().put("content-type", "text/event-stream");
            asked.piece(first);
            goOn.await();
            asked.piece(last);
            asked.piece("data: [DO");
            asked.piece("NE]\n\n");
        }));
        HttpResponse<InputStream> response = http.send(
                HttpRequest.newBuilder(URI.create(url + "/v1/chat/completions"))
                        .POST(
                                HttpRequest.BodyPublishers.ofString(
                                        "{\"model\":\"use-case/job\",\"stream\":true,\"stream_options\":{\"include_usage\":true}}"))
                        .build(),
                HttpResponse.BodyHandlers.ofInputStream());
        byte[] read = response.body().readNBytes(first.length());
        assertEquals(first, new String(read, StandardCharsets.UTF_8));
        assertEquals(0, calls().size());
        goOn.countDown();
        assertEquals(last + "data: [DONE]\n\n", new String(response.body().readAllBytes(), StandardCharsets.UTF_8));
        CapturedCall call = call();
        assertEquals(first + last + "data: [DONE]\n\n", new String(call.response(), StandardCharsets.UTF_8));
        assertEquals(new CallUsage(5L, null, 1L), call.facts().usage());
        assertTrue(call.facts().stream());
    }

    @Test
    void whoFailsIsAskedAgainAndThenTheNext() throws Exception {
        List<String> asked = Collections.synchronizedList(new ArrayList<>());
        String url = gateway(
                server("one", request -> {
                    asked.add("one");
                    request.say(503, "application/json", "{}");
                }),
                server("two", request -> {
                    asked.add("two " + request.json().path("model").asString());
                    request.say(200, "application/json", ANSWER);
                }));
        HttpResponse<String> response = post(url, "{\"model\":\"use-case/job\"}");
        assertEquals(200, response.statusCode());
        assertEquals("v-two", response.headers().firstValue("x-hone-variant").orElseThrow());
        assertEquals(List.of("one", "one", "two model-of-two"), asked);
        assertEquals(
                List.of(503, 503, 200),
                call().facts().attempts().stream()
                        .map(CapturedCall.Attempt::status)
                        .toList());
    }

    /** A server that stops in the middle of an answer of which nothing has left is one that did not answer. */
    @Test
    void aBrokenAnswerOfWhichNothingLeftIsAskedOfTheNext() throws Exception {
        String url = gateway(
                server("one", asked -> {
                    asked.response().getHeaders().put("content-length", "1000");
                    asked.piece("{\"half\":");
                    throw new IOException("on purpose");
                }),
                server("two", asked -> asked.say(200, "application/json", ANSWER)));
        assertEquals(ANSWER, post(url, "{\"model\":\"use-case/job\"}").body());
        assertEquals(ANSWER, new String(call().response(), StandardCharsets.UTF_8));
        assertEquals(3, call().facts().attempts().size());
    }

    @Test
    void aStreamThatBreaksEndsWithAnErrorAndNoSilentSwitch() throws Exception {
        String url = gateway(
                server("one", asked -> {
                    asked.response().getHeaders().put("content-type", "text/event-stream");
                    asked.piece("data: {\"n\":1}\n\n");
                    throw new IOException("on purpose");
                }),
                server("two", asked -> asked.say(200, "application/json", ANSWER)));
        String body = post(url, "{\"model\":\"use-case/job\",\"stream\":true}").body();
        assertTrue(body.startsWith("data: {\"n\":1}\n\ndata: {\"error\":"), body);
        assertTrue(!body.contains("[DONE]") && body.contains("upstream_broken"), body);
        assertEquals(CapturedCall.End.BROKEN, call().facts().end());
        assertEquals("data: {\"n\":1}\n\n", new String(call().response(), StandardCharsets.UTF_8));
    }

    @Test
    void aRefusalOfTheRequestIsPassedBackAsItIs() throws Exception {
        String refusal = "{\"error\":{\"message\":\"no such parameter\",\"type\":\"invalid_request_error\"}}";
        String url = gateway(server("one", asked -> asked.say(400, "application/json", refusal)));
        HttpResponse<String> response = post(url, "{\"model\":\"use-case/job\"}");
        assertEquals(400, response.statusCode());
        assertEquals(refusal, response.body());
        assertEquals(CapturedCall.End.REFUSED, call().facts().end());
        assertEquals(1, call().facts().attempts().size());
    }

    @Test
    void whenNobodyAnswersTheLastRefusalIsTheCalls() throws Exception {
        String url = gateway(server("one", asked -> {
            asked.response().getHeaders().put("retry-after", "7");
            asked.say(429, "application/json", "{\"error\":{\"code\":\"slow down\"}}");
        }));
        HttpResponse<String> response = post(url, "{\"model\":\"use-case/job\"}");
        assertEquals(429, response.statusCode());
        assertEquals("7", response.headers().firstValue("retry-after").orElseThrow());
        assertEquals("{\"error\":{\"code\":\"slow down\"}}", response.body());
        assertEquals(429, call().facts().status());
    }

    @Test
    void aServerThatIsNotThereIsSaid() throws Exception {
        Upstream gone = new Upstream(
                "gone",
                URI.create("http://127.0.0.1:1/v1"),
                null,
                Duration.ofSeconds(1),
                Duration.ofSeconds(1),
                true,
                true,
                Map.of());
        HttpResponse<String> response = post(gateway(gone), "{\"model\":\"use-case/job\"}");
        assertEquals(502, response.statusCode());
        JsonNode error = JsonMapper.shared().readTree(response.body()).path("error");
        assertEquals("upstream_unavailable", error.path("code").asString());
        assertEquals("server_error", error.path("type").asString());
        assertEquals(2, call().facts().attempts().size());
    }

    /** Within a second of the client's end the server's connection ends too, before and in a stream: of a few the soonest tells, since the machine may be busy. */
    @Test
    void aClientThatLeavesIsNotWaitedFor() throws Exception {
        int asked = 0;
        for (boolean begun : new boolean[] {false, true}) {
            long soonest = Long.MAX_VALUE;
            for (int i = 0; i < 5 && soonest > TimeUnit.SECONDS.toNanos(1); i++) {
                soonest = Math.min(soonest, untilTheServerIsLeft(begun));
                asked++;
                for (int looks = 0; looks < 1_500 && calls().size() < asked; looks++) {
                    Thread.sleep(20);
                }
                assertEquals(
                        Collections.nCopies(asked, CapturedCall.End.ABANDONED),
                        calls().stream().map(call -> call.facts().end()).toList());
            }
            assertTrue(soonest <= TimeUnit.SECONDS.toNanos(1), "begun " + begun + ": " + soonest / 1e9 + " s");
        }
    }

    /**
     * A client leaves while its call is being answered.
     *
     * @return nanoseconds until the server's connection ends
     */
    private long untilTheServerIsLeft(boolean begun) throws Exception {
        CountDownLatch there = new CountDownLatch(1);
        CountDownLatch ended = new CountDownLatch(1);
        String url = gateway(server(begun ? "begun" : "silent", asked -> {
            asked.response().getHeaders().put("content-type", "text/event-stream");
            asked.piece(begun ? "data: {}\n\n" : "");
            there.countDown();
            try {
                while (true) {
                    Thread.sleep(20);
                    if (begun) {
                        asked.piece(": still here\n\n");
                    } else if (new Caller(asked.request()).isGone() || gone(asked)) {
                        throw new IOException("gone");
                    }
                }
            } catch (IOException e) {
                ended.countDown();
                throw e;
            }
        }));
        try (Socket socket = new Socket("127.0.0.1", URI.create(url).getPort())) {
            String body = "{\"model\":\"use-case/job\",\"stream\":true}";
            socket.getOutputStream()
                    .write("POST /v1/chat/completions HTTP/1.1\r\nHost: localhost\r\nContent-Length: %d\r\n\r\n%s"
                            .formatted(body.length(), body)
                            .getBytes(StandardCharsets.UTF_8));
            assertTrue(there.await(30, TimeUnit.SECONDS));
            Thread.sleep(300);
        }
        long from = System.nanoTime();
        assertTrue(ended.await(15, TimeUnit.SECONDS), "begun " + begun);
        return System.nanoTime() - from;
    }

    /** Who leaves while the answer leaves has it recorded once, and nobody else is asked. */
    @Test
    void aClientThatLeavesAtTheEndIsNotAskedForAgain() throws Exception {
        AtomicInteger asked = new AtomicInteger();
        CountDownLatch left = new CountDownLatch(1);
        Behaviour large = request -> {
            asked.incrementAndGet();
            left.await();
            request.say(200, "application/json", "{\"x\":\"" + "x".repeat(12_000_000) + "\"}");
        };
        String url = gateway(server("one", large), server("two", large));
        String body = "{\"model\":\"use-case/job\"}";
        Socket socket = new Socket("127.0.0.1", URI.create(url).getPort());
        socket.setReceiveBufferSize(1_000);
        socket.setSoLinger(true, 0);
        socket.getOutputStream()
                .write("POST /v1/chat/completions HTTP/1.1\r\nHost: localhost\r\nContent-Length: %d\r\n\r\n%s"
                        .formatted(body.length(), body)
                        .getBytes(StandardCharsets.UTF_8));
        for (int i = 0; i < 3_000 && asked.get() == 0; i++) {
            Thread.sleep(10);
        }
        left.countDown();
        for (int i = 0; i < 20_000 && calls().isEmpty(); i++) {
            Thread.sleep(1);
        }
        socket.close();
        Thread.sleep(1_000);
        assertEquals(1, asked.get());
        assertEquals(CapturedCall.End.ANSWERED, call().facts().end());
    }

    private static boolean gone(Asked asked) throws InterruptedException {
        Caller caller = new Caller(asked.request());
        Thread.sleep(Caller.interval());
        return caller.isGone();
    }

    @Test
    void whatCannotBeSentIsRefusedWithItsReason() throws Exception {
        String url = gateway(server("one", asked -> asked.say(200, "application/json", ANSWER)));
        assertRefused(400, "invalid_json", post(url, "{\"model\":"));
        assertRefused(400, "invalid_json", post(url, "[]"));
        assertRefused(400, "invalid_json", post(url, "{\"model\":\"use-case/job\"} x"));
        assertRefused(400, "invalid_json", post(url, "{\"model\":\"use-case/job\",\"model\":\"one/m\"}"));
        assertRefused(400, "invalid_json", post(url, "{\"model\":\"use-case/job\",\"a\":" + "[".repeat(5000)));
        assertRefused(400, "missing_model", post(url, "{}"));
        assertRefused(400, "invalid_value", post(url, "{\"model\":7}"));
        assertRefused(400, "invalid_value", post(url, "{\"model\":\"use-case/job\",\"stream\":\"yes\"}"));
        assertRefused(404, "model_not_found", post(url, "{\"model\":\"use-case/other\"}"));
        assertRefused(404, "model_not_found", post(url, "{\"model\":\"gpt-4\"}"));
        assertRefused(
                413,
                "request_too_large",
                post(url, "{\"model\":\"use-case/job\",\"x\":\"" + "y".repeat(1 << 20) + "\"}"));
        assertEquals(0, calls().size());
        assertEquals(200, post(url, "{\"model\":\"one/any/model\"}").statusCode());
        assertEquals("any/model", call().facts().attempts().getFirst().model());
        assertEquals(List.of(), troubles);
    }

    /** In an episode, in the question and across the pieces of the streamed answer; the client and the server see what was said. */
    /** Requests and answers for which there is no room are turned away, and what they took is given back. */
    @Test
    void whatTheMemoryCannotHoldIsTurnedAway() throws Exception {
        memory = 400_000;
        String large = "\"" + "y".repeat(300_000) + "\"";
        String url = gateway(server("one", asked -> {
            if (asked.json().has("answer")) {
                asked.say(200, "application/json", "{\"x\":" + large + "}");
            } else if (asked.json().has("events")) {
                asked.response().getHeaders().put("content-type", "text/event-stream");
                asked.piece("data: {}\n\n");
                asked.piece("data: " + large + "\n\n");
            } else {
                asked.say(200, "application/json", ANSWER);
            }
        }));
        String asks = "{\"model\":\"use-case/job\",\"%s\":%s}";
        for (int i = 0; i < 3; i++) {
            try (CallMemory.Share other = taken(200_000)) {
                HttpResponse<String> refused = post(url, asks.formatted("x", large));
                assertRefused(503, "overloaded", refused);
                assertEquals("1", refused.headers().firstValue("retry-after").orElseThrow());
                taken(200_000).close();
                assertRefused(503, "overloaded", post(url, asks.formatted("answer", 1)));
                assertEquals(CapturedCall.End.BROKEN, calls().getLast().facts().end());
                taken(200_000).close();
                String cut = post(url, asks.formatted("events", 1)).body();
                assertTrue(cut.startsWith("data: {}\n\n") && cut.contains("overloaded"), cut);
                taken(200_000).close();
                assertEquals(200, post(url, asks.formatted("x", 1)).statusCode());
            }
            taken(400_000).close();
            assertEquals(200, post(url, asks.formatted("x", large)).statusCode());
            taken(400_000).close();
            assertEquals(200, post(url, asks.formatted("answer", 1)).statusCode());
            taken(400_000).close();
        }
    }

    /** A part of the memory, as soon as it is free: a call gives its own back when its client has the answer already. */
    private CallMemory.Share taken(long bytes) throws InterruptedException {
        CallMemory.Share share = gateway.memory().share();
        for (int i = 0; i < 3_000 && !share.take(bytes); i++) {
            Thread.sleep(10);
            assertTrue(i < 2_999, "it is not given back");
        }
        return share;
    }

    @Test
    void whatMustNotBeStoredIsNot() throws Exception {
        RedactionKinds kinds = new RedactionKinds();
        kinds.add("email");
        redaction = kinds.redaction();
        List<String> seen = Collections.synchronizedList(new ArrayList<>());
        String url = gateway(server("one", asked -> {
            seen.add(new String(asked.body(), StandardCharsets.UTF_8));
            asked.response().getHeaders().put("content-type", "text/event-stream");
            for (String piece : List.of("write to b", "ob@exam", "ple.com, ann", "@example.com")) {
                asked.piece(
                        "data: {\"object\":\"chat.completion.chunk\",\"choices\":[{\"index\":0,\"delta\":{\"content\":\"%s\"}}]}\n\n"
                                .formatted(piece));
            }
            asked.piece("data: [DONE]\n\n");
        }));
        String body = post(
                        url,
                        "{\"model\":\"use-case/job\",\"stream\":true,\"messages\":[{\"role\":\"user\",\"content\":\"I am ann@example.com\"}]}")
                .body();
        assertTrue(body.contains("ob@exam") && seen.getFirst().contains("ann@example.com"));
        CapturedCall call = call();
        assertEquals(
                "I am <EMAIL_1>",
                JsonMapper.shared()
                        .readTree(call.request())
                        .at("/messages/0/content")
                        .asString());
        JsonNode answer = JsonMapper.shared().readTree(call.response());
        assertEquals(
                "write to <EMAIL_2>, <EMAIL_1>",
                answer.at("/choices/0/message/content").asString());
        assertEquals("chat.completion", answer.path("object").asString());
    }

    @Test
    void whatCannotBeReadIsNotStoredWhereSomethingMustBeTakenOut() throws Exception {
        RedactionKinds kinds = new RedactionKinds();
        kinds.add("email");
        redaction = kinds.redaction();
        String url = gateway(server("one", asked -> asked.say(400, "application/json", "{<a>ann@example.com}")));
        assertEquals(
                "{<a>ann@example.com}",
                post(url, "{\"model\":\"use-case/job\"}").body());
        assertTrue(new String(call().response(), StandardCharsets.UTF_8).contains("not stored"));
    }

    @Test
    void whoShowsNoKeyThatCountsIsNotPassedOn() throws Exception {
        Secret calls = Secret.random();
        Secret reads = Secret.random();
        ApiKey caller = key(calls, ApiKey.Scope.CALL);
        keys = new KeyRing(
                () -> List.of(caller, key(reads, ApiKey.Scope.READ)),
                folder.resolve("keys"),
                InstantSource.system(),
                troubles::add);
        List<Asked> seen = Collections.synchronizedList(new ArrayList<>());
        String url = gateway(server("one", asked -> {
            seen.add(asked);
            asked.say(200, "application/json", ANSWER);
        }));
        assertRefused(401, "invalid_api_key", post(url, "{\"model\":\"use-case/job\"}"));
        assertRefused(401, "missing_api_key", shown(url, "Basic " + calls.text()));
        assertRefused(401, "invalid_api_key", shown(url, "Bearer " + calls.text() + "x"));
        assertRefused(403, "insufficient_scope", shown(url, "Bearer " + reads.text()));
        assertEquals(0, seen.size());
        assertEquals(200, shown(url, "bearer " + calls.text()).statusCode());
        assertEquals(caller.id(), call().facts().origin().key());
        assertEquals("Bearer key-of-one", seen.getFirst().request().getHeaders().get("authorization"));
    }

    /** At a start before the database answers: clients give up after 401, and wait after 503. */
    @Test
    void aKeyThatCannotBeLookedUpIsNotCalledWrong() throws Exception {
        Secret secret = Secret.random();
        ApiKey key = key(secret, ApiKey.Scope.CALL);
        AtomicBoolean answers = new AtomicBoolean();
        AtomicReference<Instant> now = new AtomicReference<>(Instant.now());
        keys = new KeyRing(
                () -> {
                    if (!answers.get()) {
                        throw new IllegalStateException("no database");
                    }
                    return List.of(key);
                },
                folder.resolve("keys"),
                now::get,
                troubles::add);
        String url = gateway(server("one", asked -> asked.say(200, "application/json", ANSWER)));
        HttpResponse<String> early = shown(url, "Bearer " + secret.text());
        assertRefused(503, "keys_unavailable", early);
        assertEquals("5", early.headers().firstValue("retry-after").orElseThrow());
        answers.set(true);
        now.set(now.get().plusSeconds(5));
        assertEquals(200, shown(url, "Bearer " + secret.text()).statusCode());
        assertRefused(401, "invalid_api_key", shown(url, "Bearer " + secret.text() + "x"));
    }

    private HttpResponse<String> shown(String url, String authorization) throws Exception {
        return http.send(
                HttpRequest.newBuilder(URI.create(url + "/v1/chat/completions"))
                        .header("Authorization", authorization)
                        .POST(HttpRequest.BodyPublishers.ofString("{\"model\":\"use-case/job\"}"))
                        .build(),
                HttpResponse.BodyHandlers.ofString());
    }

    /** No server is asked for what could not be written down, or would break a header. */
    @Test
    void aNameThatIsNoneIsRefusedBeforeAnybodyIsAsked() throws Exception {
        AtomicInteger asked = new AtomicInteger();
        String url = gateway(server("one", request -> {
            asked.incrementAndGet();
            request.say(200, "application/json", ANSWER);
        }));
        for (String model : List.of("one/\\ud800", "one/\\udc00x", "one/a\\r\\nx: y", "one/\\u0000", "one/\\u0085")) {
            HttpResponse<String> response = post(url, "{\"model\":\"%s\"}".formatted(model));
            assertRefused(400, "invalid_value", response);
            assertEquals(
                    "model",
                    JsonMapper.shared()
                            .readTree(response.body())
                            .at("/error/param")
                            .asString());
        }
        assertEquals(0, asked.get());
        assertEquals(200, post(url, "{\"model\":\"one/\\ud83d\\ude00\"}").statusCode());
        assertEquals("one/\ud83d\ude00", call().facts().model());
    }

    /** It is written down by then. */
    @Test
    void aFaultOfWhoHearsOfACallChangesNothingOfIt() throws Exception {
        String url = gateway(server("one", asked -> asked.say(200, "application/json", ANSWER)));
        gateway.observe(facts -> {
            throw new IllegalStateException("a prompt");
        });
        HttpResponse<String> answer = post(url, "{\"model\":\"use-case/job\"}");
        assertEquals(200, answer.statusCode(), answer.body());
        assertEquals(ANSWER, answer.body());
        assertEquals(
                call().facts().id().toString(),
                answer.headers().firstValue("x-hone-trace").orElseThrow());
        assertEquals(1, troubles.size(), troubles.toString());
        assertTrue(troubles.getFirst().contains("IllegalStateException"), troubles.toString());
        assertFalse(troubles.getFirst().contains("a prompt"), troubles.toString());
        String metrics = gateway.metrics().text();
        assertFalse(metrics.contains("hone_refusals_total{"), metrics);
        assertTrue(metrics.contains("\nhone_calls_not_recorded_total 0.0"), metrics);
    }

    /** An answer whose trace cannot be written does not end as if it were whole. */
    @Test
    void whatCannotBeRecordedIsNotAcknowledged() throws Exception {
        String url = gateway(server("one", asked -> {
            if (asked.json().path("stream").asBoolean(false)) {
                asked.response().getHeaders().put("content-type", "text/event-stream");
                asked.piece("data: {}\n\n");
                asked.piece("data: [DONE]\n\n");
            } else {
                asked.say(200, "application/json", ANSWER);
            }
        }));
        journal.close();
        HttpResponse<String> refused = post(url, "{\"model\":\"use-case/job\"}");
        assertRefused(503, "not_recorded", refused);
        assertTrue(refused.headers().firstValue("x-hone-trace").isEmpty(), "there is no such trace");
        String body = post(url, "{\"model\":\"use-case/job\",\"stream\":true}").body();
        assertTrue(body.contains("not_recorded") && !body.contains("[DONE]"), body);
    }

    @Test
    void aRecordComesBackAsItWas() throws Exception {
        String url = gateway(server("one", asked -> asked.say(200, "application/json", ANSWER)));
        post(url, "{\"model\":\"use-case/job\"}");
        CapturedCall call = call();
        CapturedCall again = CallCodec.decode(CallCodec.encode(call));
        assertEquals(call.facts(), again.facts());
        assertArrayEquals(call.response(), again.response());
    }
}
