package dev.hone.loop;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.hone.charter.Charter;
import dev.hone.charter.CharterReader;
import dev.hone.loop.Results.DatasetMade;
import dev.hone.loop.RoundFixture.Killed;
import dev.hone.record.GateVerdict;
import dev.hone.record.Ids;
import dev.hone.record.ModelVersion;
import dev.hone.record.SamplingMode;
import dev.hone.record.Split;
import dev.hone.record.Whose;
import dev.hone.store.Database;
import dev.hone.store.GateVerdicts;
import dev.hone.store.Loops;
import dev.hone.store.ModelVersions;
import dev.hone.store.SharedDatabase;
import dev.hone.store.StoreFixture;
import dev.hone.store.TraceForgetting;
import dev.hone.store.UseCases;
import dev.hone.task.DatasetFiles;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Rounds during which something happens: labels come and go, rows are forgotten, homes are lost, time is used up. */
@Timeout(600)
final class RoundAstrayTest {
    private static final String KEYS = RoundFixture.GATES + RoundFixture.LOOP;

    @TempDir
    static Path folder;

    private static final Database database = SharedDatabase.database();
    private static RoundFixture fixture;

    @BeforeAll
    static void open() throws IOException {
        fixture = new RoundFixture(folder);
    }

    private static DatasetMade made(RoundFolder round) throws IOException {
        return round.finished(RoundStep.DATASET, DatasetMade.class)
                .orElseThrow()
                .result();
    }

    private static Ended ended(Rounds.Result result) {
        return Objects.requireNonNull(result.ended());
    }

    private static void killed(Charter charter, String moment) {
        assertThrows(Killed.class, () -> fixture.run(charter, RoundFixture.killedAt(moment)));
    }

    private static List<Loops.Round> stored(String useCase) {
        return new Loops(database).list(fixture.id(useCase), 10);
    }

    /**
     * Labels are on their way for seconds, or minutes while the database is down, and experts take them back: what comes into the store after the dataset was frozen,
     * with a time before the round began, and what goes, changes nothing of the round.
     */
    @Test
    void labelsThatComeAndGoMeanwhileChangeNothing() throws IOException {
        String name = "astray-labels";
        Letters.label(database, name, 0, 40);
        PassedCalls calls = new PassedCalls(database, name);
        UUID undone = calls.word(100);
        String label = calls.demonstrate(undone, Letters.word(100).substring(0, 1), Instant.now());
        UUID late = calls.word(101);
        Charter charter = fixture.charter(name, KEYS);
        killed(charter, "finished DATASET");
        DatasetMade frozen = made(fixture.rounds(charter).unfinished().orElseThrow());
        calls.demonstrate(late, Letters.word(101).substring(0, 1), Instant.now().minus(Duration.ofMinutes(5)));
        calls.withdraw(undone, label);
        killed(charter, "begins EVALUATION");
        calls.demonstrate(
                calls.word(102),
                Letters.word(102).substring(0, 1),
                Instant.now().minus(Duration.ofMinutes(5)));
        Rounds.Result result = fixture.run(charter, RoundFixture.silent());
        assertEquals(
                Loops.Outcome.ROLLOUT,
                ended(result).outcome(),
                () -> ended(result).toString());
        assertEquals(frozen, made(result.round()));
        assertEquals(41, frozen.labels());
        assertEquals(
                List.of("1"),
                StoreFixture.texts(
                        database,
                        "SELECT count(*)::text FROM dataset WHERE use_case = '%s'".formatted(fixture.id(name))));
        Results.Evaluated evaluated = result.round()
                .finished(RoundStep.EVALUATION, Results.Evaluated.class)
                .orElseThrow()
                .result();
        assertEquals(frozen.test(), evaluated.all().getLast().rows());
        scoresAgree(evaluated, result.round());
        assertEquals(
                EvaluationStep.RECORDED,
                evaluated.all().getFirst().contender(),
                "what production answered is read again");
        whatHasForgottenDoesNotPass(charter, result.round());
    }

