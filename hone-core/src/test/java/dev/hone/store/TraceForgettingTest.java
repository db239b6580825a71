package dev.hone.store;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.hone.record.Dataset;
import dev.hone.record.DatasetNode;
import dev.hone.record.DatasetTask;
import dev.hone.record.Forgetting;
import dev.hone.record.ForgottenRows;
import dev.hone.record.ModelVersion;
import dev.hone.record.Saw;
import dev.hone.record.Split;
import dev.hone.record.TraceLineage;
import dev.hone.record.VersionReference.Numbered;
import dev.hone.record.Whose;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** Somebody's rows go, and what was made of them is told, in a real database. */
final class TraceForgettingTest {
    private static final Database DATABASE = TestDatabase.database();
    private static final List<String> TABLES =
            List.of("trace", "trace_content", "attempt", "imported", "feedback", "task");

    private final TraceForgetting forgetting = new TraceForgetting(DATABASE, LearnedFixture::trainingFile);
    private final Lineage lineage = new Lineage(DATABASE);
    private final Datasets datasets = new Datasets(DATABASE);

    /** The first traces are this user's. */
    private static Whose of(LearnedFixture learned, String user, int traces) {
        for (UUID trace : learned.traces().subList(0, traces)) {
            learned.execute("UPDATE trace SET end_user = ? WHERE id = ?", user, trace);
            learned.execute("INSERT INTO attempt VALUES (?, 1, 'v', 'u', 'm', 200, NULL, 1.5)", trace);
        }
        return new Whose.OfEndUser("default", user);
    }

    /** As PostgreSQL writes it. */
    private static String array(List<UUID> ids) {
        return ids.toString().replace('[', '{').replace(']', '}');
    }

    private static String left(LearnedFixture learned, String table) {
        String column = table.equals("trace") || table.equals("trace_content") ? "id" : "trace";
        return learned.query(
                "SELECT count(*) FROM %s WHERE %s = ANY (?::uuid[])".formatted(table, column), array(learned.traces()));
    }

    @Test
    void aPlanTellsWhatWouldGoAndTakesNothing() {
        LearnedFixture learned = LearnedFixture.of(DATABASE, "planned", 6);
        Dataset dataset = learned.dataset(0, 3, 1, 2);
        learned.version("one", dataset, null);
        Whose ann = of(learned, "planned ann", 2);
        Forgetting plan = forgetting.plan(ann);
        assertEquals(
                new Forgetting(
                        2,
                        2,
                        2,
                        2,
                        2,
                        1,
                        List.of(new Forgetting.Held("planned", dataset.hash(), 2, 0, 0, 4, null)),
                        List.of(new Saw("planned/1", "", List.of(), null))),
                plan);
        TABLES.forEach(table -> assertEquals(table.equals("attempt") ? "2" : "6", left(learned, table), table));
        assertEquals(6, datasets.tasks(dataset.id()).size());
        assertEquals(Forgetting.NOTHING, forgetting.plan(new Whose.OfEndUser("default", "nobody")));
        assertEquals(
                Forgetting.NOTHING, forgetting.plan(new Whose.OfEndUser("another", "planned ann")), "of its project");
    }

