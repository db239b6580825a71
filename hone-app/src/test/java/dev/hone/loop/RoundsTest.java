package dev.hone.loop;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.hone.algorithm.GrpoListener;
import dev.hone.algorithm.Rollouts;
import dev.hone.algorithm.SftListener;
import dev.hone.charter.Charter;
import dev.hone.loop.Results.DatasetMade;
import dev.hone.loop.Results.Evaluated;
import dev.hone.loop.Results.Trained;
import dev.hone.record.ModelVersion;
import dev.hone.record.Project;
import dev.hone.record.VersionReference;
import dev.hone.run.TinyChatModel;
import dev.hone.store.Aliases;
import dev.hone.store.Database;
import dev.hone.store.LoopAttempts;
import dev.hone.store.Loops;
import dev.hone.store.ModelVersions;
import dev.hone.store.SharedDatabase;
import dev.hone.store.StoreFixture;
import dev.hone.store.UseCases;
import dev.hone.store.VersionRows;
import dev.hone.train.Precision;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Rounds of a tiny model with the real store, gates and rollouts. */
@Timeout(900)
final class RoundsTest {
    private static final String LOOP = "loop: {model: 'MODEL', epochs: 4, least-tasks: 10}\n";
    private static final String GATES = "gates: {sample-size: 5}\n";

    /** Moments of its training at which a round is killed. */
    private static final Set<String> WITHIN = Set.of("stepped 1", "stepped 5");

    @TempDir
    static Path folder;

    private static final Database database = SharedDatabase.database();
    private static Path home;
    private static Path model;

    @BeforeAll
    static void open() throws IOException {
        home = folder.resolve("home");
        model = TinyChatModel.write(folder.resolve("tiny"), 512);
    }

    /** As by {@code kill -9}, but for what {@code finally} does. */
    private static final class Killed extends Error {
        private static final long serialVersionUID = 1;
    }

    /** Hears of each moment of a round by a name of its own. */
    private abstract static class Moments implements RoundListener {
        abstract void at(String moment);

        @Override
        public void begins(RoundStep step) {
            at("begins " + step);
        }

        @Override
        public void made(RoundStep step) {
            at("made " + step);
        }

        @Override
        public void finished(RoundStep step, Record result, double seconds) {
            at("finished " + step);
        }

        @Override
        public void stage(String name) {}

        @Override
        public void answered(String contender, int done, int total) {
            at("answered " + contender + " " + done);
        }

        @Override
        public void stepped(SftListener.Step step) {
            at("stepped " + step.step());
        }

        @Override
        public void stepped(GrpoListener.Step step, List<Rollouts> rollouts) {}
    }

    private static final class Silent extends Moments {
        @Override
        void at(String moment) {}
    }

    private static Charter charter(String name, String more) throws IOException {
        return Letters.read(folder.resolve("use-cases"), name, model, more);
    }

    private static Rounds rounds(Charter charter) {
        return LoopWiring.rounds(database, home, charter, null);
    }

    private static Rounds.Order order(Charter charter, boolean byHand) {
        return new Rounds.Order(
                "test", "ada", byHand, false, 1, Duration.ofHours(24), charter.loop(), 0.05, Precision.FP32, true);
    }

    private static Rounds.Result run(Charter charter, RoundListener listener) throws IOException {
        return rounds(charter).run(order(charter, true), listener, () -> false);
    }

    private static String refusal(Charter charter) {
        return refusal(charter, true);
    }

    private static String refusal(Charter charter, boolean byHand) {
        return String.valueOf(assertThrows(
                        IllegalArgumentException.class,
                        () -> rounds(charter).run(order(charter, byHand), new Silent(), () -> false))
                .getMessage());
    }

    private static UUID id(String useCase) {
        return new UseCases(database).require(useCase);
    }

