package dev.hone.task;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.hone.record.Ids;
import dev.hone.record.LabelledTrace;
import dev.hone.record.Split;
import dev.hone.record.Trace;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.UUID;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** What experts say of calls that passed becomes tasks like those of imported rows, and tasks keep the split that they have. */
final class DemonstrationsTest {
    private static LabelledTrace captured(UUID id, String request, String response, String demonstration) {
        return new LabelledTrace(
                new Trace(id, "", request, response, Map.of("release", "42"), null, "", "", 0), demonstration);
    }

    private static LabelledTrace asked(String question, String answer) {
        return captured(
                Ids.next(),
                "{\"model\":\"use-case/x\",\"temperature\":0,\"messages\":[{\"role\":\"user\",\"content\":\"%s\"}]}"
                        .formatted(question),
                "",
                "{\"role\":\"assistant\",\"content\":\"%s\"}".formatted(answer));
    }

    @Test
    void aCallThatPassedIsCutDownToItsTurnsAndTools() {
        UUID id = Ids.next();
        Demonstrations made = Demonstrations.of(
                List.of(
                        captured(
                                id,
                                """
                {"model":"use-case/x","temperature":0.2,"tools":[{"type":"function","function":{"name":"f"}}],
                 "messages":[{"role":"user","content":[{"type":"text","text":"hello"}]}]}
                """,
                                "{\"id\":\"c\",\"choices\":[{\"message\":{\"role\":\"assistant\",\"content\":\"wrong\"}}],\"usage\":{}}",
                                "{\"role\":\"assistant\",\"content\":null,\"tool_calls\":[{\"type\":\"function\",\"function\":{\"name\":\"f\",\"arguments\":\"{}\"}}]}")));
        Trace trace = made.traces().getFirst().trace();
        assertEquals(id, trace.id());
        assertEquals(
                "{\"messages\":[{\"role\":\"user\",\"content\":\"hello\"}],\"tools\":[{\"type\":\"function\",\"function\":{\"name\":\"f\"}}]}",
                trace.request());
        assertEquals("{\"role\":\"assistant\",\"content\":\"wrong\"}", trace.response());
        assertEquals(Map.of("release", "42"), trace.metadata());
        assertEquals(
                "{\"role\":\"assistant\",\"content\":null,\"tool_calls\":[{\"type\":\"function\",\"function\":{\"name\":\"f\",\"arguments\":\"{}\"}}]}",
                made.traces().getFirst().demonstration());
        assertEquals(List.of(), made.leftOut());
        assertEquals("", made.shownLeftOut());
    }

    private static final String ASKED = "{\"messages\":[{\"role\":\"user\",\"content\":\"q\"}]}";

    @Test
    void whatTwoPeopleSayOtherwiseIsNotLearnedFrom() {
        UUID id = Ids.next();
        Demonstrations made = Demonstrations.of(List.of(
                captured(id, ASKED, "", "\"refund\""), captured(id, ASKED, "", "\"shipping\""), asked("fine", "yes")));
        assertEquals(1, made.traces().size());
        assertEquals(1, made.disagreed());
        assertEquals(": [%s] two who labelled it disagree".formatted(id), made.shownLeftOut());
    }

    @Test
    void whatTwoPeopleSayAlikeIsOneTask() {
        UUID id = Ids.next();
        Demonstrations made = Demonstrations.of(
                List.of(captured(id, ASKED, "", "\"Refund \""), captured(id, ASKED, "", "\"refund\"")));
        assertEquals(0, made.disagreed());
        assertEquals(1, made.traces().size());
        assertEquals(
                "{\"role\":\"assistant\",\"content\":\"refund\"}",
                made.traces().getFirst().demonstration());
        String call =
                "{\"role\":\"assistant\",\"content\":null,\"tool_calls\":[{\"type\":\"function\",\"function\":{\"name\":\"f\",\"arguments\":\"%s\"}}]}";
        Demonstrations calls = Demonstrations.of(List.of(
                captured(id, ASKED, "", call.formatted("{\\\"a\\\":1,\\\"b\\\":2}")),
                captured(id, ASKED, "", call.formatted("{\\\"b\\\": 2, \\\"a\\\": 1}"))));
        assertEquals(1, calls.traces().size(), calls.shownLeftOut());
    }

    @Test
    void whatIsNoChatIsLeftOutAndSaid() {
        Demonstrations made = Demonstrations.of(List.of(
                captured(Ids.next(), "{\"input\":\"embed me\"}", "", "\"x\""),
                captured(Ids.next(), "no JSON", "", "\"x\""),
                asked("fine", "yes")));
        assertEquals(1, made.traces().size());
        assertEquals(2, made.leftOut().size());
        assertTrue(made.shownLeftOut().contains("no [messages]"), made.shownLeftOut());
        assertTrue(made.shownLeftOut().contains("not JSON"), made.shownLeftOut());
    }

