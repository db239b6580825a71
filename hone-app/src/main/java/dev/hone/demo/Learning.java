package dev.hone.demo;

import dev.hone.charter.LoopRules;
import dev.hone.fetch.Hashes;
import dev.hone.loop.Begun;
import dev.hone.loop.LoopWiring;
import dev.hone.loop.NotBegun;
import dev.hone.loop.Results;
import dev.hone.loop.RoundFolder;
import dev.hone.loop.RoundStep;
import dev.hone.loop.Rounds;
import dev.hone.loop.TaskScores;
import dev.hone.record.Ids;
import dev.hone.record.LabelledTrace;
import dev.hone.record.Project;
import dev.hone.record.Task;
import dev.hone.record.Trace;
import dev.hone.record.VersionReference;
import dev.hone.run.UseCase;
import dev.hone.serve.LoopProcess;
import dev.hone.store.Aliases;
import dev.hone.store.Loops;
import dev.hone.store.Rollouts;
import dev.hone.store.Traces;
import dev.hone.store.UseCases;
import dev.hone.task.ChatJson;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** The rounds of the loop: one for a first version, which the demo begins by hand, and one that the gateway begins by itself, which the demo looks on. */
final class Learning {
    private static final Duration BETWEEN = Duration.ofSeconds(1);
    /** A gateway looks, and a process starts. */
    private static final Duration TO_START = Duration.ofSeconds(15);

    private static final Duration TO_BEGIN = Duration.ofMinutes(10);
    private static final Duration TO_END = Duration.ofMinutes(90);

    private final Scene scene;
    private final Loops loops;
    private final RoundLog log;

    Learning(Scene scene) {
        this.scene = scene;
        this.loops = new Loops(scene.database());
        this.log = new RoundLog(LoopProcess.log(scene.home()), scene.listener()::stage);
    }

    /**
     * A round that has ended.
     *
     * @param evaluated null where it did not come so far
     * @param kinds the same by the kind of call; empty where it did not come so far
     * @param rollout whether its version was rolled out
     */
    record Learned(Story.Began began, Results.@Nullable Evaluated evaluated, List<Story.Kind> kinds, boolean rollout) {
        Learned {
            kinds = List.copyOf(kinds);
        }
    }

    /** A first version of rows that were labelled before the story begins; it is made live by hand. */
    void first(BooleanSupplier stop) throws IOException {
        List<Task> taught = scene.world().taught();
        UUID id = new UseCases(scene.database()).obtain(scene.name());
        new Traces(scene.database()).add(id, taught.stream().map(this::labelled).toList());
        LoopRules rules = scene.first().loop();
        Rounds.Order order = new Rounds.Order(
                "a first version of one's own, of %d rows that were labelled before".formatted(taught.size()),
                Scene.WHO,
                true,
                false,
                scene.plan().seed(),
                LoopWiring.coolDown(scene.first()),
                new LoopRules(
                        rules.unattended(),
                        List.of(LoopRules.Start.BASE),
                        rules.model(),
                        scene.plan().firstEpochs(),
                        rules.rate(),
                        rules.replay(),
                        rules.leastTasks(),
                        rules.hours(),
                        rules.judge(),
                        rules.coreHour()),
                null,
                false);
        Rounds.Result made = LoopWiring.rounds(scene.database(), scene.home(), scene.first(), null)
                .run(order, scene.listener(), stop);
        Scene.requireGoing(stop);
        Results.Judged judged = made.round()
                .finished(RoundStep.GATES, Results.Judged.class)
                .orElseThrow()
                .result();
        if (!judged.passed()) {
            throw new IllegalStateException("The first version did not pass its gate, so it would get no calls: "
                    + String.join("; ", judged.sentences()));
        }
        int number = made.round()
                .finished(RoundStep.REGISTRATION, Results.Registered.class)
                .orElseThrow()
                .result()
                .number();
        new Aliases(scene.database())
                .set(new VersionReference.Numbered(scene.name(), number), Rollouts.LIVE, Scene.WHO);
        scene.say(
                "live",
                "%s/%d, trained on the known tools, is made live by hand: its one gate was that it is judged on tasks enough"
                        .formatted(scene.name(), number));
    }

