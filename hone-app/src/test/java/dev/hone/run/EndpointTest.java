package dev.hone.run;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.net.httpserver.HttpServer;
import dev.hone.evaluate.Answer;
import dev.hone.evaluate.Pricing;
import dev.hone.grade.GraderDefinition;
import dev.hone.grade.StringCheckGrader;
import dev.hone.record.ChatMessage;
import dev.hone.record.Conversation;
import dev.hone.record.Task;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

@Timeout(60)
final class EndpointTest {
    private static final List<Task> TASKS = IntStream.range(0, 3)
            .mapToObj(i -> new Task(
                    "t" + i,
                    Conversation.of(ChatMessage.of("system", "s"), ChatMessage.of("user", "q" + i)),
                    "a" + i,
                    Map.of()))
            .toList();

    private static final int LIMIT = 1000;

    @TempDir
    private Path folder;

    private final List<JsonNode> asked = new ArrayList<>();
    private final List<String> keys = new ArrayList<>();
    private final List<Reply> replies = new ArrayList<>();
    private HttpServer server;
    private int stalls;

    private record Reply(int status, String body) {}

    private static Reply said(String text, int prompt, int completion) {
        return new Reply(200, """
            {"choices":[{"message":{"role":"assistant","content":"%s"}}],\
            "usage":{"prompt_tokens":%d,"completion_tokens":%d}}""".formatted(text, prompt, completion));
    }

