package dev.hone.evaluate;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.hone.record.ChatMessage;
import dev.hone.record.Conversation;
import dev.hone.record.Grader;
import dev.hone.record.Task;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

final class ConfusionTest {
    private static Confusion confusion(List<String> right, List<String> given) {
        List<Task> tasks = right.stream()
                .map(label -> new Task("", Conversation.of(ChatMessage.of("user", "")), label, Map.of()))
                .toList();
        List<Answer> answers =
                given.stream().map(output -> new Answer(output, 0, 0)).toList();
        Grader none = (task, output) -> new Grader.Grade(0, Map.of(), "");
        return Confusion.of(
                Judged.of(tasks, new Answers("one", answers, 1, new double[] {1}), none),
                Task::reference,
                (task, output) -> output.isEmpty() ? null : output);
    }

    @Test
    void countsWhatWasTakenForWhat() {
        Confusion confusion = confusion(List.of("a", "b", "b", "b"), List.of("b", "b", "nonsense", ""));
        assertEquals(List.of("b", "a"), confusion.classes());
        assertEquals(List.of(List.of(1, 0, 2), List.of(1, 0, 0), List.of(0, 0, 0)), confusion.counts());
    }

    @Test
    void rareClassesShareARow() {
        List<String> many = IntStream.range(0, 40).mapToObj(i -> "class " + i).toList();
        Confusion confusion = confusion(many, many);
        assertEquals(Confusion.MOST_CLASSES, confusion.classes().size());
        assertEquals(10, confusion.counts().getLast().getLast());
    }
}
