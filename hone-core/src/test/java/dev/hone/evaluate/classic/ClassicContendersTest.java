package dev.hone.evaluate.classic;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import de.bwaldvogel.liblinear.Feature;
import dev.hone.evaluate.Answer;
import dev.hone.evaluate.Answers;
import dev.hone.record.ChatMessage;
import dev.hone.record.Conversation;
import dev.hone.record.Task;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

class ClassicContendersTest {
    private static final List<List<String>> TOPICS = List.of(
            List.of("buffer", "overflow", "heap", "stack", "pointer", "write"),
            List.of("password", "login", "session", "token", "account", "cookie"),
            List.of("query", "script", "command", "shell", "database", "quote"));
    private static final String[] OTHER = {"allows", "remote", "attackers", "product", "the", "with", "server", "file"};

    /** The first label is twice as frequent as the others. */
    private static List<Task> tasks(int count, long seed) {
        Random random = new Random(seed);
        List<Task> tasks = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            int topic = Math.max(0, i % 4 - 1);
            List<String> words = new ArrayList<>();
            for (int word = 0; word < 8; word++) {
                words.add(
                        random.nextInt(4) == 0
                                ? TOPICS.get(topic).get(random.nextInt(6))
                                : OTHER[random.nextInt(OTHER.length)]);
            }
            words.add(TOPICS.get(topic).get(random.nextInt(6)));
            tasks.add(new Task(
                    "t" + i,
                    Conversation.of(ChatMessage.of("user", String.join(" ", words))),
                    "label " + topic,
                    Map.of()));
        }
        return tasks;
    }

    /** Counts of hashed words, of length 1: like meaning is like words here. */
    private static float[] embed(String text) {
        float[] vector = new float[32];
        for (String word : text.split(" ")) {
            vector[Math.floorMod(word.hashCode(), vector.length)]++;
        }
        double norm = 0;
        for (float value : vector) {
            norm += value * value;
        }
        for (int i = 0; i < vector.length; i++) {
            vector[i] /= (float) Math.sqrt(norm);
        }
        return vector;
    }

    private static Map<String, Double> accuracy() {
        List<Task> test = tasks(200, 2);
        Map<String, Double> accuracy = new TreeMap<>();
        for (Answers answers : new ClassicContenders(tasks(200, 1), ClassicContendersTest::embed).answer(test)) {
            int right = 0;
            for (int i = 0; i < test.size(); i++) {
                right += answers.answers().get(i).output().equals(test.get(i).reference()) ? 1 : 0;
            }
            accuracy.put(answers.contender(), (double) right / test.size());
        }
        return accuracy;
    }

    @Test
    void everyoneLearnsAndBeatsTheMajority() {
        Map<String, Double> accuracy = accuracy();
        assertEquals(5, accuracy.size());
        assertEquals(0.5, accuracy.remove("majority"), 1e-9);
        assertTrue(accuracy.get("linear SVM") > 0.95, accuracy.toString());
        assertTrue(accuracy.values().stream().allMatch(value -> value > 0.8), accuracy.toString());
    }

    @Test
    void learningAgainGivesTheSameAnswers() {
        List<List<Answer>> answers = new ArrayList<>();
        for (int time = 0; time < 2; time++) {
            List<Answers> all =
                    new ClassicContenders(tasks(200, 1), ClassicContendersTest::embed).answer(tasks(100, 3));
            answers.add(all.stream().flatMap(one -> one.answers().stream()).toList());
        }
        assertEquals(answers.get(0), answers.get(1));
    }

    @Test
    void requestsAreTimedOneByOne() {
        Answers answers = new ClassicContenders(tasks(40, 1), ClassicContendersTest::embed)
                .answer(tasks(30, 3))
                .getLast();
        assertEquals(30, answers.latencies().length);
        assertTrue(answers.seconds() >= Arrays.stream(answers.latencies()).sum() && answers.latencies()[0] > 0);
    }

    @Test
    void wordsAndCharactersArePieces() {
        assertEquals(
                Map.of("heap", 2, "overflow", 1, "heap overflow", 1, "overflow heap", 1),
                Grams.wordsAndPairs("Heap overflow, a heap"));
        assertEquals(
                Map.of(" ab", 1, "ab ", 1, " ab ", 1, " c ", 1),
                Grams.characters("ab c"),
                "within a word and its spaces");
    }

    /** By hand: n = 2; df(a) = 2, df(b) = 1. */
    @Test
    void vectorsAreTfIdfOfLengthOne() {
        TfIdf tfIdf = new TfIdf(List.of("aa aa bb", "aa"), 10, Grams::words);
        double a = (1 + Math.log(2)) * 1;
        double b = 1 + Math.log(3.0 / 2);
        double norm = Math.hypot(a, b);
        List<Feature> vector = tfIdf.vector("aa bb aa unknown");
        assertEquals(List.of(11, 12), vector.stream().map(Feature::getIndex).toList());
        assertEquals(a / norm, vector.get(0).getValue(), 1e-12);
        assertEquals(b / norm, vector.get(1).getValue(), 1e-12);
        assertEquals(12, tfIdf.end());
        assertEquals(List.of(), tfIdf.vector("nothing known"));
    }

    /** By hand: the class of two examples has "aa" once of three words, the other "aa" twice of two. */
    @Test
    void naiveBayesWeighsWordsAndFrequency() {
        List<Example> train = List.of(new Example("aa bb", "y"), new Example("bb", "y"), new Example("aa aa", "x"));
        NaiveBayes bayes = new NaiveBayes(train);
        assertEquals("x", bayes.label("aa"), "1/3 · 2.1/2.2 > 2/3 · 1.1/3.2");
        assertEquals("y", bayes.label("unknown"), "the more frequent");
        assertEquals("y", bayes.label("bb aa"));
    }

    @Test
    void nearestMeaningCountsNeighboursByTheirCosine() {
        List<Example> train = List.of(
                new Example("1 0", "far"),
                new Example("1 0", "far"),
                new Example("1 0", "far"),
                new Example("0 1", "near"),
                new Example("0 1", "near"));
        List<float[]> vectors = train.stream().map(one -> point(one.text())).toList();
        NearestMeaning nearest = new NearestMeaning(train, vectors, ClassicContendersTest::point);
        assertEquals("near", nearest.label("0.1 0.9"));
        assertEquals("far", nearest.label("0.9 0.1"));
    }

    private static float[] point(String text) {
        List<Float> numbers = Arrays.stream(text.split(" ")).map(Float::valueOf).collect(Collectors.toList());
        return new float[] {numbers.get(0), numbers.get(1)};
    }
}
