package dev.hone.task;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.hone.grade.ToolCallGrader;
import dev.hone.record.ChatMessage;
import dev.hone.record.Conversation;
import dev.hone.record.Task;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;

final class ExchangedValuesTest {
    private static final String TOOL = """
        {"type":"function","function":{"name":"find","parameters":{"type":"object","properties":{"city":{"type":"string"},\
        "stars":{"type":"number"},"kind":{"type":"string","enum":["hotel","house"]}}}}}""";

    private static Task task(String id, String sentence, String arguments, String accepted) {
        return new Task(
                id,
                new Conversation(
                        List.of(ChatMessage.of("system", "find"), ChatMessage.of("user", sentence)), List.of(TOOL)),
                "{\"name\":\"find\",\"arguments\":%s}".formatted(arguments),
                Map.of(
                        AssistantActions.FUNCTION,
                        "find",
                        AssistantActions.ACCEPTED,
                        "{\"find\":%s}".formatted(accepted)));
    }

    private static final Task BOSTON = task(
            "boston",
            "a hotel in Boston with 3 stars",
            "{\"city\":\"Boston, MA\",\"kind\":\"hotel\",\"stars\":3}",
            "{\"city\":[\"Boston, MA\",\"Boston\"],\"kind\":[\"hotel\"],\"stars\":[3]}");
    private static final Task ROME = task(
            "rome",
            "Any house in rome, of 4.5 or better?",
            "{\"city\":\"Rome, Italy\",\"kind\":\"house\",\"stars\":4.5}",
            "{\"city\":[\"Rome, Italy\"],\"kind\":[\"house\"],\"stars\":[4.5]}");

    private static Set<Task> variants(Task task, Task... known) {
        ExchangedValues values = new ExchangedValues(List.of(known));
        Random random = new Random(1);
        Set<Task> variants = new HashSet<>();
        for (int i = 0; i < 100; i++) {
            variants.add(values.variant(task, random));
        }
        return variants;
    }

    @Test
    void sentenceAndCallChangeTogether() {
        Set<Task> variants = variants(BOSTON, BOSTON, ROME);
        assertTrue(variants.size() > 4, variants.toString());
        assertTrue(
                variants.stream()
                        .anyMatch(
                                one -> one.question().equals("a house in Rome with 4.5 stars")
                                        && one.reference()
                                                .equals(
                                                        "{\"name\":\"find\",\"arguments\":{\"city\":\"Rome, Italy\",\"kind\":\"house\",\"stars\":4.5}}")),
                variants.toString());
        ToolCallGrader grader = new ToolCallGrader();
        for (Task one : variants) {
            assertEquals(1, grader.grade(one, one.reference()).score(), one.toString());
            assertEquals("find", one.input().messages().getFirst().content());
            if (one != BOSTON) {
                assertTrue(grader.grade(one, BOSTON.reference()).score() < 1, one.toString());
            }
        }
    }

    @Test
    void whereNothingElseIsKnownNothingChanges() {
        assertEquals(Set.of(BOSTON), variants(BOSTON, BOSTON));
        assertSame(BOSTON, new ExchangedValues(List.of(BOSTON)).variant(BOSTON, new Random(1)));
    }

    @Test
    void aValueThatTheSchemaDoesNotListStaysOut() {
        Task odd = task("odd", "a tent in Oslo", "{\"kind\":\"tent\"}", "{\"kind\":[\"tent\"]}");
        assertEquals(Set.of(BOSTON), variants(BOSTON, BOSTON, odd));
    }

    @Test
    void whatIsSaidTwiceOrAsPartOfAnotherStays() {
        Task twice = task("twice", "Rome, I said Rome", "{\"city\":\"Rome, Italy\"}", "{\"city\":[\"Rome, Italy\"]}");
        assertEquals(Set.of(twice), variants(twice, BOSTON, twice));
        Task part = task("part", "version 3.5 of it, 13 times", "{\"stars\":3}", "{\"stars\":[3]}");
        assertEquals(Set.of(part), variants(part, ROME, part));
        assertNotEquals(Set.of(ROME), variants(ROME, ROME, BOSTON));
    }
}
