package dev.hone.store;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.hone.record.Dataset;
import dev.hone.record.DatasetTask;
import dev.hone.record.Ids;
import dev.hone.record.LabelledTrace;
import dev.hone.record.Split;
import java.nio.file.Files;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.ResultSet;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import org.junit.jupiter.api.Test;

final class StoreTest {
    private static final Database DATABASE = TestDatabase.database();

    private final UseCases useCases = new UseCases(DATABASE);
    private final Traces traces = new Traces(DATABASE);
    private final Datasets datasets = new Datasets(DATABASE);

    private static String query(String sql) {
        return DATABASE.inTransaction(connection -> {
            List<String> values = new ArrayList<>();
            try (Statement statement = connection.createStatement();
                    ResultSet row = statement.executeQuery(sql)) {
                while (row.next()) {
                    values.add(row.getString(1));
                }
            }
            return String.join(" ", values);
        });
    }

    @Test
    void anEmptyDatabaseGetsItsTables() {
        assertEquals(
                "advice alias alias_change api_key attempt audit configuration configuration_followed dataset dataset_task dropped_month evaluation evaluation_version feedback feedback_day flyway_schema_history forgotten_dataset gate_verdict grader"
                        + " id_time_apart imported journal_checkpoint key_spend label live_switch loop_attempt loop_round loop_step membership metric model_version person project rollout rollout_decision rollout_grade rollout_look run sample session"
                        + " spend_day task time_day trace trace_content usage_day use_case watch_look watch_progress watch_reference watched_call watched_grade",
                query(
                        "SELECT tablename FROM pg_tables WHERE schemaname = 'public' AND tablename !~ '_[0-9]{4}_[0-9]{2}$' ORDER BY 1"));
    }

    @Test
    void whatIsCommittedSurvivesAndNobodyElseGetsIn() throws Exception {
        for (String setting : List.of("fsync", "synchronous_commit", "full_page_writes", "data_checksums")) {
            assertEquals("on", query("SHOW " + setting), setting);
        }
        assertEquals("127.0.0.1", query("SHOW listen_addresses"));
        assertEquals("", query("SHOW unix_socket_directories"));
        assertEquals(
                "scram-sha-256", query("SELECT DISTINCT auth_method FROM pg_hba_file_rules WHERE auth_method <> ''"));
        assertEquals(
                "rw-------",
                PosixFilePermissions.toString(Files.getPosixFilePermissions(
                        ServerFolder.in(TestDatabase.home()).password())));
    }

    @Test
    void theSameBatchAgainAddsNothing() {
        UUID useCase = useCases.obtain("twice");
        assertEquals(useCase, useCases.obtain("twice"));
        String request = "{\"tools\":[{\"z\":1,\"a\":2}], \"messages\":[]}";
        List<LabelledTrace> batch = List.of(SampleTraces.labelled("one", request), SampleTraces.labelled("two", "{}"));
        assertEquals(2, traces.add(useCase, batch));
        assertEquals(
                0,
                traces.add(
                        useCase, List.of(SampleTraces.labelled("one", request), SampleTraces.labelled("two", "{}"))));
        assertEquals(
                1,
                traces.add(useCase, List.of(SampleTraces.labelled("two", "{}"), SampleTraces.labelled("three", "{}"))));
        assertEquals(3, traces.count(useCase));
        LabelledTrace read = traces.labelled(useCase).getFirst();
        assertEquals(batch.getFirst(), read, "as it went in, with the order of keys");
        assertEquals(3, traces.labelled(useCase).size(), "one demonstration a trace");
        assertEquals(
                Map.of("one", batch.getFirst().trace().contentHash()),
                traces.contentHashes(useCase, List.of("one", "nine")));
    }

    @Test
    void aBatchThatFailsLeavesNothing() {
        UUID useCase = useCases.obtain("failing");
        List<LabelledTrace> batch =
                List.of(SampleTraces.labelled("good", "{}"), SampleTraces.labelled("bad", "{no JSON"));
        assertThrows(StoreException.class, () -> traces.add(useCase, batch));
        assertEquals(0, traces.count(useCase));
        LabelledTrace noAnswer =
                new LabelledTrace(SampleTraces.labelled("good", "{}").trace(), "no JSON");
        assertThrows(
                StoreException.class, () -> traces.add(useCase, List.of(noAnswer)), "after its trace was inserted");
        assertEquals(0, traces.count(useCase));
        assertEquals(1, traces.add(useCase, List.of(SampleTraces.labelled("good", "{}"))));
    }

