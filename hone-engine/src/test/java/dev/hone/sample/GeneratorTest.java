package dev.hone.sample;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.hone.model.ModelConfig;
import dev.hone.model.ModelConfig.Architecture;
import dev.hone.model.ModelConfig.Rope;
import dev.hone.model.ModelConfig.Scaling;
import dev.hone.model.Weights;
import dev.hone.record.Sample;
import dev.hone.record.Sample.StopReason;
import dev.hone.record.SampleRequest;
import dev.hone.record.SamplingMode;
import dev.hone.record.SamplingParams;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class GeneratorTest {
    private static final ModelConfig CONFIG = new ModelConfig(
            Architecture.LLAMA,
            71,
            32,
            3,
            6,
            2,
            8,
            40,
            64,
            1e-5,
            new Rope(10_000, new Scaling.None()),
            true,
            false,
            false);
    private static Weights weights;

    @BeforeAll
    static void load() {
        weights = Weights.random(CONFIG, 3);
    }

    @AfterAll
    static void unload() {
        weights.close();
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 8, 64})
    void samplesDoNotDependOnTheBatch(int rows) {
        List<SampleRequest> requests = mixed();
        List<List<Sample>> alone = new ArrayList<>();
        try (Generator one = generator(1)) {
            requests.forEach(request -> alone.add(one.sample(List.of(request)).getFirst()));
        }
        try (Generator many = generator(rows)) {
            assertSame(alone, many.sample(requests));
            assertSame(alone, many.sample(requests));
        }
    }

    @Test
    void aSharedPromptEqualsRepeatedOnes() {
        int[] prompt = new Random(4).ints(9, 0, CONFIG.vocabulary()).toArray();
        try (Generator generator = generator(8)) {
            List<Sample> together = generator
                    .sample(List.of(new SampleRequest(prompt, 5, greedy())))
                    .getFirst();
            Sample alone = generator
                    .sample(List.of(new SampleRequest(prompt, 1, greedy())))
                    .getFirst()
                    .getFirst();
            together.forEach(sample -> assertSame(alone, sample));
        }
    }

    @Test
    void seedsDecide() {
        int[] prompt = {5, 6};
        try (Generator generator = generator(4)) {
            List<Sample> first = generator
                    .sample(List.of(new SampleRequest(prompt, 3, hot(1)), new SampleRequest(prompt, 3, hot(2))))
                    .stream()
                    .flatMap(List::stream)
                    .toList();
            long distinct = first.stream()
                    .map(sample -> Arrays.toString(sample.tokens()))
                    .distinct()
                    .count();
            assertEquals(6, distinct);
        }
    }

    /** So hot that a token is little but its random number: the second sample must not be the first, shifted. */
    @Test
    void samplesOfAGroupDrawFromStreamsOfTheirOwn() {
        SamplingParams noise = new SamplingParams(40, 100, 0, 1, 0, List.of(), List.of(), 5);
        try (Generator generator = generator(4)) {
            List<Sample> group = generator
                    .sample(List.of(new SampleRequest(new int[] {5, 6}, 2, noise)))
                    .getFirst();
            int[] first = group.getFirst().tokens();
            int[] second = group.getLast().tokens();
            long alike = IntStream.range(0, 39)
                    .filter(i -> first[i + 1] == second[i])
                    .count();
            assertTrue(alike < 10, alike + " of 39 are those of the first, one later");
        }
    }

    @Test
    void endsOnStopTokensStopStringsAndLengths() {
        int[] prompt = {1, 2, 3};
        try (Generator generator = generator(4)) {
            Sample free = generator
                    .sample(List.of(new SampleRequest(prompt, 1, greedy())))
                    .getFirst()
                    .getFirst();
            assertEquals(StopReason.LENGTH, free.stopReason());
            assertEquals(20, free.tokens().length);

            int end = free.tokens()[4];
            int firstOfEnd = first(free.tokens(), end);
            SamplingParams stopToken = new SamplingParams(20, 0, 0, 1, 0, List.of(), List.of(end), 0);
            Sample ended = generator
                    .sample(List.of(new SampleRequest(prompt, 1, stopToken)))
                    .getFirst()
                    .getFirst();
            assertEquals(StopReason.END, ended.stopReason());
            assertArrayEquals(Arrays.copyOf(free.tokens(), firstOfEnd + 1), ended.tokens());

            String stop = "<" + end + ">";
            SamplingParams stopString = new SamplingParams(20, 0, 0, 1, 0, List.of(stop), List.of(), 0);
            Sample stopped = generator
                    .sample(List.of(new SampleRequest(prompt, 1, stopString)))
                    .getFirst()
                    .getFirst();
            assertEquals(StopReason.STOP, stopped.stopReason());
            assertArrayEquals(ended.tokens(), stopped.tokens());

            int[] nearlyFull = new Random(1).ints(60, 0, CONFIG.vocabulary()).toArray();
            Sample cut = generator
                    .sample(List.of(new SampleRequest(nearlyFull, 1, greedy())))
                    .getFirst()
                    .getFirst();
            assertEquals(StopReason.LENGTH, cut.stopReason());
            assertEquals(CONFIG.maxPositions() - 60, cut.tokens().length);
        }
    }

    @Test
    void aSampleMayEndWithItsFirstTokenWhileOthersGoOn() {
        List<SampleRequest> requests = new ArrayList<>();
        try (Generator one = generator(1)) {
            for (SampleRequest request : mixed()) {
                Sample sample = one.sample(List.of(request)).getFirst().getFirst();
                int first = sample.tokens()[0];
                // Every other request ends at once.
                List<Integer> stops = requests.size() % 2 == 0 ? List.of(first) : List.of();
                SamplingParams p = request.params();
                requests.add(new SampleRequest(
                        request.prompt(),
                        request.count(),
                        new SamplingParams(p.maxTokens(), p.temperature(), 0, 1, 0, List.of(), stops, p.seed())));
            }
            List<List<Sample>> alone = new ArrayList<>();
            requests.forEach(request -> alone.add(one.sample(List.of(request)).getFirst()));
            try (Generator many = generator(5)) {
                assertSame(alone, many.sample(requests));
            }
        }
    }

    @Test
    void theListenerHearsEveryToken() {
        List<SampleRequest> requests = mixed();
        try (Generator generator = generator(3)) {
            List<List<List<Integer>>> heard = new ArrayList<>();
            requests.forEach(request -> {
                List<List<Integer>> samples = new ArrayList<>();
                for (int i = 0; i < request.count(); i++) {
                    samples.add(new ArrayList<>());
                }
                heard.add(samples);
            });
            List<List<Sample>> samples = generator.sample(
                    requests,
                    (request, index, token) -> heard.get(request).get(index).add(token));
            for (int i = 0; i < samples.size(); i++) {
                for (int j = 0; j < samples.get(i).size(); j++) {
                    assertEquals(
                            Arrays.stream(samples.get(i).get(j).tokens())
                                    .boxed()
                                    .toList(),
                            heard.get(i).get(j));
                }
            }
        }
    }

    @Test
    void refusesWhatTheModelCannotTake() {
        try (Generator generator = generator(2)) {
            SampleRequest unknown = new SampleRequest(new int[] {1, 71}, 1, greedy());
            assertTrue(assertThrows(IllegalArgumentException.class, () -> generator.sample(List.of(unknown)))
                    .getMessage()
                    .contains("[71]"));
            SampleRequest tooLong = new SampleRequest(new int[64], 1, greedy());
            assertTrue(assertThrows(IllegalArgumentException.class, () -> generator.sample(List.of(tooLong)))
                    .getMessage()
                    .contains("[64]"));
        }
    }

    /** Joins one request every step or so, in a batch too small for all, while a cancelled one comes and goes. */
    @ParameterizedTest
    @ValueSource(ints = {4, 6, 64})
    void requestsJoinAndLeaveAtAnyStep(int rows) {
        List<SampleRequest> requests = mixed();
        List<List<Sample>> alone = new ArrayList<>();
        try (Generator one = generator(1)) {
            requests.forEach(request -> alone.add(one.sample(List.of(request)).getFirst()));
        }
        Heard heard = new Heard();
        try (Generator generator = generator(64);
                OpenBatch batch = generator.open(new BatchLimits(rows, rows * 50L), heard)) {
            int cancelled = 1000;
            for (int i = 0; i < requests.size(); i++) {
                batch.add(cancelled + i, requests.get((i + 5) % requests.size()));
                batch.add(i, requests.get(i));
                for (int step = 0; step < i % 4; step++) {
                    batch.step();
                }
                batch.cancel(cancelled + i);
            }
            while (!batch.isIdle()) {
                batch.step();
            }
        }
        for (int i = 0; i < requests.size(); i++) {
            List<Sample> samples = heard.ended.get((long) i);
            for (int j = 0; j < samples.size(); j++) {
                assertSame(alone.get(i).get(j), samples.get(j));
                assertEquals(Arrays.stream(samples.get(j).tokens()).boxed().toList(), heard.drawn.get(i + "/" + j));
            }
        }
    }

    @Test
    void aBatchHoldsNoMoreThanItsLimits() {
        Heard heard = new Heard();
        SampleRequest request = new SampleRequest(new int[] {1, 2, 3}, 1, greedy());
        try (Generator generator = generator(64);
                OpenBatch batch = generator.open(new BatchLimits(8, 50), heard)) {
            for (int i = 0; i < 5; i++) {
                batch.add(i, request);
            }
            batch.step();
            assertEquals(
                    Set.of("0/0", "1/0"),
                    heard.drawn.keySet(),
                    "two samples of up to 22 entries fit into 50, three do not");
            SampleRequest wide = new SampleRequest(new int[] {1, 2, 3}, 3, greedy());
            assertTrue(assertThrows(IllegalArgumentException.class, () -> batch.add(9, wide))
                    .getMessage()
                    .contains("[50]"));
            batch.cancel(0);
            batch.cancel(1);
            batch.step();
            assertTrue(heard.drawn.containsKey("2/0"), "the third waits although there is room: " + heard.drawn);
            while (!batch.isIdle()) {
                batch.step();
            }
            assertEquals(Set.of(2L, 3L, 4L), heard.ended.keySet());
        }
    }

    /** What an open batch tells, by request and sample. */
    private static final class Heard implements OpenBatch.Listener {
        private final Map<String, List<Integer>> drawn = new HashMap<>();
        private final Map<Long, List<Sample>> ended = new HashMap<>();

        @Override
        public void drawn(long request, int index, int token, float logprob) {
            drawn.computeIfAbsent(request + "/" + index, key -> new ArrayList<>())
                    .add(token);
        }

        @Override
        public void ended(long request, List<Sample> samples) {
            ended.put(request, samples);
        }
    }

    private static int first(int[] tokens, int token) {
        int i = 0;
        while (tokens[i] != token) {
            i++;
        }
        return i;
    }

    private static Generator generator(int rows) {
        ConstraintMasks masks =
                new ConstraintMasks(GeneratorTest::spelled, weights.config().vocabulary());
        return new Generator(weights, SamplingMode.EXACT, 0, GeneratorTest::spelled, masks, rows);
    }

    private static String spelled(int[] tokens) {
        StringBuilder text = new StringBuilder();
        for (int token : tokens) {
            text.append('<').append(token).append('>');
        }
        return text.toString();
    }

    private static SamplingParams greedy() {
        return SamplingParams.greedy(20, List.of());
    }

    private static SamplingParams hot(long seed) {
        return new SamplingParams(20, 1.5, 0, 1, 0, List.of(), List.of(), seed);
    }

    /** Greedy and hot, single and grouped, short and long, of different lengths. */
    private static List<SampleRequest> mixed() {
        Random random = new Random(8);
        List<SampleRequest> requests = new ArrayList<>();
        for (int i = 0; i < 14; i++) {
            int[] prompt =
                    random.ints(1 + random.nextInt(25), 0, CONFIG.vocabulary()).toArray();
            SamplingParams params = new SamplingParams(
                    1 + random.nextInt(18), i % 2, 0, 1, 0, List.of(), List.of(random.nextInt(71)), i);
            requests.add(new SampleRequest(prompt, i % 3 == 0 ? 4 : 1, params));
        }
        return requests;
    }

    private static void assertSame(List<List<Sample>> expected, List<List<Sample>> actual) {
        assertEquals(expected.size(), actual.size());
        for (int i = 0; i < expected.size(); i++) {
            assertEquals(expected.get(i).size(), actual.get(i).size());
            for (int j = 0; j < expected.get(i).size(); j++) {
                assertSame(expected.get(i).get(j), actual.get(i).get(j));
            }
        }
    }

    private static void assertSame(Sample expected, Sample actual) {
        assertArrayEquals(expected.tokens(), actual.tokens());
        assertArrayEquals(expected.logprobs(), actual.logprobs(), 1e-4f);
        assertEquals(expected.stopReason(), actual.stopReason());
    }
}