    /** What must not depend on interruptions: what was made, and how often. */
    private static List<String> state(String useCase, RoundFolder round) throws IOException {
        List<String> state = new ArrayList<>();
        for (RoundStep step : RoundStep.values()) {
            Record result = round.finished(step).orElseThrow().result();
            state.add(
                    switch (result) {
                        case Trained trained -> {
                            Results.Arm arm = trained.arms().getFirst();
                            yield "trained %d rows, %d steps, loss %s, quality %s"
                                    .formatted(arm.rows(), arm.steps(), arm.finalLoss(), arm.quality());
                        }
                        case Results.Registered registered -> "version " + registered.number();
                        case Evaluated evaluated ->
                            evaluated.all().stream()
                                    .map(figures -> figures.contender().replace(useCase, "") + figures.quality())
                                    .toList()
                                    .toString();
                        case Results.Judged judged ->
                            judged.passed() + " " + judged.sentences().size();
                        case Results.Asked asked -> "rollout " + (asked.rollout() != null);
                        default -> result.toString();
                    });
        }
        state.add(round.ended().orElseThrow().outcome() + " "
                + round.ended().orElseThrow().version());
        for (String table : List.of(
                "dataset",
                "run",
                "model_version",
                "evaluation",
                "gate_verdict",
                "rollout",
                "loop_round",
                "alias_change")) {
            state.add(table + " "
                    + StoreFixture.texts(
                            database,
                            "SELECT count(*)::text FROM %s x WHERE x.use_case = '%s'".formatted(table, id(useCase))));
        }
        state.add(StoreFixture.texts(
                        database,
                        "SELECT s.step FROM loop_step s JOIN loop_round r ON r.id = s.round WHERE r.use_case = '%s' ORDER BY 1"
                                .formatted(id(useCase)))
                .toString());
        return state;
    }

    /**
     * Whether a round is killed at a moment: at the beginning and both ends of each of its six steps, where it costs no more than to find what was done; and within training and
     * answering, where a worker process begins anew after each, at three that there always are and some that are drawn.
     */
    private static boolean kills(String moment, Set<String> killed, Random random) {
        boolean answered = moment.startsWith("answered");
        boolean within = answered || moment.startsWith("stepped");
        return !within
                || WITHIN.contains(moment)
                || answered && killed.stream().noneMatch(one -> one.startsWith("answered"))
                || random.nextInt(10) < 1;
    }

    /** Killed at twenty moments and more between and within its steps, a round ends as one that was not. */
    @Test
    void killedAnywhereItEndsInTheSameState() throws IOException {
        String keys = GATES + LOOP;
        Letters.label(database, "whole", 0, 60);
        Letters.label(database, "killed", 0, 60);
        Rounds.Result whole = run(charter("whole", keys), new Silent());
        assertEquals(
                Loops.Outcome.ROLLOUT,
                whole.ended() == null ? null : whole.ended().outcome());
        Charter charter = charter("killed", keys);
        Random random = new Random(7);
        Set<String> killed = new HashSet<>();
        Optional<Rounds.Result> result = Optional.empty();
        while (result.isEmpty()) {
            try {
                result = Optional.of(run(charter, new Moments() {
                    @Override
                    void at(String moment) {
                        if (!killed.contains(moment) && kills(moment, killed, random) && killed.add(moment)) {
                            throw new Killed();
                        }
                    }
                }));
            } catch (Killed e) {
                assertEquals(
                        1,
                        new Loops(database)
                                .list(id("killed"), 10).stream()
                                        .filter(round -> round.ended() == null)
                                        .count(),
                        "one round goes on: " + killed);
                assertTrue(
                        new ModelVersions(database)
                                .find(new VersionReference.Aliased("killed", "live"))
                                .isEmpty(),
                        "nothing is live that no rollout made so");
            }
        }
        assertTrue(killed.size() >= 20, killed.toString());
        for (RoundStep step : RoundStep.values()) {
            assertTrue(
                    killed.containsAll(Set.of("begins " + step, "made " + step, "finished " + step)),
                    () -> killed + " without all of " + step);
        }
        assertTrue(killed.containsAll(WITHIN), killed.toString());
        assertTrue(killed.stream().anyMatch(moment -> moment.startsWith("answered")), killed.toString());
        assertEquals(state("whole", whole.round()), state("killed", result.get().round()), () -> "killed at " + killed);
        story(charter);
    }

