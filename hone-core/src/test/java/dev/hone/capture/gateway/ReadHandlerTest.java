package dev.hone.capture.gateway;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.hone.capture.access.KeyRing;
import dev.hone.capture.access.Secret;
import dev.hone.capture.feedback.FeedbackDesk;
import dev.hone.capture.feedback.Judging;
import dev.hone.capture.journal.Position;
import dev.hone.record.AnswerLogprob;
import dev.hone.record.ApiKey;
import dev.hone.record.AuditEntry;
import dev.hone.record.CallUsage;
import dev.hone.record.CapturedCall;
import dev.hone.record.CapturedCall.End;
import dev.hone.record.Feedback;
import dev.hone.record.Ids;
import dev.hone.record.Money;
import dev.hone.record.Project;
import dev.hone.store.AuditLog;
import dev.hone.store.Calls;
import dev.hone.store.Calls.Checkpoint;
import dev.hone.store.Database;
import dev.hone.store.Feedbacks;
import dev.hone.store.Projects;
import dev.hone.store.TestDatabase;
import java.math.BigDecimal;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** What programs read of captured calls, at the gateway's own port. */
final class ReadHandlerTest extends GatewayFixture {
    private static final String OWN = "read-own";
    private static final String OTHER = "read-other";
    private static final UUID JOURNAL = UUID.randomUUID();
    private static final String REQUEST = "{\"model\":\"m\",\"temperature\":1.10,\"messages\":[]}";
    private static final Instant DAY = Instant.parse("2026-04-02T10:00:00Z");
    private static final List<CapturedCall> CALLS = new ArrayList<>();

    private final Secret reads = Secret.random();
    private final Secret readsOther = Secret.random();
    private final Secret calls = Secret.random();
    private final Secret all = Secret.random();
    private Optional<Database> readers = Optional.of(TestDatabase.database().forReaders());
    private String url;

    @BeforeAll
    static void fill() {
        CALLS.clear();
        for (int i = 0; i < 6; i++) {
            CALLS.add(call(i, OWN));
        }
        CapturedCall judged = CALLS.get(1);
        Feedback feedback = new Feedback(
                Ids.next(),
                OWN,
                judged.facts().id(),
                null,
                null,
                Feedback.Kind.FLOAT,
                "stars",
                "2",
                2.0,
                "ann",
                DAY,
                DAY,
                null,
                "a".repeat(64),
                null,
                true,
                null);
        Calls store = new Calls(TestDatabase.database());
        store.add(JOURNAL, new Checkpoint(1, 1), List.of(call(100, OTHER)));
        store.add(JOURNAL, new Checkpoint(1, 1), CALLS, List.of(feedback), new Feedbacks.Ruling() {
            @Override
            public Optional<String> objection(Feedback given, @Nullable String useCase) {
                return Optional.empty();
            }

            @Override
            public void aside(Feedback given, String why) {
                throw new AssertionError(why);
            }
        });
    }

    private static CapturedCall call(int i, String project) {
        boolean answered = i != 3;
        CapturedCall.Attempt attempt =
                new CapturedCall.Attempt(1, "a", "one", "m", answered ? 200 : 502, null, 90, null);
        return new CapturedCall(
                new CapturedCall.Facts(
                        new UUID(DAY.plusSeconds(i).toEpochMilli() << 16 | 0x7000 | i, 1L << 63 | i),
                        DAY.plusSeconds(i),
                        "/v1/chat/completions",
                        "use-case/job",
                        project + "-job",
                        true,
                        i % 2 == 0 ? "a" : "b",
                        new CapturedCall.Origin(
                                project, null, "e" + i / 3, null, Map.of("release", "r" + i % 3), null, null),
                        false,
                        answered ? 200 : 502,
                        answered ? End.ANSWERED : End.BROKEN,
                        answered ? 20.0 : null,
                        100.0,
                        new CallUsage(7L, null, 3L),
                        new Money(new BigDecimal("0.10"), "EUR"),
                        List.of(i == 1 ? attempt.saying(new AnswerLogprob(-0.75, 3)) : attempt)),
                REQUEST.getBytes(StandardCharsets.UTF_8),
                (i == 5 ? "no JSON" : "{\"said\":\"Answer %d\"}".formatted(i)).getBytes(StandardCharsets.UTF_8));
    }

