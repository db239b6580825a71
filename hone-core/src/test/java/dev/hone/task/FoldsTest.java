package dev.hone.task;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
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
import java.util.stream.Collectors;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

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

    private static Task row(String id, ChatMessage... turns) {
        return new Task(id, Conversation.of(turns), "", Map.of("function", "f"));
    }

    private static String words(Random random, int count) {
        return random.longs(count).mapToObj(one -> Long.toString(one, 36)).collect(Collectors.joining(" "));
    }

    /** What logs begin with, beside what nobody else says. */
    static List<List<ChatMessage>> openings() {
        return List.of(
                List.of(),
                List.of(ChatMessage.of("assistant", "Hi, how can I help?")),
                List.of(ChatMessage.of("user", "hello"), ChatMessage.of("assistant", "Hello! What can I do for you?")),
                List.of(
                        ChatMessage.of("user", "You answer questions about orders. Be brief."),
                        ChatMessage.of("assistant", "OK")));
    }

    /** Every conversation is one row here: what they begin with is no reason to keep them together. */
    @ParameterizedTest
    @MethodSource("openings")
    void anOpeningInCommonLinksNothing(List<ChatMessage> opening) {
        Random random = new Random(8);
        List<Task> tasks = new ArrayList<>();
        for (int i = 0; i < 50; i++) {
            List<ChatMessage> turns = new ArrayList<>(opening);
            turns.add(ChatMessage.of("user", words(random, 8)));
            tasks.add(row("t" + i, turns.toArray(ChatMessage[]::new)));
        }
        Folds folds = Folds.of(tasks, 5, "function");
        for (int fold = 0; fold < 5; fold++) {
            assertEquals(10, folds.test(fold).size());
        }
    }

    /** Conversations of a log, whose rows end anywhere in them: what goes on from a row, at any distance, is in its fold. */
    @Property(tries = 60)
    void noConversationIsPartedFromItsContinuation(@ForAll long seed) {
        Random random = new Random(seed);
        List<Task> tasks = new ArrayList<>();
        for (int i = 0; i < 40; i++) {
            List<ChatMessage> turns = new ArrayList<>();
            if (random.nextBoolean()) {
                turns.add(ChatMessage.of("system", "be brief"));
            }
            turns.addAll(openings().get(random.nextInt(openings().size())));
            for (int turn = random.nextInt(4); turn >= 0; turn--) {
                turns.add(ChatMessage.of("user", words(random, 6)));
                if (turn == 0 || random.nextBoolean()) {
                    tasks.add(row(i + "-" + turn, turns.toArray(ChatMessage[]::new)));
                }
                turns.add(ChatMessage.of("assistant", words(random, 40)));
            }
        }
        Collections.shuffle(tasks, random);
        Folds folds = Folds.of(tasks, 5, "function");
        int continuations = 0;
        for (int fold = 0; fold < 5; fold++) {
            for (Task one : folds.test(fold)) {
                for (Task other : folds.train(fold)) {
                    assertFalse(goesOn(one, other) || goesOn(other, one), one.id() + " and " + other.id());
                }
                for (Task other : folds.test(fold)) {
                    continuations += one != other && goesOn(one, other) ? 1 : 0;
                }
            }
        }
        assertTrue(continuations > 0, "seed " + seed + " has none");
    }

    private static boolean goesOn(Task beginning, Task longer) {
        List<ChatMessage> first = said(beginning);
        List<ChatMessage> then = said(longer);
        return first.size() <= then.size() && first.equals(then.subList(0, first.size()));
    }

    private static List<ChatMessage> said(Task task) {
        return task.input().messages().stream()
                .filter(message -> !message.role().equals("system"))
                .toList();
    }

    /** A product that says everything in a system message has rows that differ in that alone. */
    @Test
    void rowsOfNothingButASystemTurnAreComparedByIt() {
        Random random = new Random(9);
        List<Task> tasks = new ArrayList<>();
        for (int i = 0; i < 10; i++) {
            tasks.add(row("t" + i, ChatMessage.of("system", words(random, 8))));
        }
        assertEquals(2, Folds.of(tasks, 5, "function").test(4).size());
    }

    /** All go on from one short row, so that nothing could be learned from. */
    @Test
    void aRowThatEverybodyBeginsWithIsNamed() {
        Random random = new Random(10);
        List<Task> tasks = new ArrayList<>();
        tasks.add(row("greeting", ChatMessage.of("user", "hello")));
        for (int i = 0; i < 30; i++) {
            tasks.add(row(
                    "t" + i,
                    ChatMessage.of("user", "hello"),
                    ChatMessage.of("assistant", "Hello!"),
                    ChatMessage.of("user", words(random, 8))));
        }
        String message = refusal(tasks);
        assertTrue(message.contains("[31] rows cannot be cut into [5] folds"), message);
        assertTrue(message.contains("the largest would have [31], the smallest [0]"), message);
        assertTrue(message.contains("leave out the row [greeting], which [30] others begin with"), message);
        tasks.removeFirst();
        assertEquals(6, Folds.of(tasks, 5, "function").test(0).size());
    }

    /** An instruction before every question makes all rows alike; six in ten of them are enough to be refused. */
    @Test
    void aFoldFarLargerThanItsShareIsRefused() {
        Random random = new Random(11);
        String instruction = "Answer as briefly as you can, in one word. " + words(random, 20);
        List<Task> tasks = new ArrayList<>();
        for (int i = 0; i < 100; i++) {
            String question = i < 60 ? instruction + " " + random.nextInt(1000) : words(random, 8);
            tasks.add(row("t" + i, ChatMessage.of("user", question)));
        }
        String message = refusal(tasks);
        assertTrue(message.contains("the largest would have [60], the smallest [10]"), message);
        assertTrue(message.contains("[41] groups, the largest of [60], with [t0] and [t1]"), message);
        assertTrue(message.contains("into a system message"), message);
        List<Task> moved = new ArrayList<>();
        for (int i = 0; i < 100; i++) {
            moved.add(row("t" + i, ChatMessage.of("system", instruction), ChatMessage.of("user", words(random, 8))));
        }
        assertEquals(20, Folds.of(moved, 5, "function").test(0).size());
    }

    /** Twice its share is the most: it is the fold that is judged, or it is missing from what is learned from. */
    @Test
    void aGroupOfTwiceTheShareIsTheLargest() {
        List<Task> tasks = new ArrayList<>();
        Random random = new Random(12);
        for (int i = 0; i < 50; i++) {
            String question = i < 20 ? "the very same question" : words(random, 8);
            tasks.add(row("t" + i, ChatMessage.of("user", question)));
        }
        assertEquals(20, Folds.of(tasks, 5, "function").test(0).size());
        tasks.add(row("more", ChatMessage.of("user", "the very same question")));
        assertTrue(refusal(tasks).contains("the largest would have [21]"), refusal(tasks));
    }

    private static String refusal(List<Task> tasks) {
        return String.valueOf(assertThrows(IllegalArgumentException.class, () -> Folds.of(tasks, 5, "function"))
                .getMessage());
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