    @Test
    void aDatasetIsFrozenOnce() {
        UUID useCase = useCases.obtain("frozen");
        List<LabelledTrace> stored = List.of(SampleTraces.labelled("x", "{}"), SampleTraces.labelled("y", "{}"));
        traces.add(useCase, stored);
        List<DatasetTask> tasks = new ArrayList<>();
        for (LabelledTrace labelled : stored) {
            tasks.add(new DatasetTask(
                    labelled.trace().id(),
                    tasks.isEmpty() ? Split.TRAIN : Split.TEST,
                    0,
                    "{\"b\":1, \"a\":2}",
                    "{}",
                    Map.of("k", "v"),
                    labelled.trace().contentHash()));
        }
        Dataset first = datasets.freeze(useCase, "ab".repeat(32), "{}", "{\"tasks\":{}}", tasks);
        assertEquals(first, datasets.freeze(useCase, "ab".repeat(32), "{}", "{}", tasks));
        assertEquals(tasks, datasets.tasks(first.id()));
        datasets.freeze(useCase, "ac".repeat(32), "{}", "{}", tasks.reversed());
        assertEquals(
                "2", query("SELECT count(*) FROM task t JOIN use_case u ON u.id = t.use_case WHERE u.name = 'frozen'"));
        assertEquals(first, datasets.require("abab"));
        assertTrue(refusal(() -> datasets.require("a")).contains("several"));
        assertTrue(refusal(() -> datasets.require("99")).contains("[99]"));
        assertEquals(2, datasets.list(useCase).size());
    }

    @Test
    void aDatasetThatFailsLeavesNothing() {
        UUID useCase = useCases.obtain("half");
        DatasetTask orphan = new DatasetTask(Ids.next(), Split.TRAIN, 0, "{}", "{}", Map.of(), "cd".repeat(32));
        assertThrows(
                StoreException.class,
                () -> datasets.freeze(useCase, "ad".repeat(32), "{}", "{}", List.of(orphan)),
                "its trace is not there");
        assertEquals(List.of(), datasets.list(useCase));
    }

    @Test
    void aUseCaseThatIsMissingIsNamedWithThoseThereAre() {
        useCases.obtain("support");
        String message = refusal(() -> useCases.require("suport"));
        assertTrue(
                message.contains("[suport]") && message.contains("support") && message.contains("hone import"),
                message);
        assertTrue(refusal(() -> useCases.obtain("Not So")).contains("[Not So]"));
    }

    private static String refusal(org.junit.jupiter.api.function.Executable executable) {
        return assertThrows(IllegalArgumentException.class, executable).getMessage();
    }

    @Test
    void anExternalDatabaseIsTakenByItsUrl() throws Exception {
        useCases.obtain("outside");
        ServerFolder folder = ServerFolder.in(TestDatabase.home());
        int port = folder.running().orElseThrow().port();
        String password = Files.readString(folder.password());
        String url = "postgresql://hone:" + password + "@127.0.0.1:" + port + "/postgres";
        try (Database external = Database.open(Map.of("HONE_DB_URL", url), TestDatabase.home(), text -> {})) {
            new UseCases(external).require("outside");
        }
        assertTrue(folder.running().isPresent(), "an external server is not ended");
        String wrong = url.replace(password, "wrong-secret");
        String message = assertThrows(
                        StoreException.class,
                        () -> Database.open(Map.of("HONE_DB_URL", wrong), TestDatabase.home(), text -> {}))
                .getMessage();
        assertTrue(message.contains("check user and password in HONE_DB_URL"), message);
        assertFalse(message.contains("wrong-secret"), message);
    }

    @Test
    void idsAreUniqueAndInOrder() {
        Set<UUID> ids = new HashSet<>();
        UUID before = Ids.next();
        for (int i = 0; i < 20_000; i++) {
            UUID id = Ids.next();
            assertTrue(id.toString().compareTo(before.toString()) > 0);
            assertEquals(7, id.version());
            assertEquals(2, id.variant());
            assertTrue(ids.add(id));
            before = id;
        }
    }
}