    @BeforeEach
    void serve() throws Exception {
        keys = new KeyRing(
                () -> List.of(
                        key("reads", reads, OWN, ApiKey.Scope.READ),
                        key("other", readsOther, OTHER, ApiKey.Scope.READ),
                        key("calls", calls, OWN, ApiKey.Scope.CALL, ApiKey.Scope.FEEDBACK),
                        key("all", all, OWN, ApiKey.Scope.ADMIN)),
                folder.resolve("keys"),
                InstantSource.system(),
                troubles::add);
        gateway(server("one", asked -> asked.say(200, "application/json", ANSWER)));
        FeedbackDesk desk = new FeedbackDesk(
                journal,
                () -> Position.START,
                Optional::empty,
                () -> Judging.NOTHING,
                () -> false,
                InstantSource.system());
        open.add(desk);
        GatewayServer server =
                GatewayServer.open("127.0.0.1", 0, gateway, desk, () -> readers, null, () -> null, troubles::add);
        open.add(server);
        url = server.url();
    }

    private static ApiKey key(String name, Secret secret, String project, ApiKey.Scope... scopes) {
        return new ApiKey(
                Ids.next(),
                name,
                secret.hash(),
                secret.hint(),
                Set.of(scopes),
                project,
                ApiKey.Bounds.NONE,
                "me",
                Instant.now(),
                null,
                null);
    }

    private HttpResponse<String> send(String method, Secret key, String path) throws Exception {
        return http.send(
                HttpRequest.newBuilder(URI.create(url + path))
                        .header("Authorization", "Bearer " + key.text())
                        .header("Content-Type", "application/json")
                        .method(method, HttpRequest.BodyPublishers.ofString(method.equals("GET") ? "" : "{}"))
                        .build(),
                HttpResponse.BodyHandlers.ofString());
    }

    private HttpResponse<String> get(Secret key, String path) throws Exception {
        return send("GET", key, path);
    }

    private JsonNode read(String path) throws Exception {
        HttpResponse<String> response = get(reads, path);
        assertEquals(200, response.statusCode(), response.body());
        assertEquals("no-store", response.headers().firstValue("cache-control").orElseThrow());
        return JsonMapper.shared().readTree(response.body());
    }

    private static List<String> ids(JsonNode list) {
        return list.path("data")
                .valueStream()
                .map(one -> one.path("id").asString())
                .toList();
    }

    private static String id(int call) {
        return CALLS.get(call).facts().id().toString();
    }

    private void assertFound(List<Integer> calls, String query) throws Exception {
        assertEquals(calls.stream().map(ReadHandlerTest::id).toList(), ids(read("/traces?" + query)), query);
    }

    @Test
    void tracesAreFoundByEachFilterOfTheCommandLine() throws Exception {
        assertFound(List.of(5, 4, 3, 2, 1, 0), "use_case=read-own-job");
        assertFound(List.of(), "use_case=read-other-job");
        assertFound(List.of(4, 2, 0), "variant=a");
        assertFound(List.of(5, 4, 3, 2, 1, 0), "model=use-case/job");
        assertFound(List.of(3), "status=502");
        assertFound(List.of(3), "ended=broken");
        assertFound(List.of(5, 4, 3, 2, 1, 0), "ended=broken&ended=answered");
        assertFound(List.of(4, 1), "tag=release%3Dr1");
        assertFound(List.of(), "tag=release%3Dr1&tag=release2%3Dx");
        assertFound(List.of(2, 1, 0), "episode=e0");
        assertFound(List.of(3, 2), "from=2026-04-02T10:00:02Z&to=2026-04-02T10:00:04Z");
        assertFound(List.of(1), "feedback=stars&most=2");
        assertFound(List.of(1), "feedback=*");
        assertFound(List.of(), "least=2.5");
        assertFound(List.of(2), "text=" + URLEncoder.encode("answer 2", StandardCharsets.UTF_8));
    }

    @Test
    void aPageSaysWhereToGoOn() throws Exception {
        JsonNode first = read("/traces?limit=4");
        assertEquals(List.of(id(5), id(4), id(3), id(2)), ids(first));
        assertTrue(first.path("has_more").asBoolean());
        JsonNode rest = read("/traces?limit=4&after=" + first.path("next").asString());
        assertEquals(List.of(id(1), id(0)), ids(rest));
        assertFalse(rest.path("has_more").asBoolean());
        assertTrue(rest.path("next").isNull());
        JsonNode one = rest.path("data").path(0);
        assertEquals(1, one.path("feedback_count").asInt());
        assertEquals("trace", one.path("object").asString());
        assertEquals("2026-04-02T10:00:01Z", one.path("at").asString());
        assertEquals(0, new BigDecimal("0.1").compareTo(one.path("cost").decimalValue()));
        assertEquals("r1", one.path("tags").path("release").asString());
    }

