package dev.hone.capture.gateway;

import dev.hone.record.CapturedCall;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.Timer;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.function.DoubleSupplier;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/** What the gateway counts, as Prometheus reads it. Names of models that callers make up are no labels: there is no end to them. */
public final class GatewayMetrics {
    private static final Duration[] BOUNDS = {
        Duration.ofMillis(5),
        Duration.ofMillis(10),
        Duration.ofMillis(25),
        Duration.ofMillis(50),
        Duration.ofMillis(100),
        Duration.ofMillis(250),
        Duration.ofMillis(500),
        Duration.ofSeconds(1),
        Duration.ofMillis(2500),
        Duration.ofSeconds(5),
        Duration.ofSeconds(10),
        Duration.ofSeconds(30),
        Duration.ofSeconds(60),
        Duration.ofSeconds(120)
    };

    private final PrometheusMeterRegistry registry = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
    private final Map<Labels, Meters> calls = new ConcurrentHashMap<>();
    private final Map<Tried, Counter> attempts = new ConcurrentHashMap<>();
    private final Map<String, Counter> refusals = new ConcurrentHashMap<>();
    private final Counter lost;
    private final LongSupplier shadowsLeftOut;
    private final LongSupplier episodesForgotten;

    private record Labels(String useCase, String variant, String outcome, boolean shadow) {}

    private record Meters(Timer whole, Timer firstByte, Counter prompt, Counter completion) {}

    private record Tried(String upstream, String outcome) {}

    /**
     * @param inProgress calls that are being answered
     * @param shadowsLeftOut copies that were not made
     * @param episodesForgotten whose tokens begin anew
     */
    GatewayMetrics(LongSupplier inProgress, LongSupplier shadowsLeftOut, LongSupplier episodesForgotten) {
        gauge("hone.calls.in.progress", "Calls that are being answered", inProgress::getAsLong);
        this.lost = Counter.builder("hone.calls.not.recorded")
                .description("Calls that a server answered, wholly or in part, and that could not be written down")
                .register(registry);
        this.shadowsLeftOut = shadowsLeftOut;
        this.episodesForgotten = episodesForgotten;
        // A registry holds what it reads by a weak reference.
        registry.more()
                .counter("hone.shadows.left.out", List.of(), this, metrics -> metrics.shadowsLeftOut.getAsLong());
        registry.more()
                .counter("hone.episodes.forgotten", List.of(), this, metrics -> metrics.episodesForgotten.getAsLong());
    }

    /** Something that goes up and down. @param name with dots, which Prometheus has as underscores */
    public void gauge(String name, String description, DoubleSupplier value) {
        Gauge.builder(name, value, DoubleSupplier::getAsDouble)
                .description(description)
                .strongReference(true)
                .register(registry);
    }

    /** The same of a use case. */
    public void gauge(String name, String description, String useCase, DoubleSupplier value) {
        Gauge.builder(name, value, DoubleSupplier::getAsDouble)
                .description(description)
                .tag("use_case", useCase)
                .strongReference(true)
                .register(registry);
    }

    /** A use case's version has been moved on, held or taken back. @param action in a word */
    public void decided(String useCase, String action) {
        Counter.builder("hone.rollout.decisions")
                .description("What was decided about versions on their way to users")
                .tags("use_case", useCase, "action", action)
                .register(registry)
                .increment();
    }

    /** Whether a model of Hone's own answers. */
    public void modelAnswers(String model, BooleanSupplier answers) {
        Gauge.builder("hone.model.answers", answers, one -> one.getAsBoolean() ? 1 : 0)
                .description("Whether a model of Hone's own answers")
                .tag("model", model)
                .strongReference(true)
                .register(registry);
    }

    /** A call has been written down. */
    void ended(CapturedCall.Facts facts) {
        Labels labels = new Labels(
                facts.useCase() ? facts.route() : "",
                facts.useCase() ? facts.variant() : "",
                facts.end().name().toLowerCase(Locale.ROOT),
                facts.origin().shadowOf() != null);
        Meters meters = calls.computeIfAbsent(labels, this::meters);
        meters.whole().record((long) (facts.millis() * 1e6), TimeUnit.NANOSECONDS);
        if (facts.firstByteMillis() != null) {
            meters.firstByte().record((long) (facts.firstByteMillis() * 1e6), TimeUnit.NANOSECONDS);
        }
        meters.prompt()
                .increment(facts.usage().prompt() == null ? 0 : facts.usage().prompt());
        meters.completion()
                .increment(
                        facts.usage().completion() == null ? 0 : facts.usage().completion());
    }

    private Meters meters(Labels labels) {
        return new Meters(
                timer("hone.call", "From the request to the last byte of the answer", labels),
                timer("hone.call.first.byte", "From the request to the first byte of the answer", labels),
                tokens(labels, "prompt"),
                tokens(labels, "completion"));
    }

    private Timer timer(String name, String description, Labels labels) {
        return Timer.builder(name)
                .description(description)
                .tags("use_case", labels.useCase(), "variant", labels.variant(), "outcome", labels.outcome())
                .tag("shadow", String.valueOf(labels.shadow()))
                .serviceLevelObjectives(BOUNDS)
                .register(registry);
    }

    private Counter tokens(Labels labels, String kind) {
        return Counter.builder("hone.tokens")
                .description("Tokens as servers counted them")
                .tags("use_case", labels.useCase(), "variant", labels.variant(), "kind", kind)
                .tag("shadow", String.valueOf(labels.shadow()))
                .register(registry);
    }

    /** A call has an answer, or a part of one, and no record. */
    void lost() {
        lost.increment();
    }

    /** A server was asked. */
    void attempted(String upstream, @Nullable Integer status, @Nullable String trouble) {
        String outcome = status == null ? "none" : trouble == null ? status / 100 + "xx" : String.valueOf(status);
        attempts.computeIfAbsent(
                        new Tried(upstream, outcome),
                        tried -> Counter.builder("hone.attempts")
                                .description(
                                        "Attempts by what came of them: a status, its class where it was taken, or none")
                                .tags("upstream", tried.upstream(), "outcome", tried.outcome())
                                .register(registry))
                .increment();
    }

    /** A request was turned away by the gateway itself. */
    void refused(GatewayRefusal refusal) {
        refusals.computeIfAbsent(
                        refusal.code(),
                        code -> Counter.builder("hone.refusals")
                                .description("Requests that the gateway itself turned away")
                                .tag("code", code)
                                .register(registry))
                .increment();
    }

    /** All of it in Prometheus' text format. */
    public String text() {
        return registry.scrape();
    }
}