    /** What follows the first round of a use case: refusals, then a second round that learns from the live version, too. */
    private static void story(Charter charter) throws IOException {
        String rolling = refusal(charter);
        assertTrue(rolling.contains("killed/1") && rolling.contains("being rolled out"), rolling);
        StoreFixture.change(database, "UPDATE rollout SET phase = 'promoted' WHERE use_case = ?", id("killed"));
        new Aliases(database).set(new VersionReference.Numbered("killed", 1), "live", "ada");
        String nothing = refusal(charter);
        assertTrue(nothing.contains("no label") && nothing.contains("--again"), nothing);
        Letters.label(database, "killed", 60, 100);
        String cooling = refusal(charter, false);
        assertTrue(cooling.contains("[cool-down]") && cooling.contains("by hand"), cooling);
        DatasetMade before = new RoundFolder(LoopFolder.of(home, "default", "killed")
                        .rounds()
                        .getFirst()
                        .path())
                .finished(RoundStep.DATASET, DatasetMade.class)
                .orElseThrow()
                .result();
        Rounds.Result second = run(charter, new Silent());
        RoundFolder round = second.round();
        assertFalse(second.resumed());
        DatasetMade made = round.finished(RoundStep.DATASET, DatasetMade.class)
                .orElseThrow()
                .result();
        assertEquals(before.test(), made.retained(), "what the first round judged by is judged by again");
        assertTrue(made.test() > made.retained());
        assertTrue(made.fresh() > 0 && made.fresh() < made.train());
        Trained trained =
                round.finished(RoundStep.TRAINING, Trained.class).orElseThrow().result();
        assertEquals(
                List.of("base", "live"),
                trained.arms().stream().map(Results.Arm::from).toList());
        Results.Arm live = trained.arms().getLast();
        assertEquals(made.fresh(), live.rows() - live.replayed());
        assertEquals(Math.min(before.train(), made.fresh()), live.replayed(), "as many earlier tasks as new ones");
        Evaluated evaluated = round.finished(RoundStep.EVALUATION, Evaluated.class)
                .orElseThrow()
                .result();
        assertEquals(
                Set.of("all", "fresh", "retained"),
                new HashSet<>(evaluated.comparisons().stream()
                        .map(Results.Comparison::on)
                        .toList()));
        assertTrue(evaluated.comparisons().stream()
                .allMatch(one -> one.difference().a().equals("killed/2")));
        ModelVersion version = new ModelVersions(database).of(id("killed"), 2);
        assertEquals(made.hash(), version.dataset(), "the version knows what it learned from");
        assertEquals(trained.chosen().equals("live") ? "killed/1" : null, version.parent());
        assertTrue(
                round.finished(RoundStep.GATES, Results.Judged.class)
                        .orElseThrow()
                        .result()
                        .sentences()
                        .getLast()
                        .contains("whether it has forgotten anything is not known: [%d] tasks"
                                .formatted(made.retained())),
                "too few tasks tell nothing, and that is said");
        assertEquals(2, version.evaluations(), "a report, and one of what earlier rounds judged by");
        StoreFixture.change(
                database, "UPDATE rollout SET phase = 'rolled-back' WHERE use_case = ? AND number = 2", id("killed"));
    }

    @Test
    void aVersionThatDoesNotPassIsNotRolledOut() throws IOException {
        Letters.label(database, "never", 0, 40);
        Charter charter = charter("never", "gates: {sample-size: 100000}\n" + LOOP);
        Ended ended = run(charter, new Silent()).ended();
        assertEquals(Loops.Outcome.NOT_PASSED, ended == null ? null : ended.outcome());
        assertTrue(
                String.valueOf(ended == null ? null : ended.reason()).contains("sample-size not met"),
                () -> String.valueOf(ended));
        assertEquals(
                List.of("0"),
                StoreFixture.texts(
                        database, "SELECT count(*)::text FROM rollout WHERE use_case = '%s'".formatted(id("never"))));
        assertEquals(Optional.empty(), new Loops(database).going(id("never")));
    }

