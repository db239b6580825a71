package dev.hone.store;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.hone.record.AliasChange;
import dev.hone.record.FinishedRun;
import dev.hone.record.Ids;
import dev.hone.record.ModelVersion;
import dev.hone.record.RunLog;
import dev.hone.record.StoredEvaluation;
import dev.hone.record.StoredGrader;
import dev.hone.record.VersionReference;
import dev.hone.record.VersionReference.Aliased;
import dev.hone.record.VersionReference.Numbered;
import dev.hone.store.ModelVersions.Candidate;
import java.sql.Statement;
import java.time.Instant;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;

/** Runs, model versions, evaluations, aliases and graders in a real database. */
final class ModelVersionsTest {
    private static final Database DATABASE = TestDatabase.database();

    private final UseCases useCases = new UseCases(DATABASE);
    private final ModelVersions versions = new ModelVersions(DATABASE);
    private final Aliases aliases = new Aliases(DATABASE);
    private final Evaluations evaluations = new Evaluations(DATABASE);
    private final Graders graders = new Graders(DATABASE);

    private static String hash(String of) {
        return HexFormat.of().toHexDigits(of.hashCode()).repeat(8);
    }

    private static Candidate candidate(String name, @Nullable UUID parent) {
        FinishedRun run = new FinishedRun(
                hash(name),
                "data",
                12,
                "smollm2",
                "weights",
                "{\"lr\": \"0.1\"}",
                "{\"steps\": 2}",
                "{}",
                Instant.parse("2026-01-31T12:00:00.123456Z"));
        RunLog log = new RunLog(
                List.of(new RunLog.Metric(1, "{\"loss\": 2.5}"), new RunLog.Metric(2, "{\"loss\": 1.5}")),
                List.of(
                        new RunLog.Tried(1, "a", "nul \u2400 ☕", 0.25, "wrong", 4, "END"),
                        new RunLog.Tried(1, "a", "", Double.NaN, "", 0, "LENGTH"),
                        new RunLog.Tried(2, "b", "yes", 1, "", 1, "END")));
        return new Candidate(run, log, null, hash("files of " + name), parent, "runs/" + name);
    }

    private ModelVersion add(UUID useCase, String name) {
        return versions.add(useCase, candidate(name, null)).version();
    }

    private static int execute(String sql) {
        return DATABASE.inTransaction(connection -> {
            try (Statement statement = connection.createStatement()) {
                return statement.executeUpdate(sql);
            }
        });
    }

    private static long count(String sql) {
        return DATABASE.inTransaction(connection -> {
            try (Statement statement = connection.createStatement();
                    var row = statement.executeQuery("SELECT count(*) FROM " + sql)) {
                row.next();
                return row.getLong(1);
            }
        });
    }

    private static String refusal(Executable executable) {
        return assertThrows(IllegalArgumentException.class, executable).getMessage();
    }

    private static String refusedByDatabase(String sql) {
        return assertThrows(StoreException.class, () -> execute(sql), sql).getMessage();
    }

    @Test
    void aRunAndItsVersionComeBackAsTheyWentIn() {
        UUID useCase = useCases.obtain("kept");
        Candidate first = candidate("kept one", null);
        ModelVersion one = versions.add(useCase, first).version();
        ModelVersion two =
                versions.add(useCase, candidate("kept two", one.id())).version();
        assertEquals("kept/1", one.reference());
        assertEquals(first.run(), one.run());
        assertEquals(first.log(), new Runs(DATABASE).log(one.runId()));
        assertNull(one.parent());
        assertEquals("kept/1", two.parent());
        assertEquals(List.of(two, one), versions.list(useCase));
        assertEquals(Optional.of(one), versions.byArtifact(useCase, one.artifact()));
        assertTrue(versions.list().containsAll(List.of(one, two)));
        UUID other = useCases.obtain("kept-too");
        assertEquals(Optional.of(one), versions.byArtifact(other, one.artifact()), "where it was registered first");
        ModelVersion copy = versions.add(other, first).version();
        assertEquals(Optional.of(copy), versions.byArtifact(other, one.artifact()), "in its own use case");
    }

    @Test
    void whatAModelWroteIsStoredEvenWithCharactersThatTheDatabaseCannotHold() {
        UUID useCase = useCases.obtain("nul");
        Candidate clean = candidate("nul", null);
        RunLog dirty =
                new RunLog(clean.log().metrics(), List.of(new RunLog.Tried(1, "a", "x\0y", 0, "got [\0]", 3, "END")));
        ModelVersion version = versions.add(
                        useCase, new Candidate(clean.run(), dirty, null, clean.artifact(), null, "runs/nul"))
                .version();
        RunLog.Tried read = new Runs(DATABASE).log(version.runId()).samples().getFirst();
        assertEquals("x\u2400y got [\u2400]", read.output() + " " + read.reason());
    }

