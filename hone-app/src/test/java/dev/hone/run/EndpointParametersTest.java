package dev.hone.run;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.net.httpserver.HttpServer;
import dev.hone.evaluate.Answer;
import dev.hone.evaluate.Judged;
import dev.hone.evaluate.Pricing;
import dev.hone.evaluate.Report;
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
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** Servers that refuse parameters, in the words of those that do; each answers with a text of twelve words, a token each. */
@Timeout(60)
final class EndpointParametersTest {
    private static final String TEXT = "a b c d e f g h i j k l";
    private static final int WORDS = 12;

    private static final List<Task> TASKS = IntStream.range(0, 3)
            .mapToObj(i -> new Task("t" + i, Conversation.of(ChatMessage.of("user", "q" + i)), TEXT, Map.of()))
            .toList();

    private static final UseCase USE_CASE = new TextUseCase(
            new UseCase.Data("own", TASKS, Map.of(), Map.of()),
            new GraderDefinition.StringCheck(StringCheckGrader.Operation.EQ));

    @TempDir
    private Path folder;

    private final List<JsonNode> asked = new ArrayList<>();
    private Function<JsonNode, Reply> behaviour = request -> completion(WORDS);
    private HttpServer server;

    private record Reply(int status, String body) {}

    @BeforeEach
    void open() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/v1/chat/completions", exchange -> {
            JsonNode request =
                    JsonMapper.shared().readTree(exchange.getRequestBody().readAllBytes());
            asked.add(request);
            Reply reply = behaviour.apply(request);
            byte[] body = reply.body().getBytes(StandardCharsets.UTF_8);
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

    /** As many of the words as may be. */
    private static Reply completion(int most) {
        int words = Math.min(most, WORDS);
        ObjectNode body = JsonMapper.shared().createObjectNode();
        ObjectNode choice = body.putArray("choices").addObject();
        choice.put("finish_reason", words < WORDS ? "length" : "stop");
        choice.putObject("message").put("role", "assistant").put("content", TEXT.substring(0, 2 * words - 1));
        body.putObject("usage").put("prompt_tokens", 5).put("completion_tokens", words);
        return new Reply(200, body.toString());
    }

    private static Reply refusal(String message, String param, String code) {
        ObjectNode body = JsonMapper.shared().createObjectNode();
        body.putObject("error")
                .put("message", message)
                .put("type", "invalid_request_error")
                .put("param", param)
                .put("code", code);
        return new Reply(400, body.toString());
    }

    /** OpenAI's reasoning models: the new name alone, and no temperature but their own. */
    private static Reply reasoning(JsonNode request) {
        if (request.has("max_tokens")) {
            return refusal(
                    "Unsupported parameter: 'max_tokens' is not supported with this model. Use 'max_completion_tokens' instead.",
                    "max_tokens",
                    "unsupported_parameter");
        }
        if (request.path("temperature").asDouble(1) != 1) {
            return refusal(
                    "Unsupported value: 'temperature' does not support 0 with this model. Only the default (1) value is supported.",
                    "temperature",
                    "unsupported_value");
        }
        return completion(request.path("max_completion_tokens").asInt(WORDS));
    }

    /** vLLM before 0.6.4: the old name alone; the refusal has no {@code error} around it. */
    private static Reply oldVllm(JsonNode request) {
        return request.has("max_completion_tokens")
                ? new Reply(
                        400,
                        "{\"object\":\"error\",\"message\":\"[{'type': 'extra_forbidden', 'loc': ('body', 'max_completion_tokens'), 'msg': 'Extra inputs are not permitted', 'input': 64}]\",\"type\":\"BadRequestError\",\"param\":null,\"code\":400}")
                : completion(request.path("max_tokens").asInt(WORDS));
    }

    /** A server of FastAPI that forbids what it does not know. */
    private static Reply strict(JsonNode request) {
        return request.has("max_completion_tokens")
                ? new Reply(
                        422,
                        "{\"detail\":[{\"type\":\"extra_forbidden\",\"loc\":[\"body\",\"max_completion_tokens\"],\"msg\":\"Extra inputs are not permitted\",\"input\":64}]}")
                : completion(request.path("max_tokens").asInt(WORDS));
    }

    private Endpoint endpoint(int maxTokens) {
        Incumbent incumbent = new Incumbent(
                URI.create(
                        "http://127.0.0.1:%d/v1".formatted(server.getAddress().getPort())),
                "big",
                null,
                maxTokens,
                new Pricing.Unknown(),
                Duration.ofSeconds(5));
        return new Endpoint(incumbent, USE_CASE, folder.resolve("incumbent.jsonl"));
    }

    private Endpoint.Outcome answer(int maxTokens) throws IOException {
        return endpoint(maxTokens).answer(TASKS, done -> {}, () -> false).orElseThrow();
    }

    private String failure(int maxTokens) {
        return String.valueOf(
                assertThrows(IOException.class, () -> answer(maxTokens)).getMessage());
    }

