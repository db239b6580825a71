package dev.hone.store;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;

import dev.hone.record.CapturedCall;
import dev.hone.record.CapturedCall.Attempt;
import dev.hone.record.Feedback;
import dev.hone.record.Ids;
import dev.hone.record.Project;
import dev.hone.record.StoredTrace;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** What is taken back counts nowhere where something is graded by it, or counted. */
final class FeedbackInForceTest {
    private static final Database DATABASE = TestDatabase.database();
    private static final Instant FROM = Instant.now().minus(Duration.ofMinutes(10));
    private static final Instant TO = FROM.plus(Duration.ofMinutes(20));
    private static final String RIGHT = "{\"role\":\"assistant\",\"content\":\"right\"}";

    private final Calls calls = new Calls(DATABASE);
    private final UUID journal = UUID.randomUUID();

    private UUID call(String useCase) {
        CapturedCall call = MadeCall.of(useCase)
                .asked(new Attempt(1, "candidate", useCase, useCase, 200, null, 2, null))
                .call();
        calls.add(journal, new Calls.Checkpoint(1, 1), List.of(call));
        return call.facts().id();
    }

    private void say(UUID trace, Feedback.Kind kind, String name, String value, @Nullable Double score, String id) {
        say(trace, kind, name, value, score, id, "ada");
    }

    private void say(
            UUID trace,
            Feedback.Kind kind,
            String name,
            String value,
            @Nullable Double score,
            String id,
            @Nullable String author) {
        Feedback said = new Feedback(
                Ids.next(),
                Project.DEFAULT,
                trace,
                null,
                null,
                kind,
                name,
                value,
                score,
                author,
                Instant.now(),
                Instant.now(),
                id,
                "b".repeat(64),
                null,
                true,
                null);
        calls.add(journal, new Calls.Checkpoint(1, 2), List.of(), List.of(said), new Feedbacks.Ruling() {
            @Override
            public Optional<String> objection(Feedback feedback, @Nullable String useCase) {
                return Optional.empty();
            }

            @Override
            public void aside(Feedback feedback, String why) {
                throw new AssertionError(why);
            }
        });
    }

    private void demonstrate(UUID trace, String id) {
        say(trace, Feedback.Kind.DEMONSTRATION, "demonstration", RIGHT, null, id);
    }

    private void takeBack(UUID trace, String id) {
        say(trace, Feedback.Kind.COMMENT, "withdrawal", "\"" + id + "\"", null, id + "-back");
    }

    private @Nullable String shown(UUID useCase) {
        return new RolloutGrades(DATABASE)
                .missing(
                        new RolloutGrades.Asked(UUID.randomUUID(), useCase, FROM, TO, "candidate", true, false, false),
                        9)
                .getFirst()
                .demonstration();
    }

    @Test
    void anAnswerIsNotGradedByIt() {
        UUID trace = call("force-graded");
        UUID useCase = new UseCases(DATABASE).require("force-graded");
        demonstrate(trace, "force-graded-1");
        assertNotNull(shown(useCase));
        takeBack(trace, "force-graded-1");
        assertEquals(null, shown(useCase));
    }

    private RolloutTallies.@Nullable Sum feedback(UUID useCase, String name) {
        return new RolloutTallies(DATABASE)
                .of(new RolloutTallies.Asked(
                        UUID.randomUUID(),
                        useCase,
                        FROM,
                        TO,
                        "candidate",
                        name,
                        null,
                        false,
                        null,
                        null,
                        "USD",
                        List.of(new RolloutTallies.Metric("stars", 1, 5, false))))
                .candidate()
                .get(RolloutTallies.FEEDBACK);
    }

    @Test
    void aRolloutIsNotHeldAgainstIt() {
        UUID trace = call("force-tallied");
        UUID useCase = new UseCases(DATABASE).require("force-tallied");
        say(trace, Feedback.Kind.FLOAT, "stars", "1", 1.0, "force-tallied-1");
        RolloutTallies.Sum before = feedback(useCase, "force-tallied");
        assertNotNull(before);
        assertEquals(1, before.count());
        takeBack(trace, "force-tallied-1");
        RolloutTallies.Sum after = feedback(useCase, "force-tallied");
        assertNotNull(after);
        assertEquals(0, after.count());
    }

