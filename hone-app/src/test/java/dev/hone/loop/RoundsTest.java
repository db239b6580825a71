package dev.hone.loop;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.hone.charter.Charter;
import dev.hone.evaluate.Interval;
import dev.hone.evaluate.Report;
import dev.hone.loop.Results.DatasetMade;
import dev.hone.loop.RoundFixture.Killed;
import dev.hone.promote.ReportEvidence;
import dev.hone.record.ModelVersion;
import dev.hone.record.Project;
import dev.hone.record.VersionReference;
import dev.hone.store.Aliases;
import dev.hone.store.Database;
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
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** When rounds of a tiny model begin, and how they end, with the real store, gates and rollouts. */
@Timeout(600)
final class RoundsTest {
    private static final String KEYS = RoundFixture.GATES + RoundFixture.LOOP;

    @TempDir
    static Path folder;

    private static final Database database = SharedDatabase.database();
    private static RoundFixture fixture;

    @BeforeAll
    static void open() throws IOException {
        fixture = new RoundFixture(folder);
    }

    private static String refusal(Charter charter) {
        return String.valueOf(
                assertThrows(IllegalArgumentException.class, () -> fixture.run(charter, RoundFixture.silent()))
                        .getMessage());
    }

    @Test
    void aVersionThatDoesNotPassIsNotRolledOut() throws IOException {
        Letters.label(database, "never", 0, 40);
        Charter charter = fixture.charter("never", "gates: {cost-per-thousand: 0}\n" + RoundFixture.LOOP);
        Ended ended = fixture.run(charter, RoundFixture.silent()).ended();
        assertEquals(Loops.Outcome.NOT_PASSED, ended == null ? null : ended.outcome());
        assertTrue(
                String.valueOf(ended == null ? null : ended.reason()).contains("cost-per-thousand not met"),
                () -> String.valueOf(ended));
        assertEquals(
                List.of("0"),
                StoreFixture.texts(
                        database,
                        "SELECT count(*)::text FROM rollout WHERE use_case = '%s'".formatted(fixture.id("never"))));
        assertEquals(Optional.empty(), new Loops(database).going(fixture.id("never")));
    }

    /** Nothing is trained for a gate that no version could pass: the base model is not even looked for. What was labelled is still to be learned from. */
    @Test
    void aGateThatNoVersionCouldPassEndsTheRoundBeforeItTrains() throws IOException {
        String name = "impossible";
        Letters.label(database, name, 0, 40);
        Path charters = folder.resolve("use-cases");
        Path none = folder.resolve("no-model");
        for (String gates : List.of(
                "{sample-size: 100000}",
                "{quality: {not-worse-than: 0.1}, baseline: nobody}",
                "{retention: {data: [\"abcdef\"], not-worse-than: 0.1}}")) {
            Charter charter = Letters.read(charters, name, none, "gates: %s\n".formatted(gates) + RoundFixture.LOOP);
            String said = refusal(charter);
            assertTrue(
                    said.startsWith("No version of [impossible] could pass its gates, so that nothing is trained"),
                    said);
            Rounds rounds = fixture.rounds(charter);
            assertEquals(Optional.empty(), rounds.unfinished());
            assertEquals(List.of(), new Loops(database).list(fixture.id(name), 5), "it never was");
            Rounds.Order order = RoundFixture.order(charter, true);
            Rounds.Preview preview = rounds.preview(order);
            assertEquals(1, preview.outlook().impossible().size(), preview::toString);
            assertThrows(IllegalArgumentException.class, () -> rounds.require(order, preview));
        }
        assertEquals(
                List.of("0"),
                StoreFixture.texts(
                        database,
                        "SELECT count(*)::text FROM dataset WHERE use_case = '%s'".formatted(fixture.id(name))));
        Charter asking = Letters.read(charters, name, none, "gates: {sample-size: 100000}\n" + RoundFixture.LOOP);
        Rounds.Order alone =
                new Rounds.Order("test", "ada", true, false, 1, null, asking.loop(), Precision.FP32, false);
        List<String> stages = new ArrayList<>();
        assertThrows(
                Killed.class,
                () -> fixture.rounds(asking).run(alone, RoundFixture.telling(stages, "begins TRAINING"), () -> false));
        assertTrue(
                stages.stream().anyMatch(stage -> stage.contains("no version can pass: [sample-size]")),
                "who wants no rollout is told, and may: " + stages);
        fixture.rounds(asking).abandon("ada");
    }

