package dev.hone.algorithm;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.hone.record.TokenizedChat;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class SftRunTest {
    private static final Map<String, String> SETTINGS = Map.of("lr", "0.001", "data", "abc");

    @TempDir
    Path folder;

    private final List<SftListener.Step> heard = new ArrayList<>();

    private static Sft sft() {
        List<TokenizedChat> examples = new ArrayList<>();
        for (int i = 0; i < 23; i++) {
            examples.add(FakeTrainer.example(3, 2 + i % 5, 100 * i));
        }
        return new Sft(examples, SftTest.plan(3, 30, 7));
    }

    private SftRun run(FakeTrainer trainer, int everySeconds) {
        return new SftRun(
                sft(), trainer, new Checkpoints(folder.resolve("c"), 2), Duration.ofSeconds(everySeconds), SETTINGS);
    }

    private FakeTrainer uninterrupted(Path elsewhere) {
        FakeTrainer trainer = new FakeTrainer(step -> {});
        new SftRun(sft(), trainer, new Checkpoints(elsewhere, 1), Duration.ofHours(1), SETTINGS)
                .run(0, heard::add, () -> false);
        return trainer;
    }

    @Test
    void everyStepIsHeard() {
        uninterrupted(folder.resolve("d"));
        long steps = sft().steps();
        assertEquals(steps, heard.size());
        assertEquals(steps, heard.getLast().step());
        assertEquals(3, heard.getLast().epoch());
        assertEquals(1, heard.getFirst().epoch());
        assertEquals(
                3 * sft().tokensPerEpoch(),
                heard.stream().mapToLong(SftListener.Step::tokens).sum());
        assertTrue(heard.stream().allMatch(step -> step.learningRate() <= 1e-3));
    }

    @Test
    void killedAtAnyStepItGoesOnBitEqual() throws IOException {
        double expected = uninterrupted(folder.resolve("d")).weight();
        for (long dies = 0; dies < sft().steps(); dies++) {
            long at = dies;
            FakeTrainer first = new FakeTrainer(step -> {
                if (step == at) {
                    throw new IllegalStateException("killed");
                }
            });
            assertThrows(IllegalStateException.class, () -> run(first, 0).run(0, heard::add, () -> false));
            FakeTrainer second = new FakeTrainer(step -> {});
            SftRun resumed = run(second, 0);
            long from = resumed.restore();
            assertEquals(dies, from);
            assertEquals(sft().steps(), resumed.run(from, heard::add, () -> false));
            assertEquals(expected, second.weight());
            new Checkpoints(folder.resolve("c"), 1).clear();
        }
    }

    @Test
    void stoppedItLeavesACheckpoint() {
        FakeTrainer first = new FakeTrainer(step -> {});
        long stopped = run(first, 3600).run(0, heard::add, () -> heard.size() == 5);
        assertEquals(5, stopped);
        FakeTrainer second = new FakeTrainer(step -> {});
        assertEquals(5, run(second, 3600).restore());
        assertEquals(first.weight(), second.weight());
    }

    @Test
    void aCheckpointWithoutItsMarkerDoesNotCount() throws IOException {
        run(new FakeTrainer(step -> {}), 0).run(0, heard::add, () -> heard.size() == 5);
        Files.delete(folder.resolve("c/step-0000000005/COMPLETE"));
        assertEquals(4, run(new FakeTrainer(step -> {}), 0).restore());
    }

    @Test
    void theLastFewStayAndLeftoversGo() throws IOException {
        Files.createDirectories(folder.resolve("c/step-0000000003.part/trainer"));
        run(new FakeTrainer(step -> {}), 0).run(0, heard::add, () -> heard.size() == 6);
        try (Stream<Path> left = Files.list(folder.resolve("c"))) {
            assertEquals(
                    List.of("step-0000000005", "step-0000000006"),
                    left.map(path -> path.getFileName().toString()).sorted().toList());
        }
    }

    @Test
    void otherSettingsAreRefused() {
        run(new FakeTrainer(step -> {}), 0).run(0, heard::add, () -> heard.size() == 2);
        SftRun other = new SftRun(
                sft(),
                new FakeTrainer(step -> {}),
                new Checkpoints(folder.resolve("c"), 2),
                Duration.ZERO,
                Map.of("lr", "0.002", "data", "abc"));
        IllegalArgumentException e = assertThrows(IllegalArgumentException.class, other::restore);
        assertTrue(e.getMessage().contains("[lr] was [0.001] and is now [0.002]"), e.getMessage());
    }

    @Test
    void aDamagedStateIsNamed() throws IOException {
        run(new FakeTrainer(step -> {}), 0).run(0, heard::add, () -> heard.size() == 1);
        Files.writeString(folder.resolve("c/step-0000000001/run.json"), "{");
        IllegalArgumentException e = assertThrows(
                IllegalArgumentException.class,
                () -> run(new FakeTrainer(step -> {}), 0).restore());
        assertTrue(e.getMessage().contains("damaged"), e.getMessage());
    }

    @Test
    void nothingToRestoreIsAFreshStart() {
        assertEquals(0, run(new FakeTrainer(step -> {}), 0).restore());
        assertFalse(Files.exists(folder.resolve("c")));
    }
}