    /** What cannot begin says why, and leaves nothing that would have to be gone on with. */
    @Test
    void whatCannotBeginSaysWhyAndLeavesNothing() throws IOException {
        Charter unknown = charter("unknown", GATES + LOOP);
        assertTrue(refusal(unknown).contains("There is no use case [unknown]"), refusal(unknown));
        new UseCases(database).obtain("empty");
        Charter empty = charter("empty", GATES + LOOP);
        assertTrue(refusal(empty).contains("no traces"), refusal(empty));
        Letters.ask(database, "unlabelled", 3);
        Charter unlabelled = charter("unlabelled", GATES + LOOP);
        assertTrue(refusal(unlabelled).contains("[3] traces and no labels"), refusal(unlabelled));
        Letters.label(database, "few", 0, 40);
        Charter few = charter("few", GATES + "loop: {model: 'MODEL', least-tasks: 1000}\n");
        String tooFew = refusal(few);
        assertTrue(tooFew.contains("[least-tasks]") && tooFew.contains("[1000]"), tooFew);
        Charter ungated = charter("few", LOOP);
        assertTrue(refusal(ungated).contains("[gates]"), refusal(ungated));
        Charter poor = charter("few", GATES + "loop: {model: 'MODEL', hours-a-month: 0}\n");
        assertTrue(refusal(poor).contains("[hours-a-month]"), refusal(poor));
        Charter homeless = charter("few", GATES + "loop: {model: 'MODEL', from: [live], least-tasks: 10}\n");
        assertTrue(refusal(homeless).contains("none is live"), refusal(homeless));
        assertEquals(Optional.empty(), rounds(few).unfinished());
        assertEquals(Optional.empty(), new Loops(database).going(id("few")));
    }

    /** Labels have the time of the store, and a machine whose clock is not that of the store sees them all the same. */
    @Test
    void aClockThatIsWrongHidesNoLabels() throws IOException {
        Letters.label(database, "clocks", 0, 40);
        Charter charter = charter("clocks", GATES + LOOP);
        Rounds.Order order = order(charter, true);
        DatasetMade right = rounds(charter).preview(order);
        assertEquals(40, right.labels());
        for (Duration off : List.of(Duration.ofDays(-400), Duration.ofDays(40))) {
            Rounds wrong = new Rounds(
                    database,
                    home,
                    charter,
                    Project.DEFAULT,
                    new StoreGatekeeper(database, charter.gates(), "clocks", Project.DEFAULT),
                    new StoreLaunch(database),
                    () -> Instant.now().plus(off));
            assertEquals("", wrong.obstacle(order));
            assertEquals(right, wrong.preview(order));
        }
    }

    /** What was live when a round began may be gone when it goes on. */
    @Test
    void aLiveVersionThatWasDeletedEndsTheRound() throws IOException {
        Letters.label(database, "gone", 0, 40);
        ModelVersion live = new VersionRows(database).passed("gone", Project.DEFAULT);
        Aliases aliases = new Aliases(database);
        aliases.set(VersionReference.of(live.reference()), "live", "ada");
        Charter charter = charter("gone", GATES + LOOP);
        assertThrows(
                Killed.class,
                () -> run(charter, new Moments() {
                    @Override
                    void at(String moment) {
                        if (moment.equals("begins TRAINING")) {
                            throw new Killed();
                        }
                    }
                }));
        aliases.remove(new VersionReference.Aliased("gone", "live"), "ada");
        assertEquals(1, StoreFixture.change(database, "DELETE FROM model_version WHERE id = ?", live.id()));
        Ended ended = run(charter, new Silent()).ended();
        assertEquals(Loops.Outcome.ABANDONED, ended == null ? null : ended.outcome());
        assertTrue(String.valueOf(ended).contains("[gone/1]"), () -> String.valueOf(ended));
        assertEquals(Optional.empty(), rounds(charter).unfinished());
        assertEquals(Optional.empty(), new Loops(database).going(id("gone")));
    }

    @Test
    void twoAtOnceTheSecondSaysSo() throws Exception {
        Letters.label(database, "twice", 0, 40);
        Charter charter = charter("twice", GATES + LOOP);
        CountDownLatch began = new CountDownLatch(1);
        CountDownLatch go = new CountDownLatch(1);
        CompletableFuture<Rounds.Result> first = CompletableFuture.supplyAsync(() -> {
            try {
                return run(charter, new Moments() {
                    @Override
                    void at(String moment) {
                        if (moment.equals("made DATASET")) {
                            began.countDown();
                            try {
                                assertTrue(go.await(60, TimeUnit.SECONDS));
                            } catch (InterruptedException e) {
                                throw new IllegalStateException(e);
                            }
                        }
                    }
                });
            } catch (IOException e) {
                throw new IllegalStateException(e);
            }
        });
        assertTrue(began.await(60, TimeUnit.SECONDS));
        String same = refusal(charter);
        assertTrue(same.contains("at work already") && same.contains("one runs at a time"), same);
        assertTrue(rounds(charter).isAtWork());
        Rounds elsewhere = LoopWiring.rounds(database, folder.resolve("other-home"), charter, null);
        String other = String.valueOf(assertThrows(
                        IllegalArgumentException.class,
                        () -> elsewhere.run(order(charter, true), new Silent(), () -> false))
                .getMessage());
        assertTrue(other.contains("goes on since") && other.contains(home.toString()), other);
        assertEquals(Optional.empty(), elsewhere.unfinished(), "what was refused leaves nothing");
        go.countDown();
        Ended ended = first.get(120, TimeUnit.SECONDS).ended();
        assertEquals(Loops.Outcome.ROLLOUT, ended == null ? null : ended.outcome());
        assertFalse(rounds(charter).isAtWork());
    }