    /** Of a gate that one which is just as good could not meet, a round says so, and goes on. */
    @Test
    void aGateThatIsMerelyUnlikelyIsWarnedOf() throws IOException {
        String name = "unlikely";
        Letters.label(database, name, 0, 40);
        Charter charter = fixture.charter(name, "gates: {quality: {not-worse-than: 0.05}}\n" + RoundFixture.LOOP);
        List<String> stages = new ArrayList<>();
        assertThrows(Killed.class, () -> fixture.run(charter, RoundFixture.telling(stages, "begins TRAINING")));
        assertTrue(
                stages.stream().anyMatch(stage -> stage.contains("warning: [quality]: on 8 tasks")), stages::toString);
        fixture.rounds(charter).abandon("ada");
    }

    /** What cannot begin says why, and leaves nothing that would have to be gone on with. */
    /** Two reports of the same tasks differ by their times alone, if at all: whoever was killed between them would have two, and others one. */
    @Test
    void whereAllIsJudgedByAgainOneReportSaysSo() throws IOException {
        String name = "all-again";
        Letters.label(database, name, 0, 60);
        Charter charter = fixture.charter(name, KEYS);
        assertFalse(fixture.run(charter, RoundFixture.silent()).resumed());
        StoreFixture.change(database, "UPDATE rollout SET phase = 'promoted' WHERE use_case = ?", fixture.id(name));
        new Aliases(database).set(new VersionReference.Numbered(name, 1), "live", "ada");
        PassedCalls calls = new PassedCalls(database, name);
        for (int i = 100; i < 130; i++) {
            calls.demonstrate(calls.word(i), Letters.word(i).substring(0, 1), Instant.now());
        }
        RoundFolder round = fixture.run(charter, RoundFixture.silent()).round();
        DatasetMade made = round.finished(RoundStep.DATASET, DatasetMade.class)
                .orElseThrow()
                .result();
        assertEquals(made.test(), made.retained(), "what somebody chose is not judged by");
        assertTrue(Files.exists(round.file(EvaluationStep.REPORT)));
        assertFalse(Files.exists(round.file(EvaluationStep.RETENTION)));
        assertEquals(1, new ModelVersions(database).of(fixture.id(name), 2).evaluations());
        Report.Comparison compared =
                round
                        .finished(RoundStep.EVALUATION, Results.Evaluated.class)
                        .orElseThrow()
                        .result()
                        .comparisons()
                        .stream()
                        .filter(one -> one.on().equals("retained")
                                && one.difference().b().equals(name + "/1"))
                        .findFirst()
                        .orElseThrow()
                        .difference();
        assertEquals(
                ReportEvidence.of(Files.readString(round.file(EvaluationStep.REPORT)))
                        .difference(name + "/2", name + "/1")
                        .orElseThrow()
                        .interval(),
                new Interval(compared.difference(), compared.low(), compared.high()),
                "what gates see is what is told");
    }

    @Test
    void whatCannotBeginSaysWhyAndLeavesNothing() throws IOException {
        Charter unknown = fixture.charter("unknown", KEYS);
        assertTrue(refusal(unknown).contains("There is no use case [unknown]"), refusal(unknown));
        new UseCases(database).obtain("empty");
        Charter empty = fixture.charter("empty", KEYS);
        assertTrue(refusal(empty).contains("no traces"), refusal(empty));
        Letters.ask(database, "unlabelled", 3);
        Charter unlabelled = fixture.charter("unlabelled", KEYS);
        assertTrue(refusal(unlabelled).contains("[3] traces and no labels"), refusal(unlabelled));
        Letters.label(database, "few", 0, 40);
        Charter few = fixture.charter("few", RoundFixture.GATES + "loop: {model: 'MODEL', least-tasks: 1000}\n");
        String tooFew = refusal(few);
        assertTrue(tooFew.contains("[least-tasks]") && tooFew.contains("[1000]"), tooFew);
        Charter ungated = fixture.charter("few", RoundFixture.LOOP);
        assertTrue(refusal(ungated).contains("[gates]"), refusal(ungated));
        Charter poor = fixture.charter("few", RoundFixture.GATES + "loop: {model: 'MODEL', hours-a-month: 0}\n");
        assertTrue(refusal(poor).contains("[hours-a-month]"), refusal(poor));
        Charter homeless =
                fixture.charter("few", RoundFixture.GATES + "loop: {model: 'MODEL', from: [live], least-tasks: 10}\n");
        assertTrue(refusal(homeless).contains("none is live"), refusal(homeless));
        assertEquals(Optional.empty(), fixture.rounds(few).unfinished());
        assertEquals(Optional.empty(), new Loops(database).going(fixture.id("few")));
    }