    @Test
    void aReasoningModelIsAskedByTheNewNameAndWithoutATemperature() throws IOException {
        behaviour = EndpointParametersTest::reasoning;
        Endpoint.Outcome outcome = answer(16_384);
        assertEquals(
                List.of(TEXT, TEXT, TEXT),
                outcome.answers().answers().stream().map(Answer::output).toList());
        assertEquals(4, asked.size(), "the refusal is remembered: " + asked);
        assertEquals(0, asked.getFirst().path("temperature").asInt(-1));
        for (JsonNode request : asked.subList(1, 4)) {
            assertEquals(16_384, request.path("max_completion_tokens").asInt());
            assertFalse(request.has("temperature") || request.has("max_tokens"), request.toString());
        }
        assertEquals(0, outcome.answers().cut());
    }

    @Test
    void anOldServerIsAskedByTheOldNameAtTemperatureZero() throws IOException {
        behaviour = EndpointParametersTest::oldVllm;
        assertAskedByTheOldName(100);
        behaviour = EndpointParametersTest::strict;
        assertAskedByTheOldName(101);
    }

    private void assertAskedByTheOldName(int limit) throws IOException {
        asked.clear();
        assertEquals(0, answer(limit).answers().cut());
        assertEquals(4, asked.size(), "the refusal is remembered: " + asked);
        for (JsonNode request : asked.subList(1, 4)) {
            assertEquals(limit, request.path("max_tokens").asInt());
            assertEquals(0, request.path("temperature").asInt(-1));
            assertFalse(request.has("max_completion_tokens"), request.toString());
        }
    }

    /** llama.cpp before February 2026 knows the new name as little, and does not say so: its answers are whole. */
    @Test
    void aServerThatIgnoresTheNameIsAskedOnceATask() throws IOException {
        assertEquals(0, answer(4).answers().cut());
        assertEquals(3, asked.size());
    }

    @Test
    void answersThatAreCutAreCountedAlsoWhenTheyAreReadAgain() throws IOException {
        behaviour = request ->
                request.path("messages").path(0).path("content").asString().equals("q1")
                        ? completion(WORDS)
                        : completion(request.path("max_completion_tokens").asInt());
        Endpoint.Outcome outcome = answer(5);
        assertEquals("a b c d e", outcome.answers().answers().getFirst().output());
        assertEquals(2, outcome.answers().cut());
        asked.clear();
        Endpoint.Outcome again = answer(5);
        assertEquals(0, asked.size());
        assertEquals(2, again.answers().cut());
        Report.Contender contender =
                Report.contender(Judged.of(TASKS, again.answers(), USE_CASE.grader()), new Pricing.Unknown());
        assertEquals(2, contender.cut());
        assertEquals(1.0 / 3, contender.quality().value(), 1e-12);
        assertEquals(0, answer(50).answers().cut(), "with more tokens everyone is asked again");
        assertEquals(3, asked.size());
    }

    /** A smaller number would do: asking by the other name would not. */
    @Test
    void aLimitThatIsTooLargeIsNamedWithItsOption() {
        behaviour = request -> refusal(
                "max_tokens is too large: 16384. This model supports at most 4096 completion tokens, whereas you provided 16384.",
                "max_completion_tokens",
                "invalid_value");
        String message = failure(16_384);
        assertTrue(
                message.contains("[max_completion_tokens] of [16384]") && message.contains("--incumbent-max-tokens"),
                message);
        assertEquals(1, asked.size());
    }

    @Test
    void aQuestionAndALimitThatTogetherHaveNoRoomAreTheLimitsFault() {
        behaviour = request -> new Reply(
                400,
                "{\"object\":\"error\",\"message\":\"This model's maximum context length is 4096 tokens. However, you requested 16390 tokens (6 in the messages, 16384 in the completion).\",\"param\":null,\"code\":400}");
        String message = failure(16_384);
        assertTrue(
                message.contains("maximum context length is 4096") && message.contains("--incumbent-max-tokens"),
                message);
    }

    @Test
    void anyOtherParameterThatIsRefusedIsNamed() {
        behaviour = request -> refusal(
                "Unsupported value: 'messages[0].role' does not support 'system' with this model.",
                "messages[0].role",
                "unsupported_value");
        String message = failure(64);
        assertTrue(message.contains("it refuses the parameter [messages[0].role]"), message);
        assertEquals(1, asked.size());
    }

    /** Whoever refuses both names cannot be asked, and is not asked for ever. */
    @Test
    void bothNamesRefusedEndIt() {
        behaviour = request -> request.has("max_completion_tokens")
                ? oldVllm(request)
                : refusal("Unrecognized request argument supplied: max_tokens", "max_tokens", "unknown");
        String message = failure(64);
        assertTrue(message.contains("[max_tokens]"), message);
        assertEquals(2, asked.size());
    }
}
