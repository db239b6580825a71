package dev.hone.task;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.hone.record.ChatMessage;
import dev.hone.record.Conversation;
import dev.hone.record.Task;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;

class FoldsTest {
    private static final String[] WORDS = {
        "weather", "paris", "tomorrow", "book", "taxi", "airport", "play", "song", "remind", "dentist", "turn", "lamp"
    };

    /** Sentences with near-duplicates of them, in chains: a is near b, b is near c. */
    private static List<Task> tasks() {
        Random random = new Random(3);
        List<Task> tasks = new ArrayList<>();
        for (int i = 0; i < 60; i++) {
            StringBuilder sentence = new StringBuilder();
            for (int word = 0; word < 12; word++) {
                sentence.append(WORDS[random.nextInt(WORDS.length)])
                        .append(random.nextInt(100))
                        .append(' ');
            }
            for (int copy = 0; copy < 1 + i % 3; copy++) {
                String changed = sentence + "extra".repeat(copy);
                tasks.add(new Task(
                        "t" + i + "-" + copy,
                        Conversation.of(ChatMessage.of("user", changed)),
                        "",
                        Map.of("function", "f" + i % 4)));
            }
        }
        return tasks;
    }

    @Test
    void nearDuplicatesShareAFold() {
        Folds folds = Folds.of(tasks(), 5, "function");
        int near = 0;
        for (int a = 0; a < 5; a++) {
            for (int b = 0; b < 5; b++) {
                for (Task one : folds.test(a)) {
                    for (Task other : folds.test(b)) {
                        boolean close = one != other
                                && Similarity.jaccard(
                                                Similarity.shingles(one.question()),
                                                Similarity.shingles(other.question()))
                                        >= Folds.NEAR;
                        near += close ? 1 : 0;
                        assertTrue(!close || a == b, one.id() + " and " + other.id() + " are in two folds");
                    }
                }
            }
        }
        assertTrue(near > 100, "the data has near-duplicates: " + near);
    }

    /** A log with a row for each turn: the later rows say what the earlier ones are judged by. */
    @Test
    void rowsOfOneConversationShareAFold() {
        Random random = new Random(5);
        List<Task> tasks = new ArrayList<>();
        for (int i = 0; i < 30; i++) {
            List<ChatMessage> turns = new ArrayList<>();
            turns.add(ChatMessage.of("system", "be brief"));
            for (int turn = 0; turn < 3; turn++) {
                turns.add(ChatMessage.of("user", WORDS[random.nextInt(WORDS.length)] + random.nextInt(1_000_000)));
                tasks.add(new Task(i + "-" + turn, new Conversation(turns, List.of()), "", Map.of("function", "f")));
                turns.add(ChatMessage.of(
                        "assistant", Long.toString(random.nextLong(), 36).repeat(30)));
            }
        }
        Folds folds = Folds.of(tasks, 5, "function");
        for (int fold = 0; fold < 5; fold++) {
            Set<String> conversations = new HashSet<>();
            folds.test(fold).forEach(task -> conversations.add(task.id().replaceAll("-.*", "")));
            assertEquals(3 * conversations.size(), folds.test(fold).size(), "fold " + fold);
        }
    }

    @Test
    void everyTaskIsInOneFoldAndClassesAreSpread() {
        List<Task> tasks = tasks();
        Folds folds = Folds.of(tasks, 5, "function");
        Set<String> seen = new HashSet<>();
        for (int fold = 0; fold < 5; fold++) {
            folds.test(fold).forEach(task -> assertTrue(seen.add(task.id())));
            assertEquals(
                    tasks.size(), folds.test(fold).size() + folds.train(fold).size());
            for (int function = 0; function < 4; function++) {
                String name = "f" + function;
                long here = folds.test(fold).stream()
                        .filter(task -> task.require("function").equals(name))
                        .count();
                assertTrue(here >= 4 && here <= 8, name + " is " + here + " times in fold " + fold);
            }
        }
        assertEquals(tasks.size(), seen.size());
    }

    @Test
    void theHashKnowsEveryChange() {
        List<Task> tasks = tasks();
        String hash = Folds.of(tasks, 5, "function").hash();
        assertEquals(hash, Folds.of(tasks, 5, "function").hash());
        assertNotEquals(hash, Folds.of(tasks, 4, "function").hash());
        List<Task> changed = new ArrayList<>(tasks);
        Task first = changed.getFirst();
        changed.set(0, new Task(first.id(), first.input(), "other", first.metadata()));
        assertNotEquals(hash, Folds.of(changed, 5, "function").hash());
        List<Task> fewer = new ArrayList<>(tasks);
        Collections.swap(fewer, 0, 1);
        fewer.removeFirst();
        assertNotEquals(hash, Folds.of(fewer, 5, "function").hash());
    }
}
