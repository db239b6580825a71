package dev.hone.watch;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.hone.capture.JournalDrain;
import dev.hone.capture.feedback.FeedbackDesk;
import dev.hone.capture.feedback.Judging;
import dev.hone.capture.journal.Journal;
import dev.hone.capture.journal.Position;
import dev.hone.capture.redact.RedactionKinds;
import dev.hone.record.Ids;
import dev.hone.record.LabelledTrace;
import dev.hone.store.Calls;
import dev.hone.store.Configurations;
import dev.hone.store.DrawnCalls;
import dev.hone.store.Feedbacks;
import dev.hone.store.Labels;
import dev.hone.store.StoreFixture;
import dev.hone.store.Traces;
import dev.hone.store.UseCases;
import dev.hone.task.Demonstrations;
import dev.hone.watch.LabelDesk.Expert;
import dev.hone.watch.LabelDesk.Refused;
import dev.hone.watch.LabelDesk.Say;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What experts say, by way of a real journal into a real database. */
@Timeout(300)
final class LabelDeskTest {
    private static final String LABELS = "{kind: label, classes: [refund, shipping, account]}";
    private static final Expert ADA = new Expert("ada", "default");
    private static final Expert BOB = new Expert("bob@example.com", "default");

    @TempDir
    Path folder;

    private final WatchFixture fixture = WatchFixture.open();
    private final List<String> troubles = new ArrayList<>();
    private final AtomicBoolean dying = new AtomicBoolean();

    /** What is written before who writes it dies. */
    private final AtomicInteger survived = new AtomicInteger();

    private Journal journal;
    private Position empty;
    private JournalDrain drain;
    private FeedbackDesk feedback;
    private LabelDesk desk;

    @BeforeEach
    void open() throws IOException {
        RedactionKinds kinds = new RedactionKinds();
        List.of("email", "card", "secret").forEach(kinds::add);
        Judging judging = new Judging(
                Map.of(),
                Map.of("label-redacted", kinds.redaction()),
                Map.of(),
                dev.hone.capture.redact.Redaction.NOTHING,
                null);
        journal = Journal.open(folder, Journal.Options.STANDARD);
        empty = journal.end();
        drain = new JournalDrain(
                journal,
                folder,
                new Calls(fixture.database),
                new Configurations(fixture.database),
                () -> judging,
                troubles::add);
        feedback = new FeedbackDesk(
                journal,
                drain::position,
                () -> Optional.of(new Feedbacks(fixture.database)),
                () -> judging,
                () -> false,
                InstantSource.system());
        desk = new LabelDesk(fixture.database, (project, body) -> {
            feedback.take(new FeedbackDesk.Caller(project, null), body);
            if (dying.get() && survived.getAndDecrement() <= 0) {
                throw new IOException("dies after the journal has it");
            }
        });
    }

    @AfterEach
    void close() throws IOException {
        feedback.close();
        drain.close();
        journal.close();
        assertEquals(List.of(), troubles);
    }

    private Subject subject(String name, int calls) {
        return subject(name, LABELS, calls);
    }

    private Subject subject(String name, String good, int calls) {
        return subject(name, good, calls, 0);
    }

    private Subject subject(String name, String good, int calls, double judge) {
        Subject subject = new Subject(
                new UseCases(fixture.database).obtain(name),
                WatchFixture.charter(name, good, "{sample: 1, calls-a-day: 5000, second-labels: 1}", judge));
        for (int i = 0; i < calls; i++) {
            new Calls(fixture.database)
                    .add(List.of(WatchFixture.call(
                            name,
                            Ids.next(),
                            null,
                            "{\"messages\":[{\"role\":\"user\",\"content\":\"question %s\"}]}"
                                    .formatted("x".repeat(i + 1) + " " + i),
                            "{\"choices\":[{\"message\":{\"role\":\"assistant\",\"content\":\"refund\"}}]}")));
        }
        watch(subject);
        return subject;
    }

    private void watch(Subject subject) {
        new Watch(fixture.database, Eyes.ofWords(), Duration.ZERO, () -> false).carryOut(subject, Instant.now());
    }

    private LabelItem next(Subject subject, Expert expert) {
        return desk.next(subject, expert, Instant.now()).orElseThrow();
    }

    private String take(Subject subject, Expert expert, UUID trace, Say say) throws Exception {
        return desk.take(subject, expert, trace, say, Instant.now());
    }

    /** Whether the database has all that was taken; a journal that nothing was written to has no position to be drained to. */
    private boolean isDrained() {
        return journal.end().equals(empty) || drain.position().compareTo(journal.end()) >= 0;
    }