    /** Labels have the time of the store, and a machine whose clock is not that of the store sees them all the same. */
    @Test
    void aClockThatIsWrongHidesNoLabels() throws IOException {
        Letters.label(database, "clocks", 0, 40);
        Charter charter = fixture.charter("clocks", KEYS);
        Rounds.Order order = RoundFixture.order(charter, true);
        DatasetMade right = fixture.rounds(charter).preview(order).made();
        assertEquals(40, right.labels());
        for (Duration off : List.of(Duration.ofDays(-400), Duration.ofDays(40))) {
            Rounds wrong = new Rounds(
                    database,
                    fixture.home(),
                    charter,
                    Project.DEFAULT,
                    new StoreLaunch(database),
                    () -> Instant.now().plus(off));
            assertEquals("", wrong.obstacle(order));
            assertEquals(right, wrong.preview(order).made());
        }
    }

    /** What was live when a round began may be gone when it goes on. */
    @Test
    void aLiveVersionThatWasDeletedEndsTheRound() throws IOException {
        Letters.label(database, "gone", 0, 40);
        ModelVersion live = new VersionRows(database).passed("gone", Project.DEFAULT);
        Aliases aliases = new Aliases(database);
        aliases.set(VersionReference.of(live.reference()), "live", "ada");
        Charter charter = fixture.charter("gone", KEYS);
        assertThrows(Killed.class, () -> fixture.run(charter, RoundFixture.killedAt("begins TRAINING")));
        aliases.remove(new VersionReference.Aliased("gone", "live"), "ada");
        assertEquals(1, StoreFixture.change(database, "DELETE FROM model_version WHERE id = ?", live.id()));
        Ended ended = fixture.run(charter, RoundFixture.silent()).ended();
        assertEquals(Loops.Outcome.ABANDONED, ended == null ? null : ended.outcome());
        assertTrue(String.valueOf(ended).contains("[gone/1]"), () -> String.valueOf(ended));
        assertEquals(Optional.empty(), fixture.rounds(charter).unfinished());
        assertEquals(Optional.empty(), new Loops(database).going(fixture.id("gone")));
    }

    /** Whoever comes second is told so and changes nothing; who only asks is in nobody's way. */
    @Test
    void twoAtOnceTheSecondSaysSo() throws Exception {
        Letters.label(database, "twice", 0, 40);
        Charter charter = fixture.charter("twice", KEYS);
        CountDownLatch began = new CountDownLatch(1);
        CountDownLatch go = new CountDownLatch(1);
        boolean[] enough = new boolean[1];
        CompletableFuture<Rounds.Result> first = CompletableFuture.supplyAsync(
                () -> {
                    try {
                        return fixture.rounds(charter)
                                .run(
                                        RoundFixture.order(charter, true),
                                        RoundFixture.at(moment -> {
                                            if (moment.equals("made DATASET")) {
                                                began.countDown();
                                                await(go);
                                            }
                                            enough[0] |= moment.equals("finished DATASET");
                                        }),
                                        () -> enough[0]);
                    } catch (IOException e) {
                        throw new IllegalStateException(e);
                    }
                },
                work -> Thread.ofPlatform().start(work));
        await(began);
        String same = refusal(charter);
        assertTrue(same.contains("at work already") && same.contains("one runs at a time"), same);
        assertTrue(fixture.rounds(charter).isAtWork());
        Rounds elsewhere = fixture.rounds(charter, folder.resolve("other-home"));
        String other = String.valueOf(assertThrows(
                        IllegalArgumentException.class,
                        () -> elsewhere.run(RoundFixture.order(charter, true), RoundFixture.silent(), () -> false))
                .getMessage());
        assertTrue(
                other.contains("goes on since") && other.contains(fixture.home().toString()), other);
        assertEquals(Optional.empty(), elsewhere.unfinished(), "what was refused leaves nothing");
        go.countDown();
        Rounds.Result result = first.get(300, TimeUnit.SECONDS);
        assertEquals(RoundStep.TRAINING, result.stoppedAt(), "the first went on");
        assertTrue(result.round().finished(RoundStep.DATASET).isPresent());
        assertFalse(fixture.rounds(charter).isAtWork());
        fixture.rounds(charter).abandon("ada");
    }

