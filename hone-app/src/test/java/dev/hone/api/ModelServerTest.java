package dev.hone.api;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.hone.api.HttpPeer.Reply;
import dev.hone.fetch.FetchListener;
import dev.hone.record.SamplingMode;
import dev.hone.run.LoadedModel;
import dev.hone.run.PromptForm;
import dev.hone.run.Taught;
import java.io.IOException;
import java.io.OutputStream;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** A random model in a real worker behind real HTTP. */
@Timeout(300)
class ModelServerTest {
    private static final String TOOLS = """
            "tools":[{"type":"function","function":{"name":"book","description":"d","parameters":{"type":"object",\
            "properties":{"seats":{"type":"integer","minimum":1,"maximum":9},"class":{"enum":["a","b\\"c"]},"x":{"type":"boolean"}},\
            "required":["seats","class"]}}},{"type":"function","function":{"name":"pay"}}]""";
    private static final int QUEUE = 2;
    private static final Duration MOST = Duration.ofSeconds(60);
    private static final List<String> TROUBLE = new CopyOnWriteArrayList<>();

    @TempDir
    static Path folder;

    private static LoadedModel model;
    private static ModelServer server;
    private static HttpPeer peer;

    @BeforeAll
    static void open() throws IOException {
        model = LoadedModel.open(TinyByteModel.write(folder.resolve("model")).toString(), FetchListener.SILENT);
        server = ModelServer.open(options(0), model, TROUBLE::add);
        peer = new HttpPeer(server.url());
    }

    private static ServerOptions options(int port) {
        return options(port, 1);
    }

    private static ServerOptions options(int port, int bestOf) {
        return new ServerOptions(
                "127.0.0.1",
                port,
                "tiny",
                SamplingMode.EXACT,
                Taught.in(PromptForm.MESSAGES),
                bestOf,
                4,
                QUEUE,
                TinyByteModel.POSITIONS,
                MOST);
    }

    /** What is being answered ends before the server does. */
    @AfterAll
    static void close() throws Exception {
        CompletableFuture<Reply> last =
                CompletableFuture.supplyAsync(() -> peer.chat(ask(",\"max_tokens\":400,\"temperature\":0")));
        within(MOST, () -> requests() == 1 || last.isDone());
        server.close();
        assertEquals(200, last.get(120, TimeUnit.SECONDS).status());
        assertThrows(RuntimeException.class, () -> peer.chat(ask("")));
        model.close();
    }

    /** Whatever a test has left behind, the server ends it by itself. */
    @AfterEach
    void isIdle() {
        within(MOST, () -> requests() == 0);
    }