    /** What came of each task adds up to the figures. */
    private static void scoresAgree(Results.Evaluated evaluated, RoundFolder round) throws IOException {
        List<TaskScores.Row> rows = TaskScores.read(round).orElseThrow().rows();
        for (boolean before : new boolean[] {false, true}) {
            for (Results.Figures figures : before ? evaluated.retained() : evaluated.fresh()) {
                List<TaskScores.Row> own = rows.stream()
                        .filter(row -> row.before() == before && row.right().containsKey(figures.contender()))
                        .toList();
                assertEquals(figures.rows(), own.size());
                assertEquals(
                        figures.quality().value(),
                        own.stream()
                                .mapToInt(row -> row.right().getOrDefault(figures.contender(), false) ? 1 : 0)
                                .average()
                                .orElseThrow(),
                        1e-9);
            }
        }
        assertEquals(evaluated.all().getLast().rows(), rows.size());
    }

    /** With one verdict, so that nobody sees one that has passed for a moment. */
    private static void whatHasForgottenDoesNotPass(Charter charter, RoundFolder round) throws IOException {
        ModelVersion version = new ModelVersions(database).of(fixture.id(charter.name()), 1);
        int before = new GateVerdicts(database).of(version.id()).size();
        Path again = Files.writeString(
                folder.resolve("again.json"), Files.readString(round.file(EvaluationStep.REPORT)) + "\n");
        Results.Judged judged = new StoreGatekeeper(database, charter.gates(), charter.name(), "default")
                .judge(version, again, new Forgetting(Forgetting.State.LOST, "it has forgotten: all"), "ada");
        assertFalse(judged.passed());
        assertEquals("it has forgotten: all", judged.sentences().getLast());
        List<GateVerdict> verdicts = new GateVerdicts(database).of(version.id());
        assertEquals(before + 1, verdicts.size());
        assertEquals(1, verdicts.stream().filter(verdict -> !verdict.passed()).count());
    }

    /** What decides was decided when it began: another definition of good and other gates are the next round's. */
    @Test
    void aRoundFollowsTheCharterThatItWasBegunWith() throws IOException {
        String name = "astray-charter";
        Letters.label(database, name, 0, 40);
        killed(fixture.charter(name, KEYS), "begins EVALUATION");
        fixture.charter(name, "gates: {sample-size: 100000}\n" + RoundFixture.LOOP);
        Path file = folder.resolve("use-cases").resolve(name + CharterReader.END);
        Files.writeString(
                file, Files.readString(file).replace("{kind: string_check, operation: eq}", "{kind: numeric}"));
        Rounds.Result result = fixture.run(CharterReader.read(file), RoundFixture.silent());
        assertTrue(result.resumed());
        assertEquals(
                Loops.Outcome.ROLLOUT,
                ended(result).outcome(),
                () -> ended(result).toString());
        Results.Figures production = result.round()
                .finished(RoundStep.EVALUATION, Results.Evaluated.class)
                .orElseThrow()
                .result()
                .all()
                .getFirst();
        assertEquals(EvaluationStep.RECORDED, production.contender());
        assertTrue(production.quality().value() > 0.5, "three of four are right, as was meant when it began");
    }

    /** Served with eight bits, or the most probable of many answers, a version is not the one that answers greedily with thirty-two. */
    @Test
    void aVersionIsJudgedAsItWouldBeServed() throws IOException {
        String name = "astray-served";
        Letters.label(database, name, 0, 40);
        Charter charter = fixture.charter(
                name,
                RoundFixture.GATES
                        + "loop: {model: 'MODEL', epochs: 2, least-tasks: 10, core-hour: 0.4}\n"
                        + "variants: {incumbent: {upstream: general, model: general}}\n"
                        + "promote: {mode: fast, best-of: 40, measures: [answered]}\n");
        Rounds.Result result = fixture.run(charter, RoundFixture.silent());
        String report = Files.readString(result.round().file(EvaluationStep.REPORT));
        assertEquals(
                "FAST",
                JsonMapper.shared()
                        .readTree(report)
                        .path("samplingMode")
                        .asString("")
                        .toUpperCase(Locale.ROOT));
        assertEquals(SamplingMode.FAST, result.round().begun().orElseThrow().mode());
        assertEquals(0.4, result.round().begun().orElseThrow().price(), "of the charter, which the gates read it by");
        assertTrue(fewestTokens(result.round().file("answers-test")) >= 40, "a token at least of each of forty");
        assertTrue(fewestTokens(result.round().file("answers-validation")) >= 40, "chosen as it is judged");
        assertEquals(SamplingMode.EXACT, LoopWiring.mode(fixture.charter(name, KEYS)));
    }

