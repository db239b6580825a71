package dev.hone.loop;

import dev.hone.charter.Charter;
import dev.hone.charter.LoopRules;
import dev.hone.fetch.FetchListener;
import dev.hone.promote.GateOutlook;
import dev.hone.record.Ids;
import dev.hone.record.ModelVersion;
import dev.hone.record.VersionReference;
import dev.hone.run.LoadedModel;
import dev.hone.store.Database;
import dev.hone.store.LabelCounts;
import dev.hone.store.Loops;
import dev.hone.store.Loops.Round;
import dev.hone.store.ModelVersions;
import dev.hone.store.Rollouts;
import dev.hone.store.UseCases;
import dev.hone.train.BlockShape;
import dev.hone.train.MachineCeiling;
import dev.hone.train.Precision;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/** The rounds of a use case, one at a time: begins one when it may, goes on with one that was interrupted, gives one up. */
public final class Rounds {
    /** Rounds that are looked at for how long one takes. */
    private static final int RECENT = 20;

    private final Database database;
    private final Path home;
    private final Charter charter;
    private final String project;
    private final Launch launch;
    private final InstantSource clock;
    private final LoopFolder folder;

    /**
     * @param home where Hone keeps things
     * @param charter of the use case
     * @param project whose
     */
    Rounds(Database database, Path home, Charter charter, String project, Launch launch, InstantSource clock) {
        this.database = database;
        this.home = home;
        this.charter = charter;
        this.project = project;
        this.launch = launch;
        this.clock = clock;
        this.folder = LoopFolder.of(home, this.project, charter.name());
    }

    /**
     * How a round is begun.
     *
     * @param why in a sentence
     * @param who begins it
     * @param byHand whether a person does: then it need not wait until the last one is cool
     * @param again whether a round may learn from what one has learned from already
     * @param seed of adapters, order and chance
     * @param coolDown between the beginnings of two rounds at least, where no person begins them; null for none
     * @param rules how it is run
     * @param precision of the training's products with frozen weights; null for the faster one on this machine
     * @param rollout whether a rollout is asked for when the version has passed
     */
    public record Order(
            String why,
            String who,
            boolean byHand,
            boolean again,
            long seed,
            @Nullable Duration coolDown,
            LoopRules rules,
            @Nullable Precision precision,
            boolean rollout) {}

    /**
     * How it went.
     *
     * @param round its folder
     * @param resumed whether it had been begun before
     * @param ended null when it was stopped
     * @param stoppedAt the step that is not done; null when it ended
     */
    public record Result(
            RoundFolder round,
            boolean resumed,
            @Nullable Ended ended,
            @Nullable RoundStep stoppedAt) {}

    /**
     * Goes on with the round that was interrupted, or else begins one.
     *
     * @param stop asked between steps, and within them
     * @throws IllegalArgumentException when none may begin now: another goes on, a rollout does, it is too early or the budget is used up, or there is
     *     nothing to learn from
     */
    public Result run(Order order, RoundListener listener, BooleanSupplier stop) throws IOException {
        UUID useCase = useCase();
        try (LoopLock lock = LoopLock.take(folder, charter.name());
                Budget budget = budget(useCase)) {
            folder.sweep(lock);
            Optional<RoundFolder> unfinished = folder.unfinished();
            budget.requireLeft();
            RoundFolder round = unfinished.isPresent() ? unfinished.get() : begin(useCase, order, listener);
            budget.begin();
            Begun begun = round.begun().orElseThrow();
            Charter followed = round.charter(charter.name()).orElse(charter);
            LoopRound.Outcome outcome;
            try {
                outcome = new LoopRound(
                                round,
                                begun,
                                useCase,
                                followed,
                                database,
                                home,
                                new LoopRound.Seams(gatekeeper(followed), launch),
                                listener,
                                () -> stop.getAsBoolean() || budget.isUsedUp())
                        .run();
            } catch (IllegalArgumentException e) {
                withdrawUnlessBegun(round, begun);
                throw e;
            }
            return switch (outcome) {
                case LoopRound.Outcome.Done(Ended ended) -> new Result(round, unfinished.isPresent(), ended, null);
                case LoopRound.Outcome.Stopped(RoundStep at) -> {
                    if (!stop.getAsBoolean()) {
                        throw budget.usedUp();
                    }
                    yield new Result(round, unfinished.isPresent(), null, at);
                }
            };
        }
    }

    private UUID useCase() {
        return new UseCases(database).require(charter.name(), project);
    }

