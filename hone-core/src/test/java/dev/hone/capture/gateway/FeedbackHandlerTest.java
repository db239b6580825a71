package dev.hone.capture.gateway;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.hone.capture.access.Budgets;
import dev.hone.capture.access.KeyRing;
import dev.hone.capture.access.RateLimits;
import dev.hone.capture.access.Secret;
import dev.hone.capture.feedback.FeedbackDesk;
import dev.hone.capture.feedback.Judging;
import dev.hone.capture.journal.Journal;
import dev.hone.capture.journal.Position;
import dev.hone.record.ApiKey;
import dev.hone.record.CallUsage;
import dev.hone.record.CapturedCall;
import dev.hone.record.Ids;
import dev.hone.record.Project;
import dev.hone.store.Feedbacks;
import dev.hone.store.TestDatabase;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.eclipse.jetty.server.Handler;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** A real client at a real port. */
@Timeout(60)
final class FeedbackHandlerTest {
    @TempDir
    Path folder;

    private final Secret says = Secret.random();
    private final Secret calls = Secret.random();
    private final HttpClient http = HttpClient.newHttpClient();
    private final List<String> troubles = Collections.synchronizedList(new ArrayList<>());
    private Journal journal;
    private FeedbackDesk desk;
    private Gateway gateway;
    private EdgeServer server;
    private UUID trace;

    @BeforeEach
    void open() throws Exception {
        journal = Journal.open(folder, Journal.Options.STANDARD);
        desk = new FeedbackDesk(
                journal,
                () -> Position.START,
                () -> Optional.of(new Feedbacks(TestDatabase.database())),
                () -> Judging.NOTHING,
                () -> true,
                InstantSource.system());
        KeyRing keys = new KeyRing(
                () -> List.of(key(says, ApiKey.Scope.FEEDBACK), key(calls, ApiKey.Scope.CALL)),
                folder.resolve("keys.json"),
                InstantSource.system(),
                troubles::add);
        gateway = new Gateway(
                new Configuration(
                        new GatewayOptions(1 << 20, 1 << 20, false, Duration.ofSeconds(15)),
                        "USD",
                        List.of(),
                        List.of(),
                        "0".repeat(64)),
                journal,
                new Admission(
                        keys,
                        new Budgets(month -> Map.of(), () -> Position.START, InstantSource.system(), troubles::add),
                        new RateLimits(System::nanoTime)),
                new EndUsers(new byte[32]));
        server = EdgeServer.bind("127.0.0.1", 0, Duration.ZERO);
        server.start(new Handler.Sequence(
                new FeedbackHandler(gateway, desk, troubles::add), new GatewayHandler(gateway, troubles::add)));
        trace = Ids.next();
        journal.append(CallCodec.encode(new CapturedCall(
                new CapturedCall.Facts(
                        trace,
                        Instant.now(),
                        "/v1/chat/completions",
                        "openai/gpt",
                        "openai/gpt",
                        false,
                        "openai/gpt",
                        CapturedCall.Origin.NONE,
                        false,
                        200,
                        CapturedCall.End.ANSWERED,
                        1.5,
                        2.5,
                        CallUsage.UNKNOWN,
                        null,
                        List.of()),
                new byte[0],
                new byte[0])));
    }

    @AfterEach
    void close() throws Exception {
        server.close();
        gateway.close();
        desk.close();
        journal.close();
        assertEquals(List.of(), troubles);
    }

    private static ApiKey key(Secret secret, ApiKey.Scope scope) {
        return new ApiKey(
                Ids.next(),
                scope.name(),
                secret.hash(),
                secret.hint(),
                Set.of(scope),
                Project.DEFAULT,
                ApiKey.Bounds.NONE,
                "me",
                Instant.now(),
                null,
                null);
    }