    private static String said(String request) throws IOException {
        try (Socket socket = new Socket("127.0.0.1", URI.create(server.url()).getPort())) {
            socket.getOutputStream().write((request + "Connection: close\r\n\r\n").getBytes(StandardCharsets.UTF_8));
            return new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    /** No key is asked for, so what a browser sends for somebody else's page must be told by what it says. */
    @ParameterizedTest
    @CsvSource({
        "403, foreign_origin, Host: localhost, Origin: https://evil.example",
        "403, foreign_origin, Host: localhost, Origin: null",
        "403, foreign_origin, Host: localhost, Sec-Fetch-Site: cross-site",
        "403, foreign_host, Host: evil.example, Accept: */*",
        "403, foreign_host, Host: evil.example, Origin: http://evil.example",
        "200, tiny, Host: localhost, Origin: http://localhost",
        "200, tiny, Host: 127.0.0.1:1, Sec-Fetch-Site: none"
    })
    void pagesOfOthersAreNotAnswered(int status, String word, String host, String header) throws IOException {
        String answer = said("GET /v1/models HTTP/1.1\r\n%s\r\n%s\r\n".formatted(host, header));
        assertTrue(answer.startsWith("HTTP/1.1 " + status) && answer.contains("\"" + word + "\""), answer);
        assertEquals(status == 403, answer.contains("\"type\":\"permission_error\""), answer);
        String chat =
                said("POST /v1/chat/completions HTTP/1.1\r\n%s\r\n%s\r\nContent-Length: 0\r\n".formatted(host, header));
        assertTrue(chat.startsWith("HTTP/1.1 " + (status == 403 ? 403 : 415)), chat);
        assertTrue(said("GET /health HTTP/1.1\r\n%s\r\n%s\r\n".formatted(host, header))
                .startsWith("HTTP/1.1 200"));
    }

    private static int requests() {
        return Integer.parseInt(health().at("/requests"));
    }

    private static Reply health() {
        return new HttpPeer(server.url().replace("/v1", "")).get("/health");
    }

    private static void within(Duration time, BooleanSupplier condition) {
        long end = System.nanoTime() + time.toNanos();
        while (!condition.getAsBoolean()) {
            assertTrue(System.nanoTime() < end, "not within " + time);
            try {
                Thread.sleep(20);
            } catch (InterruptedException e) {
                throw new IllegalStateException(e);
            }
        }
    }

    private static String ask(String more) {
        return "{\"model\":\"tiny\",\"messages\":[{\"role\":\"user\",\"content\":\"Hi\"}]" + more + "}";
    }

    /** The same seed draws the same answers, of which the client or the server takes the most probable. */
    @Test
    void givesTheMostProbableOfSeveralWhereAskedTo() throws IOException {
        String wanted = """
            ,"seed":5,"logprobs":true,"response_format":{"type":"json_schema","json_schema":{"name":"one","schema":\
            {"enum":["alpha","beta","gamma","delta","omega","a","bb","ccc"]}}}""";
        JsonNode all = peer.chat(ask(wanted + ",\"n\":4,\"temperature\":1")).json();
        String best = "";
        double most = Double.NEGATIVE_INFINITY;
        for (JsonNode choice : all.path("choices")) {
            double logprob = 0;
            for (JsonNode token : choice.at("/logprobs/content")) {
                logprob += token.path("logprob").doubleValue();
            }
            if (logprob > most) {
                most = logprob;
                best = choice.at("/message/content").asString();
            }
        }
        try (ModelServer several = ModelServer.open(options(0, 4), model, TROUBLE::add)) {
            HttpPeer asking = new HttpPeer(several.url());
            Reply one = asking.chat(ask(wanted + ",\"temperature\":0"));
            assertEquals(best, one.at("/choices/0/message/content"));
            assertEquals(1, one.json().path("choices").size());
            assertEquals(
                    all.at("/usage/completion_tokens").intValue(),
                    one.json().at("/usage/completion_tokens").intValue());
            StringBuilder streamed = new StringBuilder();
            for (String event : asking.events(ask(wanted + ",\"temperature\":0,\"stream\":true"))) {
                if (!event.equals("[DONE]")) {
                    streamed.append(JsonMapper.shared()
                            .readTree(event)
                            .at("/choices/0/delta/content")
                            .asString(""));
                }
            }
            assertEquals(best, streamed.toString());
        }
    }

    @Test
    void answersWhole() {
        Reply reply = peer.chat(ask(",\"max_tokens\":20,\"seed\":3,\"user\":\"u\",\"store\":true,\"logprobs\":true"));
        assertEquals(200, reply.status());
        assertEquals("chat.completion", reply.at("/object"));
        assertEquals("assistant", reply.at("/choices/0/message/role"));
        assertEquals("length", reply.at("/choices/0/finish_reason"));
        assertFalse(reply.at("/choices/0/message/content").isEmpty());
        assertEquals(20, reply.json().at("/usage/completion_tokens").intValue());
        assertEquals(
                "<|turn|>user:Hi<|end|><|turn|>assistant:"
                        .replaceAll("<\\|\\w+\\|>", ".")
                        .length(),
                reply.json().at("/usage/prompt_tokens").intValue());
        JsonNode logprobs = reply.json().at("/choices/0/logprobs/content");
        assertEquals(20, logprobs.size());
        assertTrue(logprobs.get(0).path("logprob").doubleValue() < 0);
        assertEquals(
                reply.at("/choices/0/message/content"),
                peer.chat(ask(",\"max_completion_tokens\":20,\"seed\":3")).at("/choices/0/message/content"));
        assertNotEquals(
                reply.at("/choices/0/message/content"),
                peer.chat(ask(",\"max_tokens\":20,\"seed\":4")).at("/choices/0/message/content"));
    }

    /** Random bytes: most characters of a stream are broken, and some are spread over tokens. */
    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
        ,"seed":7,"temperature":1.3,"max_tokens":150
        ,"seed":8,"n":3,"max_tokens":50,"top_p":0.9
        ,"seed":9,"max_tokens":200,"stop":["e","zz"]
        ,"seed":10,"max_tokens":60,"logprobs":true
        ,"seed":11,"max_tokens":100,"response_format":{"type":"json_schema","json_schema":{"name":"s","schema":{"type":"string","minLength":20}}}
        """)
    void theDeltasOfAStreamAreTheWholeAnswer(String more) {
        Reply whole = peer.chat(ask(more));
        assertEquals(200, whole.status(), whole.json()::toString);
        List<String> events = peer.events(ask(more + ",\"stream\":true,\"stream_options\":{\"include_usage\":true}"));
        assertEquals("[DONE]", events.getLast());
        List<JsonNode> chunks = events.subList(0, events.size() - 1).stream()
                .map(JsonMapper.shared()::readTree)
                .toList();
        assertEquals(whole.json().path("usage"), chunks.getLast().path("usage"));
        assertTrue(chunks.size() > 5, "not in pieces");
        for (JsonNode choice : whole.json().path("choices")) {
            StringBuilder content = new StringBuilder();
            List<JsonNode> logprobs = new ArrayList<>();
            String reason = "";
            for (JsonNode chunk : chunks) {
                for (JsonNode part : chunk.path("choices")) {
                    if (part.path("index").intValue() == choice.path("index").intValue()) {
                        content.append(part.at("/delta/content").asString(""));
                        part.at("/logprobs/content").forEach(logprobs::add);
                        reason = part.path("finish_reason").asString("");
                    }
                }
            }
            assertEquals(choice.at("/message/content").asString(), content.toString());
            assertEquals(choice.path("finish_reason").asString(), reason);
            assertEquals(choice.at("/logprobs/content").size(), logprobs.size());
        }
    }

    @Test
    void aStopTextEndsTheAnswerAndIsNotPartOfIt() {
        String stopped =
                peer.chat(ask(",\"seed\":9,\"max_tokens\":200,\"stop\":\"e\"")).at("/choices/0/message/content");
        String whole = peer.chat(ask(",\"seed\":9,\"max_tokens\":200")).at("/choices/0/message/content");
        assertTrue(whole.contains("e"), "the seed is of no use");
        assertEquals(whole.substring(0, whole.indexOf('e')), stopped);
    }

    @ParameterizedTest
    @CsvSource({"auto,", "required,", "pay,pay", "book,book"})
    void aCallObeysTheSchemaOfAnOfferedTool(String choice, String only) {
        String chosen = only == null
                ? "\"" + choice + "\""
                : "{\"type\":\"function\",\"function\":{\"name\":\"" + only + "\"}}";
        for (int seed = 0; seed < 3; seed++) {
            String asked = ask("," + TOOLS + ",\"tool_choice\":" + chosen + ",\"seed\":" + seed);
            Reply reply = peer.chat(asked);
            assertEquals("tool_calls", reply.at("/choices/0/finish_reason"), reply.json()::toString);
            JsonNode function = reply.json().at("/choices/0/message/tool_calls/0/function");
            JsonNode arguments =
                    JsonMapper.shared().readTree(function.path("arguments").asString());
            switch (function.path("name").asString()) {
                case "book" -> {
                    assertTrue(arguments.path("seats").intValue() >= 1
                            && arguments.path("seats").intValue() <= 9);
                    assertTrue(List.of("a", "b\"c")
                            .contains(arguments.path("class").asString()));
                    assertTrue(arguments.size() <= 3);
                }
                case "pay" -> assertTrue(arguments.isEmpty());
                default -> throw new AssertionError(function.toString());
            }
            if (only != null) {
                assertEquals(only, function.path("name").asString());
            }
            StringBuilder streamed = new StringBuilder();
            for (String event : peer.events(
                    ask("," + TOOLS + ",\"tool_choice\":" + chosen + ",\"stream\":true,\"seed\":" + seed))) {
                if (!event.equals("[DONE]")) {
                    JsonNode delta = JsonMapper.shared().readTree(event).at("/choices/0/delta");
                    streamed.append(delta.at("/tool_calls/0/function/name").asString(""));
                    streamed.append(delta.at("/tool_calls/0/function/arguments").asString(""));
                }
            }
            assertEquals(
                    function.path("name").asString()
                            + function.path("arguments").asString(),
                    streamed.toString());
        }
    }

    @Test
    void aCallThatIsCutSaysSo() {
        Reply reply =
                peer.chat(ask("," + TOOLS + ",\"max_tokens\":40,\"seed\":1,\"tool_choice\":{\"type\":\"function\","
                        + "\"function\":{\"name\":\"book\"}}"));
        assertEquals("length", reply.at("/choices/0/finish_reason"));
    }

    @Test
    void afterAToolHasAnsweredTheAssistantSpeaks() {
        Reply reply = peer.chat("{\"model\":\"tiny\",\"max_tokens\":5," + TOOLS
                + ",\"messages\":[{\"role\":\"user\",\"content\":[{\"type\":\"text\",\"text\":\"Pay\"}]},"
                + "{\"role\":\"assistant\",\"content\":null,\"tool_calls\":[{\"id\":\"c\",\"type\":\"function\","
                + "\"function\":{\"name\":\"pay\",\"arguments\":\"{}\"}}]},"
                + "{\"role\":\"tool\",\"tool_call_id\":\"c\",\"content\":\"paid\"}]}");
        assertEquals(200, reply.status());
        assertTrue(reply.json().at("/choices/0/message/content").isString());
    }

    @Test
    void anAnswerObeysItsSchema() {
        String format =
                ",\"max_tokens\":500,\"response_format\":{\"type\":\"json_schema\",\"json_schema\":{\"name\":\"s\","
                        + "\"strict\":true,\"schema\":{\"type\":\"object\",\"properties\":{\"ok\":{\"type\":\"boolean\"},"
                        + "\"n\":{\"enum\":[1,22,333]}},\"required\":[\"ok\",\"n\"],\"additionalProperties\":false}}}";
        for (int seed = 0; seed < 5; seed++) {
            Reply reply = peer.chat(ask(format + ",\"seed\":" + seed));
            JsonNode answer = JsonMapper.shared().readTree(reply.at("/choices/0/message/content"));
            assertTrue(answer.path("ok").isBoolean(), reply.json()::toString);
            assertTrue(List.of(1, 22, 333).contains(answer.path("n").intValue()), reply.json()::toString);
            assertEquals(2, answer.size());
            assertEquals("stop", reply.at("/choices/0/finish_reason"));
        }
    }

    @Test
    void badBodiesAndPlacesAreRefused() {
        Reply hot = peer.chat(ask(",\"temperature\":3"));
        assertEquals(400, hot.status());
        assertEquals("temperature", hot.at("/error/param"));
        assertEquals("invalid_value", hot.at("/error/code"));
        assertEquals("invalid_request_error", hot.at("/error/type"));
        assertTrue(hot.at("/error/message").contains("[3]"), hot.json()::toString);
        assertEquals(
                "messages", peer.chat(ask("").replace("Hi", "never")).at("/error/param"), "the template refuses it");
        assertEquals("invalid_json", peer.chat("{").at("/error/code"));
        assertEquals("invalid_json", peer.chat("{\"a\":1,\"a\":2}").at("/error/code"));
        assertEquals("invalid_json", peer.chat("[".repeat(1000)).at("/error/code"));
        assertEquals(400, peer.chat("[]").status());
        assertEquals("model", peer.chat("{\"messages\":[]}").at("/error/param"));
        Reply other = peer.chat("{\"model\":\"gpt-4o\",\"messages\":[]}");
        assertEquals(404, other.status());
        assertTrue(other.at("/error/message").contains("[tiny]"));
        assertEquals(415, peer.post("/chat/completions", "text/plain", ask("")).status());
        assertEquals(
                413,
                peer.chat(ask(",\"user\":\"" + "x".repeat(Exchange.MOST_BYTES) + "\""))
                        .status());
        assertEquals(405, peer.get("/chat/completions").status());
        assertEquals(404, peer.get("/embeddings").status());
        assertEquals("tiny", peer.get("/models").at("/data/0/id"));
        assertEquals("tiny", peer.get("/models/tiny").at("/id"));
        assertEquals("model_not_found", peer.get("/models/large").at("/error/code"));
    }

    @Test
    void aPromptBeyondTheContextNamesBothNumbers() {
        Reply reply = peer.chat(ask("").replace("Hi", "x".repeat(3000)));
        assertEquals(400, reply.status());
        assertEquals("context_length_exceeded", reply.at("/error/code"));
        assertTrue(
                reply.at("/error/message").contains("[3018]")
                        && reply.at("/error/message").contains("[" + TinyByteModel.POSITIONS + "]"),
                reply.json()::toString);
    }

    @Test
    void aShortRequestIsAnsweredWhileALongOneGoesOn() throws Exception {
        CompletableFuture<Reply> longOne = CompletableFuture.supplyAsync(
                () -> peer.chat(ask(",\"max_tokens\":600,\"seed\":2,\"temperature\":0.1")));
        within(MOST, () -> requests() == 1);
        Reply shortOne = peer.chat(ask(",\"max_tokens\":5"));
        assertEquals(200, shortOne.status());
        assertFalse(longOne.isDone(), "the short one waited");
        assertEquals(200, longOne.get(120, TimeUnit.SECONDS).status());
    }

    @Test
    void moreThanTheQueueHoldsAreToldToComeBack() throws Exception {
        List<CompletableFuture<Reply>> asked = new ArrayList<>();
        for (int i = 0; i < 4 + QUEUE; i++) {
            asked.add(CompletableFuture.supplyAsync(() -> peer.chat(ask(",\"max_tokens\":600,\"temperature\":0"))));
        }
        within(MOST, () -> requests() == 4 + QUEUE);
        Reply refused = peer.chat(ask(""));
        assertEquals(429, refused.status());
        assertEquals("1", refused.response().headers().firstValue("Retry-After").orElse(""));
        for (CompletableFuture<Reply> one : asked) {
            assertEquals(200, one.get(120, TimeUnit.SECONDS).status());
        }
    }

    /** Streams notice it in writing; who waits for a whole answer is not written to. */
    @ParameterizedTest
    @CsvSource({"true", "false"})
    void aCallerWhoLeavesEndsTheSampling(boolean stream) throws Exception {
        Left soonest = leaves(stream);
        for (int i = 0; i < 4 && !soonest.isSoon(); i++) {
            // Of a few the soonest tells, since the machine may be busy.
            soonest = leaves(stream);
        }
        assertTrue(soonest.isSoon(), "its sampling goes on, or the rows are still taken: " + soonest);
    }

    /**
     * What came of a caller who left.
     *
     * @param ending nanoseconds until its request had ended
     * @param next nanoseconds that an answer took then which needs all rows: nobody samples for the one who left
     */
    private record Left(long ending, long next) {
        boolean isSoon() {
            return ending < 1_000_000_000L && next < 3_000_000_000L;
        }
    }

    private static Left leaves(boolean stream) throws IOException {
        URI address = URI.create(server.url());
        String body = ask(",\"n\":4,\"temperature\":0.1,\"stream\":" + stream);
        try (Socket socket = new Socket("127.0.0.1", address.getPort())) {
            OutputStream out = socket.getOutputStream();
            out.write(
                    ("POST /v1/chat/completions HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: "
                                    + body.length() + "\r\n\r\n" + body)
                            .getBytes(StandardCharsets.US_ASCII));
            out.flush();
            within(MOST, () -> requests() == 1);
        }
        long left = System.nanoTime();
        within(MOST, () -> requests() == 0);
        long ended = System.nanoTime();
        assertEquals(200, peer.chat(ask(",\"max_tokens\":3,\"n\":4")).status());
        return new Left(ended - left, System.nanoTime() - ended);
    }

    @Test
    void aDeadWorkerIsAnErrorForItsRequestsAndTheNextOneHasANewWorker() throws Exception {
        CompletableFuture<Reply> orphan =
                CompletableFuture.supplyAsync(() -> peer.chat(ask(",\"max_tokens\":1900,\"temperature\":0.5,\"n\":4")));
        within(MOST, () -> requests() == 1);
        ProcessHandle.of(server.workerPid()).orElseThrow().destroyForcibly();
        Reply failed = orphan.get(120, TimeUnit.SECONDS);
        assertEquals(500, failed.status());
        assertEquals("server_error", failed.at("/error/type"));
        assertTrue(TROUBLE.getLast().contains("SIGKILL"), TROUBLE::toString);
        assertEquals(200, peer.chat(ask(",\"max_tokens\":3")).status());
    }

    @Test
    void aTakenPortIsSaidWithItsRemedy() {
        int port = URI.create(server.url()).getPort();
        String message = assertThrows(
                        IllegalArgumentException.class, () -> ModelServer.open(options(port), model, TROUBLE::add))
                .getMessage();
        assertTrue(message.contains("[" + port + "]") && message.contains("--port"), message);
    }

    @Test
    void nothingOfARequestIsLogged() {
        peer.chat(ask(",\"max_tokens\":2").replace("Hi", "swordfish"));
        peer.chat(ask(",\"swordfish\":1"));
        assertTrue(TROUBLE.stream().noneMatch(line -> line.contains("swordfish")), TROUBLE::toString);
    }
}