    private Gatekeeper gatekeeper(Charter of) {
        return new StoreGatekeeper(database, of.gates(), of.name(), project);
    }

    private Budget budget(UUID useCase) {
        return new Budget(database, useCase, charter.name(), charter.loop(), clock, Budget.BEAT);
    }

    /** A round that could not do its first step never was: nothing has to be gone on with, and the next need not wait until it is cool. */
    private void withdrawUnlessBegun(RoundFolder round, Begun begun) throws IOException {
        if (round.finished(RoundStep.DATASET, Results.DatasetMade.class).isEmpty()) {
            new Loops(database).withdraw(UUID.fromString(begun.id()));
            round.delete();
        }
    }

    private RoundFolder begin(UUID useCase, Order order, FetchListener listener) throws IOException {
        requireFree(useCase, order);
        DatasetStep.Built built = datasets().build(useCase, charter.name(), null, order.seed());
        if (!order.again()) {
            requireNews(built);
        }
        require(order, preview(useCase, built));
        LoopRules rules = order.rules();
        Precision precision = order.precision();
        if (precision == null) {
            try (LoadedModel base = LoadedModel.open(rules.model(), listener)) {
                precision =
                        MachineCeiling.inWorker(BlockShape.of(base.config())).fastest();
            }
        }
        UUID id = Ids.next();
        RoundFolder round = folder.round(id);
        round.begin(
                new Begun(
                        Begun.SCHEMA,
                        id.toString(),
                        charter.name(),
                        project,
                        order.why(),
                        order.who(),
                        order.seed(),
                        rules.from(),
                        rules.model(),
                        rules.epochs(),
                        rules.rate(),
                        rules.replay(),
                        precision,
                        live().map(ModelVersion::number).orElse(null),
                        rules.coreHour(),
                        order.rollout(),
                        LoopWiring.mode(charter)),
                charter);
        return round;
    }

    private Optional<ModelVersion> live() {
        return new ModelVersions(database).find(new VersionReference.Aliased(project, charter.name(), Rollouts.LIVE));
    }

    /**
     * Whether a round may begin now, and what it would work on, which is made for that, and not kept.
     *
     * @throws IllegalArgumentException when something would keep it from beginning
     */
    public Preview preview(Order order) {
        UUID useCase = useCase();
        requireFree(useCase, order);
        DatasetStep.Built built = datasets().build(useCase, charter.name(), null, order.seed());
        if (!order.again()) {
            requireNews(built);
        }
        return preview(useCase, built);
    }

    private Preview preview(UUID useCase, DatasetStep.Built built) {
        return new Preview(built.made(), new RoundOutlook(database, useCase, charter).of(built, live().orElse(null)));
    }

    /**
     * What a round would work on.
     *
     * @param outlook what the gates could say of its version
     */
    public record Preview(Results.DatasetMade made, GateOutlook outlook) {}

    /**
     * What would keep a round from beginning now, as far as counting tells, in words; empty where nothing would. No trace is read for it, so that a process that
     * has calls to answer may ask.
     */
    public String obstacle(Order order) {
        try {
            UUID useCase = useCase();
            requireFree(useCase, order);
            requireCounted(useCase, order);
            return "";
        } catch (IllegalArgumentException e) {
            return String.valueOf(e.getMessage());
        }
    }

    private void requireCounted(UUID useCase, Order order) {
        LabelCounts counts = new LabelCounts(database);
        long labelled = counts.labelled(useCase);
        if (labelled < order.rules().leastTasks()) {
            throw new IllegalArgumentException(
                    "[%s] has [%d] labelled traces, and [least-tasks] under [loop] in its charter asks for [%d]: label more, or ask for fewer"
                            .formatted(charter.name(), labelled, order.rules().leastTasks()));
        }
        long judgeable = counts.judgeable(useCase);
        if (judgeable == 0) {
            throw DatasetStep.notJudgeable(charter.name(), labelled);
        }
        if (order.rollout()) {
            RoundOutlook.requirePossible(charter, RoundOutlook.atMost(charter.gates(), judgeable, labelled));
        }
        if (!order.again() && !counts.hasNews(useCase)) {
            throw nothingNew();
        }
    }

