package dev.hone.store;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.hone.record.CapturedCall;
import dev.hone.record.Feedback;
import dev.hone.record.Ids;
import dev.hone.record.LabelledTrace;
import dev.hone.record.Project;
import dev.hone.store.Calls.Checkpoint;
import dev.hone.store.Loops.Outcome;
import dev.hone.store.Loops.Round;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

final class LoopsTest {
    private static final Database DATABASE = TestDatabase.database();
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

    private final Loops loops = new Loops(DATABASE);

    private static UUID useCase(String name) {
        return new UseCases(DATABASE).obtain(name);
    }

    @Test
    void oneRoundOfAUseCaseGoesOnAtATime() {
        UUID useCase = useCase("loops-one");
        UUID id = Ids.next();
        Round begun = loops.begin(id, useCase, "new words", "ada", "/home/one");
        assertEquals(begun, loops.begin(id, useCase, "again", "bob", "/home/two"), "the same round is found");
        assertEquals(Optional.of(begun), loops.going(useCase));
        String refusal = assertThrows(
                        IllegalArgumentException.class,
                        () -> loops.begin(Ids.next(), useCase, "another", "bob", "/home/two"))
                .getMessage();
        assertTrue(refusal.contains("/home/one") && refusal.contains("ada"), refusal);
        loops.begin(Ids.next(), useCase("loops-other"), "elsewhere", "bob", "/home/two");
        loops.finished(id, "dataset", "{\"train\":7}", 2.5);
        loops.finished(id, "dataset", "{\"train\":8}", 99);
        loops.finished(id, "training", "{}", 4);
        Round ended = loops.end(id, Outcome.NOT_PASSED, "too slow", 3);
        assertEquals(ended, loops.end(id, Outcome.ROLLOUT, null, 4), "what has ended stays as it is");
        assertEquals(Outcome.NOT_PASSED, ended.outcome());
        assertEquals("too slow", ended.reason());
        assertEquals(3, ended.version());
        assertEquals(6.5, ended.seconds());
        assertEquals(
                List.of("{\"train\":7}", "{}"),
                loops.steps(id).stream().map(Loops.Step::result).toList());
        assertEquals(Optional.empty(), loops.going(useCase));
        Round next = loops.begin(Ids.next(), useCase, "another", "bob", "/home/two");
        assertEquals(
                List.of(next.id(), id),
                loops.list(useCase, 10).stream().map(Round::id).toList());
        assertEquals(
                List.of(id, next.id()),
                loops.within(Project.DEFAULT, begun.begun(), Instant.now().plusSeconds(60)).stream()
                        .filter(round -> round.useCase().equals("loops-one"))
                        .map(Round::id)
                        .toList());
    }

    /** What could not do its first step never was; what somebody gives up says who did. */
    @Test
    void whatNeverBeganIsWithdrawnAndWhatIsGivenUpSaysByWhom() {
        UUID useCase = useCase("loops-withdrawn");
        UUID never = Ids.next();
        loops.begin(never, useCase, "few labels", "hone serve", "/home/one");
        assertTrue(loops.withdraw(never));
        assertEquals(List.of(), loops.list(useCase, 10), "no cool-down begins with it");
        UUID begun = Ids.next();
        loops.begin(begun, useCase, "labels", "hone serve", "/home/one");
        loops.finished(begun, "dataset", "{}", 1);
        assertFalse(loops.withdraw(begun), "it has done a step");
        Round gone = loops.giveUp(begun, "ada");
        assertEquals(Outcome.ABANDONED, gone.outcome());
        assertEquals("ada", gone.givenUpBy());
        assertEquals("Given up by ada", gone.reason());
        assertEquals(gone, loops.giveUp(begun, "bob"), "what has ended stays as it is");
        UUID lost = Ids.next();
        loops.begin(lost, useCase, "labels", "hone serve", "/home/one");
        assertNull(
                loops.end(lost, Outcome.ABANDONED, "its dataset is gone", null).givenUpBy());
        assertFalse(loops.withdraw(lost), "it has ended");
    }

    private static CapturedCall call(UUID id, String route, @Nullable UUID shadowOf) {
        return MadeCall.of(route)
                .id(id)
                .shadowOf(shadowOf)
                .saying("{\"model\":\"x\",\"messages\":[]}", "{\"choices\":[]}")
                .call();
    }

    private static Feedback demonstration(UUID trace, String text) {
        return new Feedback(
                Ids.next(),
                Project.DEFAULT,
                trace,
                null,
                null,
                Feedback.Kind.DEMONSTRATION,
                "demonstration",
                "{\"role\":\"assistant\",\"content\":\"" + text + "\"}",
                null,
                "ada",
                Instant.now(),
                Instant.now(),
                null,
                "ab".repeat(32),
                null,
                true,
                null);
    }

    /** An expert's label on a call that passed is a demonstration, one on a copy for a shadow is not, and a round sees none that came after it began. */
    @Test
    void labelsOnCallsThatPassedAreDemonstrations() throws InterruptedException {
        Calls calls = new Calls(DATABASE);
        UUID journal = UUID.randomUUID();
        UUID first = Ids.next();
        UUID copy = Ids.next();
        UUID second = Ids.next();
        calls.add(
                journal,
                new Checkpoint(1, 1),
                List.of(
                        call(first, "loops-labels", null),
                        call(copy, "loops-labels", first),
                        call(second, "loops-labels", null)),
                List.of(demonstration(first, "one"), demonstration(copy, "copy")),
                RULING);
        UUID useCase = new UseCases(DATABASE).require("loops-labels");
        Instant until =
                loops.begin(Ids.next(), useCase, "labels", "ada", "/home").begun();
        Thread.sleep(5);
        calls.add(journal, new Checkpoint(1, 2), List.of(), List.of(demonstration(second, "two")), RULING);
        Traces traces = new Traces(DATABASE);
        assertEquals(
                List.of(first, second),
                traces.labelled(useCase).stream().map(one -> one.trace().id()).toList());
        List<LabelledTrace> then = traces.labelled(useCase, until);
        assertEquals(List.of(first), then.stream().map(one -> one.trace().id()).toList());
        assertEquals(
                "{\"role\":\"assistant\",\"content\":\"one\"}", then.getFirst().demonstration());
        assertEquals(
                "{\"model\":\"x\",\"messages\":[]}", then.getFirst().trace().request());
        assertEquals("", then.getFirst().trace().contentHash());
    }
}
