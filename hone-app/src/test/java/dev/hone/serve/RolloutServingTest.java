package dev.hone.serve;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.hone.capture.TrustedProxies;
import dev.hone.capture.access.Secret;
import dev.hone.capture.gateway.EdgeServer;
import dev.hone.fetch.FetchListener;
import dev.hone.file.Durable;
import dev.hone.promote.AskedFiles;
import dev.hone.promote.Command;
import dev.hone.promote.Promotion;
import dev.hone.promote.Served;
import dev.hone.promote.TrafficFile;
import dev.hone.record.CapturedCall;
import dev.hone.record.ModelVersion;
import dev.hone.record.StoredRollout;
import dev.hone.record.VersionReference;
import dev.hone.run.LoadedModel;
import dev.hone.store.Aliases;
import dev.hone.store.Database;
import dev.hone.store.Rollouts;
import dev.hone.store.SharedDatabase;
import dev.hone.store.VersionRows;
import dev.hone.web.site.Pages;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.BooleanSupplier;
import org.eclipse.jetty.io.Content;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** All that {@code hone serve} runs, over real HTTP and a real database; versions are servers that do what the test says. */
@Timeout(900)
final class RolloutServingTest {
    private static final String ANSWER =
            "{\"id\":\"c\",\"object\":\"chat.completion\",\"choices\":[{\"index\":0,\"finish_reason\":\"stop\",\"message\":{\"role\":\"assistant\",\"content\":\"%s\"}}],\"usage\":{\"prompt_tokens\":3,\"completion_tokens\":1}}";
    private static final String CHARTER = """
            name: job
            owner: Ada
            job: Answers.
            good: {kind: string_check, operation: eq}
            viewers: [everyone]
            variants: {big: {upstream: big, model: gpt}}
            retries: {again: 0, first-pause: 1ms, longest-pause: 1ms}
            promote:
              shadow-calls: 15
              shares: [0.3, 0.6]
              calls: 15
              alpha: 0.1
              loss: 0.3
              measures: [answered]
              automatic: true
            """;

    @TempDir
    Path folder;

    private final List<AutoCloseable> open = new ArrayList<>();
    private final List<String> notices = new CopyOnWriteArrayList<>();
    private final List<CapturedCall.Facts> calls = new CopyOnWriteArrayList<>();
    private final Set<Integer> broken = ConcurrentHashMap.newKeySet();
    private final HttpClient http = HttpClient.newHttpClient();
    private Path home;
    private Database database;
    private Rollouts rollouts;
    private Production production;
    private int asked;

    @BeforeEach
    void open() throws Exception {
        home = folder.resolve("home");
        Durable.makePrivate(home);
        database = SharedDatabase.another();
        rollouts = new Rollouts(database);
        Files.writeString(
                folder.resolve("hone.yaml"),
                "port: 0\nupstreams: {big: {url: '%s/v1', private: true}}\n".formatted(server("big", 0, null)));
        Files.createDirectories(folder.resolve("use-cases"));
        Files.writeString(folder.resolve("use-cases/job.yaml"), CHARTER);
        production = production();
    }

    @AfterEach
    void close() throws Exception {
        production.close();
        database.close();
        for (AutoCloseable one : open) {
            one.close();
        }
        http.close();
    }

    private Production production() throws IOException {
        Production made = new Production(
                new ServeFiles(folder.resolve("hone.yaml"), folder.resolve("use-cases"), Map.of(), new OwnPlaces()),
                home,
                () -> database,
                (version, store) -> LoadedModel.open(version, FetchListener.SILENT),
                this::start,
                Duration.ofMillis(200),
                new Pages(
                                folder.resolve("runs"),
                                () -> new Pages.Declared(List.of(), Map.of(), TrustedProxies.NONE),
                                InstantSource.system(),
                                notices::add)
                        .handler(),
                notices::add);
        made.observe(calls::add);
        return made;
    }

    private OwnVersions.Running start(Served version, Promotion.Computed computed) throws IOException {
        Secret key = Secret.random();
        String url = server(version.reference(), version.number(), "Bearer " + key.text());
        return new OwnVersions.Running() {
            @Override
            public Secret key() {
                return key;
            }

            @Override
            public URI base() {
                return URI.create(url + "/v1");
            }

            @Override
            public void close() {}
        };
    }