    private static String sentence(int number) {
        return new Random(number)
                .ints(9, 0, 10_000)
                .mapToObj(word -> "w" + word)
                .collect(Collectors.joining(" ", "number" + number + " ", ""));
    }

    private static List<LabelledTrace> words(int from, int to) {
        List<LabelledTrace> traces = new ArrayList<>();
        for (int i = from; i < to; i++) {
            traces.add(asked(sentence(i), "c" + i % 3));
        }
        return traces;
    }

    private static Map<String, Split> splits(FrozenDataset frozen) {
        Map<String, Split> splits = new HashMap<>();
        frozen.tasks().forEach(task -> splits.put(task.input(), task.split()));
        return splits;
    }

    /** Without that, a version would be judged by what the one before has learned from. */
    @Test
    void whatHasASplitKeepsItAndWhatIsNearFollows() {
        DatasetPlan plan = DatasetPlan.of(DatasetPlan.Kind.STRATIFIED, 3);
        List<LabelledTrace> labelled = words(0, 90);
        Map<String, Split> before = splits(
                new DatasetBuilder(plan).build(Demonstrations.of(labelled).traces()));
        List<LabelledTrace> more = new ArrayList<>(labelled);
        more.addAll(words(90, 150));
        // Nearly the words of an earlier one, with another answer: they are not the same task, and may not be parted.
        more.add(asked(sentence(5) + " besides", "c0"));
        FrozenDataset anew =
                new DatasetBuilder(plan).build(Demonstrations.of(more).traces());
        assertTrue(
                before.entrySet().stream().anyMatch(one -> splits(anew).get(one.getKey()) != one.getValue()),
                "the test would not see tasks that move");
        FrozenDataset frozen =
                new DatasetBuilder(plan, before).build(Demonstrations.of(more).traces());
        Map<String, Split> after = splits(frozen);
        before.forEach((input, split) -> assertEquals(split, after.get(input), input));
        for (Split split : Split.values()) {
            assertTrue(
                    frozen.of(split).stream().anyMatch(task -> !before.containsKey(task.input())),
                    "nothing new to " + split);
        }
        String near = frozen.tasks().stream()
                .map(task -> task.input())
                .filter(input -> input.contains("besides"))
                .findFirst()
                .orElseThrow();
        String old = before.keySet().stream()
                .filter(input -> input.contains("number5 "))
                .findFirst()
                .orElseThrow();
        assertEquals(before.get(old), after.get(near));
    }

    /** What is only learned from is never judged by; what is near to it is not either, and what is near to what was judged by is not learned from. */
    @Test
    void whatIsOnlyLearnedFromIsNeverJudgedBy() {
        DatasetPlan plan = DatasetPlan.of(DatasetPlan.Kind.STRATIFIED, 3);
        List<LabelledTrace> labelled = words(0, 90);
        Map<String, Split> before = splits(
                new DatasetBuilder(plan).build(Demonstrations.of(labelled).traces()));
        int judged = 0;
        while (before.entrySet().stream().noneMatch(split(judged, Split.TEST))) {
            judged++;
        }
        List<LabelledTrace> more = new ArrayList<>(labelled);
        more.addAll(words(90, 150));
        // Near to what was judged by, to what is only learned from, and to nothing.
        more.add(asked(sentence(judged) + " besides", "c0"));
        more.add(asked(sentence(100) + " besides", "c1"));
        List<LabelledTrace> traces = Demonstrations.of(more).traces();
        Set<String> learned = traces.stream()
                .map(one -> one.trace().request())
                .filter(input -> input.contains("besides") && !input.contains("number100 ")
                        || input.matches("(?s).*number(9\\d|10\\d|11\\d) .*")
                                && !input.contains("besides")
                                && !before.containsKey(input))
                .collect(Collectors.toSet());
        assertEquals(31, learned.size());
        FrozenDataset frozen = new DatasetBuilder(plan, before, learned).build(traces);
        Map<String, Split> after = splits(frozen);
        before.forEach((input, split) -> assertEquals(split, after.get(input), input));
        for (String input : learned) {
            if (input.contains("besides")) {
                assertFalse(after.containsKey(input), "it is near to what was judged by: " + input);
            } else {
                assertEquals(Split.TRAIN, after.get(input), input);
            }
        }
        assertEquals(1, frozen.counts().straddling());
        String near = after.keySet().stream()
                .filter(input -> input.contains("besides"))
                .findFirst()
                .orElseThrow();
        assertEquals(Split.TRAIN, after.get(near), "it is near to what is learned from");
        assertTrue(
                after.entrySet().stream()
                        .anyMatch(one -> one.getValue() == Split.TEST && !before.containsKey(one.getKey())),
                "others are judged by");
    }

    private static Predicate<Map.Entry<String, Split>> split(int number, Split split) {
        return one -> one.getValue() == split && one.getKey().contains("number" + number + " ");
    }
}