    /** A budget that is used up stops a round where it is; with more, it goes on. */
    @Test
    void aBudgetThatIsUsedUpStopsARoundWhereItIs() throws IOException {
        Letters.label(database, "budget", 0, 40);
        Charter tight = charter(
                "budget", GATES + "loop: {model: 'MODEL', epochs: 4, least-tasks: 10, hours-a-month: 0.0001}\n");
        assertTrue(refusal(tight).contains("[hours-a-month]"));
        assertTrue(rounds(tight).unfinished().isPresent());
        Charter wide =
                charter("budget", GATES + "loop: {model: 'MODEL', epochs: 4, least-tasks: 10, hours-a-month: 1}\n");
        Rounds.Result result = run(wide, new Silent());
        assertTrue(result.resumed());
        assertNotEquals(null, result.ended());
        assertTrue(refusal(tight).contains("[hours-a-month]"), "what it took counts");
    }

    /** A step that was killed has taken what it took: a budget that this uses up is used up before anything else is done. */
    @Test
    void whatAKilledStepTookCounts() throws IOException {
        Letters.label(database, "spent", 0, 40);
        Charter charter = charter("spent", GATES + LOOP);
        assertThrows(
                Killed.class,
                () -> run(charter, new Moments() {
                    @Override
                    void at(String moment) {
                        if (moment.equals("stepped 2")) {
                            throw new Killed();
                        }
                    }
                }));
        double step = rounds(charter).unfinished().orElseThrow().spent(RoundStep.TRAINING);
        assertTrue(step > 0.2, "a worker process was begun, and not within " + step + " s");
        double spent = new LoopAttempts(database).secondsSince(id("spent"), Instant.EPOCH);
        assertTrue(spent > step, spent + " with what came before the step, of " + step);
        Charter tight = charter(
                "spent",
                GATES
                        + String.format(
                                Locale.ROOT,
                                "loop: {model: 'MODEL', epochs: 4, least-tasks: 10, hours-a-month: %.9f}%n",
                                spent / 2 / 3_600));
        List<String> heard = new ArrayList<>();
        String told = String.valueOf(assertThrows(
                        IllegalArgumentException.class,
                        () -> rounds(tight)
                                .run(
                                        order(tight, true),
                                        new Moments() {
                                            @Override
                                            void at(String moment) {
                                                heard.add(moment);
                                            }
                                        },
                                        () -> false))
                .getMessage());
        assertTrue(told.contains("[hours-a-month]"), told);
        assertEquals(List.of(), heard);
    }

    @Test
    void whatIsStoppedGoesOnOrIsGivenUp() throws IOException {
        Letters.label(database, "stopped", 0, 40);
        Charter charter = charter("stopped", GATES + LOOP);
        boolean[] asked = new boolean[1];
        Rounds.Result stopped = rounds(charter)
                .run(
                        order(charter, true),
                        new Moments() {
                            @Override
                            void at(String moment) {
                                asked[0] |= moment.equals("stepped 1");
                            }
                        },
                        () -> asked[0]);
        assertEquals(RoundStep.TRAINING, stopped.stoppedAt());
        assertEquals(null, stopped.ended());
        assertEquals(Optional.of(stopped.round()), rounds(charter).unfinished());
        assertEquals(Optional.of(stopped.round()), rounds(charter).abandon("ada"));
        assertEquals(Optional.empty(), rounds(charter).unfinished());
        assertEquals(Optional.empty(), new Loops(database).going(id("stopped")));
        assertEquals(Optional.empty(), rounds(charter).abandon("ada"));
        assertTrue(Files.isDirectory(stopped.round().path()), "what it made stays");
    }
}
