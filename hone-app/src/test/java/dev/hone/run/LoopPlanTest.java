package dev.hone.run;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.hone.model.ModelConfig;
import dev.hone.model.ModelConfig.Architecture;
import dev.hone.model.ModelConfig.Rope;
import dev.hone.model.ModelConfig.Scaling;
import dev.hone.train.Adaptation;
import dev.hone.train.MachineCeiling;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

final class LoopPlanTest {
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

    private static final String USE_CASE = CallUseCase.ASSISTANT_ACTIONS;

    private static final LoopPlan.Tokens SCHEMAS = new LoopPlan.Tokens(928, 111);
    private static final LoopPlan.Tokens EXAMPLES = new LoopPlan.Tokens(422, 53);

    private static final LoopPlan.Work WORK = work(SCHEMAS, EXAMPLES, EXAMPLES);

    private static LoopPlan.Work work(LoopPlan.Tokens... prompted) {
        return new LoopPlan.Work(165, 75_000, 29_000, new LoopPlan.Tokens(80, 42), List.of(prompted), true, true);
    }

    @TempDir
    private Path folder;

    private Loop.Options options(int fold, int minutes) {
        return new Loop.Options("base", 1, fold, Duration.ofMinutes(minutes), LetterUseCase.PRICES, null, null, folder);
    }

    private LoopPlan plan(int minutes, double gigaflops) {
        return plan(minutes, new MachineCeiling(gigaflops, 0, 20));
    }

    private LoopPlan plan(int minutes, MachineCeiling ceiling) {
        return plan(minutes, ceiling, WORK);
    }

    private LoopPlan plan(int minutes, MachineCeiling ceiling, LoopPlan.Work work) {
        return LoopPlan.within(options(0, minutes), USE_CASE, work, CONFIG, new Adaptation.Lora(16, 32, 0), ceiling);
    }

    @Test
    void aFasterMachineOrMoreTimeDoesMore() {
        LoopPlan slow = plan(15, 70);
        LoopPlan fast = plan(15, 240);
        LoopPlan longer = plan(45, 70);
        assertTrue(slow.epochs() < fast.epochs(), slow + " " + fast);
        assertTrue(slow.epochs() < longer.epochs(), slow + " " + longer);
        assertTrue(slow.promptedRows().getLast() < fast.promptedRows().getLast(), slow + " " + fast);
        assertTrue(Collections.max(fast.promptedRows()) <= fast.testRows(), fast.toString());
    }

    @Test
    void aWholeFoldAndNoMoreEpochsThanHelp() {
        LoopPlan plan = plan(24 * 60, 240);
        assertEquals(165, plan.testRows());
        assertEquals(List.of(60, 60, 60), plan.promptedRows());
        assertEquals(LoopPlan.MOST_EPOCHS, plan.epochs());
    }

    @Test
    void reinforcementComesAfterEnoughDemonstrations() {
        LoopPlan quick = plan(5, 240);
        assertEquals(0, quick.reinforcementSteps());
        LoopPlan whole = plan(30, 240);
        assertTrue(whole.reinforcementSteps() >= 8 && whole.epochs() >= 2, whole.toString());
        assertTrue(plan(60, 240).reinforcementSteps() >= whole.reinforcementSteps());
        assertEquals(0, plan(30, 40).reinforcementSteps(), "a slow machine has no time for it");
    }

    /** What the demo promises: a verdict from a whole fold. */
    @Test
    void twentyMinutesOfTwoFastCoresJudgeTheWholeFoldAndSomeOfItSeveralTimes() {
        LoopPlan plan = plan(20, new MachineCeiling(215, 364, 31));
        assertEquals(165, plan.testRows());
        assertTrue(plan.drawnRows() >= 50 && plan.drawnRows() < plan.testRows(), plan.toString());
        assertTrue(plan.reinforcementSteps() >= 8, plan.toString());
    }

