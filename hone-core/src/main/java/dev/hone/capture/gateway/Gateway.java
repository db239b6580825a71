package dev.hone.capture.gateway;

import dev.hone.capture.Serving;
import dev.hone.capture.access.KeyRing;
import dev.hone.capture.journal.Journal;
import dev.hone.capture.journal.Position;
import dev.hone.capture.route.Breaker;
import dev.hone.capture.route.Retries;
import dev.hone.capture.route.Route;
import dev.hone.capture.route.Variant;
import dev.hone.record.CapturedCall;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** What calls share: routes, servers with their breakers and connections, and the journal. */
final class Gateway implements AutoCloseable {
    /** The API's paths for calls, with what they are on a server. */
    static final Map<String, String> CALLS = Map.of(
            "/v1/chat/completions", "/chat/completions",
            "/v1/completions", "/completions",
            "/v1/embeddings", "/embeddings",
            "/v1/responses", "/responses");

    /** What stands before the name of a use case where a model's name is expected. */
    static final String USE_CASE = "use-case/";

    private final GatewayOptions options;
    private final Map<String, Serving> servings;
    private final Map<String, Upstream> upstreams;
    private final Map<String, Breaker> breakers = new ConcurrentHashMap<>();
    private final UpstreamClient client;
    private final CallerWatch watch = new CallerWatch();
    private final Redactor redactor = new Redactor();
    private final Journal journal;
    private final @Nullable KeyRing keys;

    /**
     * @param servings of the use cases
     * @param journal closed by the caller, after this
     * @param keys of callers; null to let anybody call
     */
    Gateway(
            GatewayOptions options,
            List<Upstream> upstreams,
            List<Serving> servings,
            Journal journal,
            @Nullable KeyRing keys) {
        this.options = options;
        this.upstreams = upstreams.stream().collect(Collectors.toMap(Upstream::name, Function.identity()));
        this.servings = servings.stream()
                .collect(Collectors.toMap(serving -> serving.route().name(), Function.identity()));
        for (Serving serving : servings) {
            Route route = serving.route();
            for (Variant variant : route.variants()) {
                if (!this.upstreams.containsKey(variant.upstream())) {
                    throw new IllegalArgumentException(
                            "Variant [%s] of [%s] is served by [%s], which is no upstream: there are %s"
                                    .formatted(
                                            variant.name(),
                                            route.name(),
                                            variant.upstream(),
                                            this.upstreams.keySet().stream()
                                                    .sorted()
                                                    .toList()));
                }
            }
        }
        this.client = new UpstreamClient(upstreams.stream()
                .map(Upstream::connect)
                .max(Duration::compareTo)
                .orElseThrow());
        this.journal = journal;
        this.keys = keys;
    }

    @Nullable
    KeyRing keys() {
        return keys;
    }

    GatewayOptions options() {
        return options;
    }

    UpstreamClient client() {
        return client;
    }

    CallerWatch watch() {
        return watch;
    }

    Journal journal() {
        return journal;
    }

    /**
     * The way of a call.
     *
     * @param model as its body names it: a use case, or {@code UPSTREAM/MODEL}, which is passed on as it is
     * @throws GatewayRefusal when it is neither
     */
    Route route(String model) {
        if (model.startsWith(USE_CASE)) {
            Serving serving = servings.get(model.substring(USE_CASE.length()));
            if (serving != null) {
                return serving.route();
            }
        }
        int slash = model.indexOf('/');
        Upstream upstream = slash < 0 ? null : upstreams.get(model.substring(0, slash));
        if (upstream != null && slash + 1 < model.length()) {
            Variant only = new Variant(model, upstream.name(), model.substring(slash + 1), 1);
            return new Route(model, List.of(only), List.of(), List.of(), Retries.STANDARD);
        }
        throw GatewayRefusal.of(
                404,
                "model_not_found",
                "There is no model [%s]: name a use case of [%s], or a server's model as [%s/MODEL]"
                        .formatted(
                                model.length() <= 200 ? model : model.substring(0, 200) + "…",
                                servings.keySet().stream()
                                        .sorted()
                                        .map(USE_CASE::concat)
                                        .collect(Collectors.joining(", ")),
                                upstreams.keySet().stream().sorted().collect(Collectors.joining("|"))));
    }

    boolean isUseCase(Route route) {
        Serving serving = servings.get(route.name());
        return serving != null && serving.route() == route;
    }

    Upstream upstream(String name) {
        Upstream upstream = upstreams.get(name);
        if (upstream == null) {
            throw new IllegalArgumentException("There is no upstream [%s]".formatted(name));
        }
        return upstream;
    }

    /** Of a server's model: another model of the same server may do well. */
    Breaker breaker(Variant variant) {
        return breakers.computeIfAbsent(
                variant.upstream() + " " + variant.model(), name -> new Breaker(System::nanoTime));
    }

    /** Writes a call down, without what its use case does not store. After that it survives the process. */
    void record(CapturedCall call) throws IOException {
        Serving serving = call.facts().useCase() ? servings.get(call.facts().route()) : null;
        CapturedCall kept =
                serving == null || serving.redaction().isEmpty() ? call : redactor.redacted(call, serving.redaction());
        Position end = journal.append(CallCodec.encode(kept));
        if (options.strict()) {
            journal.force(end);
        }
    }

    @Override
    public void close() throws IOException {
        watch.close();
        client.close();
    }
}
