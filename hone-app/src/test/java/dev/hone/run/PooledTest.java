package dev.hone.run;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;

import dev.hone.evaluate.Answer;
import dev.hone.evaluate.Answers;
import dev.hone.evaluate.Judged;
import dev.hone.evaluate.Report;
import dev.hone.record.ChatMessage;
import dev.hone.record.Conversation;
import dev.hone.record.Grader;
import dev.hone.record.Task;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

final class PooledTest {
    private static final Grader GRADER =
            (task, output) -> new Grader.Grade(output.equals(task.reference()) ? 1 : 0, Map.of(), "");

    private static List<Task> tasks(int fold, int count) {
        return IntStream.range(0, count)
                .mapToObj(i -> new Task(
                        "f" + fold + "-" + i,
                        Conversation.of(ChatMessage.of("user", "q")),
                        i % 2 == 0 ? "even" : "odd",
                        Map.of()))
                .toList();
    }

    /** Says what is right, or the opposite, to the first of a fold's tasks. */
    private static Judged judged(String name, int fold, int answered, boolean right) {
        List<Task> tasks = tasks(fold, 10);
        List<Answer> answers = tasks.subList(0, answered).stream()
                .map(task -> new Answer(task.reference().equals("even") == right ? "even" : "odd", 0, 0))
                .toList();
        return Judged.of(tasks, new Answers(name, answers, 1, new double[] {1}), GRADER);
    }

    /** Whoever answers another number of rows in each fold is still compared task by task. */
    @Test
    void comparisonsPairTasksWhateverWasAnsweredInEachFold() {
        List<List<Judged>> folds = IntStream.range(0, 3)
                .mapToObj(fold -> List.of(
                        judged("some", fold, List.of(6, 4, 7).get(fold), true), judged("all", fold, 10, fold != 1)))
                .toList();
        List<Judged> pooled = Pooled.of(folds, GRADER);
        assertEquals(17, pooled.getFirst().tasks().size());
        assertEquals(30, pooled.getLast().tasks().size());
        Report.Comparison comparison = Report.comparison(pooled.getLast(), pooled.getFirst(), 1);
        // Both are right everywhere, but for the four rows of the fold where one says the opposite.
        assertEquals(-4.0 / 17, comparison.difference(), 1e-12);
    }

    @Test
    void whoWasNotJudgedInEveryFoldIsLeftOut() {
        List<Judged> pooled = Pooled.of(
                List.of(
                        List.of(judged("once", 0, 5, true), judged("all", 0, 10, true)),
                        List.of(judged("all", 1, 10, true))),
                GRADER);
        assertEquals(List.of("all"), pooled.stream().map(Judged::contender).toList());
    }

    @Test
    void rewardsOfFoldsAreAddedUp() {
        assertNull(Pooled.reinforcement(List.of()));
        Report.Reinforcement pooled = Objects.requireNonNull(Pooled.reinforcement(List.of(
                new Report.Reinforcement(4, 16, 8, 100, 10, 0.2, 0.4, 1, 10),
                new Report.Reinforcement(6, 16, 8, 300, 30, 0.4, 0.8, 2, 20))));
        assertEquals(5, pooled.steps());
        assertEquals(400, pooled.tokens());
        assertEquals(20, pooled.tokensPerSecond(), 1e-12);
        assertEquals(0.3, pooled.firstReward(), 1e-12);
        assertEquals(0.6, pooled.finalReward(), 1e-12);
        assertEquals(3, pooled.alarms());
        assertEquals(30, pooled.wallSeconds(), 1e-12);
    }
}
