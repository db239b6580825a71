package dev.hone.run;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.hone.algorithm.Advantages;
import dev.hone.algorithm.GrpoListener.Step;
import dev.hone.algorithm.GrpoPlan;
import dev.hone.algorithm.Normalisation;
import dev.hone.algorithm.Schedule;
import dev.hone.fetch.FetchListener;
import dev.hone.record.ChatMessage;
import dev.hone.record.Constraint;
import dev.hone.record.Conversation;
import dev.hone.record.Grader.Grade;
import dev.hone.record.Loss;
import dev.hone.record.RunLog;
import dev.hone.record.SamplingMode;
import dev.hone.record.Task;
import dev.hone.train.Adaptation;
import dev.hone.train.Precision;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.BooleanSupplier;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** A random model learns from a grader alone to repeat the letter that it is asked for. */
@Timeout(600)
class ReinforcementRunTest {
    private static final int PROMPTS = 4;
    private static final int SAMPLES = 8;

    @TempDir
    Path folder;

    private String model = "";
    private final List<Step> heard = new ArrayList<>();
    private Duration checkpointEvery = Duration.ofHours(1);

    @BeforeEach
    void write() throws IOException {
        model = TinyChatModel.write(folder.resolve("model")).toString();
    }

    private static ReinforcementRun.Job job() {
        List<Task> tasks = new ArrayList<>();
        for (String letter : List.of("a", "b", "c", "d", "e", "f")) {
            tasks.add(new Task(letter, Conversation.of(ChatMessage.of("user", letter)), "", Map.of()));
        }
        return new ReinforcementRun.Job(
                tasks,
                "letters",
                Task::input,
                task -> new Constraint.None(),
                (task, output) -> {
                    long right = output.chars()
                            .filter(letter -> letter == task.id().charAt(0))
                            .count();
                    double share = output.isEmpty() ? 0 : (double) right / output.length();
                    return new Grade(share == 1 ? 1 : 0, Map.of("share", share), "has %d right".formatted(right));
                },
                grade -> grade.parts().getOrDefault("share", 0.0));
    }

    private Optional<Manifest> run(String out, long steps, boolean resume, BooleanSupplier stop) throws IOException {
        try (LoadedModel loaded = LoadedModel.open(model, FetchListener.SILENT)) {
            GrpoPlan plan = new GrpoPlan(
                    steps,
                    PROMPTS,
                    SAMPLES,
                    6,
                    1,
                    loaded.endTokens(),
                    SamplingMode.EXACT,
                    Advantages.CENTRED,
                    Normalisation.TOKENS,
                    1,
                    1,
                    new Loss.Ppo(0.2, 0.28, 3),
                    2,
                    0,
                    2e-2,
                    Schedule.CONSTANT,
                    0,
                    1,
                    3);
            ReinforcementOptions options = new ReinforcementOptions(
                    model,
                    plan,
                    new Adaptation.Lora(8, 16, 0),
                    512,
                    Precision.FP32,
                    checkpointEvery,
                    folder.resolve(out),
                    resume);
            return new ReinforcementRun(options, job(), loaded).run((step, rollouts) -> heard.add(step), stop);
        }
    }

    private List<JsonNode> lines(String file) throws IOException {
        return Files.readAllLines(folder.resolve(file)).stream()
                .map(JsonMapper.shared()::readTree)
                .toList();
    }

    @Test
    void rewardsRiseAndTheResultCanBeUsed() throws IOException {
        Manifest manifest = run("out", 40, false, () -> false).orElseThrow();
        double before = heard.getFirst().rewards().reward().mean();
        double after = manifest.training().finalReward();
        assertTrue(before < 0.15 && after > 0.25, "from " + before + " to " + after);
        assertEquals(40, lines("out/metrics.jsonl").size());
        assertEquals(after, lines("out/metrics.jsonl").getLast().path("reward").asDouble(), 0.2);
        assertFalse(Files.exists(folder.resolve("out/checkpoints")));
        RunLog log = ModelRegistration.log(folder.resolve("out"));
        assertEquals(
                List.of(40, 40 * PROMPTS * SAMPLES),
                List.of(log.metrics().size(), log.samples().size()));
        double last = log.samples().reversed().stream()
                .limit(PROMPTS * SAMPLES)
                .mapToDouble(RunLog.Tried::reward)
                .average()
                .orElseThrow();
        assertEquals(lines("out/metrics.jsonl").getLast().path("reward").asDouble(), last, 1e-9);
        try (LoadedModel tuned = LoadedModel.open(folder.resolve("out").toString(), FetchListener.SILENT)) {
            assertEquals("grpo", manifest.settings().get("method"));
            assertEquals(
                    model, Manifest.read(folder.resolve("out")).orElseThrow().baseModel());
        }
    }

