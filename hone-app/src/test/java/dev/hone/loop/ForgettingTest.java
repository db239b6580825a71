package dev.hone.loop;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.hone.evaluate.Answer;
import dev.hone.evaluate.Answers;
import dev.hone.evaluate.Interval;
import dev.hone.evaluate.Judged;
import dev.hone.evaluate.Report;
import dev.hone.loop.Forgetting.State;
import dev.hone.loop.Results.Comparison;
import dev.hone.loop.Results.Evaluated;
import dev.hone.loop.Results.Figures;
import dev.hone.record.ChatMessage;
import dev.hone.record.Conversation;
import dev.hone.record.Grader.Grade;
import dev.hone.record.ModelVersion;
import dev.hone.record.Project;
import dev.hone.record.Task;
import dev.hone.store.SharedDatabase;
import dev.hone.store.VersionRows;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What a few tasks of earlier rounds can tell, and what they cannot. */
@Timeout(60)
final class ForgettingTest {
    private final ModelVersion live = new VersionRows(SharedDatabase.database()).passed("forgetting", Project.DEFAULT);

    /** @param right of these tasks, the first ones; of the others half an answer */
    private static Judged judged(String contender, int tasks, int right) {
        return new Judged(
                IntStream.range(0, tasks)
                        .mapToObj(i -> new Task(
                                "t" + i,
                                new Conversation(List.of(ChatMessage.of("user", "question " + i)), List.of()),
                                "yes",
                                Map.of()))
                        .toList(),
                new Answers(
                        contender,
                        IntStream.range(0, tasks)
                                .mapToObj(i -> new Answer("yes", 1, 1))
                                .toList(),
                        1,
                        new double[] {0.5}),
                IntStream.range(0, tasks)
                        .mapToObj(i -> new Grade(i < right ? 1 : 0.5, Map.of(), ""))
                        .toList());
    }

    private Forgetting compared(int tasks, int right, int rightBefore) {
        Report.Comparison compared = EvaluationStep.compared(
                judged("forgetting/2", tasks, right), judged(live.reference(), tasks, rightBefore), 7);
        return of(tasks, compared.difference(), compared.low(), compared.high());
    }

    private Forgetting of(int tasks, double difference, double low, double high) {
        List<Figures> figures = List.of(
                new Figures(live.reference(), tasks, Interval.wilson(tasks, tasks)),
                new Figures("forgetting/2", tasks, Interval.wilson(tasks, tasks)));
        Report.Comparison compared =
                new Report.Comparison("forgetting/2", live.reference(), difference, low, high, 0.5, 0.5);
        return Forgetting.of(
                new Evaluated(figures, List.of(), figures, List.of(new Comparison("retained", compared))), live);
    }

    private static void assertSays(Forgetting forgetting, State state, String... words) {
        assertEquals(state, forgetting.state(), forgetting.sentence());
        for (String word : words) {
            assertTrue(forgetting.sentence().contains(word), forgetting.sentence());
        }
    }

    @Test
    void tooFewTasksTellNothingAndThatIsSaid() {
        Forgetting few = of(29, -0.2, -0.4, -0.05);
        assertSays(few, State.UNKNOWN, "not known", "[29] tasks", "[30]");
        assertTrue(few.passes(), "what is not known stands in nobody's way");
        assertSays(of(1, -1, -1, -1), State.UNKNOWN, "[1] tasks");
        assertSays(
                Forgetting.of(new Evaluated(List.of(), List.of(), List.of(), List.of()), live),
                State.UNKNOWN,
                "[0] tasks");
    }

    @Test
    void aLossThatWouldNotBeSeenIsNamed() {
        Forgetting blind = of(40, -0.05, -0.174, 0.074);
        assertSays(blind, State.BLIND, "[40] tasks", "too few to show one of 17.4 points", live.reference());
        assertTrue(blind.passes());
        assertSays(of(500, 0.01, -0.02, 0.04), State.KEPT, "no loss", "of more than 2.0 points");
        assertSays(of(500, 0.05, 0.02, 0.08), State.KEPT, "of more than 0.0 points");
    }

    /** z² / (n + z²), as gates have it: that two never differ on a few tasks does not say that they never do. */
    @Test
    void twoThatNeverDifferMayDifferAsFarAsSoFewTasksCanTell() {
        assertSays(compared(30, 30, 30), State.BLIND, "[30] tasks", "too few to show one of 11.4 points");
        assertSays(compared(72, 60, 60), State.BLIND, "too few to show one of 5.1 points");
        assertSays(compared(107, 107, 107), State.KEPT, "no loss", "of more than 3.5 points");
        assertSays(compared(107, 90, 107), State.LOST, "it has forgotten: 15.9 points");
    }

    @Test
    void whatIsSurelyLostDoesNotPass() {
        Forgetting lost = of(30, -0.2, -0.34, -0.06);
        assertSays(lost, State.LOST, "it has forgotten: 20.0 points (6.0 to 34.0) below", "[30] tasks");
        assertFalse(lost.passes());
        assertEquals(
                new Forgetting(State.NOTHING_BEFORE, ""),
                Forgetting.of(new Evaluated(List.of(), List.of(), List.of(), List.of()), null));
    }
}
