package dev.hone.promote;

import dev.hone.capture.Serving;
import dev.hone.capture.redact.Redaction;
import dev.hone.capture.route.Retries;
import dev.hone.capture.route.Route;
import dev.hone.capture.route.Variant;
import dev.hone.capture.upstream.Upstream;
import dev.hone.grade.GraderDefinition;
import dev.hone.record.CapturedCall;
import dev.hone.record.CapturedCall.Attempt;
import dev.hone.record.Feedback;
import dev.hone.record.Ids;
import dev.hone.record.ModelVersion;
import dev.hone.record.Project;
import dev.hone.record.SamplingMode;
import dev.hone.record.StoredRollout;
import dev.hone.record.VersionReference;
import dev.hone.store.Aliases;
import dev.hone.store.Calls;
import dev.hone.store.Calls.Checkpoint;
import dev.hone.store.Database;
import dev.hone.store.Feedbacks;
import dev.hone.store.MadeCall;
import dev.hone.store.RolloutRows;
import dev.hone.store.Rollouts;
import dev.hone.store.TestDatabase;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * A use case in the real database with a version that is live and one that is to be, calls as a gateway would have stored them, servers that do
 * what a test says, and a clock that a test turns.
 */
final class RolloutFixture implements VersionServers, Following, InstantSource {
    static final Database DATABASE = TestDatabase.database();

    final String name;
    final RolloutRows rows = new RolloutRows(DATABASE);
    final Rollouts rollouts = new Rollouts(DATABASE);
    final ModelVersion first;
    final ModelVersion second;
    final List<String> notices = new ArrayList<>();
    final List<String> decided = new ArrayList<>();
    final Map<String, State> servers = new HashMap<>();
    final Set<String> opened = new HashSet<>();
    final Set<String> keptAway = new HashSet<>();
    private final Path home;
    private final Calls calls = new Calls(DATABASE);
    private final UUID journal = UUID.randomUUID();
    /** Before whatever is asked of the world, so that a test may end the process at any such point. */
    Runnable before = () -> {};

    Database database = DATABASE;
    Instant now = Instant.now().plusSeconds(60);
    List<Serving> followed = List.of();
    UseCasePlan plan;
    RolloutControl control;

    /** @param live whether the first version is live */
    RolloutFixture(String name, Path home, boolean live, Promotion promotion) {
        this.name = name;
        this.home = home;
        this.first = rows.version(name, true);
        if (live) {
            alias(first, Rollouts.LIVE);
        }
        // Judged against what is live.
        this.second = rows.version(name, true);
        this.plan = plan(promotion, new GraderDefinition.JsonSchema("{\"type\":\"object\"}"));
        this.control = open();
    }

    static Promotion promotion(List<Measure> measures, long copies, boolean automatic) {
        return new Promotion(
                new Promotion.Computed(SamplingMode.EXACT, 1, 4),
                copies,
                new CanaryPolicy(List.of(0.1, 0.5), 20, 0.02, 0.2, 0, automatic),
                measures,
                Duration.ofMinutes(10),
                Duration.ofSeconds(1),
                null,
                List.of(new Promotion.Scale("solved", 0, 1, false)));
    }

    UseCasePlan plan(Promotion promotion, GraderDefinition good) {
        return new UseCasePlan(
                new Serving(
                        new Route(
                                name,
                                List.of(new Variant("big", "openai", "gpt", 1, false)),
                                List.of(),
                                List.of(),
                                Retries.STANDARD),
                        Redaction.NOTHING,
                        Project.DEFAULT,
                        1),
                promotion,
                good,
                "EUR");
    }

    /** Another process over the same home: what the one before had in memory is gone. */
    RolloutControl open() {
        control = new RolloutControl(home, () -> Optional.of(database), this, this, this, text -> {
            before.run();
            notices.add(text);
        });
        control.plans(List.of(plan), () -> {});
        return control;
    }

    /** Another gateway over the same database, whose calls nobody looks at. */
    RolloutControl another(Path folder) {
        Following deaf = new Following() {
            @Override
            public void follow(List<Upstream> versions, List<Serving> servings) {}

            @Override
            public boolean isKeptAway(Variant variant) {
                return false;
            }

            @Override
            public void decided(String useCase, String action) {}
        };
        RolloutControl other = new RolloutControl(folder, () -> Optional.of(DATABASE), this, deaf, this, text -> {});
        other.plans(List.of(plan), () -> {});
        return other;
    }

    void alias(ModelVersion version, String alias) {
        new Aliases(DATABASE).set(VersionReference.of(version.reference()), alias, "ann");
    }

    StoredRollout begin() {
        return rollouts.begin(second.useCaseId(), second.id(), "ann");
    }

    /** Both threads once around, a little later. */
    void turn() {
        now = now.plusSeconds(2);
        control.look();
        control.tick();
        control.look();
    }