    /**
     * The expert labels and users go on, until the gateway begins a round; then users alone go on, until it has ended.
     *
     * @param next what users ask
     */
    Learned unattended(Supplier<Task> next, BooleanSupplier stop) throws IOException, InterruptedException {
        Loops.Round begun = awaitBegin(next, stop);
        boolean unattended = begun.who().equals(LoopWiring.SERVE);
        scene.say(
                "loop", "%s begins a round%s: %s".formatted(begun.who(), unattended ? " by itself" : "", begun.why()));
        Loops.Round round = awaitEnd(begun.id(), next, stop);
        RoundFolder folder = new RoundFolder(Path.of(round.home()));
        Optional<Results.Judged> judged =
                folder.finished(RoundStep.GATES, Results.Judged.class).map(RoundFolder.Finished::result);
        scene.say(
                "gates",
                judged.map(verdict -> "%s/%s %s its gates: %s"
                                .formatted(
                                        scene.name(),
                                        round.version(),
                                        verdict.passed() ? "passed" : "did not pass",
                                        String.join("; ", verdict.sentences())))
                        .orElse("the round ended before its gates: " + round.reason()));
        return new Learned(
                new Story.Began(begun.who(), begun.why(), unattended),
                folder.finished(RoundStep.EVALUATION, Results.Evaluated.class)
                        .map(RoundFolder.Finished::result)
                        .orElse(null),
                kinds(round, folder),
                round.outcome() == Loops.Outcome.ROLLOUT);
    }

    /** What is not among the calls of users was imported before the story begins, and asks for known tools. */
    private List<Story.Kind> kinds(Loops.Round round, RoundFolder folder) throws IOException {
        Integer live = folder.begun().map(Begun::live).orElse(null);
        Map<UUID, Task> asked = scene.users().asked();
        return live == null
                ? List.of()
                : TaskScores.read(folder)
                        .map(scores -> Kinds.of(
                                scores,
                                trace -> {
                                    Task task = asked.get(UUID.fromString(trace));
                                    return task != null && scene.world().isNew(task);
                                },
                                "%s/%s".formatted(scene.name(), round.version()),
                                "%s/%d".formatted(scene.name(), live)))
                        .orElse(List.of());
    }

    private Loops.Round awaitBegin(Supplier<Task> next, BooleanSupplier stop) throws IOException, InterruptedException {
        UUID before = loops.list(scene.useCase(), 1).getFirst().id();
        Expert expert = new Expert(scene);
        long end = System.nanoTime() + TO_BEGIN.toNanos();
        while (true) {
            Loops.Round newest = loops.list(scene.useCase(), 1).getFirst();
            if (!newest.id().equals(before)) {
                expert.tell();
                return newest;
            }
            Scene.requireGoing(stop);
            if (System.nanoTime() > end) {
                throw new IllegalStateException(
                        "No round began within %d minutes, with all that the expert labelled: %s"
                                .formatted(
                                        TO_BEGIN.toMinutes(),
                                        NotBegun.read(scene.home(), Project.DEFAULT, scene.name())
                                                .map(NotBegun::reason)
                                                .orElse("[%s] may say why".formatted(LoopProcess.log(scene.home())))));
            }
            if (expert.label(stop) == 0) {
                scene.users().send(1, next);
            }
            log.tell();
            Thread.sleep(expert.isEnough() ? TO_START : BETWEEN);
        }
    }

    private Loops.Round awaitEnd(UUID id, Supplier<Task> next, BooleanSupplier stop)
            throws IOException, InterruptedException {
        long end = System.nanoTime() + TO_END.toNanos();
        long sent = System.nanoTime();
        while (true) {
            log.tell();
            Loops.Round round = loops.find(id)
                    .orElseThrow(() -> new IllegalStateException(
                            "The round could not do its first step, and is no more: [%s] says why"
                                    .formatted(LoopProcess.log(scene.home()))));
            if (round.ended() != null) {
                return round;
            }
            Scene.requireGoing(stop);
            if (System.nanoTime() > end) {
                throw new IllegalStateException("The round took more than %d minutes: [%s] may say why"
                        .formatted(TO_END.toMinutes(), LoopProcess.log(scene.home())));
            }
            if (System.nanoTime() - sent > scene.plan().seldom().toNanos()) {
                scene.users().send(1, next);
                sent = System.nanoTime();
            }
            Thread.sleep(BETWEEN);
        }
    }

    /** A row that was labelled before the story begins, as an import would store it. */
    private LabelledTrace labelled(Task task) {
        UseCase useCase = scene.world().useCase();
        String request = ChatJson.of(useCase.product(task)).toString();
        return new LabelledTrace(
                new Trace(
                        Ids.next(),
                        "",
                        request,
                        "",
                        task.metadata(),
                        null,
                        Hashes.sha256(request + task.reference()),
                        "before.jsonl",
                        1),
                ChatJson.assistant(useCase.right(task)).toString());
    }
}