    /** Of the answers in a folder. */
    private static int fewestTokens(Path answers) throws IOException {
        List<Integer> tokens = new ArrayList<>();
        try (Stream<Path> files = Files.list(answers)) {
            for (Path file : files.toList()) {
                for (JsonNode answer : JsonMapper.shared()
                        .readTree(Files.readString(file))
                        .path("answers")
                        .path("answers")) {
                    tokens.add(answer.path("completionTokens").asInt());
                }
            }
        }
        return tokens.stream().mapToInt(Integer::intValue).min().orElse(0);
    }

    /** Nobody waits for somebody who would find out: it ends, says why, and the next can begin. */
    @Test
    void aRoundWhoseRowsWereForgottenEndsWithAnAlarm() throws IOException {
        String name = "astray-forgotten";
        Letters.label(database, name, 0, 40);
        Charter charter = fixture.charter(name, KEYS);
        killed(charter, "begins TRAINING");
        String trace = StoreFixture.texts(
                        database,
                        "SELECT min(t.trace::text) FROM task t WHERE t.use_case = '%s'".formatted(fixture.id(name)))
                .getFirst();
        new TraceForgetting(database, tasks -> DatasetFiles.sha256(tasks, Split.TRAIN))
                .carryOut(new Whose.OfTrace(UUID.fromString(trace)), "ada");
        Ended ended = ended(fixture.run(charter, RoundFixture.silent()));
        assertEquals(Loops.Outcome.ABANDONED, ended.outcome());
        assertTrue(String.valueOf(ended.reason()).contains("forgotten"), ended.toString());
        assertEquals(Optional.empty(), fixture.rounds(charter).unfinished());
        assertEquals(Optional.empty(), new Loops(database).going(fixture.id(name)));
        List<String> alarms = alarms(name);
        assertTrue(
                alarms.getFirst().contains("could not be gone on with")
                        && alarms.getFirst().contains("forgotten"),
                alarms.toString());
        killed(charter, "begins TRAINING");
        assertEquals(
                39, made(fixture.rounds(charter).unfinished().orElseThrow()).labels());
        fixture.rounds(charter).abandon("ada");
        assertEquals(alarms, alarms(name), "what a person gives up is no alarm");
    }

    private static List<String> alarms(String useCase) {
        return new DigestReader(database, folder.resolve("home"), InstantSource.system())
                .read("default", useCase, LocalDate.now(ZoneOffset.UTC))
                .useCases()
                .getFirst()
                .alarms();
    }

    @Test
    void aRoundThatIsGivenUpElsewhereStopsBeforeTheNextStep() throws IOException {
        String name = "astray-elsewhere";
        Letters.label(database, name, 0, 40);
        Charter charter = fixture.charter(name, KEYS);
        Rounds elsewhere = fixture.rounds(charter, folder.resolve("other-home"));
        List<String> heard = new ArrayList<>();
        Ended ended = ended(fixture.run(charter, RoundFixture.at(moment -> {
            heard.add(moment);
            if (moment.equals("made DATASET")) {
                giveUp(elsewhere);
            }
        })));
        assertEquals(Loops.Outcome.ABANDONED, ended.outcome());
        assertEquals("Given up by bob", ended.reason());
        assertFalse(heard.contains("begins TRAINING"), heard.toString());
    }

