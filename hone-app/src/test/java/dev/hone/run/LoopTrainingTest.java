package dev.hone.run;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.hone.model.UnknownModelException;
import dev.hone.train.Precision;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
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
}
