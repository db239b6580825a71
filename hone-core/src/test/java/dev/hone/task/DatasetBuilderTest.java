package dev.hone.task;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.hone.record.ChatMessage;
import dev.hone.record.Conversation;
import dev.hone.record.DatasetTask;
import dev.hone.record.Ids;
import dev.hone.record.LabelledTrace;
import dev.hone.record.Split;
import dev.hone.record.Trace;
import dev.hone.task.DatasetPlan.Kind;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

final class DatasetBuilderTest {
    private static final Instant START = Instant.parse("2026-01-01T00:00:00Z");

    private static LabelledTrace trace(String input, String answer, Map<String, String> metadata, long second) {
        return new LabelledTrace(
                new Trace(
                        Ids.next(),
                        "",
                        ChatJson.of(Conversation.of(ChatMessage.of("user", input)))
                                .toString(),
                        "",
                        metadata,
                        second < 0 ? null : START.plusSeconds(second),
                        "00".repeat(32),
                        "rows.jsonl",
                        1),
                ChatJson.of(ChatMessage.of("assistant", answer)).toString());
    }

    private static LabelledTrace trace(String input, String answer) {
        return trace(input, answer, Map.of(), -1);
    }

    /** Sentences with near-duplicates in chains, five classes of uneven size, seven customers, times with ties. */
    private static List<LabelledTrace> many(int count, long seed) {
        Random random = new Random(seed);
        String[] words = "card payment lost pin cash top up fee app login refund limit atm swift iban".split(" ");
        List<LabelledTrace> traces = new ArrayList<>();
        while (traces.size() < count) {
            StringBuilder text = new StringBuilder();
            for (int i = 0; i < 9; i++) {
                text.append(words[random.nextInt(words.length)])
                        .append(random.nextInt(40))
                        .append(' ');
            }
            int label = (int) (5 * Math.pow(random.nextDouble(), 2));
            for (int copy = 0; copy <= random.nextInt(3); copy++) {
                traces.add(trace(
                        text + "extra ".repeat(copy) + (copy > 0 ? words[random.nextInt(words.length)] : ""),
                        "label" + label,
                        Map.of("customer", "c" + random.nextInt(60)),
                        random.nextInt(count)));
            }
        }
        return traces;
    }

    private static String question(DatasetTask task) {
        return ChatJson.conversation(task.input()).messages().getLast().content();
    }

    @ParameterizedTest
    @EnumSource(Kind.class)
    void nothingNearIsInTwoSplits(Kind kind) {
        FrozenDataset frozen = new DatasetBuilder(DatasetPlan.of(kind, 3)).build(many(300, 1));
        List<DatasetTask> tasks = frozen.tasks();
        List<Set<String>> shingles =
                tasks.stream().map(task -> Similarity.shingles(question(task))).toList();
        int parted = 0;
        int near = 0;
        for (int i = 0; i < tasks.size(); i++) {
            for (int j = 0; j < i; j++) {
                boolean close = Similarity.jaccard(shingles.get(i), shingles.get(j)) >= 0.6;
                near += close ? 1 : 0;
                parted += close && tasks.get(i).split() != tasks.get(j).split() ? 1 : 0;
            }
        }
        assertTrue(near > 10, "there are near tasks: " + near);
        assertEquals(0, parted);
    }

    /** Of twenty meanings that have nothing to do with the words. */
    private static float[] meaning(String text) {
        float[] vector = new float[20];
        vector[Math.floorMod(text.hashCode(), vector.length)] = 1;
        return vector;
    }

    @Test
    void whatMeansTheSameIsInOneSplit() {
        DatasetPlan plan = new DatasetPlan(Kind.GROUPED, List.of(70, 15, 15), 1, "", "", 1, 1, 0.9);
        Map<Integer, Set<Split>> splits = new HashMap<>();
        for (DatasetTask task : new DatasetBuilder(plan, DatasetBuilderTest::meaning)
                .build(many(200, 4))
                .tasks()) {
            splits.computeIfAbsent(Math.floorMod(question(task).hashCode(), 20), key -> new HashSet<>())
                    .add(task.split());
        }
        assertTrue(splits.size() > 15, splits.toString());
        splits.forEach((meaning, seen) -> assertEquals(1, seen.size(), "meaning " + meaning));
        assertThrows(IllegalArgumentException.class, () -> new DatasetBuilder(plan).build(many(20, 4)));
    }

    @Test
    void aGroupIsInOneSplit() {
        DatasetPlan plan = new DatasetPlan(Kind.GROUPED, List.of(70, 15, 15), 1, "customer", "", 0.9, 0.6, 0);
        FrozenDataset frozen = new DatasetBuilder(plan).build(many(60, 4));
        Map<String, Set<Split>> splits = new HashMap<>();
        frozen.tasks()
                .forEach(task -> splits.computeIfAbsent(task.metadata().get("customer"), key -> new HashSet<>())
                        .add(task.split()));
        splits.forEach((customer, seen) -> assertEquals(1, seen.size(), customer));
        assertTrue(frozen.of(Split.TEST).size() > 0);
    }

