package dev.hone.evaluate;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.hone.record.ChatMessage;
import dev.hone.record.Conversation;
import dev.hone.record.Task;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

final class NearestSentenceTest {
    private static Task task(String id, String question, String labels) {
        return new Task(
                id, Conversation.of(ChatMessage.of("user", question)), "answer " + id, Map.of("labels", labels));
    }

    private static Set<String> labels(Task task) {
        return Set.of(task.require("labels").split(" "));
    }

    private static final List<Task> TRAIN = List.of(
            task("weather", "what is the weather in Paris today", "weather weather#1"),
            task("newer", "tell me the weather of tomorrow", "weather weather#2"),
            task("alarm", "wake me up at seven", "alarm alarm#1"));

    private static NearestSentence nearest() {
        return new NearestSentence(
                TRAIN, NearestSentenceTest::labels, NearestSentenceTest::labels, TextSimilarity::ofWriting);
    }

    private static List<String> order(String question, String offers) {
        return nearest().nearest(task("asked", question, offers), 3).stream()
                .map(Task::id)
                .toList();
    }

    @Test
    void takesTheNearestSentence() {
        assertEquals(List.of("weather", "newer", "alarm"), order("the weather in Paris", "none"));
    }

    @Test
    void prefersWhatIsOfferedToWhatSoundsAlike() {
        assertEquals("alarm", order("the weather in Paris", "alarm alarm#9").getFirst());
    }

    @Test
    void prefersTheSameSchemaToTheSameName() {
        assertEquals(List.of("newer", "weather", "alarm"), order("the weather in Paris", "weather weather#2"));
    }

    @Test
    void takesTheNearestMeaningWhereAskedTo() {
        NearestSentence nearest = new NearestSentence(
                TRAIN,
                NearestSentenceTest::labels,
                NearestSentenceTest::labels,
                texts -> TextSimilarity.ofMeaning(
                        texts,
                        text -> text.contains("rise") || text.contains("wake")
                                ? new float[] {0, 1}
                                : new float[] {1, 0}));
        assertEquals(
                "alarm",
                nearest.nearest(task("asked", "I want to rise", "none"), 1)
                        .getFirst()
                        .id());
    }

    @Test
    void copiesTheAnswer() {
        Answers answers = nearest().answer("nearest", List.of(task("asked", "wake me up", "none")));
        assertEquals("answer alarm", answers.answers().getFirst().output());
    }
}