    private HttpResponse<String> send(String method, String path, String authorization, String body) throws Exception {
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(server.url() + path))
                .method(method, HttpRequest.BodyPublishers.ofString(body));
        if (!authorization.isEmpty()) {
            request.header("Authorization", authorization);
        }
        return http.send(request.build(), HttpResponse.BodyHandlers.ofString());
    }

    private HttpResponse<String> say(String body) throws Exception {
        return send("POST", "/feedback", "Bearer " + says.text(), body.replace("TRACE", trace.toString()));
    }

    private static void assertError(int status, String type, String code, String param, HttpResponse<String> response) {
        assertEquals(status, response.statusCode(), response.body());
        JsonNode error = JsonMapper.shared().readTree(response.body()).path("error");
        assertEquals(type, error.path("type").asString(""));
        assertEquals(code, error.path("code").asString(""));
        assertEquals(
                param, error.path("param").isNull() ? "" : error.path("param").asString());
    }

    @Test
    void whatIsSaidIsTaken() throws Exception {
        HttpResponse<String> one = say(
                "{\"trace\":\"TRACE\",\"kind\":\"boolean\",\"name\":\"rating\",\"value\":true,\"id\":\"ab\",\"author\":\"é\"}");
        assertEquals(200, one.statusCode(), one.body());
        assertEquals(
                "{\"object\":\"feedback\",\"id\":\"ab\",\"trace\":\"%s\",\"status\":\"accepted\"}".formatted(trace),
                one.body());
        HttpResponse<String> list = send(
                "POST",
                "/v1/feedback",
                "Bearer " + says.text(),
                " [{\"trace\":\"TRACE\",\"kind\":\"comment\",\"value\":\"x\"}]".replace("TRACE", trace.toString()));
        assertEquals(200, list.statusCode(), list.body());
        assertEquals(
                trace.toString(),
                JsonMapper.shared().readTree(list.body()).at("/data/0/trace").asString());
        assertEquals(3, journal.read(Position.START, Long.MAX_VALUE).records().size());
    }

    @Test
    void whatIsNotTakenIsSaidAsOpenAiDoes() throws Exception {
        String comment = "{\"trace\":\"TRACE\",\"kind\":\"comment\",\"value\":\"x\"}";
        assertError(401, "authentication_error", "missing_api_key", "", send("POST", "/feedback", "", comment));
        assertError(401, "authentication_error", "invalid_api_key", "", send("POST", "/feedback", "Bearer x", comment));
        assertError(
                403,
                "permission_error",
                "insufficient_scope",
                "",
                send("POST", "/feedback", "Bearer " + calls.text(), comment));
        assertError(
                405,
                "invalid_request_error",
                "method_not_allowed",
                "",
                send("PUT", "/feedback", "Bearer " + says.text(), comment));
        assertError(400, "invalid_request_error", "invalid_value", "kind", say("{\"trace\":\"TRACE\",\"kind\":1}"));
        assertError(400, "invalid_request_error", "invalid_json", "", say(""));
        assertError(
                404,
                "invalid_request_error",
                "trace_not_found",
                "trace",
                say(comment.replace("TRACE", Ids.next().toString())));
        assertError(413, "invalid_request_error", "request_too_large", "", say("[" + " ".repeat(5 << 20)));
        assertEquals(1, journal.read(Position.START, Long.MAX_VALUE).records().size());
        assertError(
                404,
                "invalid_request_error",
                "unknown_url",
                "",
                send("POST", "/v1/feedbacks", "Bearer " + says.text(), comment));
    }

    /** What is taken stands in the journal as it came: it is UTF-8, and no other encoding. */
    @Test
    void anotherEncodingIsRefused() throws Exception {
        String comment = "{\"trace\":\"%s\",\"kind\":\"comment\",\"value\":\"x\"}".formatted(trace);
        byte[] overlong = comment.replace("x", "xx").getBytes(StandardCharsets.UTF_8);
        int at = comment.lastIndexOf('x');
        overlong[at] = (byte) 0xc0;
        overlong[at + 1] = (byte) 0x80;
        for (byte[] body : List.of(comment.getBytes(StandardCharsets.UTF_16LE), overlong)) {
            HttpResponse<String> response = http.send(
                    HttpRequest.newBuilder(URI.create(server.url() + "/feedback"))
                            .header("Authorization", "Bearer " + says.text())
                            .POST(HttpRequest.BodyPublishers.ofByteArray(body))
                            .build(),
                    HttpResponse.BodyHandlers.ofString());
            assertError(400, "invalid_request_error", "invalid_json", "", response);
            String offset = body == overlong ? "[%d]".formatted(at) : "[1]";
            assertTrue(response.body().contains("byte " + offset), response.body());
        }
        assertEquals(1, journal.read(Position.START, Long.MAX_VALUE).records().size(), "the call alone");
    }

    @Test
    void whatCannotBeRecordedIsNotAcknowledged() throws Exception {
        journal.close();
        HttpResponse<String> response = say("{\"trace\":\"TRACE\",\"kind\":\"comment\",\"value\":\"x\"}");
        assertTrue(response.statusCode() == 503, response.body());
    }
}
