package dev.hone.store;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.hone.record.Feedback;
import dev.hone.record.Ids;
import dev.hone.record.Project;
import dev.hone.store.Calls.Checkpoint;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

final class FeedbacksTest {
    private final Calls calls = new Calls(TestDatabase.database());
    private final Traces traces = new Traces(TestDatabase.database());
    private final FeedbackRows rows = new FeedbackRows(TestDatabase.database());
    private final UUID journal = UUID.randomUUID();
    private final List<String> aside = new ArrayList<>();
    private final Feedbacks.Ruling ruling = new Feedbacks.Ruling() {
        @Override
        public Optional<String> objection(Feedback feedback, @Nullable String useCase) {
            return feedback.name().equals("refused") ? Optional.of("by " + useCase) : Optional.empty();
        }

        @Override
        public void aside(Feedback feedback, String why) {
            aside.add(feedback.name() + ": " + why);
        }
    };

    private static Feedback comment(UUID trace, String name, @Nullable String callerId, String fingerprint) {
        return new Feedback(
                Ids.next(),
                Project.DEFAULT,
                trace,
                null,
                null,
                Feedback.Kind.COMMENT,
                name,
                "\"" + name + "\"",
                null,
                null,
                Instant.parse("2026-03-01T10:00:00Z"),
                Instant.parse("2026-03-04T10:00:00Z"),
                callerId,
                fingerprint.repeat(64),
                null,
                true,
                null);
    }

    /** An imported trace with a demonstration. */
    private UUID trace(String useCase) {
        var labelled = SampleTraces.labelled(useCase, "{\"messages\":[]}");
        traces.add(new UseCases(TestDatabase.database()).obtain(useCase), List.of(labelled));
        return labelled.trace().id();
    }

    @Test
    void whatIsReadAgainIsStoredOnceAndImportsStay() {
        UUID trace = trace("feedback-again");
        Feedback said = comment(trace, "said", "c-" + trace, "a");
        for (int i = 0; i < 2; i++) {
            calls.add(journal, new Checkpoint(1, i), List.of(), List.of(said), ruling);
        }
        assertEquals(
                List.of(
                        "demonstration demonstration {\"role\":\"assistant\",\"content\":\"yes\"} null",
                        "comment said \"said\" null"),
                rows.of(trace));
        assertEquals(List.of(), aside);
        assertEquals(
                1,
                traces.labelled(new UseCases(TestDatabase.database()).require("feedback-again"))
                        .size());
    }

    @Test
    void whatIsNotStoredIsPutAside() {
        UUID trace = trace("feedback-aside");
        String id = "c-" + trace;
        calls.add(
                journal,
                new Checkpoint(1, 1),
                List.of(),
                List.of(
                        comment(Ids.next(), "nothing", null, "a"),
                        comment(trace, "refused", null, "a"),
                        comment(trace, "first", id, "a"),
                        comment(trace, "again", id, "a"),
                        comment(trace, "other", id, "b")),
                ruling);
        assertEquals(
                List.of(
                        "nothing: there is no such trace or episode in its project",
                        "refused: by feedback-aside",
                        "other: something else has been given with its id [%s]".formatted(id)),
                aside);
        assertEquals(2, rows.of(trace).size());
    }

    /** The position moves with what was read before it, or not at all. */
    @Test
    void thePositionMovesWithTheFeedback() {
        UUID trace = trace("feedback-whole");
        Feedback said = comment(trace, "said", null, "a");
        Feedback impossible = new Feedback(
                Ids.next(),
                Project.DEFAULT,
                trace,
                null,
                null,
                Feedback.Kind.COMMENT,
                "impossible",
                "no JSON",
                null,
                null,
                Instant.now(),
                Instant.now(),
                null,
                "a".repeat(64),
                null,
                true,
                null);
        assertThrows(
                StoreException.class,
                () -> calls.add(journal, new Checkpoint(3, 3), List.of(), List.of(said, impossible), ruling));
        assertEquals(Optional.empty(), calls.checkpoint(journal));
        assertEquals(1, rows.of(trace).size());
    }
}