    @Test
    void everyStepSaysWhatALogIsToSay() throws IOException {
        checkpointEvery = Duration.ZERO;
        run("told", 2, false, () -> false).orElseThrow();
        JsonNode first = lines("told/metrics.jsonl").getFirst();
        JsonNode second = lines("told/metrics.jsonl").getLast();
        List<String> missing = Stream.of(
                        "reward rewardDeviation parts best passAt alike solved failed missing length cut",
                        "advantage advantageDeviation leastAdvantage mostAdvantage entropy kl mostDifference",
                        "leastWeight meanWeight mostWeight effective alarm klToReference loss gradientNorm",
                        "clipped clippedLow clippedHigh learningRate tokens samplingSeconds trainingSeconds",
                        "seconds tokensPerSecond checkpointSeconds memoryBytes")
                .flatMap(names -> Stream.of(names.split(" ")))
                .filter(name -> !second.has(name))
                .toList();
        assertEquals(List.of(), missing);
        assertTrue(second.has("endedLength") || second.has("cutLength"), second.toString());
        assertEquals(
                second.path("reward").asDouble(),
                second.path("parts").path("share").path("mean").asDouble(),
                1e-12);
        assertEquals(
                List.of("1", "2", "4", "8"), List.copyOf(second.path("passAt").propertyNames()));
        assertTrue(second.path("memoryBytes").asLong() > 10_000_000, second.toString());
        assertEquals(0, first.path("checkpointSeconds").asDouble());
        assertTrue(second.path("checkpointSeconds").asDouble() > 0, "of the checkpoint after the first step");
        assertTrue(first.path("sharedDifference").asDouble(1) < 1e-4, first.toString());
        assertTrue(first.path("sharedGradientDifference").asDouble(1) < 1e-4, first.toString());
        assertFalse(second.has("sharedDifference"));
        JsonNode sample = lines("told/samples.jsonl").getFirst();
        assertTrue(sample.has("score") && sample.path("parts").has("share"), sample.toString());
    }

    /** Its lines said less, and its figures keep their names. */
    @Test
    void aRunOfBeforeThereWasMoreToSayIsGoneOnWith() throws IOException {
        assertTrue(run("old", 6, false, () -> heard.size() == 3).isEmpty());
        Path metrics = folder.resolve("old/metrics.jsonl");
        Set<String> old = Set.of(
                ("step reward rewardDeviation best alike solved failed missing length cut entropy kl mostDifference meanWeight"
                                + " mostWeight effective alarm klToReference loss gradientNorm clipped learningRate tokens"
                                + " samplingSeconds trainingSeconds seconds")
                        .split(" "));
        StringBuilder lines = new StringBuilder();
        for (JsonNode line : lines("old/metrics.jsonl")) {
            lines.append(((ObjectNode) line).retain(old)).append('\n');
        }
        Files.writeString(metrics, lines);
        Manifest manifest = run("old", 6, true, () -> false).orElseThrow();
        List<JsonNode> whole = lines("old/metrics.jsonl");
        assertEquals(6, whole.size());
        assertFalse(whole.get(2).has("memoryBytes"));
        assertEquals(
                whole.stream().mapToLong(line -> line.path("tokens").asLong()).sum(),
                manifest.training().tokens());
        assertEquals(6, ModelRegistration.log(folder.resolve("old")).metrics().size());
    }

    @Test
    void whatARunAnsweredRightlyMostOftenIsFound() throws IOException {
        Files.createDirectories(folder.resolve("found"));
        Files.writeString(folder.resolve("found/samples.jsonl"), """
            {"step":1,"task":"a","output":"aa","reward":1}
            {"step":1,"task":"a","output":"bb","reward":0}
            {"step":1,"task":"b","output":"aa","reward":0}
            {"step":2,"task":"a","output":"bb","reward":0}
            {"step":2,"task":"a","output":"a","reward":1}
            {"step":2,"task":"a","output":"a","reward":1}
            {"step":2,"task":"z","output":"z","rew
            """);
        List<Task> solved = ReinforcementRun.solved(folder.resolve("found"), job().tasks(), job().grader());
        assertEquals(1, solved.size());
        assertEquals("a", solved.getFirst().id());
        assertEquals("a", solved.getFirst().reference());
    }

    @Test
    void aStoppedRunGoesOnToTheSameWeightsAndNoSampleIsWrittenTwice() throws IOException {
        run("whole", 6, false, () -> false).orElseThrow();
        heard.clear();
        assertTrue(run("parts", 6, false, () -> heard.size() == 3).isEmpty());
        String message = assertThrows(IllegalArgumentException.class, () -> run("parts", 6, false, () -> false))
                .getMessage();
        assertTrue(message.contains("is not finished"), message);
        // As after kill -9 in the fourth step: its samples are there, its checkpoint is not.
        Path samples = folder.resolve("parts/samples.jsonl");
        Files.writeString(samples, Files.readString(samples) + "{\"step\":4,\"output\":\"lost\"}\n{\"step\":4,\"outp");
        run("parts", 6, true, () -> false).orElseThrow();
        assertArrayEquals(
                Files.readAllBytes(folder.resolve("whole/adapter_model.safetensors")),
                Files.readAllBytes(folder.resolve("parts/adapter_model.safetensors")));
        assertEquals(lines("whole/samples.jsonl"), lines("parts/samples.jsonl"));
        assertEquals(6 * PROMPTS * SAMPLES, lines("parts/samples.jsonl").size());
    }
}
