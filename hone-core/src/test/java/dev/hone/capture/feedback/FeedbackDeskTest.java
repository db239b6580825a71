package dev.hone.capture.feedback;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.hone.capture.JournalDrain;
import dev.hone.capture.feedback.FeedbackDesk.Caller;
import dev.hone.capture.feedback.FeedbackDesk.Taken;
import dev.hone.capture.feedback.FeedbackRules.Direction;
import dev.hone.capture.feedback.FeedbackRules.Metric;
import dev.hone.capture.gateway.CallCodec;
import dev.hone.capture.journal.Journal;
import dev.hone.capture.journal.Position;
import dev.hone.capture.redact.Redaction;
import dev.hone.capture.redact.RedactionKinds;
import dev.hone.record.CapturedCall;
import dev.hone.record.Feedback;
import dev.hone.record.Ids;
import dev.hone.record.Project;
import dev.hone.store.Calls;
import dev.hone.store.Configurations;
import dev.hone.store.Database;
import dev.hone.store.FeedbackRows;
import dev.hone.store.Feedbacks;
import dev.hone.store.MadeCall;
import dev.hone.store.TestDatabase;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What is said goes over a real journal into a real database. */
@Timeout(120)
final class FeedbackDeskTest {
    private static final Caller ANYBODY = new Caller(Project.DEFAULT, null);
    private static final Caller STRANGER = new Caller("strangers", null);
    private static final String USE_CASE = "desk";

    @TempDir
    Path folder;

    private final Calls calls = new Calls(TestDatabase.database());
    private final Configurations configurations = new Configurations(TestDatabase.database());
    private final FeedbackRows rows = new FeedbackRows(TestDatabase.database());
    private final List<String> troubles = Collections.synchronizedList(new ArrayList<>());
    private final List<AutoCloseable> open = new ArrayList<>();
    private Journal journal;
    private static final String CONFIGURATION = "c".repeat(64);

    private Judging judging = new Judging(
            Map.of(
                    USE_CASE,
                    new FeedbackRules(Map.of("stars", new Metric(Feedback.Kind.FLOAT, Direction.HIGHER, 1.0, 5.0)))),
            Map.of(),
            Map.of(),
            Redaction.NOTHING,
            CONFIGURATION);

    @BeforeEach
    void open() throws Exception {
        journal = Journal.open(folder, Journal.Options.STANDARD);
    }

    @AfterEach
    void close() throws Exception {
        for (AutoCloseable one : open.reversed()) {
            one.close();
        }
        journal.close();
    }

    private FeedbackDesk desk(Supplier<Position> drained, Database database) {
        FeedbackDesk desk = new FeedbackDesk(
                journal,
                drained,
                () -> Optional.of(new Feedbacks(database)),
                () -> judging,
                () -> false,
                InstantSource.system());
        open.add(desk);
        return desk;
    }

    /** A desk beside a journal of which nothing goes into the database. */
    private FeedbackDesk desk() {
        return desk(() -> Position.START, TestDatabase.database());
    }

    private UUID capture(@Nullable String episode) throws Exception {
        CapturedCall call = call(USE_CASE, episode);
        journal.append(CallCodec.encode(call));
        return call.facts().id();
    }

    static CapturedCall call(String useCase, @Nullable String episode) {
        return MadeCall.of(useCase).in(Project.DEFAULT, episode).call();
    }

    private void drain() throws Exception {
        try (JournalDrain drain =
                new JournalDrain(journal, folder, calls, configurations, () -> judging, troubles::add)) {
            await(drain);
        }
    }

    private void await(JournalDrain drain) throws InterruptedException {
        for (int i = 0; i < 8_000 && !drain.position().equals(journal.end()); i++) {
            Thread.sleep(5);
        }
        assertEquals(journal.end(), drain.position());
    }

    private static byte[] bytes(String json) {
        return json.getBytes(StandardCharsets.UTF_8);
    }

    private static byte[] stars(UUID trace, Object value, String id) {
        return bytes("{\"trace\":\"%s\",\"kind\":\"float\",\"name\":\"stars\",\"value\":%s,\"id\":\"%s\"}"
                .formatted(trace, value, id));
    }

    private static void assertRefused(
            int status, String code, String field, FeedbackDesk desk, Caller caller, byte[] body) {
        FeedbackRefusal refusal = assertThrows(FeedbackRefusal.class, () -> desk.take(caller, body));
        assertEquals(code, refusal.code(), refusal.getMessage());
        assertEquals(field, refusal.field());
        assertEquals(status, refusal.status());
    }