    private void requireFree(UUID useCase, Order order) {
        try (Budget budget = budget(useCase)) {
            budget.requireLeft();
        }
        String obstacle = gatekeeper(charter).obstacle();
        if (order.rollout() && !obstacle.isEmpty()) {
            throw new IllegalArgumentException(obstacle + "; or train and judge alone, by --no-rollout");
        }
        String rollout = launch.goingOn(useCase);
        if (!rollout.isEmpty()) {
            throw new IllegalArgumentException(
                    "%s: a round begins when that is over, so that versions are compared with what is live"
                            .formatted(rollout));
        }
        if (!order.rules().from().contains(LoopRules.Start.BASE) && live().isEmpty()) {
            throw new IllegalArgumentException(
                    "[%s] is to be trained from the live version, and none is live: add [base] to [from] under [loop] in its charter"
                            .formatted(charter.name()));
        }
        Loops loops = new Loops(database);
        Duration coolDown = order.coolDown();
        List<Round> last = loops.list(useCase, 1);
        if (!order.byHand() && coolDown != null && !last.isEmpty()) {
            Instant next = last.getFirst().begun().plus(coolDown);
            if (clock.instant().isBefore(next)) {
                throw new IllegalArgumentException(
                        "The last round of [%s] began at [%s], and the next may begin by itself at [%s] ([cool-down] under [improve] in its charter): wait, or begin one by hand"
                                .formatted(charter.name(), last.getFirst().begun(), next));
            }
        }
    }

    private DatasetStep datasets() {
        return new DatasetStep(database, LoopWiring.retention(charter));
    }

    /** What all has been learned from already teaches nothing. */
    private void requireNews(DatasetStep.Built built) {
        if (!built.earlier().isEmpty() && built.frozen().tasks().stream().allMatch(built::isEarlier)) {
            throw nothingNew();
        }
    }

    private IllegalArgumentException nothingNew() {
        return new IllegalArgumentException(
                "There is no label of [%s] that no version has learned from or been judged by: label more, or ask for the same again by --again"
                        .formatted(charter.name()));
    }

    /** @throws IllegalArgumentException when there are fewer tasks to learn from than the charter asks for, or no version could pass what has to be passed */
    public void require(Order order, Preview preview) {
        LoopRound.requireEnough(charter, preview.made());
        if (order.rollout()) {
            RoundOutlook.requirePossible(charter, preview.outlook());
        }
    }

    /** The last round that came to a verdict; empty when none did. */
    public Optional<Round> lastFinished() {
        return new Loops(database)
                .list(useCase(), RECENT).stream()
                        .filter(round -> round.ended() != null && round.version() != null)
                        .findFirst();
    }

    /** Whether somebody works on a round at the moment. */
    public boolean isAtWork() throws IOException {
        return LoopLock.isTaken(folder);
    }

    /** The round that would be gone on with; empty when one would be begun. */
    public Optional<RoundFolder> unfinished() throws IOException {
        return folder.unfinished();
    }

    /** The version that is live, as users write it; empty when none is. */
    public Optional<String> liveReference() {
        return live().map(ModelVersion::reference);
    }

    /**
     * Gives up the round that was interrupted: what it made stays where it is.
     *
     * @return the round; empty when there is none
     */
    public Optional<RoundFolder> abandon(String who) throws IOException {
        try (LoopLock lock = LoopLock.take(folder, charter.name())) {
            folder.sweep(lock);
            Optional<RoundFolder> unfinished = folder.unfinished();
            if (unfinished.isPresent()) {
                RoundFolder round = unfinished.get();
                UUID id = UUID.fromString(round.begun().orElseThrow().id());
                Loops loops = new Loops(database);
                if (loops.find(id).isPresent()) {
                    loops.giveUp(id, who);
                }
                round.end(new Ended(Loops.Outcome.ABANDONED, "Given up by " + who, null));
            }
            return unfinished;
        }
    }

    /** The round that the store calls going on, and that nothing is here of; empty where there is none. */
    public Optional<Round> elsewhere() throws IOException {
        Optional<Round> going = new Loops(database).going(useCase());
        if (going.isEmpty()) {
            return going;
        }
        UUID id = going.get().id();
        return folder.unfinished()
                        .filter(round -> round.path().equals(folder.round(id).path()))
                        .isPresent()
                ? Optional.empty()
                : going;
    }

    /**
     * Gives up the round that nothing is here of. Whoever still works on it elsewhere stops before the next step.
     *
     * @return how the store has it now; empty where there is none
     */
    public Optional<Round> abandonElsewhere(String who) throws IOException {
        try (LoopLock lock = LoopLock.take(folder, charter.name())) {
            folder.sweep(lock);
            return elsewhere().map(round -> new Loops(database).giveUp(round.id(), who));
        }
    }
}