    /** Feedback of a trace that stands, once the journal has been drained. */
    private List<String> standing(UUID trace) throws InterruptedException {
        long end = System.nanoTime() + Duration.ofSeconds(60).toNanos();
        while (!isDrained() && System.nanoTime() < end) {
            Thread.sleep(20);
        }
        assertTrue(isDrained(), "the database does not get what was taken");
        return StoreFixture.texts(
                fixture.database,
                "SELECT kind || ' ' || coalesce(author, '-') || ' ' || value::text FROM feedback_in_force WHERE trace = '%s' ORDER BY id"
                        .formatted(trace));
    }

    @Test
    void whatIsSaidIsFeedbackOfThePerson() throws Exception {
        Subject subject = subject("label-said", 3);
        LabelItem first = next(subject, ADA);
        assertEquals(3, first.waiting());
        assertEquals(List.of("refund", "shipping", "account"), first.classes());
        assertEquals("Right", take(subject, ADA, first.trace(), new Say.Right()));
        assertEquals(
                List.of("demonstration ada {\"role\":\"assistant\",\"content\":\"refund\"}"), standing(first.trace()));
        LabelItem second = next(subject, ADA);
        assertFalse(second.trace().equals(first.trace()), "what is labelled leaves");
        take(subject, ADA, second.trace(), new Say.Named("shipping"));
        LabelItem third = next(subject, ADA);
        take(subject, ADA, third.trace(), new Say.Text(" Neither: \u05E9\u05DC\u05D5\u05DD ", false));
        assertEquals(
                List.of("demonstration ada {\"role\":\"assistant\",\"content\":\"Neither: \u05E9\u05DC\u05D5\u05DD\"}"),
                standing(third.trace()));
        assertEquals(Optional.empty(), desk.next(subject, ADA, Instant.now()));
        assertEquals(3, desk.count(subject, ADA, Instant.EPOCH));
        watch(subject);
        assertEquals(
                List.of("0 shipping", "1 refund"),
                StoreFixture.texts(
                        fixture.database,
                        "SELECT g.score || ' ' || (f.value ->> 'content') FROM watched_grade g JOIN feedback f ON f.trace = g.trace WHERE g.grader = 'demonstration' AND g.score IS NOT NULL AND f.use_case = '%s' ORDER BY 1"
                                .formatted(subject.useCase())),
                "production is graded against what experts said; where that is no class, it is not");
    }

    @Test
    void whatIsTakenBackWaitsAgain() throws Exception {
        Subject subject = subject("label-undo", 2);
        UUID trace = next(subject, ADA).trace();
        take(subject, ADA, trace, new Say.Named("account"));
        assertEquals(1, standing(trace).size());
        assertEquals(Optional.of(trace), desk.undo(subject, ADA, Instant.now()));
        assertEquals(List.of(), standing(trace));
        assertEquals(
                trace,
                desk.item(subject, ADA, trace, Instant.now()).orElseThrow().trace());
        take(subject, ADA, trace, new Say.Named("shipping"));
        assertEquals(List.of("demonstration ada {\"role\":\"assistant\",\"content\":\"shipping\"}"), standing(trace));
        desk.undo(subject, ADA, Instant.now());
        assertEquals(Optional.empty(), desk.undo(subject, ADA, Instant.now()), "no further");
        assertEquals(List.of(), standing(trace));
        assertEquals(
                List.of("2 2"),
                StoreFixture.texts(
                        fixture.database,
                        "SELECT count(*) FILTER (WHERE kind = 'demonstration') || ' ' || count(*) FILTER (WHERE name = 'withdrawal') FROM feedback WHERE trace = '%s'"
                                .formatted(trace)),
                "nothing is removed");
    }

    @Test
    void whoPressesTwiceSaysItOnce() throws Exception {
        Subject subject = subject("label-twice", 1);
        UUID trace = next(subject, ADA).trace();
        take(subject, ADA, trace, new Say.Named("account"));
        assertEquals("You had labelled it already", take(subject, ADA, trace, new Say.Named("shipping")));
        assertEquals(List.of("demonstration ada {\"role\":\"assistant\",\"content\":\"account\"}"), standing(trace));
    }

    /** The journal has an answer, and nobody wrote down that it does: what is said then counts alone. */
    @Test
    void whoDiesInBetweenIsAskedAgain() throws Exception {
        Subject subject = subject("label-dies", 1);
        UUID trace = next(subject, ADA).trace();
        dying.set(true);
        assertThrows(IOException.class, () -> take(subject, ADA, trace, new Say.Named("account")));
        dying.set(false);
        // Whoever writes the journal into the database may have been sooner: then the call has that answer, and waits
        // no more.
        desk.next(subject, ADA, Instant.now()).ifPresent(item -> assertEquals(trace, item.trace()));
        take(subject, ADA, trace, new Say.Named("shipping"));
        assertEquals(List.of("demonstration ada {\"role\":\"assistant\",\"content\":\"shipping\"}"), standing(trace));
    }

