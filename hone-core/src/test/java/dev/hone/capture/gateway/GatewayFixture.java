package dev.hone.capture.gateway;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.hone.capture.Serving;
import dev.hone.capture.access.Budgets;
import dev.hone.capture.access.KeyRing;
import dev.hone.capture.access.RateLimits;
import dev.hone.capture.access.Secret;
import dev.hone.capture.journal.Journal;
import dev.hone.capture.journal.Position;
import dev.hone.capture.redact.Redaction;
import dev.hone.capture.route.Retries;
import dev.hone.capture.route.Route;
import dev.hone.capture.route.Variant;
import dev.hone.capture.upstream.Price;
import dev.hone.capture.upstream.Upstream;
import dev.hone.record.ApiKey;
import dev.hone.record.CapturedCall;
import dev.hone.record.Ids;
import dev.hone.record.Project;
import java.io.IOException;
import java.io.InputStream;
import java.math.BigDecimal;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import org.eclipse.jetty.io.Content;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The real gateway between a real client and servers that do what a test says, over the loopback. */
@Timeout(120)
abstract class GatewayFixture {
    static final Retries SOON = new Retries(
            1, Duration.ofMillis(10), Duration.ofMillis(500), Duration.ofSeconds(20), Duration.ofSeconds(30));
    static final String ANSWER =
            "{\"id\":\"c1\",\"choices\":[{\"message\":{\"role\":\"assistant\",\"content\":\"hé\"}}],\"usage\":{\"prompt_tokens\":7,\"completion_tokens\":3,\"prompt_tokens_details\":{\"cached_tokens\":2}}}";

    @TempDir
    Path folder;

    final List<AutoCloseable> open = new ArrayList<>();
    final HttpClient http =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    final List<String> troubles = Collections.synchronizedList(new ArrayList<>());

    @Nullable
    KeyRing keys;

    Journal journal;
    Redaction redaction = new Redaction(List.of());
    Retries retries = SOON;
    GatewayOptions options = new GatewayOptions(1 << 20, 16 << 20, false, Duration.ofSeconds(15));
    List<String> shadows = List.of();
    boolean redacted;
    boolean streamUsage = true;
    long memory = 1 << 30;
    Map<String, Price> prices = Map.of();
    Map<UUID, BigDecimal> spent = new ConcurrentHashMap<>();
    Gateway gateway;

    /** What a server does with a request. */
    interface Behaviour {
        void answer(Asked asked) throws Exception;
    }

    /** A request at a server. */
    record Asked(Request request, Response response, byte[] body) {
        JsonNode json() {
            return JsonMapper.shared().readTree(body);
        }

        void say(int status, String type, String text) throws IOException {
            response.setStatus(status);
            response.getHeaders().put("content-type", type);
            Content.Sink.write(response, true, bytes(text));
        }

        void piece(String text) throws IOException {
            Content.Sink.write(response, false, bytes(text));
        }

        private static ByteBuffer bytes(String text) {
            return ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8));
        }
    }

    @BeforeEach
    void journal() throws IOException {
        journal = Journal.open(folder.resolve("journal"), Journal.Options.STANDARD);
    }

    @AfterEach
    void close() throws Exception {
        for (AutoCloseable one : open.reversed()) {
            one.close();
        }
        journal.close();
    }

    Upstream server(String name, Behaviour behaviour) throws IOException {
        EdgeServer server = EdgeServer.bind("127.0.0.1", 0, Duration.ZERO);
        open.add(server);
        server.start(new Handler.Abstract() {
            @Override
            public boolean handle(Request request, Response response, Callback callback) throws Exception {
                byte[] body;
                try (InputStream in = Request.asInputStream(request)) {
                    body = in.readAllBytes();
                }
                try {
                    behaviour.answer(new Asked(request, response, body));
                    callback.succeeded();
                } catch (IOException e) {
                    callback.failed(e);
                }
                return true;
            }
        });
        return new Upstream(
                name,
                URI.create(server.url() + "/v1"),
                "key-of-" + name,
                Duration.ofSeconds(10),
                Duration.ofSeconds(20),
                true,
                streamUsage,
                prices);
    }

    /** A gateway whose use case {@code job} is served by the first, and by the others when that fails. */
    String gateway(Upstream... upstreams) throws IOException {
        Budgets budgets =
                new Budgets(month -> Map.copyOf(spent), () -> Position.START, InstantSource.system(), troubles::add);
        gateway = new Gateway(
                configuration("0".repeat(64), upstreams),
                journal,
                new Admission(keys, budgets, new RateLimits(System::nanoTime)),
                new EndUsers(new byte[] {7}),
                new CallMemory(memory));
        open.add(gateway);
        gateway.tell(troubles::add);
        EdgeServer server = EdgeServer.bind("127.0.0.1", 0, Duration.ZERO);
        open.add(server);
        server.start(new Handler.Sequence(
                new ServiceHandler(gateway, () -> null),
                new SpanHandler(gateway, troubles::add),
                new GatewayHandler(gateway, troubles::add)));
        return server.url();
    }

    Configuration configuration(String hash, Upstream... upstreams) {
        List<Variant> variants = new ArrayList<>();
        for (Upstream upstream : upstreams) {
            variants.add(new Variant(
                    "v-" + upstream.name(),
                    upstream.name(),
                    "model-of-" + upstream.name(),
                    variants.isEmpty() ? 1 : 0,
                    redacted));
        }
        List<String> fallback = variants.stream()
                .map(Variant::name)
                .filter(name -> !shadows.contains(name))
                .toList();
        return new Configuration(
                options,
                "EUR",
                List.of(upstreams),
                List.of(new Serving(
                        new Route("job", variants, fallback, shadows, retries), redaction, Project.DEFAULT, 1)),
                hash);
    }

    HttpResponse<String> post(String url, String body) throws Exception {
        return http.send(
                HttpRequest.newBuilder(URI.create(url + "/v1/chat/completions"))
                        .header("Content-Type", "application/json")
                        .header("Authorization", "Bearer the-client's")
                        .header("X-Hone-Episode", "e1")
                        .POST(HttpRequest.BodyPublishers.ofString(body))
                        .build(),
                HttpResponse.BodyHandlers.ofString());
    }

    List<CapturedCall> calls() throws IOException {
        return journal.read(Position.START, Long.MAX_VALUE).records().stream()
                .map(CallCodec::decode)
                .toList();
    }

    CapturedCall call() throws IOException {
        List<CapturedCall> calls = calls();
        assertEquals(1, calls.size());
        return calls.getFirst();
    }

    static ApiKey key(Secret secret, ApiKey.Scope scope) {
        return key(secret, scope, ApiKey.Bounds.NONE);
    }

    static ApiKey key(Secret secret, ApiKey.Scope scope, ApiKey.Bounds bounds) {
        return new ApiKey(
                Ids.next(),
                scope.name(),
                secret.hash(),
                secret.hint(),
                Set.of(scope),
                Project.DEFAULT,
                bounds,
                "me",
                Instant.now(),
                null,
                null);
    }

    static void assertRefused(int status, String code, HttpResponse<String> response) {
        assertEquals(status, response.statusCode(), response.body());
        assertEquals(
                code,
                JsonMapper.shared()
                        .readTree(response.body())
                        .path("error")
                        .path("code")
                        .asString());
    }
}
