package dev.hone.store;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.hone.record.CapturedCall;
import dev.hone.record.Feedback;
import dev.hone.record.Ids;
import dev.hone.record.Project;
import dev.hone.store.WaitingCalls.Candidate;
import dev.hone.store.WaitingCalls.Complaint;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** What was drawn waits until somebody who was asked has answered, whatever is known of it. */
final class DrawnCallsTest {
    private static final Database DATABASE = TestDatabase.database();
    private static final String ROUTE = "drawn-calls";
    private static final Instant LONG_AGO = Instant.now().minus(365, ChronoUnit.DAYS);
    private static final List<Complaint> COMPLAINTS = List.of(new Complaint("rating", 0, 0.4));
    private static final Feedbacks.Ruling RULING = new Feedbacks.Ruling() {
        @Override
        public Optional<String> objection(Feedback feedback, @Nullable String useCase) {
            return Optional.empty();
        }

        @Override
        public void aside(Feedback feedback, String why) {
            throw new AssertionError(why);
        }
    };

    private final DrawnCalls drawn = new DrawnCalls(DATABASE);
    private final Labels labels = new Labels(DATABASE);

    private static UUID add() {
        CapturedCall call = MadeCall.of(ROUTE).call();
        new Calls(DATABASE).add(UUID.randomUUID(), new Calls.Checkpoint(1, 1), List.of(call), List.of(), RULING);
        return call.facts().id();
    }

    private static void say(UUID trace, Feedback.Kind kind, String name, String value, @Nullable Double score) {
        new Calls(DATABASE)
                .add(
                        UUID.randomUUID(),
                        new Calls.Checkpoint(1, 1),
                        List.of(),
                        List.of(new Feedback(
                                Ids.next(),
                                Project.DEFAULT,
                                trace,
                                null,
                                null,
                                kind,
                                name,
                                value,
                                score,
                                "a user",
                                Instant.now(),
                                Instant.now(),
                                null,
                                "ab".repeat(32),
                                null,
                                true,
                                null)),
                        RULING);
    }

    private static void watch(UUID useCase, UUID trace, boolean sampled, boolean drawn) {
        new WatchedCalls(DATABASE)
                .add(
                        useCase,
                        List.of(new WatchedCalls.Watched(
                                new WatchedCalls.Stored(trace, Instant.now()),
                                sampled,
                                drawn,
                                "e",
                                new byte[] {1, 2},
                                "n",
                                1,
                                List.of(),
                                null,
                                null,
                                Map.of())),
                        Instant.now(),
                        null);
    }

    private static List<Candidate> waiting(UUID useCase) {
        return new WaitingCalls(DATABASE).unlabelled(useCase, LONG_AGO, COMPLAINTS, 0, 10);
    }

    @Test
    void whatWasDrawnWaitsForWhoIsAsked() {
        UUID corrected = add();
        UUID useCase = new UseCases(DATABASE).require(ROUTE);
        UUID plain = add();
        UUID chosen = add();
        watch(useCase, corrected, true, true);
        watch(useCase, plain, true, false);
        watch(useCase, chosen, true, false);
        say(corrected, Feedback.Kind.BOOLEAN, "rating", "false", 0.0);
        say(corrected, Feedback.Kind.DEMONSTRATION, "demonstration", "\"no\"", null);
        say(chosen, Feedback.Kind.DEMONSTRATION, "demonstration", "\"no\"", null);
        assertTrue(drawn.has(corrected));
        assertFalse(drawn.has(plain));
        assertEquals(Set.of(), drawn.answered(useCase), "a user's correction is no answer");
        List<Candidate> waiting = waiting(useCase);
        assertEquals(
                List.of(plain, corrected),
                waiting.stream().map(Candidate::trace).toList(),
                "among the newest, whatever somebody complained about");
        assertTrue(waiting.getLast().drawn() && !waiting.getFirst().drawn());
        Labels.Label skipped = Labels.of(corrected, "ada", Labels.Kind.SKIP, "", null, Map.of(), Instant.now());
        labels.add(useCase, skipped);
        assertEquals(Set.of(), drawn.answered(useCase));
        Labels.Label answered =
                Labels.of(corrected, "bob", Labels.Kind.DEMONSTRATION, "a", null, Map.of(), Instant.now());
        labels.add(useCase, answered);
        assertEquals(Set.of(corrected), drawn.answered(useCase));
        assertEquals(
                List.of(plain), waiting(useCase).stream().map(Candidate::trace).toList());
        labels.undo(answered.id(), Instant.now());
        assertEquals(Set.of(), drawn.answered(useCase));
        assertEquals(2, waiting(useCase).size());
    }
}