    /** As long as it takes until a rollout is in a phase. */
    void until(String phase) {
        for (int i = 0; i < 12 && !phase().equals(phase); i++) {
            turn();
        }
        if (!phase().equals(phase)) {
            throw new AssertionError("It is [%s], and not [%s]: %s".formatted(phase(), phase, notices));
        }
    }

    String phase() {
        TrafficState state = control.state(name);
        Rollout rollout = state == null ? null : state.rollout();
        return rollout == null ? "" : rollout.phase().word();
    }

    @Nullable
    Served live() {
        TrafficState state = control.state(name);
        return state == null ? null : state.live();
    }

    /** How calls are served now. */
    Route route() {
        return followed.getFirst().route();
    }

    List<String> actions(StoredRollout rollout) {
        return rollouts.decisions(rollout.id()).stream()
                .map(one -> one.action())
                .toList();
    }

    AskedFiles.Answer ask(Command command) {
        return ask(command, null, null);
    }

    /**
     * Asks, and has the answer.
     *
     * @param rollout that is meant; null for whichever goes on
     * @param project whose use case; null for whichever is served
     */
    AskedFiles.Answer ask(Command command, @Nullable UUID rollout, @Nullable String project) {
        try {
            AskedFiles files = new AskedFiles(home);
            UUID id = files.ask(name, command, "bob", rollout, project);
            control.look();
            if (command == Command.PROMOTE) {
                control.tick();
            }
            return files.answer(id).orElseThrow(() -> new AssertionError("nobody looked"));
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    /** Calls of users, of which so many of each side are answered. */
    List<UUID> calls(int candidate, int candidateAnswered, int live, int liveAnswered) {
        List<CapturedCall> made = new ArrayList<>();
        for (int i = 0; i < candidate; i++) {
            made.add(call("candidate", second.reference(), i < candidateAnswered, null));
        }
        for (int i = 0; i < live; i++) {
            made.add(call("live", first.reference(), i < liveAnswered, null));
        }
        calls.add(journal, new Checkpoint(1, 1), made);
        return made.stream().map(call -> call.facts().id()).toList();
    }

    /** Calls of users with copies, of which so many are answered. */
    void copies(int count, int answered) {
        List<CapturedCall> made = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            CapturedCall user = call("live", first.reference(), true, null);
            made.add(user);
            made.add(call(
                    "candidate", second.reference(), i < answered, user.facts().id()));
        }
        calls.add(journal, new Checkpoint(1, 1), made);
    }

    private CapturedCall call(String variant, String model, boolean answered, @Nullable UUID shadowOf) {
        return MadeCall.of(name)
                .at(now)
                .id(Ids.of(now.plusMillis(1_500), UUID.randomUUID().toString()))
                .shadowOf(shadowOf)
                .asked(new Attempt(1, variant, model, model, answered ? 200 : 503, answered ? null : "busy", 5, null))
                .saying(
                        "{\"messages\":[{\"role\":\"user\",\"content\":\"x\"}]}",
                        "{\"choices\":[{\"message\":{\"role\":\"assistant\",\"content\":\"{}\"}}]}")
                .call();
    }

    void solved(List<UUID> traces) {
        calls.add(
                journal,
                new Checkpoint(1, 2),
                List.of(),
                traces.stream()
                        .map(trace -> new Feedback(
                                Ids.next(),
                                Project.DEFAULT,
                                trace,
                                null,
                                null,
                                Feedback.Kind.BOOLEAN,
                                "solved",
                                "true",
                                1.0,
                                null,
                                now,
                                now,
                                null,
                                "0".repeat(64),
                                null,
                                true,
                                null))
                        .toList(),
                new Feedbacks.Ruling() {
                    @Override
                    public Optional<String> objection(Feedback feedback, @Nullable String useCase) {
                        return Optional.empty();
                    }

                    @Override
                    public void aside(Feedback feedback, String why) {
                        throw new AssertionError(why);
                    }
                });
    }

    @Override
    public void want(String useCase, Promotion.Computed computed, Collection<Served> versions) {
        before.run();
        opened.clear();
        versions.forEach(version -> opened.add(version.reference()));
    }

    @Override
    public State state(Served version) {
        before.run();
        return servers.getOrDefault(
                version.reference(), new State.Answers(URI.create("http://127.0.0.1:9/" + version.number())));
    }

    @Override
    public void follow(List<Upstream> versions, List<Serving> servings) {
        before.run();
        followed = servings;
    }

    @Override
    public boolean isKeptAway(Variant variant) {
        before.run();
        return keptAway.contains(variant.name());
    }

    @Override
    public void decided(String useCase, String action) {
        before.run();
        decided.add(action);
    }

    @Override
    public Instant instant() {
        before.run();
        return now;
    }
}
