package dev.hone.loop;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What attempts at a step took, whatever became of them. */
@Timeout(120)
final class SpentTimeTest {
    private static final RoundStep STEP = RoundStep.TRAINING;

    @TempDir
    Path path;

    private RoundFolder folder() {
        return new RoundFolder(path);
    }

    /** As {@code kill -9} leaves it: nobody closes it. */
    @Test
    void itIsWrittenDownWhileTheStepGoesOn() throws Exception {
        SpentTime killed = SpentTime.begin(folder(), STEP, Duration.ofMillis(10));
        for (int i = 0; i < 6_000 && folder().spent(STEP) < 0.05; i++) {
            Thread.sleep(10);
        }
        double spent = folder().spent(STEP);
        assertTrue(spent >= 0.05 && spent <= killed.seconds(), spent + " of " + killed.seconds());
        killed.close();
    }

    @Test
    void attemptsAddUp() throws Exception {
        folder().spend(STEP, 100);
        try (SpentTime again = SpentTime.begin(folder(), STEP, Duration.ofHours(1))) {
            assertEquals(100, folder().spent(STEP), "from its beginning on");
            assertTrue(again.seconds() > 100);
            Thread.sleep(20);
        }
        assertTrue(folder().spent(STEP) > 100.01, "the last word is that of its end: " + folder().spent(STEP));
    }

    @Test
    void whatIsNotWholeCountsNothing() throws Exception {
        assertEquals(0, folder().spent(STEP), "nothing was begun");
        folder().spend(STEP, 5);
        assertEquals(5, folder().spent(STEP));
        Files.writeString(path.resolve("training.spent"), "");
        assertEquals(0, folder().spent(STEP), "the machine stopped before it was on the disk");
    }
}
