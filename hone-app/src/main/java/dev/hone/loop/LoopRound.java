package dev.hone.loop;

import dev.hone.charter.Charter;
import dev.hone.loop.Results.Asked;
import dev.hone.loop.Results.DatasetMade;
import dev.hone.loop.Results.Evaluated;
import dev.hone.loop.Results.Judged;
import dev.hone.loop.Results.Registered;
import dev.hone.loop.Results.Trained;
import dev.hone.loop.RoundFolder.Finished;
import dev.hone.promote.GateOutlook;
import dev.hone.record.DatasetTask;
import dev.hone.record.ModelVersion;
import dev.hone.run.Artifacts;
import dev.hone.run.ModelRegistration;
import dev.hone.store.Database;
import dev.hone.store.Loops;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.json.JsonMapper;

/**
 * One passage through the loop: labels become a dataset, that a model, a version, an evaluation, a verdict, a rollout. Each step writes its result down when it
 * is done; after {@code kill -9} at whatever moment, the round goes on from the last result, and what was half done is done again, to the same end.
 */
final class LoopRound {
    /** What passes gates and rolls out, where the round's steps are its own. */
    record Seams(Gatekeeper gatekeeper, Launch launch) {}

    /** How far a round came. */
    sealed interface Outcome {
        /** To its end. */
        record Done(Ended ended) implements Outcome {}

        /** @param at the step that is not done */
        record Stopped(RoundStep at) implements Outcome {}
    }

    /** What carries a step out. */
    private interface Work<T extends Record> {
        /** @return nothing when stopped */
        Optional<T> run() throws IOException;
    }

    private final RoundFolder folder;
    private final Begun begun;
    private final UUID id;
    private final UUID useCase;
    private final Charter charter;
    private final Database database;
    private final Loops loops;
    private final RoundData data;
    private final Artifacts artifacts;
    private final ModelRegistration registration;
    private final Seams seams;
    private final RoundListener listener;
    private final BooleanSupplier stop;
    private @Nullable RoundTasks tasks;

    /** @param stop asked between steps, and within them; once true, the round goes no further for now */
    LoopRound(
            RoundFolder folder,
            Begun begun,
            UUID useCase,
            Charter charter,
            Database database,
            Path home,
            Seams seams,
            RoundListener listener,
            BooleanSupplier stop) {
        this.folder = folder;
        this.begun = begun;
        this.id = UUID.fromString(begun.id());
        this.useCase = useCase;
        this.charter = charter;
        this.database = database;
        this.loops = new Loops(database);
        this.data = new RoundData(database, useCase, begun.useCase());
        this.artifacts = new Artifacts(home);
        this.registration = new ModelRegistration(database, home);
        this.seams = seams;
        this.listener = listener;
        this.stop = stop;
    }

    /**
     * Goes through the steps that are not done. A round whose beginnings are gone ends as abandoned.
     *
     * @throws IllegalArgumentException when another round of the use case goes on, or there is nothing to learn from
     */
    Outcome run() throws IOException {
        try {
            return steps();
        } catch (CannotGoOn gone) {
            Loops.Round round = loops.end(id, Loops.Outcome.ABANDONED, gone.reason(), null);
            Loops.Outcome outcome = round.outcome();
            Ended ended =
                    new Ended(outcome == null ? Loops.Outcome.ABANDONED : outcome, round.reason(), round.version());
            folder.end(ended);
            return new Outcome.Done(ended);
        }
    }

    private Outcome steps() throws IOException {
        Instant began = loops.begin(
                        id, useCase, begun.why(), begun.who(), folder.path().toString())
                .begun();
        Optional<DatasetMade> dataset = step(RoundStep.DATASET, DatasetMade.class, () -> dataset(began));
        if (dataset.isEmpty()) {
            return new Outcome.Stopped(RoundStep.DATASET);
        }
        String hash = dataset.get().hash();
        Optional<Trained> trained = step(RoundStep.TRAINING, Trained.class, () -> train(hash));
        if (trained.isEmpty()) {
            return new Outcome.Stopped(RoundStep.TRAINING);
        }
        String chosen = trained.get().chosen();
        Optional<Registered> registered =
                step(RoundStep.REGISTRATION, Registered.class, () -> Optional.of(register(chosen, hash)));
        if (registered.isEmpty()) {
            return new Outcome.Stopped(RoundStep.REGISTRATION);
        }
        ModelVersion version = data.version(registered.get().number());
        Optional<Evaluated> evaluated = step(RoundStep.EVALUATION, Evaluated.class, () -> evaluate(hash, version));
        if (evaluated.isEmpty()) {
            return new Outcome.Stopped(RoundStep.EVALUATION);
        }
        Forgetting forgetting = Forgetting.of(evaluated.get(), live());
        Optional<Judged> judged = step(
                RoundStep.GATES,
                Judged.class,
                () -> Optional.of(seams.gatekeeper()
                        .judge(version, folder.file(EvaluationStep.REPORT), forgetting, begun.who())));
        if (judged.isEmpty()) {
            return new Outcome.Stopped(RoundStep.GATES);
        }
        if (!judged.get().passed()) {
            return end(
                    Loops.Outcome.NOT_PASSED,
                    "%s did not pass its gates: %s"
                            .formatted(
                                    version.reference(),
                                    String.join("; ", judged.get().sentences())),
                    version);
        }
        if (!begun.rollout()) {
            return end(Loops.Outcome.PASSED, "No rollout was asked for", version);
        }
        if (step(
                        RoundStep.ROLLOUT,
                        Asked.class,
                        () -> Optional.of(new Asked(seams.launch().begin(version, begun.who()))))
                .isEmpty()) {
            return new Outcome.Stopped(RoundStep.ROLLOUT);
        }
        return end(Loops.Outcome.ROLLOUT, null, version);
    }