    @BeforeEach
    void open() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/v1/chat/completions", exchange -> {
            asked.add(JsonMapper.shared().readTree(exchange.getRequestBody().readAllBytes()));
            keys.add(String.valueOf(exchange.getRequestHeaders().getFirst("Authorization")));
            if (stalls-- > 0) {
                exchange.sendResponseHeaders(200, 1000);
                exchange.getResponseBody().write('{');
                exchange.getResponseBody().flush();
                return;
            }
            Reply reply = replies.size() > 1 ? replies.removeFirst() : replies.getFirst();
            byte[] body = reply.body().getBytes(StandardCharsets.UTF_8);
            if (reply.status() == 429) {
                exchange.getResponseHeaders().add("Retry-After", "0");
            }
            exchange.sendResponseHeaders(reply.status(), body.length);
            exchange.getResponseBody().write(body);
            exchange.close();
        });
        server.start();
    }

    @AfterEach
    void close() {
        server.stop(0);
    }

    private Incumbent incumbent() {
        return new Incumbent(
                URI.create(
                        "http://127.0.0.1:%d/v1/".formatted(server.getAddress().getPort())),
                "big",
                "secret",
                LIMIT,
                new Pricing.Tokens(2, 10),
                Duration.ofSeconds(20));
    }

    private Endpoint endpoint() {
        UseCase useCase = new TextUseCase(
                new UseCase.Data("own", TASKS, Map.of(), Map.of()),
                new GraderDefinition.StringCheck(StringCheckGrader.Operation.EQ));
        return new Endpoint(incumbent(), useCase, folder.resolve("answers").resolve("incumbent.jsonl"));
    }

    @Test
    void asksAsTheProductDoesAndCountsTheCost() throws IOException {
        replies.add(said("a0", 100, 20));
        Endpoint.Outcome outcome =
                endpoint().answer(TASKS, done -> {}, () -> false).orElseThrow();
        assertEquals(new Answer("a0", 100, 20), outcome.answers().answers().getFirst());
        assertEquals(3, outcome.answers().latencies().length);
        assertEquals(0.4, outcome.pricing().perThousand(outcome.answers()), 1e-12); // 100 * 2 + 20 * 10 a request
        assertEquals("big", asked.getFirst().path("model").asString());
        assertEquals(0, asked.getFirst().path("temperature").asInt());
        assertEquals(LIMIT, asked.getFirst().path("max_completion_tokens").asInt());
        assertEquals(
                "q0", asked.getFirst().path("messages").path(1).path("content").asString());
        assertEquals("Bearer secret", keys.getFirst());
    }

    @Test
    void whatWasAnsweredIsNeverAskedAgain() throws IOException {
        replies.addAll(List.of(said("a0", 1, 1), new Reply(403, "no such model")));
        String message =
                String.valueOf(assertThrows(IOException.class, () -> endpoint().answer(TASKS, done -> {}, () -> false))
                        .getMessage());
        assertTrue(message.contains("[403]") && message.contains("no such model") && message.contains("[t1]"), message);
        assertFalse(message.contains("secret"), message);
        replies.clear();
        replies.add(said("later", 1, 1));
        asked.clear();
        Endpoint.Outcome outcome =
                endpoint().answer(TASKS, done -> {}, () -> false).orElseThrow();
        assertEquals(
                List.of("a0", "later", "later"),
                outcome.answers().answers().stream().map(Answer::output).toList());
        assertEquals(2, asked.size());
        assertFalse(Files.readString(folder.resolve("answers").resolve("incumbent.jsonl"))
                .contains("secret"));
    }

    @Test
    void aBodyThatStopsComingIsBrokenOff() throws IOException {
        stalls = 1;
        replies.add(said("a", 1, 1));
        assertEquals(
                1,
                endpoint()
                        .answer(TASKS.subList(0, 1), done -> {}, () -> false)
                        .orElseThrow()
                        .answers()
                        .answers()
                        .size());
        assertEquals(2, asked.size());
    }

    @Test
    void whatFollowsATornLineIsNotLostWithIt() throws IOException {
        Path log = folder.resolve("answers").resolve("incumbent.jsonl");
        replies.add(said("a", 1, 1));
        endpoint().answer(TASKS.subList(0, 1), done -> {}, () -> false);
        String text = Files.readString(log);
        Files.writeString(log, text + text.substring(0, text.length() / 2));
        endpoint().answer(TASKS.subList(0, 2), done -> {}, () -> false);
        asked.clear();
        endpoint().answer(TASKS.subList(0, 2), done -> {}, () -> false);
        assertEquals(0, asked.size());
    }

    @ParameterizedTest
    @ValueSource(ints = {429, 500, 503})
    void triesAgainWhatMayPass(int status) throws IOException {
        replies.addAll(List.of(new Reply(status, "busy"), said("a", 1, 1)));
        assertEquals(
                1,
                endpoint()
                        .answer(TASKS.subList(0, 1), done -> {}, () -> false)
                        .orElseThrow()
                        .answers()
                        .answers()
                        .size());
        assertEquals(2, asked.size());
    }

    @Test
    void usageThatCannotBeTrueHasNoCost() throws IOException {
        replies.addAll(List.of(said("a", 1, 1), said("a", 1, 0), said("a", -5, 1)));
        Endpoint.Outcome outcome =
                endpoint().answer(TASKS, done -> {}, () -> false).orElseThrow();
        assertEquals(2, outcome.incredible());
        assertInstanceOf(Pricing.Unknown.class, outcome.pricing());
    }

    @ParameterizedTest
    @ValueSource(strings = {"<html>", "{\"choices\":[]}", "[]", ""})
    void whatIsNoCompletionIsShown(String body) {
        replies.add(new Reply(200, body));
        String message =
                String.valueOf(assertThrows(IOException.class, () -> endpoint().answer(TASKS, done -> {}, () -> false))
                        .getMessage());
        assertTrue(message.contains("answers no") && message.contains(body), message);
        assertEquals(1, asked.size());
    }

    @Test
    void aCallIsReadAsAModelWouldWriteIt() throws IOException {
        replies.add(new Reply(200, """
            {"choices":[{"message":{"role":"assistant","content":null,"tool_calls":[{"type":"function","function":\
            {"name":"book","arguments":"{\\"seats\\": 2}"}}]}}],"usage":{"prompt_tokens":1,"completion_tokens":1}}"""));
        assertEquals(
                "{\"name\":\"book\",\"arguments\":{\"seats\":2}}",
                endpoint()
                        .answer(TASKS, done -> {}, () -> false)
                        .orElseThrow()
                        .answers()
                        .answers()
                        .getFirst()
                        .output());
    }

    @Test
    void aUrlThatCannotBeAskedIsRefused() {
        for (String url : List.of("ftp://x/v1", "api.example.com", "https://me:pw@x/v1", "https://x/v1?key=pw")) {
            String message = String.valueOf(assertThrows(
                            IllegalArgumentException.class,
                            () -> new Incumbent(
                                    URI.create(url), "m", null, LIMIT, new Pricing.Unknown(), Duration.ofSeconds(1)))
                    .getMessage());
            assertTrue(message.contains("--incumbent") && !message.contains("pw"), message);
        }
    }
}