    @Test
    void theSameRunAgainAddsNothing() {
        UUID useCase = useCases.obtain("again");
        ModelVersion first = add(useCase, "again");
        ModelVersions.Added second = versions.add(useCase, candidate("again", null));
        assertFalse(second.fresh());
        assertEquals(first, second.version());
        Candidate known = candidate("again", null);
        String message = refusal(() -> versions.add(
                useCase, new Candidate(known.run(), known.log(), null, hash("other files"), null, known.folder())));
        assertTrue(message.contains("[runs/again] were changed") && message.contains("[again/1]"), message);
        assertEquals(2, add(useCase, "another").number(), "a refusal takes no number");
    }

    @Test
    void manyAtOnceAddOne() throws Exception {
        UUID useCase = useCases.obtain("at-once");
        List<Callable<ModelVersions.Added>> all = IntStream.range(0, 12)
                .<Callable<ModelVersions.Added>>mapToObj(i ->
                        () -> versions.add(useCase, candidate("at once " + i % 3, null)))
                .toList();
        try (ExecutorService threads = Executors.newFixedThreadPool(6)) {
            int fresh = 0;
            for (Future<ModelVersions.Added> added : threads.invokeAll(all)) {
                fresh += added.get().fresh() ? 1 : 0;
            }
            assertEquals(3, fresh);
        }
        Set<Integer> numbers =
                versions.list(useCase).stream().map(ModelVersion::number).collect(Collectors.toSet());
        assertEquals(Set.of(1, 2, 3), numbers);
        assertEquals(3, count("run r JOIN use_case u ON u.id = r.use_case WHERE u.name = 'at-once'"));
    }

    @Test
    void aVersionThatCannotBeStoredLeavesNoRunAndTakesNoNumber() {
        UUID useCase = useCases.obtain("half-version");
        assertThrows(StoreException.class, () -> versions.add(useCase, candidate("orphan", Ids.next())), "its parent");
        assertEquals(0, count("run r JOIN use_case u ON u.id = r.use_case WHERE u.name = 'half-version'"));
        assertEquals(1, add(useCase, "orphan").number());
    }

    @Test
    void theDatabaseItselfRefusesToChangeWhatIsKept() {
        UUID useCase = useCases.obtain("immutable");
        ModelVersion version = add(useCase, "immutable");
        UUID grader = graders.obtain(useCase, new StoredGrader("good", "label", "{}"));
        evaluations.add(useCase, "{\"a\": 1}", "data", 1, grader, List.of(version.id()));
        aliases.set(new Numbered("immutable", 1), "live", "somebody");
        for (String column : List.of(
                "model_version number",
                "run settings",
                "metric figures",
                "sample reward",
                "evaluation report",
                "evaluation_version version",
                "grader definition",
                "alias_change who")) {
            String[] names = column.split(" ");
            String message = refusedByDatabase("UPDATE %s SET %s = %2$s".formatted(names[0], names[1]));
            assertTrue(message.contains("rows of [" + names[0] + "] are never changed"), message);
        }
        assertEquals(
                version.run(), versions.require(new Numbered("immutable", 1)).run());
    }

    @Test
    void anAliasMovesAndItsHistoryIsKept() {
        UUID useCase = useCases.obtain("moved");
        add(useCase, "moved one");
        add(useCase, "moved two");
        AliasChange made = aliases.set(new Numbered("moved", 1), "live", "ann");
        assertEquals(made, aliases.set(new Numbered("moved", 1), "live", "bob"), "it points there already");
        AliasChange moved = aliases.set(new Numbered("moved", 2), "live", "bob");
        assertEquals(List.of(1, 2, "bob"), List.of(moved.before(), moved.after(), moved.who()));
        assertEquals(1, versions.require(new Aliased("moved", "previous")).number(), "moved with it");
        aliases.set(new Aliased("moved", "live"), "previous", "bob");
        assertEquals(
                List.of("live", "previous"),
                versions.require(new Aliased("moved", "previous")).aliases());
        AliasChange removed = aliases.remove(new Aliased("moved", "live"), "cy");
        assertNull(removed.after());
        assertEquals(
                List.of("live null cy", "previous 2 bob", "previous 1 bob", "live 2 bob", "live 1 ann"),
                aliases.changes(useCases.require("moved")).stream()
                        .map(change -> change.alias() + " " + change.after() + " " + change.who())
                        .toList());
        assertTrue(versions.find(new Aliased("moved", "live")).isEmpty());
    }

