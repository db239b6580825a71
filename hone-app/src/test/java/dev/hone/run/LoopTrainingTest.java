package dev.hone.run;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.hone.evaluate.Report;
import dev.hone.model.UnknownModelException;
import dev.hone.train.Precision;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A random model is rewarded for the first letter of a word. */
@Timeout(600)
final class LoopTrainingTest {
    private static final UseCase LETTERS = LetterUseCase.of(8);

    @TempDir
    Path folder;

    private Manifest fromRewards(Path model, long steps) throws IOException {
        return new LoopTraining(LETTERS, LetterUseCase.SILENT, "data", 1, Precision.FP32)
                .fromRewards(model, LETTERS.data().tasks(), steps, folder.resolve("rewarded"), () -> false)
                .orElseThrow();
    }

    /** The model that it began with is not even there any more. */
    @Test
    void whatIsFinishedIsFoundWithoutItsModel() throws IOException {
        Path model = TinyChatModel.write(folder.resolve("model"));
        Manifest made = fromRewards(model, 1);
        Files.move(model, folder.resolve("away"));
        assertEquals(made, fromRewards(model, 1));
        String other = assertThrows(IllegalArgumentException.class, () -> fromRewards(model, 2))
                .getMessage();
        assertTrue(other.contains("[steps] is [1], not [2]"), other);
        Files.delete(folder.resolve("rewarded").resolve(Manifest.FILE));
        assertThrows(UnknownModelException.class, () -> fromRewards(model, 1));
    }

    /** Of sixteen steps a tenth is two; the lines are as runs wrote them before there was more to say of a step. */
    @Test
    void whatARunBeganAndEndedWithAreMeansOverTenthsOfItsSteps() throws IOException {
        Path run = Files.createDirectory(folder.resolve("old"));
        Files.writeString(
                run.resolve("metrics.jsonl"),
                IntStream.rangeClosed(1, 16)
                        .mapToObj(step -> """
                                {"step":%d,"reward":0.%02d,"best":1,"solved":0,"alarm":%d,"loss":0.1,"tokens":10,"seconds":2}
                                """.formatted(step, step, step == 3 ? 1 : 0))
                        .collect(Collectors.joining()));
        Manifest.Training training = new Manifest.Training(16, 1, 160, 5, 0.1, 32, 0.155, 1);
        Manifest manifest = new Manifest(1, "base", "data", 8, Map.of(), training, Map.of());
        Report.Reinforcement told = LoopTraining.reinforcement(run, manifest);
        assertEquals(0.015, told.firstReward(), 1e-12);
        assertEquals(0.155, told.finalReward(), 1e-12);
        assertEquals(0.155, new MetricsFile(run.resolve("metrics.jsonl"), 16).last("reward"), 1e-12);
        assertEquals(1, told.alarms());
    }
}