    @Test
    void whatIsSaidOnACallThatIsOnlyInTheJournalIsTakenAndStored() throws Exception {
        UUID trace = capture("e1");
        List<Taken> taken = desk().take(ANYBODY, stars(trace, 4, "only-in-the-journal"));
        assertEquals(List.of(new Taken("only-in-the-journal", trace, null, true)), taken);
        desk().take(
                        ANYBODY,
                        bytes("{\"episode\":\"e1\",\"use_case\":\"desk\",\"kind\":\"comment\",\"value\":\"slow\"}"));
        assertEquals(List.of(), rows.of(trace));
        drain();
        assertEquals(List.of("float stars 4 4.0"), rows.of(trace));
        assertEquals(List.of(CONFIGURATION), rows.configurationsOf(trace));
        assertEquals(List.of("comment comment \"slow\" null"), rows.ofEpisode("e1"));
        assertEquals(List.of(), troubles);
    }

    /** Acknowledged is in the journal: whatever becomes of the process. */
    @Test
    void whatIsAcknowledgedIsInTheJournal() throws Exception {
        UUID trace = capture(null);
        desk().take(ANYBODY, stars(trace, 2, "acknowledged"));
        Path left = Files.createDirectory(folder.resolve("left"));
        try (Stream<Path> files = Files.list(folder)) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                Files.copy(file, left.resolve(file.getFileName()));
            }
        }
        try (Journal again = Journal.open(left, Journal.Options.STANDARD)) {
            List<byte[]> records = again.read(Position.START, Long.MAX_VALUE).records();
            assertEquals(2, records.size());
            assertEquals(
                    trace, FeedbackCodec.decode(records.getLast()).getFirst().trace());
        }
    }

    @Test
    void whatIsAboutNothingIsRefused() throws Exception {
        UUID trace = capture("e2");
        FeedbackDesk desk = desk();
        assertRefused(404, "trace_not_found", "trace", desk, ANYBODY, stars(Ids.next(), 4, "a"));
        assertRefused(404, "trace_not_found", "trace", desk, ANYBODY, stars(UUID.randomUUID(), 4, "a"));
        assertRefused(404, "trace_not_found", "trace", desk, STRANGER, stars(trace, 4, "a"));
        assertRefused(
                404,
                "episode_not_found",
                "episode",
                desk,
                STRANGER,
                bytes("{\"episode\":\"e2\",\"use_case\":\"desk\",\"kind\":\"comment\",\"value\":\"x\"}"));
        drain();
        assertRefused(404, "trace_not_found", "trace", desk, STRANGER, stars(trace, 4, "a"));
        assertRefused(
                404,
                "episode_not_found",
                "episode",
                desk,
                STRANGER,
                bytes("{\"episode\":\"e2\",\"use_case\":\"desk\",\"kind\":\"comment\",\"value\":\"x\"}"));
        assertEquals(1, desk.take(ANYBODY, stars(trace, 4, "about-something")).size());
    }

    @Test
    void aKeyForOtherUseCasesSaysNothingOfThisOne() throws Exception {
        UUID trace = capture("e-bound");
        FeedbackDesk desk = desk();
        Caller others = new Caller(Project.DEFAULT, null, Set.of("other"));
        assertRefused(403, "use_case_not_allowed", "trace", desk, others, stars(trace, 4, "bound"));
        assertRefused(
                403,
                "use_case_not_allowed",
                "use_case",
                desk,
                others,
                bytes("{\"episode\":\"e-bound\",\"use_case\":\"desk\",\"kind\":\"comment\",\"value\":\"x\"}"));
        assertEquals(
                1,
                desk.take(new Caller(Project.DEFAULT, null, Set.of("desk")), stars(trace, 4, "bound"))
                        .size());
    }

    @Test
    void whatIsNotDeclaredIsRefusedByItsField() throws Exception {
        UUID trace = capture(null);
        FeedbackDesk desk = desk();
        String body = "{\"trace\":\"%s\",\"kind\":\"%s\",\"name\":\"%s\",\"value\":%s}";
        assertRefused(400, "unknown_metric", "name", desk, ANYBODY, bytes(body.formatted(trace, "float", "starz", 4)));
        assertRefused(400, "wrong_kind", "kind", desk, ANYBODY, bytes(body.formatted(trace, "boolean", "stars", true)));
        assertRefused(400, "out_of_range", "value", desk, ANYBODY, bytes(body.formatted(trace, "float", "stars", 6)));
        assertRefused(
                400, "unknown_metric", "name", desk, ANYBODY, bytes(body.formatted(trace, "boolean", "rating", true)));
        assertRefused(
                400,
                "unknown_metric",
                "name",
                desk,
                ANYBODY,
                bytes(body.formatted(trace, "comment", "remark", "\"a\"")));
        assertTrue(desk.take(ANYBODY, bytes(body.formatted(trace, "comment", "withdrawal", "\"an-id\"")))
                .getFirst()
                .checked());
        judging = Judging.NOTHING;
        assertTrue(desk.take(ANYBODY, bytes(body.formatted(trace, "boolean", "rating", true)))
                .getFirst()
                .checked());
        assertTrue(desk.take(ANYBODY, bytes(body.formatted(trace, "float", "rating", 0.5)))
                .getFirst()
                .checked());
        assertRefused(400, "out_of_range", "value", desk, ANYBODY, bytes(body.formatted(trace, "float", "rating", 2)));
        assertRefused(400, "unknown_metric", "name", desk, ANYBODY, bytes(body.formatted(trace, "outcome", "a", 2)));
    }

    /** One of a list is wrong: nothing of it is taken. */
    @Test
    void aListIsTakenWhollyOrNotAtAll() throws Exception {
        UUID trace = capture(null);
        Position before = journal.end();
        String one = "{\"trace\":\"%s\",\"kind\":\"float\",\"name\":\"stars\",\"value\":%d}";
        assertRefused(
                400,
                "out_of_range",
                "[1].value",
                desk(),
                ANYBODY,
                bytes("[" + one.formatted(trace, 4) + "," + one.formatted(trace, 9) + "]"));
        assertEquals(before, journal.end());
        assertEquals(
                2,
                desk().take(ANYBODY, bytes("[" + one.formatted(trace, 4) + "," + one.formatted(trace, 5) + "]"))
                        .size());
        drain();
        assertEquals(List.of("float stars 4 4.0", "float stars 5 5.0"), rows.of(trace));
    }

    @Test
    void tenThatSayTheSameAtOnceSayItOnce() throws Exception {
        UUID trace = capture(null);
        FeedbackDesk desk = desk();
        try (ExecutorService clients = Executors.newFixedThreadPool(10)) {
            List<Callable<List<Taken>>> tries =
                    Collections.nCopies(10, () -> desk.take(ANYBODY, stars(trace, 3, "ten-at-once")));
            Set<List<Taken>> answers = new HashSet<>();
            for (Future<List<Taken>> answer : clients.invokeAll(tries)) {
                answers.add(answer.get());
            }
            assertEquals(Set.of(List.of(new Taken("ten-at-once", trace, null, true))), answers);
        }
        assertEquals(2, journal.read(Position.START, Long.MAX_VALUE).records().size(), "the call, and one record");
        drain();
        assertEquals(List.of("float stars 3 3.0"), rows.of(trace));
    }

    @Test
    void anIdStandsForOneThing() throws Exception {
        UUID trace = capture(null);
        FeedbackDesk desk = desk();
        desk.take(ANYBODY, stars(trace, 3, "one-thing"));
        assertRefused(409, "id_conflict", "id", desk, ANYBODY, stars(trace, 4, "one-thing"));
        drain();
        Position end = journal.end();
        desk.take(ANYBODY, stars(trace, 3, "one-thing"));
        assertEquals(end, journal.end(), "nothing is written again");
        assertRefused(409, "id_conflict", "id", desk, ANYBODY, stars(trace, 4, "one-thing"));
        assertRefused(
                409,
                "id_conflict",
                "[1].id",
                desk,
                ANYBODY,
                bytes("[%s,%s]"
                        .formatted(
                                new String(stars(trace, 3, "in-one-list"), StandardCharsets.UTF_8),
                                new String(stars(trace, 4, "in-one-list"), StandardCharsets.UTF_8))));
    }

    /** What goes from the journal to the database at the worst moment, between two looks, is found all the same. */
    @Test
    void nothingIsUnknownWhileItIsDrained() throws Exception {
        UUID trace = capture("e3");
        FeedbackDesk desk = desk(this::drained, TestDatabase.database());
        assertTrue(desk.take(ANYBODY, stars(trace, 3, "drained-meanwhile"))
                .getFirst()
                .checked());
        assertTrue(desk.take(ANYBODY, stars(trace, 3, "drained-meanwhile"))
                .getFirst()
                .checked());
        drain();
        assertEquals(List.of("float stars 3 3.0"), rows.of(trace));
    }

    private Position drained() {
        try {
            drain();
            return journal.end();
        } catch (Exception e) {
            throw new AssertionError(e);
        }
    }

    /** What is to be put aside, and cannot be, stays in the journal: the position does not pass it. */
    @Test
    void whatCannotBePutAsideIsNotPassed() throws Exception {
        UUID trace = capture(null);
        FeedbackDesk desk = desk(() -> journal.end(), TestDatabase.away());
        desk.take(ANYBODY, stars(trace, 4, "behind-a-full-disk"));
        desk.take(ANYBODY, stars(Ids.next(), 4, "about-nothing-at-all"));
        Path rejected = Files.createFile(folder.resolve("rejected"));
        try (JournalDrain drain =
                new JournalDrain(journal, folder, calls, configurations, () -> judging, troubles::add)) {
            for (int i = 0; i < 8_000 && troubles.isEmpty(); i++) {
                Thread.sleep(5);
            }
            UUID name = UUID.fromString(Files.readString(folder.resolve("id")).strip());
            assertEquals(Optional.empty(), calls.checkpoint(name));
            assertEquals(List.of(), rows.of(trace));
            Files.delete(rejected);
            await(drain);
            assertEquals(1, drain.feedbackAside());
        }
        assertEquals(List.of("float stars 4 4.0"), rows.of(trace));
    }

    /** While the database is away everything is taken, and what is about nothing is put aside when it is back. */
    @Test
    void withoutTheDatabaseItIsTakenAndCheckedLater() throws Exception {
        UUID stored = capture(null);
        drain();
        Position drained = journal.end();
        FeedbackDesk desk = desk(() -> drained, TestDatabase.away());
        assertEquals(List.of(new Taken("late", stored, null, false)), desk.take(ANYBODY, stars(stored, 4, "late")));
        assertTrue(!desk.take(ANYBODY, stars(Ids.next(), 4, "about-nothing"))
                .getFirst()
                .checked());
        assertTrue(!desk.take(STRANGER, stars(stored, 4, "of-a-stranger"))
                .getFirst()
                .checked());
        assertTrue(
                !desk.take(ANYBODY, stars(stored, 9, "out-of-range")).getFirst().checked());
        assertRefused(404, "trace_not_found", "trace", desk, ANYBODY, stars(UUID.randomUUID(), 4, "implausible"));
        try (JournalDrain drain =
                new JournalDrain(journal, folder, calls, configurations, () -> judging, troubles::add)) {
            await(drain);
            assertEquals(3, drain.feedbackAside());
        }
        assertEquals(List.of("float stars 4 4.0"), rows.of(stored));
        try (var files = Files.list(folder.resolve("rejected"))) {
            assertEquals(3, files.count());
        }
        assertEquals(3, troubles.size(), troubles.toString());
    }

    @Test
    void whatTheUseCaseDoesNotStoreIsTakenOutBeforeTheJournal() throws Exception {
        RedactionKinds kinds = new RedactionKinds();
        kinds.add("email");
        judging = new Judging(Map.of(), Map.of(USE_CASE, kinds.redaction()), Map.of(), Redaction.NOTHING, null);
        UUID trace = capture(null);
        desk().take(
                        ANYBODY,
                        bytes(
                                "{\"trace\":\"%s\",\"kind\":\"comment\",\"value\":\"ask ann@example.com\",\"author\":\"bob@example.com\"}"
                                        .formatted(trace)));
        desk(() -> journal.end(), TestDatabase.away())
                .take(
                        ANYBODY,
                        bytes("{\"trace\":\"%s\",\"kind\":\"demonstration\",\"value\":\"eve@example.com\"}"
                                .formatted(Ids.next())));
        StringBuilder written = new StringBuilder();
        journal.read(Position.START, Long.MAX_VALUE)
                .records()
                .forEach(record -> written.append(new String(record, StandardCharsets.UTF_8)));
        assertTrue(written.indexOf("ask <EMAIL_1>") > 0 && written.indexOf("@example.com") < 0, written.toString());
    }
}