    @Test
    void anAliasPointsAtAVersionOfItsUseCaseOrIsRefused() {
        UUID useCase = useCases.obtain("pointed");
        String none = refusal(() -> aliases.set(new Numbered("pointed", 1), "live", "ann"));
        assertTrue(none.contains("[pointed] has no model versions") && none.contains("hone models add"), none);
        add(useCase, "pointed");
        String missing = refusal(() -> aliases.set(new Numbered("pointed", 7), "live", "ann"));
        assertTrue(missing.contains("no model version [pointed/7], but [pointed/1]"), missing);
        assertTrue(refusal(() -> aliases.remove(new Aliased("pointed", "live"), "ann"))
                .contains("[pointed@live]"));
        assertTrue(refusal(() -> aliases.set(new Numbered("nowhere", 1), "live", "ann"))
                .contains("[nowhere]"));
        for (String name : List.of("", "Live", "1", "li_ve", "-live", "x".repeat(64))) {
            assertTrue(refusal(() -> aliases.set(new Numbered("pointed", 1), name, "ann"))
                    .contains("[" + name + "]"));
        }
        ModelVersion stranger = add(useCases.obtain("stranger"), "stranger");
        refusedByDatabase("INSERT INTO alias (use_case, name, version) VALUES ('%s', 'live', '%s')"
                .formatted(useCase, Ids.next()));
        refusedByDatabase("INSERT INTO alias (use_case, name, version) VALUES ('%s', 'live', '%s')"
                .formatted(useCase, stranger.id()));
        assertEquals(List.of(), aliases.changes(useCases.require("pointed")));
    }

    @Test
    void aVersionInUseIsNotDeletedAndNumbersAreNeverGivenTwice() {
        UUID useCase = useCases.obtain("deleted");
        add(useCase, "deleted one");
        ModelVersion two = add(useCase, "deleted two");
        versions.add(useCase, candidate("deleted three", two.id()));
        aliases.set(new Numbered("deleted", 3), "live", "ann");
        String delete = "DELETE FROM model_version WHERE use_case = '%s' AND number = %d";
        assertTrue(refusedByDatabase(delete.formatted(useCase, 3)).contains("alias"));
        assertTrue(refusedByDatabase(delete.formatted(useCase, 2)).contains("parent"));
        aliases.remove(new Aliased("deleted", "live"), "ann");
        assertEquals(1, execute(delete.formatted(useCase, 3)));
        assertEquals(4, add(useCase, "deleted four").number());
        assertEquals(2, aliases.changes(useCases.require("deleted")).size(), "the history outlives the version");
        assertEquals(5, add(useCase, "deleted three").number(), "registered again, under a new number");
    }

    @Test
    void aReportIsKeptOnceAndJudgesSeveral() {
        UUID useCase = useCases.obtain("judged");
        ModelVersion one = add(useCase, "judged one");
        ModelVersion two = add(useCase, "judged two");
        String report = "{ \"b\": 1,\n \"a\": \"☕\" }";
        UUID grader = graders.obtain(useCase, new StoredGrader("calls", "tool_call", "{}"));
        assertTrue(evaluations.add(useCase, report, "data", 7, grader, List.of(one.id())));
        assertFalse(evaluations.add(useCase, report, "data", 7, grader, List.of(one.id(), two.id())));
        StoredEvaluation read = evaluations.of(two.id()).getFirst();
        assertEquals(Optional.of(read), evaluations.newest(two.id()));
        assertEquals(List.of(read), evaluations.of(one.id()));
        assertEquals(report, read.report(), "as it was written");
        assertEquals(
                "521bba50", read.contentHash().substring(0, 8), "printf '{ \"b\": 1,\\n \"a\": \"☕\" }' | sha256sum");
        assertEquals("calls", read.grader());
        assertEquals(1, versions.require(new Numbered("judged", 2)).evaluations());
        assertTrue(refusedByDatabase("DELETE FROM model_version WHERE id = '%s'".formatted(one.id()))
                .contains("evaluation_version"));
        assertThrows(
                StoreException.class,
                () -> evaluations.add(useCase, "{}", "data", 7, null, List.of(Ids.next())),
                "of a version that is not there");
        assertEquals(1, count("evaluation WHERE use_case = '" + useCase + "'"), "wholly or not at all");
    }

    @Test
    void aDefinitionOfGoodThatIsChangedIsAnother() {
        UUID useCase = useCases.obtain("good");
        UUID first = graders.obtain(useCase, new StoredGrader("good", "label", "{\"a\": 1, \"b\": [2]}"));
        assertEquals(first, graders.obtain(useCase, new StoredGrader("good", "label", "{\"b\":[2],\"a\":1}")));
        assertNotEquals(first, graders.obtain(useCase, new StoredGrader("good", "label", "{\"a\": 2, \"b\": [2]}")));
        assertNotEquals(first, graders.obtain(useCase, new StoredGrader("good", "numeric", "{\"a\": 1, \"b\": [2]}")));
        assertEquals(3, graders.list(useCase).size());
        assertThrows(
                StoreException.class, () -> graders.obtain(useCase, new StoredGrader("good", "label", "[no object]")));
    }

    @Test
    void referencesAreReadOrRefused() {
        assertEquals(new Aliased("a-1", "live"), VersionReference.of("a-1@live"));
        assertEquals(new Numbered("support", 12), VersionReference.of("support/12"));
        for (String wrong :
                List.of("support", "support/0", "support/", "support@Live", "a/b/1", "./1", "x/9999999999")) {
            assertTrue(VersionReference.parse(wrong).isEmpty(), wrong);
            assertTrue(refusal(() -> VersionReference.of(wrong)).contains("[" + wrong + "]"));
        }
    }
}