    @Test
    void twoAnswersStandBlind() throws Exception {
        Subject subject = subject("label-pair", 24);
        List<UUID> traces = StoreFixture.texts(
                        fixture.database, "SELECT id FROM trace WHERE use_case = '%s'".formatted(subject.useCase()))
                .stream()
                .map(UUID::fromString)
                .toList();
        for (UUID trace : traces) {
            new Calls(fixture.database)
                    .add(List.of(WatchFixture.call(
                            "label-pair",
                            Ids.next(),
                            trace,
                            "{\"messages\":[]}",
                            "{\"choices\":[{\"message\":{\"role\":\"assistant\",\"content\":\"shipping\"}}]}")));
        }
        int liveFirst = 0;
        for (UUID trace : traces) {
            LabelItem item = desk.item(subject, ADA, trace, Instant.now()).orElseThrow();
            LabelItem.Pair pair = item.pair();
            assertNotNull(pair);
            boolean live = pair.first().contains("refund");
            liveFirst += live ? 1 : 0;
            assertEquals(List.of(), item.reasons(), "what is known of one tells which it is");
            assertEquals("false ", item.calls() + " " + item.output());
            assertEquals("Taken", take(subject, ADA, trace, new Say.Better(true, false)));
            String chosen = live ? "refund" : "shipping";
            assertEquals(
                    List.of(
                            "preference ada {\"chosen\":{\"role\":\"assistant\",\"content\":\"%s\"},\"rejected\":{\"role\":\"assistant\",\"content\":\"%s\"}}"
                                    .formatted(chosen, live ? "shipping" : "refund")),
                    standing(trace));
            Labels.Label label =
                    new Labels(fixture.database).last(subject.useCase(), "ada").orElseThrow();
            assertEquals(live, label.shown().get("first").equals(trace.toString()), "the hidden order is kept");
        }
        assertTrue(liveFirst > 0 && liveFirst < traces.size(), "in both orders: " + liveFirst);
        assertEquals("Taken", take(subject, BOB, traces.getFirst(), new Say.Same()));
        assertEquals(1, standing(traces.getFirst()).size(), "a tie is no feedback");
    }

    /** A vote would leave out of what versions are judged by just the calls on which they differ. */
    @Test
    void whatVersionsAreJudgedByIsAskedForItsAnswer() throws Exception {
        Subject subject = subject("label-drawn", LABELS, 1, 1);
        UUID trace = next(subject, ADA).trace();
        new Calls(fixture.database)
                .add(List.of(WatchFixture.call(
                        "label-drawn",
                        Ids.next(),
                        trace,
                        "{\"messages\":[]}",
                        "{\"choices\":[{\"message\":{\"role\":\"assistant\",\"content\":\"shipping\"}}]}")));
        assertEquals(null, next(subject, ADA).pair());
        assertThrows(Refused.class, () -> take(subject, ADA, trace, new Say.Better(true, false)));
        DrawnCalls drawn = new DrawnCalls(fixture.database);
        assertEquals(Set.of(), drawn.answered(subject.useCase()));
        take(subject, ADA, trace, new Say.Right());
        assertEquals(Set.of(trace), drawn.answered(subject.useCase()));
        desk.undo(subject, ADA, Instant.now());
        assertEquals(Set.of(), drawn.answered(subject.useCase()));
        // Between the answer and what takes it back, the database may have the answer alone.
        assertEquals(List.of(), standing(trace));
        assertEquals(trace, next(subject, ADA).trace(), "and is asked again");
    }

    @Test
    void whatCannotBeTakenIsToldAndNothingIs() throws Exception {
        Subject subject = subject("label-wrong", "{kind: tool_call}", 0);
        UUID trace = fixture.add("label-wrong", 1, 2).getFirst();
        watch(subject);
        for (Say say : List.of(
                new Say.Text("  ", false),
                new Say.Text("no call", true),
                new Say.Text("{\"name\":\"steal\",\"arguments\":{}}", true),
                new Say.Named("refund"),
                new Say.Written("{\"name\":\"steal\",\"arguments\":{}}"),
                new Say.Better(true, true))) {
            assertThrows(Refused.class, () -> take(subject, ADA, trace, say), say.toString());
        }
        assertThrows(Refused.class, () -> take(subject, ADA, Ids.next(), new Say.Right()));
        assertThrows(Refused.class, () -> take(subject, new Expert("ada", "elsewhere"), trace, new Say.Right()));
        assertEquals(List.of(), standing(trace));
        take(subject, ADA, trace, new Say.Text("{\"name\":\"refund\",\"arguments\":{\"what\":\"all\"}}", true));
        assertTrue(
                standing(trace).getFirst().contains("\"name\":\"refund\""),
                standing(trace).toString());
    }

