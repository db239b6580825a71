package dev.hone.promote;

import dev.hone.capture.Serving;
import dev.hone.capture.redact.Redaction;
import dev.hone.capture.route.Retries;
import dev.hone.capture.route.Route;
import dev.hone.capture.route.Variant;
import dev.hone.capture.upstream.Upstream;
import dev.hone.grade.GraderDefinition;
import dev.hone.record.SamplingMode;
import dev.hone.store.Database;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** A gateway whose versions answer at once, and which has no calls but those that a test stores. */
public final class AnsweringGateway implements VersionServers, Following {
    private AnsweringGateway() {}

    /** By whether calls are answered, in steps of twenty calls; a person promotes. */
    public static Promotion promotion(double... shares) {
        return promotion(List.of(Measure.ANSWERED), 0.2, shares);
    }

    /** @param loss that a candidate may have, to be promoted by a person */
    public static Promotion promotion(List<Measure> measures, double loss, double... shares) {
        return new Promotion(
                new Promotion.Computed(SamplingMode.EXACT, 1, 4),
                0,
                new CanaryPolicy(Arrays.stream(shares).boxed().toList(), 20, 0.02, loss, 0, false),
                measures,
                Duration.ofMinutes(10),
                Duration.ofSeconds(1),
                null,
                List.of());
    }

    /** What brings versions of use cases to calls there; nothing looks or ticks by itself before it is started. */
    public static RolloutControl control(
            Path home,
            Database database,
            InstantSource clock,
            String project,
            Promotion promotion,
            String... useCases) {
        AnsweringGateway gateway = new AnsweringGateway();
        RolloutControl control =
                new RolloutControl(home, () -> Optional.of(database), gateway, gateway, clock, text -> {});
        control.plans(
                Stream.of(useCases)
                        .map(useCase -> plan(useCase, project, promotion))
                        .toList(),
                () -> {});
        return control;
    }

    private static UseCasePlan plan(String useCase, String project, Promotion promotion) {
        return new UseCasePlan(
                new Serving(
                        new Route(
                                useCase,
                                List.of(new Variant("big", "openai", "gpt", 1, false)),
                                List.of(),
                                List.of(),
                                Retries.STANDARD),
                        Redaction.NOTHING,
                        project,
                        1),
                promotion,
                new GraderDefinition.ToolCall(),
                "EUR");
    }

    @Override
    public void want(String useCase, Promotion.Computed computed, Collection<Served> versions) {}

    @Override
    public State state(Served version) {
        return new State.Answers(URI.create("http://127.0.0.1:9"));
    }

    @Override
    public void follow(List<Upstream> versions, List<Serving> servings) {}

    @Override
    public boolean isKeptAway(Variant variant) {
        return false;
    }

    @Override
    public void decided(String useCase, String action) {}
}