    @Test
    void rowsGoDatasetsAreRebuiltAndVersionsThatSawThemAreMarked() {
        LearnedFixture learned = LearnedFixture.of(DATABASE, "forgotten", 8);
        Dataset dataset = learned.dataset(0, 5, 1, 2);
        ModelVersion one = learned.version("one", dataset, null);
        ModelVersion child = learned.version("child", null, one);
        ModelVersion other = learned.version("other", null, null);
        List<DatasetTask> before = datasets.tasks(dataset.id());
        String sums = learned.query("SELECT given || ' ' || score FROM feedback_day WHERE route = 'forgotten'");
        Whose ann = of(learned, "forgotten ann", 2);
        Forgetting gone = forgetting.carryOut(ann, "cy");
        assertEquals(
                List.of(2L, 2L, 2L, 2L, 2L, 3L),
                List.of(
                        gone.traces(),
                        gone.contents(),
                        gone.attempts(),
                        gone.feedback(),
                        gone.tasks(),
                        gone.samples()));
        TABLES.forEach(table -> assertEquals(table.equals("attempt") ? "0" : "6", left(learned, table), table));
        assertEquals(
                "another",
                learned.query("SELECT s.task FROM sample s WHERE s.run = ?", one.runId()),
                "what was tried for the others stays");
        List<DatasetTask> expected = before.subList(2, before.size()).stream()
                .map(task -> task.split() == Split.TRAIN
                        ? new DatasetTask(
                                task.trace(),
                                task.split(),
                                task.position() - 2,
                                task.input(),
                                task.reference(),
                                task.metadata(),
                                task.contentHash())
                        : task)
                .toList();
        String hash = LearnedFixture.hash(expected);
        assertEquals(
                List.of(new Forgetting.Held("forgotten", dataset.hash(), 2, 0, 0, 6, hash)),
                gone.datasets(),
                "with a hash of its own");
        Dataset rebuilt = datasets.require(hash);
        assertEquals(expected, datasets.tasks(rebuilt.id()));
        assertTrue(
                rebuilt.settings().contains("\"rebuiltFrom\": \"" + dataset.hash() + "\"")
                        && rebuilt.settings().contains("\"without\": 2")
                        && rebuilt.settings().contains("GROUPED"),
                rebuilt.settings());
        assertTrue(
                rebuilt.counts().contains("\"train\": 3") && rebuilt.counts().contains("\"test\": 2"),
                rebuilt.counts());
        assertEquals(List.of(), datasets.tasks(dataset.id()), "the rows are gone");
        assertEquals(dataset, datasets.require(dataset.hash()), "its hash and counts are known still");
        DatasetNode node = lineage.ofDataset(dataset.hash()).dataset();
        assertEquals(hash, node.rebuilt());
        ForgottenRows rows = node.forgotten();
        assertNotNull(rows);
        assertEquals(List.of(2, 0, 0), List.of(rows.train(), rows.validation(), rows.test()));
        assertEquals(
                List.of(
                        new Saw("forgotten/1", "", List.of(), null),
                        new Saw("forgotten/2", "forgotten/1", List.of(), null)),
                gone.versions());
        assertEquals(List.of(rows), lineage.forgotten(one.id()));
        assertEquals(List.of(rows), lineage.forgotten(child.id()), "by what it began with");
        assertEquals(List.of(), lineage.forgotten(other.id()));
        assertTrue(lineage.ofVersion(one).sawForgotten());
        TraceLineage up = lineage.ofTrace(learned.traces().get(2));
        assertEquals(
                List.of("forgotten/1", "forgotten/2"),
                up.versions().stream().map(Saw::version).sorted().toList(),
                "who saw the others is known by the dataset that was rebuilt");
        assertEquals(sums, learned.query("SELECT given || ' ' || score FROM feedback_day WHERE route = 'forgotten'"));
        assertEquals(
                "dataset.forget trace.forget",
                learned.query(
                        "SELECT action FROM audit WHERE who = 'cy' AND (subject = ? OR subject LIKE 'end user forgotten%') ORDER BY id",
                        dataset.hash()));
        assertEquals(Forgetting.NOTHING, forgetting.carryOut(ann, "cy"), "done again, nothing");
        String again = assertThrows(
                        IllegalArgumentException.class,
                        () -> datasets.freeze(learned.id(), dataset.hash(), "{}", "{}", before))
                .getMessage();
        assertTrue(again.contains("forgotten") && again.contains(dataset.hash().substring(0, 12)), again);
        assertEquals(
                List.of(dataset.id()),
                datasets.forgotten(learned.id(), LearnedFixture.trainingFile(before)).stream()
                        .toList());
    }

    @Test
    void whoForgetsTwiceMarksAllThatSawEither() {
        LearnedFixture learned = LearnedFixture.of(DATABASE, "forgotten-twice", 6);
        Dataset first = learned.dataset(0, 4, 1, 1);
        ModelVersion one = learned.version("one", first, null);
        forgetting.carryOut(new Whose.OfTrace(learned.traces().get(1)), "cy");
        Dataset second = datasets.list(learned.id()).getFirst();
        ModelVersion two = learned.version("two", second, null);
        Forgetting gone = forgetting.carryOut(new Whose.OfTrace(learned.traces().get(5)), "cy");
        assertEquals(
                List.of("forgotten-twice/1", "forgotten-twice/2"),
                gone.versions().stream().map(Saw::version).toList(),
                "who learned from the first saw the second's rows");
        assertEquals(2, lineage.forgotten(one.id()).size());
        assertEquals(1, lineage.forgotten(two.id()).size());
        assertEquals(0, gone.datasets().getFirst().train());
        assertEquals(1, gone.datasets().getFirst().test());
        Dataset third = datasets.list(learned.id()).getFirst();
        assertEquals(
                List.of(second.hash(), first.hash()),
                lineage.ofDataset(third.hash()).before().stream()
                        .map(DatasetNode::hash)
                        .toList());
        ModelVersion late = learned.version("late", first, null);
        assertEquals(2, lineage.forgotten(late.id()).size(), "also who is registered afterwards");
    }

    @Test
    void ofADatasetOfWhichNothingIsLeftNothingIsRebuilt() {
        LearnedFixture learned = LearnedFixture.of(DATABASE, "emptied", 2);
        Dataset dataset = learned.dataset(0, 2, 0, 0);
        Forgetting gone = forgetting.carryOut(of(learned, "emptied ann", 2), "cy");
        assertNull(gone.datasets().getFirst().rebuilt());
        assertEquals(1, datasets.list(learned.id()).size());
        assertNull(lineage.ofDataset(dataset.hash()).dataset().rebuilt());
    }

