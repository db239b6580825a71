package dev.hone.evaluate;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.hone.record.ChatMessage;
import dev.hone.record.Conversation;
import dev.hone.record.Grader.Grade;
import dev.hone.record.Task;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.json.JsonMapper;

final class ScoresTest {
    private static List<Task> tasks(String prefix, int count) {
        return IntStream.range(0, count)
                .mapToObj(i -> new Task(
                        prefix + i,
                        new Conversation(List.of(ChatMessage.of("user", "question " + i)), List.of()),
                        "yes",
                        Map.of("function", i < 6 ? "even" : "rare " + i)))
                .toList();
    }

    private static Judged judged(String name, List<Task> tasks, int right) {
        List<Grade> grades = IntStream.range(0, tasks.size())
                .mapToObj(i -> new Grade(i < right ? 1 : 0.5, Map.of(), ""))
                .toList();
        return new Judged(
                tasks,
                new Answers(
                        name,
                        tasks.stream().map(task -> new Answer("secret", 1, 1)).toList(),
                        1,
                        new double[] {0.5}),
                grades);
    }

    @Test
    void whatCameOfEachTaskIsKeptWithoutWhatItSays() {
        List<Task> tasks = tasks("t", 8);
        Scores scores = Scores.of(
                List.of(
                        judged("few", tasks.subList(0, 4), 1),
                        judged("all", tasks, 5),
                        judged("other tasks", tasks("x", 3), 3)),
                "function");
        assertEquals(
                List.of("few", "all"),
                scores.contenders().stream().map(Scores.Of::name).toList());
        assertEquals("1000", scores.contenders().getFirst().right());
        assertEquals("11111000", scores.contenders().getLast().right(), "half right is not right");
        assertEquals(List.of(500.0), scores.contenders().getFirst().latenciesMs());
        assertEquals(List.of("even", "even", "even", "even", "even", "even", "", ""), scores.slices());
        String json = JsonMapper.shared().writeValueAsString(scores);
        assertFalse(json.contains("question") || json.contains("secret") || json.contains("rare"), json);
        assertEquals(scores, JsonMapper.shared().readValue(json, Scores.class));
    }

    @Test
    void pairsAreFoundByTheIdsOfTasks() {
        List<Task> tasks = tasks("t", 8);
        assertEquals(
                new Scores.Pair(5, 0, 2),
                Scores.Pair.of(judged("one", tasks, 3), judged("other", tasks.subList(1, 6), 4)),
                "half right is not right");
        assertEquals(new Scores.Pair(8, 3, 0), Scores.Pair.of(judged("one", tasks, 6), judged("other", tasks, 3)));
        assertEquals(
                new Scores.Pair(0, 0, 0), Scores.Pair.of(judged("one", tasks, 6), judged("other", tasks("x", 3), 3)));
    }

    @Test
    void pairsAreCountedTaskByTask() {
        Scores scores = new Scores(
                List.of("a", "a", "b", "b", ""),
                List.of(new Scores.Of("one", "10110", List.of()), new Scores.Of("two", "1100", List.of())));
        Scores.Of one = scores.find("one").orElseThrow();
        Scores.Of two = scores.find("two").orElseThrow();
        assertEquals(new Scores.Pair(4, 2, 1), scores.pair(one, two));
        assertEquals(new Scores.Pair(2, 0, 1), scores.pair(one, two, "a"));
        assertEquals(List.of("a", "b"), scores.slicesOf(one, two));
        assertEquals(List.of("a", "b", ""), scores.slicesOf(one, one));
        assertEquals(0.75, scores.pair(one, two).discordant());
        assertTrue(scores.find("three").isEmpty());
    }

    @Test
    void scoresThatCannotBeAreRefused() {
        assertThrows(IllegalArgumentException.class, () -> new Scores.Of("one", "1x", List.of()));
        assertThrows(
                IllegalArgumentException.class,
                () -> new Scores(List.of("a"), List.of(new Scores.Of("one", "11", List.of()))));
    }
}