    /** @param authorization that it wants to be shown; null for none */
    private String server(String says, int number, @Nullable String authorization) throws IOException {
        EdgeServer server = EdgeServer.bind("127.0.0.1", 0, Duration.ZERO);
        open.add(server);
        server.start(new Handler.Abstract() {
            @Override
            public boolean handle(Request request, Response response, Callback callback) throws Exception {
                try (InputStream in = Request.asInputStream(request)) {
                    in.readAllBytes();
                }
                boolean fails = broken.contains(number) && asked % 2 == 0;
                boolean may = authorization == null
                        || authorization.equals(request.getHeaders().get("authorization"));
                response.setStatus(!may ? 401 : fails ? 500 : 200);
                response.getHeaders().put("content-type", "application/json");
                String text = fails ? "{\"error\":{\"message\":\"broken\"}}" : ANSWER.formatted(says);
                Content.Sink.write(response, true, ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8)));
                callback.succeeded();
                return true;
            }
        });
        return server.url();
    }

    /** One call, which is always answered. @return who answered */
    private String ask() throws Exception {
        asked++;
        HttpResponse<String> answer = http.send(
                HttpRequest.newBuilder(URI.create(production.server().url() + "/chat/completions"))
                        .POST(
                                HttpRequest.BodyPublishers.ofString(
                                        "{\"model\":\"use-case/job\",\"messages\":[{\"role\":\"user\",\"content\":\"hello\"}]}"))
                        .build(),
                HttpResponse.BodyHandlers.ofString());
        assertEquals(200, answer.statusCode(), answer.body());
        return answer.body().replaceAll(".*\"content\":\"([^\"]*)\".*", "$1");
    }

    /** Calls follow in the turn that says that they will, which may not be over yet. @return who answered last */
    private String askUntil(String wanted) throws Exception {
        String answered = ask();
        for (int i = 0; i < 3_000 && !answered.equals(wanted); i++) {
            Thread.sleep(20);
            answered = ask();
        }
        return answered;
    }

    private void await(BooleanSupplier what) throws InterruptedException {
        for (int i = 0; i < 6_000 && !what.getAsBoolean(); i++) {
            Thread.sleep(20);
        }
        assertTrue(what.getAsBoolean(), notices.toString());
    }

    private ModelVersion version() {
        return new VersionRows(database).passed("job", "default");
    }

    private StoredRollout begin(ModelVersion version) {
        return rollouts.begin(version.useCaseId(), version.id(), "ann");
    }

    private String phase(StoredRollout rollout) {
        return rollouts.find(rollout.id()).orElseThrow().phase();
    }

    /** Users go on asking until a rollout is somewhere. */
    private void ask(StoredRollout rollout, Set<String> until) throws Exception {
        long end = System.nanoTime() + Duration.ofSeconds(240).toNanos();
        while (!until.contains(phase(rollout)) && System.nanoTime() - end < 0) {
            for (int i = 0; i < 20; i++) {
                ask();
            }
            Thread.sleep(200);
        }
        assertTrue(until.contains(phase(rollout)), phase(rollout) + notices);
    }

    /** @return milliseconds until whoever asks that the rollout stops is answered */
    private static long stopped(AskedFiles files) throws Exception {
        long from = System.nanoTime();
        var id = files.ask("job", Command.STOP, "ann", null);
        while (files.answer(id).isEmpty()) {
            Thread.sleep(10);
        }
        return Duration.ofNanos(System.nanoTime() - from).toMillis();
    }

    /** One goes live, a better one takes its place, a bad one goes back, and the switch works without the database: no user ever sees a failure. */
    @Test
    void versionsComeAndGoAndUsersAreAnswered() throws Exception {
        await(production::isReady);
        assertEquals("big", ask());
        ModelVersion first = version();
        new Aliases(database).set(VersionReference.of("job/1"), Rollouts.LIVE, "ann");
        await(() -> notices.stream().anyMatch(notice -> notice.contains("[job] is served by [job/1]")));
        assertEquals("job/1", askUntil("job/1"));
        CapturedCall.Facts live = calls.getLast();
        assertEquals(
                "live job/1", live.variant() + " " + live.attempts().getFirst().model());
        StoredRollout good = begin(version());
        ask(good, Set.of("promoted", "rolled-back"));
        assertEquals("promoted", phase(good), notices.toString());
        assertEquals("job/2", askUntil("job/2"));
        assertTrue(calls.stream()
                .anyMatch(call ->
                        call.origin().shadowOf() != null && call.variant().equals("candidate")));
        broken.add(3);
        StoredRollout bad = begin(version());
        ask(bad, Set.of("promoted", "rolled-back"));
        assertEquals("rolled-back", phase(bad), notices.toString());
        assertEquals("job/2", askUntil("job/2"));

        StoredRollout third = begin(version());
        ask(third, Set.of("canary"));
        String metrics = http.send(
                        HttpRequest.newBuilder(
                                        URI.create(production.server().url()).resolve("/metrics"))
                                .build(),
                        HttpResponse.BodyHandlers.ofString())
                .body();
        assertTrue(metrics.contains("hone_rollout_phase{use_case=\"job\"} 3.0"), metrics);
        assertTrue(metrics.contains("hone_rollout_share{use_case=\"job\"} 0."), metrics);
        assertTrue(metrics.contains("hone_rollout_decisions_total{action=\"promote\",use_case=\"job\"} 1.0"), metrics);
        database.close();
        AskedFiles files = new AskedFiles(home);
        long soonest = stopped(files);
        for (int i = 0; i < 4 && soonest >= 1_000; i++) {
            // Of a few the soonest tells, since the machine may be busy; the first has stopped it.
            soonest = Math.min(soonest, stopped(files));
        }
        assertTrue(soonest < 1_000, "within a second, and not " + soonest + " ms");
        for (int i = 0; i < 60; i++) {
            assertEquals("job/2", ask());
        }
        production.close();
        production = production();
        await(() -> notices.stream()
                        .filter(notice -> notice.equals("[job/2] answers"))
                        .count()
                == 2);
        await(() -> {
            try {
                return ask().equals("job/2");
            } catch (Exception e) {
                throw new AssertionError(e);
            }
        });
        assertEquals(
                "stopped", new TrafficFile(home).read("job").rollout().phase().word());
        assertEquals(1, first.number());
    }
}