    /** As calls and texts are, and classes of a long tail. */
    @ParameterizedTest
    @ValueSource(ints = {1, 4})
    void answersThatAreSeldomTheSameAreJudgedByToo(int each) {
        List<LabelledTrace> traces = new ArrayList<>();
        for (int i = 0; i < 200; i++) {
            String different =
                    UUID.nameUUIDFromBytes(new byte[] {(byte) i, (byte) 7}).toString();
            traces.add(trace(different + different.hashCode(), "answer " + i / each));
        }
        FrozenDataset frozen = new DatasetBuilder(DatasetPlan.of(Kind.STRATIFIED, 1)).build(traces);
        assertEquals(
                Map.of("train", 160, "validation", 20, "test", 20),
                frozen.counts().tasks());
    }

    /** A tail of small classes beside large ones is learned from first, and the largest of the small are judged by, too. */
    @Test
    void smallClassesBesideLargeOnesAreLearnedFrom() {
        List<LabelledTrace> traces = new ArrayList<>();
        for (int label = 0; label < 11; label++) {
            for (int i = 0; i < (label == 0 ? 200 : label); i++) {
                String different = UUID.nameUUIDFromBytes(new byte[] {(byte) i, (byte) label, 9})
                        .toString();
                traces.add(trace(different + different.hashCode(), "label" + label));
            }
        }
        Map<String, Integer> counts = new HashMap<>();
        new DatasetBuilder(DatasetPlan.of(Kind.STRATIFIED, 1))
                .build(traces)
                .tasks()
                .forEach(task -> counts.merge(
                        task.split() + " " + ChatJson.message(task.reference()).content(), 1, Integer::sum));
        for (int label = 1; label < 11; label++) {
            assertTrue(counts.getOrDefault("TRAIN label" + label, 0) >= Math.min(label, 3), label + ": " + counts);
        }
        assertEquals(1, counts.get("TEST label9"), counts.toString());
    }

    @Test
    void classesAreSpreadByTheirShares() {
        List<LabelledTrace> traces = new ArrayList<>();
        for (int i = 0; i < 400; i++) {
            String different = UUID.nameUUIDFromBytes(new byte[] {(byte) i, (byte) (i >> 8)})
                    .toString();
            traces.add(trace(different + different.hashCode(), "label" + (i < 40 ? 0 : i < 60 ? 1 : 2)));
        }
        traces.add(trace("something of its own", "single"));
        FrozenDataset frozen = new DatasetBuilder(DatasetPlan.of(Kind.STRATIFIED, 1)).build(traces);
        Map<String, Integer> counts = new HashMap<>();
        frozen.tasks()
                .forEach(task -> counts.merge(
                        task.split() + ChatJson.message(task.reference()).content(), 1, Integer::sum));
        assertEquals(32, counts.get("TRAINlabel0"));
        assertEquals(4, counts.get("TESTlabel0"));
        assertEquals(2, counts.get("VALIDATIONlabel1"));
        assertEquals(1, counts.get("TRAINsingle"), "a class of one task is for learning");
        assertEquals(1, frozen.counts().singleClasses());
        assertEquals(0, frozen.counts().unseenTasks());
        assertEquals(
                Map.of("train", 321, "validation", 40, "test", 40),
                frozen.counts().tasks());
    }

    @Test
    void theLatestAreForJudging() {
        Map<UUID, Instant> times = new HashMap<>();
        List<LabelledTrace> traces = many(300, 1);
        FrozenDataset frozen = new DatasetBuilder(DatasetPlan.of(Kind.TIME, 3)).build(traces);
        traces.forEach(
                labelled -> times.put(labelled.trace().id(), labelled.trace().occurred()));
        Instant train = latest(frozen, Split.TRAIN, times);
        Instant validation = latest(frozen, Split.VALIDATION, times);
        for (DatasetTask task : frozen.tasks()) {
            Instant time = times.get(task.trace());
            assertTrue(task.split() == Split.TRAIN || time.isAfter(train), "later than all of training");
            assertTrue(task.split() != Split.TEST || time.isAfter(validation), "later than all of validation");
        }
        assertTrue(frozen.counts().straddling() > 0, "near tasks of later splits are left out");
    }

    private static Instant latest(FrozenDataset frozen, Split split, Map<UUID, Instant> times) {
        return frozen.of(split).stream()
                .map(task -> times.get(task.trace()))
                .max(Instant::compareTo)
                .orElseThrow();
    }

    @ParameterizedTest
    @EnumSource(Kind.class)
    void sameTracesAndSeedGiveTheSameHashWhateverTheirIds(Kind kind) {
        FrozenDataset one = new DatasetBuilder(DatasetPlan.of(kind, 3)).build(many(200, 1));
        FrozenDataset same = new DatasetBuilder(DatasetPlan.of(kind, 3)).build(many(200, 1));
        assertEquals(one.hash(), same.hash());
        assertNotEquals(one.tasks().getFirst().trace(), same.tasks().getFirst().trace());
        assertNotEquals(
                one.hash(),
                new DatasetBuilder(DatasetPlan.of(kind, 4)).build(many(200, 1)).hash());
        assertNotEquals(
                one.hash(),
                new DatasetBuilder(DatasetPlan.of(kind, 3)).build(many(200, 2)).hash());
    }