    @Test
    void adviceDoesNotCountItsRows() {
        UUID trace = call("force-advised");
        TraceSample sample = new TraceSample(DATABASE);
        demonstrate(trace, "force-advised-1");
        assertEquals(
                new TraceSample.Demonstrated(1, 0),
                sample.demonstrations(Project.DEFAULT).get("force-advised"));
        takeBack(trace, "force-advised-1");
        assertEquals(null, sample.demonstrations(Project.DEFAULT).get("force-advised"));
    }

    private static List<Integer> taken(UUID trace) throws Exception {
        List<Integer> said = new ArrayList<>();
        DATABASE.inTransaction(connection -> {
            try {
                StoredTraces.take(connection, List.of(trace), new StoredTraces.Sink() {
                    @Override
                    public void begin(long traces) {}

                    @Override
                    public void take(StoredTrace stored) {
                        said.add(stored.feedback().size());
                    }
                });
            } catch (java.io.IOException e) {
                throw new AssertionError(e);
            }
            return trace;
        });
        return said;
    }

    @Test
    void whoTakesTracesOutDoesNotTakeIt() throws Exception {
        UUID trace = call("force-taken");
        demonstrate(trace, "force-taken-1");
        say(trace, Feedback.Kind.FLOAT, "stars", "4", 4.0, "force-taken-2");
        assertEquals(List.of(2), taken(trace));
        takeBack(trace, "force-taken-1");
        assertEquals(List.of(1), taken(trace), "neither what was taken back nor that it was");
    }

    private void demonstrate(UUID trace, String id, @Nullable String author, String content) {
        say(
                trace,
                Feedback.Kind.DEMONSTRATION,
                "demonstration",
                "{\"role\":\"assistant\",\"content\":\"%s\"}".formatted(content),
                null,
                id,
                author);
    }

    private static List<String> learned(UUID useCase) {
        return new Traces(DATABASE)
                .labelled(useCase).stream()
                        .map(one -> one.demonstration().replaceAll(".*\"content\":\"(.*)\"}", "$1"))
                        .toList();
    }

    /** What somebody says under a name counts before what nobody does; of each the last. */
    @Test
    void ofEachPersonTheLastCounts() {
        UUID trace = call("force-people");
        UUID useCase = new UseCases(DATABASE).require("force-people");
        demonstrate(trace, "people-1", null, "product");
        demonstrate(trace, "people-2", null, "product again");
        assertEquals(List.of("product again"), learned(useCase));
        demonstrate(trace, "people-3", "ada", "first");
        demonstrate(trace, "people-4", "ada", "second");
        demonstrate(trace, "people-5", null, "product at last");
        assertEquals(List.of("second"), learned(useCase));
        demonstrate(trace, "people-6", "bob", "third");
        assertEquals(List.of("second", "third"), learned(useCase), "what two say is for the reader to compare");
        assertEquals(
                List.of("second", "third"),
                DATABASE.inTransaction(connection -> Rows.list(
                        connection,
                        "SELECT value ->> 'content' FROM demonstration_in_force WHERE trace = ? ORDER BY id",
                        row -> row.getString(1),
                        trace)));
        takeBack(trace, "people-4");
        assertEquals(List.of("first", "third"), learned(useCase), "what was said before stands again");
    }

    @Test
    void whatTwoSayOtherwiseGradesNothing() {
        UUID trace = call("force-disagree");
        UUID useCase = new UseCases(DATABASE).require("force-disagree");
        demonstrate(trace, "disagree-1", "ada", "one");
        demonstrate(trace, "disagree-2", "bob", "one");
        assertEquals("{\"role\":\"assistant\",\"content\":\"one\"}", shown(useCase));
        demonstrate(trace, "disagree-3", "bob", "two");
        assertEquals(null, shown(useCase), "they do not agree");
    }
}