    /** Whoever dies on the way leaves whole datasets, and does the rest the next time. */
    @Test
    void whatWasBegunIsEndedByDoingItAgain() {
        LearnedFixture learned = LearnedFixture.of(DATABASE, "killed", 8);
        Dataset first = learned.dataset(0, 3, 1, 1);
        Dataset second = learned.dataset(1, 4, 1, 1);
        Whose ann = of(learned, "killed ann", 3);
        AtomicInteger files = new AtomicInteger();
        TraceForgetting dying = new TraceForgetting(DATABASE, tasks -> {
            if (files.incrementAndGet() == 2) {
                throw new IllegalStateException("killed");
            }
            return LearnedFixture.trainingFile(tasks);
        });
        assertThrows(IllegalStateException.class, () -> dying.carryOut(ann, "cy"));
        assertEquals(
                List.of(0, 6),
                List.of(first, second).stream()
                        .map(dataset -> datasets.tasks(dataset.id()).size())
                        .sorted()
                        .toList(),
                "one is done wholly, the other not at all");
        assertEquals("8", left(learned, "trace"));
        Forgetting rest = forgetting.carryOut(ann, "cy");
        assertEquals(1, rest.datasets().size());
        assertEquals(3, rest.traces());
        assertEquals(
                0,
                datasets.tasks(first.id()).size() + datasets.tasks(second.id()).size());
        assertEquals(
                2 + 2,
                datasets.list(learned.id()).size(),
                "each is there as it was, without rows, and as it is without some");
    }

    @Test
    void aDatasetThatIsFrozenMeanwhileIsRebuiltAsWell() {
        LearnedFixture learned = LearnedFixture.of(DATABASE, "raced", 6);
        learned.dataset(0, 3, 1, 1);
        AtomicInteger files = new AtomicInteger();
        TraceForgetting racing = new TraceForgetting(DATABASE, tasks -> {
            if (files.getAndIncrement() == 0) {
                learned.dataset(0, 2, 1, 1);
            }
            return LearnedFixture.trainingFile(tasks);
        });
        Forgetting gone = racing.carryOut(new Whose.OfTrace(learned.traces().getFirst()), "cy");
        assertEquals(2, gone.datasets().size());
        assertEquals(1, gone.traces());
    }

    @Test
    void anEpisodeGoesWithWhatWasSaidOfTheWholeAndWithItsShadows() {
        LearnedFixture learned = LearnedFixture.of(DATABASE, "episodic", 4);
        UUID first = learned.traces().getFirst();
        learned.execute(
                "UPDATE trace SET episode = 'e 1' WHERE id = ANY (?::uuid[])",
                array(learned.traces().subList(0, 2)));
        learned.execute(
                "UPDATE trace SET shadow_of = ? WHERE id = ?",
                first,
                learned.traces().get(3));
        learned.execute(
                "INSERT INTO feedback (id, project, use_case, episode, kind, name, value, day, route, variant) SELECT gen_random_uuid(), project, id, 'e 1', 'comment', 'comment', '\"thanks\"', '2026-01-01', name, '' FROM use_case WHERE id = ?",
                learned.id());
        String episodes = "SELECT count(*) FROM feedback WHERE use_case = ? AND episode = 'e 1'";
        Forgetting one = forgetting.carryOut(new Whose.OfTrace(first), "cy");
        assertEquals(2, one.traces(), "with its copy");
        assertEquals("1", learned.query(episodes, learned.id()), "a call of the episode is left");
        Forgetting rest = forgetting.carryOut(new Whose.OfEpisode("default", "e 1"), "cy");
        assertEquals(1, rest.traces());
        assertEquals(2, rest.feedback());
        assertEquals("0", learned.query(episodes, learned.id()));
        assertEquals("1", left(learned, "trace"));
    }

    @Test
    void aVersionOfAForgottenDatasetIsDeletedLikeAnyOther() {
        LearnedFixture learned = LearnedFixture.of(DATABASE, "deleted-too", 3);
        Dataset dataset = learned.dataset(0, 2, 0, 1);
        learned.version("one", dataset, null);
        forgetting.carryOut(new Whose.OfTrace(learned.traces().getFirst()), "cy");
        new VersionRemoval(DATABASE, (files, served) -> false).delete(new Numbered("deleted-too", 1), "cy");
        assertEquals(List.of(), lineage.ofDataset(dataset.hash()).saw());
        assertNotEquals("0", learned.query("SELECT count(*) FROM forgotten_dataset WHERE dataset = ?", dataset.id()));
    }
}