    private static void giveUp(Rounds rounds) {
        try {
            assertEquals("bob", rounds.abandonElsewhere("bob").orElseThrow().givenUpBy());
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    /** A home that is lost, with a round that goes on in the store, keeps nobody from the next. */
    @Test
    void aRoundOfALostHomeCanBeGivenUp() throws IOException {
        String name = "astray-lost";
        Letters.label(database, name, 0, 40);
        Charter charter = fixture.charter(name, KEYS);
        new Loops(database).begin(Ids.next(), fixture.id(name), "labels", "hone serve", "/lost/home");
        Rounds rounds = fixture.rounds(charter);
        String refused = String.valueOf(
                assertThrows(IllegalArgumentException.class, () -> fixture.run(charter, RoundFixture.silent()))
                        .getMessage());
        assertTrue(refused.contains("/lost/home") && refused.contains("--abandon"), refused);
        assertEquals(Optional.empty(), rounds.abandon("ada"), "nothing of it is here");
        assertEquals("/lost/home", rounds.elsewhere().orElseThrow().home());
        assertEquals("ada", rounds.abandonElsewhere("ada").orElseThrow().givenUpBy());
        assertEquals(Optional.empty(), rounds.elsewhere());
        killed(charter, "begins TRAINING");
        assertEquals(Optional.empty(), rounds.elsewhere(), "that is here");
        rounds.abandon("ada");
    }

    /** What somebody is just making is not taken away by who only looks. */
    @Test
    void aFolderGoesUnderTheLockAlone() throws IOException {
        String name = "astray-folder";
        new UseCases(database).obtain(name);
        Charter charter = fixture.charter(name, KEYS);
        LoopFolder place = LoopFolder.of(fixture.home(), "default", name);
        Path begun = Files.createDirectories(place.round(Ids.next()).path());
        assertEquals(Optional.empty(), fixture.rounds(charter).unfinished());
        assertFalse(fixture.rounds(charter).isAtWork());
        assertTrue(Files.exists(begun));
        LoopLock lock = LoopLock.take(place, name);
        lock.close();
        assertThrows(IllegalStateException.class, () -> place.sweep(lock));
        assertEquals(Optional.empty(), fixture.rounds(charter).abandon("ada"));
        assertFalse(Files.exists(begun), "whoever has the lock knows that nobody makes it");
    }

    /** Too few tasks are no round: the next need not wait until it would be cool. */
    @Test
    void tooFewTasksBurnNoCoolDown() throws IOException {
        String name = "astray-few";
        Letters.label(database, name, 0, 34);
        Charter charter =
                fixture.charter(name, RoundFixture.GATES + "loop: {model: 'MODEL', epochs: 1, least-tasks: 30}\n");
        Rounds rounds = fixture.rounds(charter);
        String few = String.valueOf(assertThrows(
                        IllegalArgumentException.class,
                        () -> rounds.run(RoundFixture.order(charter, false), RoundFixture.silent(), () -> false))
                .getMessage());
        assertTrue(few.contains("[least-tasks]"), few);
        assertEquals(List.of(), stored(name));
        Letters.label(database, name, 34, 70);
        assertEquals("", rounds.obstacle(RoundFixture.order(charter, false)));
        assertThrows(
                Killed.class,
                () -> rounds.run(
                        RoundFixture.order(charter, false), RoundFixture.killedAt("begins TRAINING"), () -> false));
        assertEquals(1, stored(name).size());
        rounds.abandon("ada");
        String cooling = rounds.obstacle(RoundFixture.order(charter, false));
        assertTrue(cooling.contains("[cool-down]"), cooling);
    }

    /** Who has calls to answer counts, and reads no trace: what only reading finds is found by who would do the round. */
    @Test
    void anObstacleIsCountedAndNotRead() throws IOException {
        String name = "astray-counted";
        Charter charter = fixture.charter(name, KEYS);
        new UseCases(database).obtain(name);
        Rounds rounds = fixture.rounds(charter);
        Rounds.Order order = RoundFixture.order(charter, false);
        assertTrue(rounds.obstacle(order).contains("[0] labelled traces"), rounds.obstacle(order));
        PassedCalls calls = new PassedCalls(database, name);
        List<String> labels = new ArrayList<>();
        List<UUID> traces = new ArrayList<>();
        for (int i = 0; i < 12; i++) {
            traces.add(calls.call("{\"input\":\"no chat %d\"}".formatted(i)));
            labels.add(calls.demonstrate(traces.getLast(), "a", Instant.now()));
            calls.draw(traces.getLast());
        }
        assertTrue(
                rounds.obstacle(order).contains("By none of [12] labels"), "of those who were asked nobody answered");
        traces.forEach(calls::answer);
        assertEquals("", rounds.obstacle(order));
        String read = String.valueOf(assertThrows(IllegalArgumentException.class, () -> rounds.preview(order))
                .getMessage());
        assertTrue(read.contains("Of none of [12] labelled traces"), read);
        for (int i = 0; i < 3; i++) {
            calls.withdraw(traces.get(i), labels.get(i));
        }
        assertTrue(rounds.obstacle(order).contains("[9] labelled traces"), "what is taken back does not count");
    }
}