    /** The result of a step that was done before, or is done now; nothing when stopped. */
    private <T extends Record> Optional<T> step(RoundStep step, Class<T> type, Work<T> work) throws IOException {
        Optional<Finished<T>> done = folder.finished(step, type);
        if (done.isPresent()) {
            listener.found(step);
            store(step, done.get());
            return Optional.of(done.get().result());
        }
        if (stop.getAsBoolean()) {
            return Optional.empty();
        }
        requireCanGoOn();
        listener.begins(step);
        try (SpentTime time = SpentTime.begin(folder, step, SpentTime.BETWEEN)) {
            Optional<T> result = work.run();
            if (result.isPresent()) {
                listener.made(step);
                Finished<T> finished = new Finished<>(time.seconds(), result.get());
                folder.finish(step, finished.result(), finished.seconds());
                store(step, finished);
                listener.finished(step, finished.result(), finished.seconds());
            }
            return result;
        }
    }

    /** @throws CannotGoOn when what has been made so far is gone, or the round was given up elsewhere */
    private void requireCanGoOn() throws IOException {
        data.requireGoing(id);
        Optional<Finished<DatasetMade>> dataset = folder.finished(RoundStep.DATASET, DatasetMade.class);
        if (dataset.isPresent()) {
            data.requireWhole(dataset.get().result().hash());
        }
    }

    private void store(RoundStep step, Finished<?> finished) {
        loops.finished(id, step.word(), JsonMapper.shared().writeValueAsString(finished.result()), finished.seconds());
    }

    /** First in the store, then in the folder: what the folder calls ended, nobody else waits for. */
    private Outcome end(Loops.Outcome outcome, @Nullable String reason, ModelVersion version) throws IOException {
        Ended ended = new Ended(outcome, reason, version.number());
        loops.end(id, outcome, reason, version.number());
        folder.end(ended);
        return new Outcome.Done(ended);
    }

    private Optional<DatasetMade> dataset(Instant began) throws IOException {
        DatasetStep step = datasets();
        DatasetStep.Built built = step.build(useCase, begun.useCase(), began, begun.seed());
        DatasetMade made = built.made();
        requireEnough(charter, made);
        GateOutlook outlook = new RoundOutlook(database, useCase, charter).of(built, live());
        if (begun.rollout()) {
            RoundOutlook.requirePossible(charter, outlook);
        }
        outlook.impossible().forEach(sentence -> listener.stage("  no version can pass: " + sentence));
        outlook.unlikely().forEach(sentence -> listener.stage("  warning: " + sentence));
        step.freeze(useCase, built);
        built.known().write(folder);
        return Optional.of(made);
    }

    private DatasetStep datasets() {
        return new DatasetStep(database, LoopWiring.retention(charter));
    }

    static void requireEnough(Charter charter, DatasetMade made) {
        if (made.train() < charter.loop().leastTasks()) {
            throw new IllegalArgumentException(
                    "[%s] has [%d] tasks to learn from, of [%d] labels, and [least-tasks] under [loop] in its charter asks for [%d]: label more, or ask for fewer"
                            .formatted(
                                    charter.name(),
                                    made.train(),
                                    made.labels(),
                                    charter.loop().leastTasks()));
        }
    }

    private Optional<Trained> train(String hash) throws IOException {
        ModelVersion live = live();
        return new TrainingStep(begun, folder, tasks(hash), LoopWiring.drawn(charter), listener)
                .run(live == null ? null : artifacts.require(live), stop);
    }

    private Registered register(String chosen, String hash) throws IOException {
        ModelRegistration.Result result = registration.register(
                new ModelRegistration.Order(
                        begun.useCase(),
                        begun.project(),
                        List.of(TrainingStep.model(folder, chosen)),
                        null,
                        null,
                        "candidate",
                        begun.who()),
                hash);
        ModelVersion version = result.versions().getLast();
        return new Registered(version.reference(), version.number());
    }

    private Optional<Evaluated> evaluate(String hash, ModelVersion version) throws IOException {
        ModelVersion live = live();
        return new EvaluationStep(begun, charter, folder, tasks(hash), database, listener)
                .run(
                        useCase,
                        new EvaluationStep.Contender(version, artifacts.require(version)),
                        live == null ? null : new EvaluationStep.Contender(live, artifacts.require(live)),
                        stop);
    }

    private @Nullable ModelVersion live() {
        Integer number = begun.live();
        return number == null ? null : data.version(number);
    }

    /** Of the dataset that was frozen. */
    private RoundTasks tasks(String hash) throws IOException {
        RoundTasks known = tasks;
        if (known != null) {
            return known;
        }
        List<DatasetTask> frozen = data.tasks(hash);
        KnownTasks earlier = KnownTasks.read(folder)
                .orElseThrow(() -> new CannotGoOn(
                        "Which of its tasks are known is not written down in [%s]: another version of Hone began it"
                                .formatted(folder.path())));
        RoundTasks made = RoundTasks.of(
                begun.useCase(), charter.good(), hash, frozen, earlier, data.recorded(frozen), begun.model(), listener);
        tasks = made;
        return made;
    }
}