    @Test
    void aTraceSaysAllAndItsReadingIsWrittenDown() throws Exception {
        HttpResponse<String> response = get(reads, "/traces/" + id(1));
        assertTrue(response.body().contains("\"request\":" + REQUEST), "letter by letter: " + response.body());
        JsonNode trace = JsonMapper.shared().readTree(response.body());
        assertEquals("Answer 1", trace.path("response").path("said").asString());
        assertEquals("one", trace.path("attempts").path(0).path("upstream").asString());
        assertEquals(
                "{\"sum\":-0.75,\"tokens\":3}",
                trace.path("attempts").path(0).path("logprob").toString());
        JsonNode untold = read("/traces/" + id(2)).path("attempts").path(0);
        assertTrue(untold.has("logprob") && untold.path("logprob").isNull(), untold.toString());
        assertEquals("ann", trace.path("feedback").path(0).path("author").asString());
        assertEquals(2, trace.path("feedback").path(0).path("value").asInt());
        assertEquals("no JSON", read("/traces/" + id(5)).path("response").asString());
        read("/traces?text=Answer");
        read("/traces");
        UUID project = new Projects(TestDatabase.database())
                .all().stream()
                        .filter(one -> one.name().equals(OWN))
                        .map(Project::id)
                        .findFirst()
                        .orElseThrow();
        assertEquals(
                List.of(
                        "reads (key) trace.search Answer",
                        "reads (key) trace.read " + id(5),
                        "reads (key) trace.read " + id(2),
                        "reads (key) trace.read " + id(1)),
                new AuditLog(TestDatabase.database())
                        .page(project, null, 4).stream()
                                .map(ReadHandlerTest::told)
                                .toList());
    }

    private static String told(AuditEntry entry) {
        return "%s %s %s".formatted(entry.who(), entry.action(), entry.subject());
    }

    @Test
    void sumsByDayAreOfEachUseCaseAndVariant() throws Exception {
        JsonNode usage = read("/usage?from=2026-04-01&to=2026-04-02&use_case=read-own-job");
        assertEquals(2, usage.path("data").size(), usage.toString());
        JsonNode b = usage.path("data").path(1);
        assertEquals("2026-04-02", b.path("day").asString());
        assertEquals("read-own-job", b.path("route").asString());
        assertEquals("b", b.path("variant").asString());
        assertEquals(3, b.path("calls").asInt());
        assertEquals(1, b.path("broken").asInt());
        assertEquals(21, b.path("prompt_tokens").asInt());
        assertEquals(
                0, new BigDecimal("0.3").compareTo(b.path("spend").path("EUR").decimalValue()));
        assertEquals(100, b.path("p50_ms").asDouble(), 5);
        assertEquals("stars", b.path("feedback").path(0).path("name").asString());
        assertEquals(
                2, read("/usage?from=2026-04-02&to=2026-04-02").path("data").size());
        assertEquals(0, read("/usage?to=2026-04-01").path("data").size());
        assertEquals(0, read("/usage").path("data").size(), "the last 30 days");
    }

    @Test
    void aKeySeesItsOwnProjectAlone() throws Exception {
        for (CapturedCall call : CALLS) {
            assertRefused(
                    404,
                    "trace_not_found",
                    get(readsOther, "/traces/" + call.facts().id()));
        }
        JsonNode others =
                JsonMapper.shared().readTree(get(readsOther, "/traces").body());
        assertEquals(1, others.path("data").size());
        assertFalse(ids(others).contains(id(0)));
        assertEquals(
                0,
                JsonMapper.shared()
                        .readTree(get(readsOther, "/usage?from=2026-04-02&to=2026-04-02&use_case=read-own-job")
                                .body())
                        .path("data")
                        .size());
        assertRefused(404, "trace_not_found", get(reads, "/traces/" + UUID.randomUUID()));
        assertRefused(404, "trace_not_found", get(reads, "/traces/x"));
    }