    @Test
    void duplicatesAreLeftOutAndCounted() {
        List<LabelledTrace> traces = new ArrayList<>(many(40, 9));
        FrozenDataset without = new DatasetBuilder(DatasetPlan.of(Kind.GROUPED, 1)).build(traces);
        String sentence = "please tell me where my new card is, it should have come on monday";
        traces.add(trace(sentence, "card_arrival"));
        traces.add(trace(sentence, "card_arrival"));
        traces.add(trace(sentence + "!", "card_arrival"));
        traces.add(trace(sentence + " a", "other"));
        traces.add(trace("another question altogether", "wrong"));
        traces.add(trace("another question altogether", "right"));
        FrozenDataset with = new DatasetBuilder(DatasetPlan.of(Kind.GROUPED, 1)).build(traces);
        assertEquals(without.counts().exactDuplicates() + 1, with.counts().exactDuplicates());
        assertEquals(without.counts().nearDuplicates() + 1, with.counts().nearDuplicates());
        assertEquals(without.counts().corrected() + 1, with.counts().corrected());
        assertEquals(without.tasks().size() + 3, with.tasks().size(), "near, but answered otherwise: both are kept");
        assertTrue(with.tasks().stream().anyMatch(task -> task.reference().contains("right")));
        assertTrue(with.tasks().stream().noneMatch(task -> task.reference().contains("wrong")));
    }

    @Test
    void whatCannotBeSplitIsRefusedWithTheRemedy() {
        List<LabelledTrace> one = List.of(trace("a question", "x"), trace("a question?", "y"));
        String message = refusal(DatasetPlan.of(Kind.STRATIFIED, 1), one);
        assertTrue(message.contains("[validation] split would be empty") && message.contains("[1] groups"), message);
        assertTrue(refusal(DatasetPlan.of(Kind.TIME, 1), one).contains("has no time"));
        DatasetPlan grouped = new DatasetPlan(Kind.GROUPED, List.of(80, 10, 10), 1, "customer", "", 0.9, 0.6, 0);
        assertTrue(refusal(grouped, one).contains("no metadatum [customer]"));
        for (List<Integer> shares :
                List.of(List.of(80, 20), List.of(80, 10, 20), List.of(0, 50, 50), List.of(110, -10, 0))) {
            assertThrows(
                    IllegalArgumentException.class,
                    () -> new DatasetPlan(Kind.GROUPED, shares, 1, "", "", 0.9, 0.6, 0));
        }
    }

    private static String refusal(DatasetPlan plan, List<LabelledTrace> traces) {
        return assertThrows(IllegalArgumentException.class, () -> new DatasetBuilder(plan).build(traces))
                .getMessage();
    }

    @Test
    void labelsThatTrainingNeverSeesAreCounted() {
        List<LabelledTrace> traces = new ArrayList<>();
        for (int i = 0; i < 10; i++) {
            traces.add(trace(
                    "question " + "abcdefghij".charAt(i) + " " + i * 7919 + " about " + i * 104729,
                    i < 9 ? "old" : "new",
                    Map.of(),
                    i));
        }
        FrozenDataset frozen =
                new DatasetBuilder(new DatasetPlan(Kind.TIME, List.of(80, 0, 20), 1, "", "", 1, 1, 0)).build(traces);
        assertEquals(1, frozen.counts().unseenClasses());
        assertEquals(1, frozen.counts().unseenTasks());
        assertEquals(2, frozen.counts().classes());
    }

    @Test
    void filesAreWhatTrainingReads(@TempDir Path folder) throws Exception {
        FrozenDataset frozen = new DatasetBuilder(DatasetPlan.of(Kind.GROUPED, 1)).build(many(50, 2));
        Map<Split, Path> files = DatasetFiles.write(folder.resolve("support.jsonl"), frozen.tasks());
        for (Split split : Split.values()) {
            assertEquals(folder.resolve("support." + split.label() + ".jsonl"), files.get(split));
            List<Conversation> rows = ChatFile.read(files.get(split), false).rows();
            List<DatasetTask> tasks = frozen.of(split);
            assertEquals(tasks.size(), rows.size());
            for (int i = 0; i < rows.size(); i++) {
                assertEquals(
                        question(tasks.get(i)),
                        rows.get(i).messages().getFirst().content());
                assertEquals(
                        ChatJson.message(tasks.get(i).reference()),
                        rows.get(i).messages().getLast());
            }
        }
        assertThrows(IllegalArgumentException.class, () -> DatasetFiles.names(folder.resolve("x.txt")));
        assertThrows(IllegalArgumentException.class, () -> DatasetFiles.names(folder.resolve("no/x.jsonl")));
    }
}
