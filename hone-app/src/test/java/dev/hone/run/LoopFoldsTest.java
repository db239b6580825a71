package dev.hone.run;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Two folds of a tiny job. */
@Timeout(600)
final class LoopFoldsTest {
    @TempDir
    Path folder;

    private LoopOutcome run(String model) throws IOException {
        Path out = folder.resolve("folds");
        Loop.Options options = new Loop.Options(model, 1, 0, Duration.ofMinutes(1), 0.05, null, null, out);
        return new LoopFolds(options, LetterUseCase.of(40), 2, LetterUseCase.SILENT)
                .run(() -> false)
                .orElseThrow();
    }

    /** Its page can be made, and the same command again finds everything as it was, times among it. */
    @Test
    void foldsArePooledAndFoundAgain() throws IOException {
        String model = TinyChatModel.write(folder.resolve("model"), 512).toString();
        LoopOutcome outcome = run(model);
        String report = Files.readString(folder.resolve("folds").resolve(Loop.REPORT));
        assertEquals(16, outcome.report().rows().test());
        assertEquals(2, outcome.floors());
        assertEquals(List.of("nearest sentence", "nearest meaning, MiniLM"), names(outcome, outcome.floors()));
        assertTrue(outcome.models().size() >= 2, outcome.models().toString());
        assertTrue(outcome.losses().length > 0);
        run(model);
        assertEquals(report, Files.readString(folder.resolve("folds").resolve(Loop.REPORT)));
    }

    @Test
    void rowsThatTheModelHasNoRoomForAreSaid() throws IOException {
        String model = TinyChatModel.write(folder.resolve("small")).toString();
        String message =
                assertThrows(IllegalArgumentException.class, () -> run(model)).getMessage();
        assertTrue(message.contains("All of [40] rows") && message.contains(model), message);
    }

    private static List<String> names(LoopOutcome outcome, int count) {
        return outcome.judged().subList(0, count).stream()
                .map(judged -> judged.contender())
                .toList();
    }
}
