package dev.hone.demo;

import dev.hone.charter.Charter;
import dev.hone.charter.LoopRules;
import dev.hone.fetch.Hashes;
import dev.hone.loop.Ended;
import dev.hone.loop.LoopWiring;
import dev.hone.loop.Results;
import dev.hone.loop.RoundFolder;
import dev.hone.loop.RoundStep;
import dev.hone.loop.Rounds;
import dev.hone.record.Ids;
import dev.hone.record.LabelledTrace;
import dev.hone.record.Task;
import dev.hone.record.Trace;
import dev.hone.record.VersionReference;
import dev.hone.run.UseCase;
import dev.hone.store.Aliases;
import dev.hone.store.Rollouts;
import dev.hone.store.Traces;
import dev.hone.store.UseCases;
import dev.hone.task.ChatJson;
import java.io.IOException;
import java.util.List;
import java.util.Objects;
import java.util.UUID;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/** The rounds of the loop that the demo begins: one for a first version, and one when production has drifted. */
final class Learning {
    private final Scene scene;

    Learning(Scene scene) {
        this.scene = scene;
    }

    /**
     * A round that has ended.
     *
     * @param evaluated null where it did not come so far
     */
    record Learned(Ended ended, Results.@Nullable Evaluated evaluated) {}

    /** A first version of rows that were labelled before the story begins; it is made live by hand. */
    void first(BooleanSupplier stop) throws IOException {
        List<Task> taught = scene.world().taught();
        UUID id = new UseCases(scene.database()).obtain(scene.name());
        new Traces(scene.database()).add(id, taught.stream().map(this::labelled).toList());
        Rounds.Result begun = rounds(scene.first())
                .run(
                        order(
                                "a first version of one's own, of %d rows that were labelled before"
                                        .formatted(taught.size()),
                                true,
                                scene.plan().firstEpochs(),
                                List.of(LoopRules.Start.BASE),
                                false),
                        scene.listener(),
                        stop);
        Scene.requireGoing(stop);
        int number = begun.round()
                .finished(RoundStep.REGISTRATION, Results.Registered.class)
                .orElseThrow()
                .result()
                .number();
        new Aliases(scene.database()).set(new VersionReference.Numbered(scene.name(), number), Rollouts.LIVE, Scene.WHO);
        scene.say(
                "live",
                "%s/%d, trained on the known tools, is made live by hand: its one gate was that it is judged on tasks enough"
                        .formatted(scene.name(), number));
    }

    /** What a trigger begins. */
    Learned round(String why, BooleanSupplier stop) throws IOException {
        LoopRules rules = scene.charter().loop();
        Rounds.Result result = rounds(scene.charter())
                .run(order(why, false, rules.epochs(), rules.from(), true), scene.listener(), stop);
        Scene.requireGoing(stop);
        Ended ended = Objects.requireNonNull(result.ended());
        Results.Judged judged = result.round()
                .finished(RoundStep.GATES, Results.Judged.class)
                .map(RoundFolder.Finished::result)
                .orElseThrow();
        scene.say(
                "gates",
                "%s/%d %s its gates: %s"
                        .formatted(
                                scene.name(),
                                ended.version(),
                                judged.passed() ? "passed" : "did not pass",
                                String.join("; ", judged.sentences())));
        return new Learned(
                ended,
                result.round()
                        .finished(RoundStep.EVALUATION, Results.Evaluated.class)
                        .map(RoundFolder.Finished::result)
                        .orElse(null));
    }

    private Rounds rounds(Charter charter) {
        return LoopWiring.rounds(scene.database(), scene.home(), charter, null);
    }

    private Rounds.Order order(String why, boolean byHand, double epochs, List<LoopRules.Start> from, boolean rollout) {
        LoopRules rules = scene.charter().loop();
        return new Rounds.Order(
                why,
                Scene.WHO,
                byHand,
                false,
                scene.plan().seed(),
                LoopWiring.coolDown(scene.charter()),
                new LoopRules(
                        rules.unattended(),
                        from,
                        rules.model(),
                        epochs,
                        rules.rate(),
                        rules.replay(),
                        rules.leastTasks(),
                        rules.hours(),
                        rules.judge(),
                        rules.coreHour()),
                null,
                rollout);
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
