package dev.hone.run;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.hone.model.ModelConfig;
import dev.hone.model.ModelConfig.Architecture;
import dev.hone.model.ModelConfig.Rope;
import dev.hone.model.ModelConfig.Scaling;
import dev.hone.train.Adaptation;
import dev.hone.train.MachineCeiling;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class DemoPlanTest {
    /** SmolLM2-135M's shape. */
    private static final ModelConfig CONFIG = new ModelConfig(
            Architecture.LLAMA,
            49_152,
            576,
            30,
            9,
            3,
            64,
            1536,
            8192,
            1e-5,
            new Rope(100_000, new Scaling.None()),
            true,
            false,
            false);

    private static final DemoPlan.Work WORK =
            new DemoPlan.Work(165, 75_000, 29_000, new DemoPlan.Tokens(80, 42), new DemoPlan.Tokens(1_350, 122), true);

    @TempDir
    private Path folder;

    private Demo.Options options(int fold, int minutes) {
        return new Demo.Options(Demo.USE_CASE, "base", 1, fold, Duration.ofMinutes(minutes), 0.05, folder);
    }

    private DemoPlan plan(int minutes, double gigaflops) {
        return DemoPlan.within(
                options(0, minutes),
                WORK,
                CONFIG,
                new Adaptation.Lora(16, 32, 0),
                new MachineCeiling(gigaflops, 0, 20));
    }

    @Test
    void aFasterMachineOrMoreTimeDoesMore() {
        DemoPlan slow = plan(15, 70);
        DemoPlan fast = plan(15, 240);
        DemoPlan longer = plan(45, 70);
        assertTrue(slow.epochs() < fast.epochs(), slow + " " + fast);
        assertTrue(slow.epochs() < longer.epochs(), slow + " " + longer);
        assertTrue(slow.promptedRows() < fast.promptedRows(), slow + " " + fast);
        assertTrue(fast.promptedRows() <= fast.testRows(), fast.toString());
    }

    @Test
    void aWholeFoldAndNoMoreEpochsThanHelp() {
        DemoPlan plan = plan(24 * 60, 240);
        assertEquals(165, plan.testRows());
        assertEquals(60, plan.promptedRows());
        assertEquals(DemoPlan.MOST_EPOCHS, plan.epochs());
    }

    @Test
    void reinforcementComesAfterEnoughDemonstrations() {
        DemoPlan quick = plan(5, 240);
        assertEquals(0, quick.reinforcementSteps());
        DemoPlan whole = plan(30, 240);
        assertTrue(whole.reinforcementSteps() >= 8 && whole.epochs() >= 2, whole.toString());
        assertTrue(plan(60, 240).reinforcementSteps() >= whole.reinforcementSteps());
        assertEquals(0, plan(30, 40).reinforcementSteps(), "a slow machine has no time for it");
    }

    @Test
    void theSlowestMachineStillDoesALittle() {
        DemoPlan plan = plan(1, 1);
        assertTrue(plan.epochs() > 0 && plan.testRows() >= 10 && plan.promptedRows() >= 5, plan.toString());
        assertTrue(plan.timedRequests() > 0 && plan.timedPromptedRequests() > 0, plan.toString());
    }

    /** Another fold's model has seen the rows that this one is judged on. */
    @Test
    void isKeptForTheSameOptionsAlone() throws IOException {
        assertEquals(Optional.empty(), DemoPlan.read(options(0, 15)));
        DemoPlan plan = plan(15, 70);
        plan.write(folder);
        assertEquals(Optional.of(plan), DemoPlan.read(options(0, 15)));
        String message = assertThrows(IllegalArgumentException.class, () -> DemoPlan.read(options(1, 15)))
                .getMessage();
        assertTrue(message.contains("--fold 0") && message.contains("--out"), message);
        assertThrows(IllegalArgumentException.class, () -> DemoPlan.read(options(0, 5)));
        Demo.Options triage = new Demo.Options(TriageDemo.USE_CASE, "base", 1, 0, Duration.ofMinutes(15), 0.05, folder);
        assertThrows(IllegalArgumentException.class, () -> DemoPlan.read(triage));
    }
}
