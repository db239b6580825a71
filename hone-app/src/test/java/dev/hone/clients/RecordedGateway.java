package dev.hone.clients;

import dev.hone.capture.Serving;
import dev.hone.capture.access.Budgets;
import dev.hone.capture.access.KeyRing;
import dev.hone.capture.access.RateLimits;
import dev.hone.capture.access.Secret;
import dev.hone.capture.feedback.FeedbackDesk;
import dev.hone.capture.feedback.Judging;
import dev.hone.capture.gateway.Admission;
import dev.hone.capture.gateway.CallCodec;
import dev.hone.capture.gateway.Configuration;
import dev.hone.capture.gateway.EndUsers;
import dev.hone.capture.gateway.Gateway;
import dev.hone.capture.gateway.GatewayOptions;
import dev.hone.capture.gateway.GatewayServer;
import dev.hone.capture.gateway.StreamAssembly;
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
import java.math.BigDecimal;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The gateway before one server, for whoever shows its key; and what it wrote down. */
final class RecordedGateway implements AutoCloseable {
    static final String USE_CASE = "use-case/job";

    private final Secret secret = Secret.random();
    private final Journal journal;
    private final Gateway gateway;
    private final FeedbackDesk feedback;
    private final GatewayServer server;
    private final List<String> troubles = new ArrayList<>();

    /** @param model that the use case is answered by; others are {@code own/MODEL} */
    RecordedGateway(Path folder, String upstream, String model) throws IOException {
        ApiKey key = new ApiKey(
                Ids.next(),
                "test",
                secret.hash(),
                secret.hint(),
                Set.of(ApiKey.Scope.CALL),
                Project.DEFAULT,
                ApiKey.Bounds.NONE,
                "test",
                Instant.now(),
                null,
                null);
        journal = Journal.open(folder, Journal.Options.STANDARD);
        Upstream own = new Upstream(
                        "own",
                        URI.create(upstream),
                        "upstream's",
                        Duration.ofSeconds(2),
                        Duration.ofSeconds(30),
                        true,
                        true,
                        Map.of(model, new Price(BigDecimal.ONE, BigDecimal.ONE, BigDecimal.TWO)))
                .asOwn();
        Serving serving = new Serving(
                new Route(
                        "job",
                        List.of(new Variant("only", "own", model, 1, false)),
                        List.of(),
                        List.of(),
                        Retries.STANDARD),
                Redaction.NOTHING,
                Project.DEFAULT,
                0);
        gateway = new Gateway(
                new Configuration(
                        new GatewayOptions(1 << 20, 1 << 20, false, Duration.ofSeconds(15), Redaction.NOTHING),
                        "USD",
                        List.of(own),
                        List.of(serving),
                        "0".repeat(64)),
                journal,
                new Admission(
                        new KeyRing(
                                () -> List.of(key),
                                folder.resolve("known-keys.json"),
                                InstantSource.system(),
                                troubles::add),
                        new Budgets(month -> Map.of(), () -> Position.START, InstantSource.system(), troubles::add),
                        new RateLimits(System::nanoTime)),
                new EndUsers(new byte[] {7}));
        feedback = new FeedbackDesk(
                journal,
                () -> Position.START,
                Optional::empty,
                () -> Judging.NOTHING,
                () -> false,
                InstantSource.system());
        server =
                GatewayServer.open("127.0.0.1", 0, gateway, feedback, Optional::empty, null, () -> null, troubles::add);
    }

    String url() {
        return server.url();
    }

    String key() {
        return secret.text();
    }

    /** A call as it is stored. */
    record Recorded(CapturedCall.Facts facts, byte[] body, JsonNode request, JsonNode response) {
        /** A text in the answer. */
        String said(String pointer) {
            return response.at(pointer).asString("");
        }
    }

    List<Recorded> calls() throws IOException {
        return journal.read(Position.START, Long.MAX_VALUE).records().stream()
                .map(CallCodec::decode)
                .map(StreamAssembly::whole)
                .map(call -> new Recorded(
                        call.facts(),
                        call.request(),
                        JsonMapper.shared().readTree(call.request()),
                        JsonMapper.shared().readTree(call.response())))
                .toList();
    }

    Recorded last() throws IOException {
        return calls().getLast();
    }

    @Override
    public void close() throws IOException {
        server.close();
        feedback.close();
        gateway.close();
        journal.close();
        if (!troubles.isEmpty()) {
            throw new IllegalStateException("The gateway complained: " + troubles);
        }
    }
}