    private static void await(CountDownLatch latch) {
        try {
            assertTrue(latch.await(200, TimeUnit.SECONDS));
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    /** A gateway asks every few seconds: whoever begins a round at that moment is not told that somebody is at work. */
    @Test
    void whoOnlyAsksIsInNobodysWay() throws Exception {
        new UseCases(database).obtain("asked");
        LoopFolder place = LoopFolder.of(fixture.home(), Project.DEFAULT, "asked");
        LoopLock.take(place, "asked").close();
        assertFalse(LoopLock.isTaken(place));
        AtomicBoolean over = new AtomicBoolean();
        Thread asking = Thread.ofPlatform().start(() -> {
            while (!over.get()) {
                try {
                    LoopLock.isTaken(place);
                } catch (IOException e) {
                    throw new IllegalStateException(e);
                }
            }
        });
        try {
            for (int i = 0; i < 3_000; i++) {
                LoopLock lock = LoopLock.take(place, "asked");
                assertTrue(LoopLock.isTaken(place));
                lock.close();
            }
        } finally {
            over.set(true);
            asking.join();
        }
    }

    /** What stands in the lock's file of a process that is gone, or of another that got its number, is nobody's. */
    @Test
    void whoWasKilledHasNoLock() throws Exception {
        LoopFolder place = LoopFolder.of(fixture.home(), Project.DEFAULT, "left");
        Files.createDirectories(place.path());
        Process process = new ProcessBuilder("sleep", "60").start();
        String began =
                String.valueOf(process.info().startInstant().orElseThrow().toEpochMilli());
        Files.writeString(place.holder(), process.pid() + " " + began);
        assertTrue(LoopLock.isTaken(place));
        Files.writeString(place.holder(), process.pid() + " 1");
        assertFalse(LoopLock.isTaken(place), "another has its number");
        Files.writeString(place.holder(), process.pid() + " " + began);
        process.destroyForcibly().waitFor();
        assertFalse(LoopLock.isTaken(place), "it is gone");
    }

    @Test
    void whatIsStoppedGoesOnOrIsGivenUp() throws IOException {
        Letters.label(database, "stopped", 0, 40);
        Charter charter = fixture.charter("stopped", KEYS);
        boolean[] asked = new boolean[1];
        Rounds.Result stopped = fixture.rounds(charter)
                .run(
                        RoundFixture.order(charter, true),
                        RoundFixture.at(moment -> asked[0] |= moment.equals("stepped 1")),
                        () -> asked[0]);
        assertEquals(RoundStep.TRAINING, stopped.stoppedAt());
        assertEquals(null, stopped.ended());
        assertEquals(Optional.of(stopped.round()), fixture.rounds(charter).unfinished());
        assertEquals(Optional.of(stopped.round()), fixture.rounds(charter).abandon("ada"));
        assertEquals(Optional.empty(), fixture.rounds(charter).unfinished());
        assertEquals(Optional.empty(), new Loops(database).going(fixture.id("stopped")));
        assertEquals(Optional.empty(), fixture.rounds(charter).abandon("ada"));
        assertTrue(Files.isDirectory(stopped.round().path()), "what it made stays");
    }
}