    @Test
    void aKeyNeedsTheScope() throws Exception {
        for (String path : List.of("/traces", "/traces/" + id(0), "/usage")) {
            HttpResponse<String> response = get(calls, path);
            assertRefused(403, "insufficient_scope", response);
            assertTrue(
                    response.body().contains("has the scopes [call, feedback], and this takes [read]: make one"),
                    response.body());
            assertRefused(401, "invalid_api_key", get(Secret.random(), path));
            assertEquals(200, get(all, path).statusCode(), "admin may all");
        }
        assertEquals(200, get(all, "/models").statusCode());
        assertRefused(400, "invalid_value", send("POST", all, "/feedback"));
        assertRefused(403, "insufficient_scope", send("POST", reads, "/feedback"));
        assertEquals(403, send("POST", reads, "/traces").statusCode(), "spans are told by those who call");
        assertEquals(405, send("POST", reads, "/traces/" + id(0)).statusCode());
        assertEquals(405, send("DELETE", reads, "/usage").statusCode());
    }

    private void assertWrong(String parameter, String path) throws Exception {
        HttpResponse<String> response = get(reads, path);
        assertEquals(400, response.statusCode(), path + response.body());
        JsonNode error = JsonMapper.shared().readTree(response.body()).path("error");
        assertEquals(parameter, error.path("param").asString(), response.body());
        assertEquals("invalid_request_error", error.path("type").asString());
        assertTrue(error.path("message").asString().contains("[" + parameter + "]"), response.body());
    }

    @Test
    void whatMeansNothingIsNamed() throws Exception {
        assertWrong("usecase", "/traces?usecase=job");
        assertWrong("limit", "/usage?limit=1");
        assertWrong("content", "/traces/" + id(0) + "?content=false");
        assertWrong("limit", "/traces?limit=0");
        assertWrong("limit", "/traces?limit=1001");
        assertWrong("limit", "/traces?limit=1&limit=2");
        assertWrong("after", "/traces?after=me");
        assertWrong("ended", "/traces?ended=well");
        assertWrong("status", "/traces?status=2oo");
        assertWrong("from", "/traces?from=yesterday");
        assertWrong("to", "/traces?to=%2B12000-01-01T00:00:00Z");
        assertWrong("tag", "/traces?tag=release");
        assertWrong("tag", "/traces?tag=a%3D1&tag=a%3D2");
        assertWrong("most", "/traces?most=NaN");
        assertWrong("text", "/traces?text=%20");
        assertWrong("text", "/traces?text=a%00b");
        assertWrong("from", "/usage?from=2026-04-03&to=2026-04-02");
        assertWrong("from", "/usage?from=2020-04-03");
        assertWrong("route", "/usage?use_case=a&route=b");
        assertRefused(400, "invalid_value", get(reads, "/traces?text=%FF"));
        assertEquals(List.of(), troubles);
    }

    @Test
    void withoutADatabaseReadersAreToldToComeBack() throws Exception {
        readers = Optional.empty();
        HttpResponse<String> response = get(reads, "/traces");
        assertRefused(503, "database_away", response);
        assertEquals("5", response.headers().firstValue("retry-after").orElseThrow());
    }

    /** Readers whose statements do not end are ended, and calls are stored meanwhile. */
    @Test
    void slowReadersTakeNothingFromCalls() throws Exception {
        CountDownLatch held = new CountDownLatch(1);
        CountDownLatch done = new CountDownLatch(1);
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            // Readings wait for it; calls do not.
            Future<?> holder = threads.submit(() -> TestDatabase.whileLocked("audit", held, done));
            held.await();
            List<Future<HttpResponse<String>>> readings = new ArrayList<>();
            for (int i = 0; i < 12; i++) {
                readings.add(threads.submit(() -> get(reads, "/traces/" + id(0))));
            }
            Thread.sleep(500);
            long from = System.nanoTime();
            new Calls(TestDatabase.database()).add(JOURNAL, new Checkpoint(1, 1), List.of(call(101, OTHER + "-2")));
            long millis = (System.nanoTime() - from) / 1_000_000;
            assertTrue(millis < 3_000, "stored after [%d] ms".formatted(millis));
            int ended = 0;
            for (Future<HttpResponse<String>> one : readings) {
                assertEquals(503, one.get().statusCode(), one.get().body());
                ended += one.get().body().contains("took_too_long") ? 1 : 0;
                assertFalse(one.get().body().contains("temperature"), "nothing is read that was not written down");
            }
            assertTrue(ended > 0, "at least those with a connection say what to narrow");
            done.countDown();
            holder.get();
        } finally {
            done.countDown();
        }
        read("/traces/" + id(0));
    }
}