    /** A call with a copy that was answered otherwise. */
    private UUID paired(String name, Subject subject) {
        UUID trace = next(subject, ADA).trace();
        new Calls(fixture.database)
                .add(List.of(WatchFixture.call(
                        name,
                        Ids.next(),
                        trace,
                        "{\"messages\":[]}",
                        "{\"choices\":[{\"message\":{\"role\":\"assistant\",\"content\":\"shipping\"}}]}")));
        return trace;
    }

    private List<LabelledTrace> learned(Subject subject) {
        return new Traces(fixture.database).labelled(subject.useCase());
    }

    /** A vote is learned from where the person says that it is right, too; with it goes the vote when it is taken back. */
    @Test
    void whatIsRightOfTwoIsLearnedFrom() throws Exception {
        Subject subject = subject("label-right", 1);
        UUID trace = paired("label-right", subject);
        LabelItem.Pair pair =
                desk.item(subject, ADA, trace, Instant.now()).orElseThrow().pair();
        assertNotNull(pair);
        boolean shippingFirst = pair.first().contains("shipping");
        take(subject, ADA, trace, new Say.Better(shippingFirst, false));
        assertEquals(1, standing(trace).size());
        assertEquals(List.of(), learned(subject), "a vote alone is not learned from");
        assertEquals(Optional.empty(), desk.next(subject, ADA, Instant.now()), "who voted has said it");
        assertEquals(trace, next(subject, BOB).trace(), "and the right answer is still asked of others");
        desk.undo(subject, ADA, Instant.now());
        assertEquals(List.of(), standing(trace));
        assertEquals("Taken", take(subject, ADA, trace, new Say.Better(shippingFirst, true)));
        assertEquals(
                List.of("demonstration", "preference"),
                standing(trace).stream().map(one -> one.split(" ")[0]).toList());
        assertEquals(
                List.of("{\"role\":\"assistant\",\"content\":\"shipping\"}"),
                learned(subject).stream().map(LabelledTrace::demonstration).toList());
        desk.undo(subject, ADA, Instant.now());
        assertEquals(List.of(), standing(trace), "neither stands");
        assertEquals(List.of(), learned(subject));
    }

    /** Whoever dies between taking an answer back and giving another, and then gives the first again, has said it. */
    @Test
    void whatIsSaidAgainAfterItWasTakenBackStands() throws Exception {
        Subject subject = subject("label-again", 1);
        UUID trace = next(subject, ADA).trace();
        dying.set(true);
        assertThrows(IOException.class, () -> take(subject, ADA, trace, new Say.Named("account")));
        survived.set(1);
        assertThrows(IOException.class, () -> take(subject, ADA, trace, new Say.Named("shipping")));
        dying.set(false);
        assertEquals(List.of(), standing(trace));
        take(subject, ADA, trace, new Say.Named("account"));
        assertEquals(List.of("demonstration ada {\"role\":\"assistant\",\"content\":\"account\"}"), standing(trace));
    }

    @Test
    void whatTwoSayOtherwiseIsAskedOfAThird() throws Exception {
        Subject subject = subject("label-third", 1);
        Expert eve = new Expert("eve", "default");
        UUID trace = next(subject, ADA).trace();
        take(subject, ADA, trace, new Say.Named("account"));
        take(subject, BOB, trace, new Say.Named("account"));
        standing(trace);
        assertEquals(Optional.empty(), desk.next(subject, eve, Instant.now()), "two say the same");
        assertEquals(0, Demonstrations.of(learned(subject)).disagreed());
        desk.undo(subject, BOB, Instant.now());
        take(subject, BOB, trace, new Say.Named("shipping"));
        standing(trace);
        LabelItem third = next(subject, eve);
        assertEquals(List.of("two who labelled it disagree"), third.reasons());
        Demonstrations made = Demonstrations.of(learned(subject));
        assertEquals(0, made.traces().size(), "nobody learns from either");
        assertEquals(1, made.disagreed());
    }

    /** What a use case does not store is not stored of a label either, and it can be taken back all the same. */
    @Test
    void redactionIsThatOfAllFeedback() throws Exception {
        Subject subject = subject("label-redacted", 1);
        UUID trace = next(subject, BOB).trace();
        take(subject, BOB, trace, new Say.Text("write to eve@example.com", false));
        String stored = standing(trace).getFirst();
        assertFalse(stored.contains("example.com"), stored);
        desk.undo(subject, BOB, Instant.now());
        assertEquals(List.of(), standing(trace));
    }
}