    /** What is shown while it goes on. */
    @Test
    void itsStagesFillTheTimeThatItWasMadeFor() {
        LoopPlan plan = plan(20, new MachineCeiling(215, 364, 31));
        Map<LoopStage, Duration> stages = plan.durations();
        assertEquals(
                Set.of(LoopStage.FINE_TUNING, LoopStage.REINFORCING, LoopStage.ASKING_OTHERS, LoopStage.ASKING_TRAINED),
                stages.keySet());
        double seconds =
                stages.values().stream().mapToDouble(Duration::toMillis).sum() / 1e3;
        assertTrue(seconds > 0.8 * 20 * 60 && seconds <= 0.93 * 20 * 60, "but for what is unplanned: " + seconds);
        assertFalse(plan(5, 240).durations().containsKey(LoopStage.REINFORCING));
    }

    /** A demo that was begun before its expectations were kept goes on. */
    @Test
    void aPlanFromBeforeIsRead() throws IOException {
        plan(15, 70).write(folder);
        Path file = folder.resolve(LoopPlan.FILE);
        ObjectNode older = (ObjectNode) JsonMapper.shared().readTree(Files.readString(file));
        older.remove("expected");
        Files.writeString(file, older.toString());
        LoopPlan plan = LoopPlan.read(options(0, 15), USE_CASE).orElseThrow();
        assertEquals(Map.of(), plan.durations());
        assertEquals(plan(15, 70).epochs(), plan.epochs());
    }

    @Test
    void theSlowestMachineStillDoesALittle() {
        LoopPlan plan = plan(1, 1);
        assertTrue(plan.epochs() > 0 && plan.testRows() >= 10, plan.toString());
        assertTrue(Collections.min(plan.promptedRows()) >= 5, plan.toString());
        assertTrue(plan.timedRequests() > 0 && plan.timedPromptedRequests() > 0, plan.toString());
    }

    /** A prompt of twice the tokens is asked on half of the rows; and one more way to ask takes its time from the others. */
    @Test
    void allWaysToPromptGetTheSameTime() {
        MachineCeiling ceiling = new MachineCeiling(215, 364, 31);
        LoopPlan three = plan(20, ceiling);
        assertEquals(three.promptedRows().get(1), three.promptedRows().get(2));
        assertEquals(
                2.2, (double) three.promptedRows().get(1) / three.promptedRows().getFirst(), 0.2, three.toString());
        LoopPlan two = plan(20, ceiling, work(SCHEMAS, EXAMPLES));
        assertEquals(
                1.5, (double) two.promptedRows().get(1) / three.promptedRows().get(1), 0.1);
        LoopPlan many = plan(20, ceiling, work(Collections.nCopies(40, SCHEMAS).toArray(LoopPlan.Tokens[]::new)));
        assertTrue(many.epochs() + many.reinforcementSteps() < three.epochs() + three.reinforcementSteps());
        assertTrue(Collections.min(many.promptedRows()) >= 5, many.toString());
    }

    @Test
    void aWayThatTheModelHasNoRoomForIsNotAskedAndTakesNoTime() {
        MachineCeiling ceiling = new MachineCeiling(215, 364, 31);
        LoopPlan without = plan(20, ceiling, work(LoopPlan.Tokens.NONE, EXAMPLES));
        assertEquals(0, without.promptedRows().getFirst());
        assertEquals(
                plan(20, ceiling, work(EXAMPLES)).promptedRows().getFirst(),
                without.promptedRows().getLast());
    }

    /** Another fold's model has seen the rows that this one is judged on. */
    @Test
    void isKeptForTheSameOptionsAlone() throws IOException {
        assertEquals(Optional.empty(), LoopPlan.read(options(0, 15), USE_CASE));
        LoopPlan plan = plan(15, 70);
        plan.write(folder);
        assertEquals(Optional.of(plan), LoopPlan.read(options(0, 15), USE_CASE));
        String message = assertThrows(IllegalArgumentException.class, () -> LoopPlan.read(options(1, 15), USE_CASE))
                .getMessage();
        assertTrue(message.contains("--fold 0") && message.contains("--out"), message);
        assertThrows(IllegalArgumentException.class, () -> LoopPlan.read(options(0, 5), USE_CASE));
        assertThrows(
                IllegalArgumentException.class, () -> LoopPlan.read(options(0, 15), LabelUseCase.VULNERABILITY_TRIAGE));
    }
}
