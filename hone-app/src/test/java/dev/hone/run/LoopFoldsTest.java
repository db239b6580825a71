package dev.hone.run;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.hone.algorithm.GrpoListener;
import dev.hone.algorithm.Rollouts;
import dev.hone.algorithm.SftListener;
import dev.hone.charter.Charter;
import dev.hone.evaluate.Verdict;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Two folds of a tiny job. */
@Timeout(600)
final class LoopFoldsTest {
    private final List<String> stages = new ArrayList<>();

    @TempDir
    Path folder;

    /** Writes down what is said of stages. */
    private record Stages(List<String> said) implements Loop.Listener {
        @Override
        public void stage(String name) {
            said.add(name);
        }

        @Override
        public void answered(String contender, int done, int total) {}

        @Override
        public void stepped(SftListener.Step step) {}

        @Override
        public void stepped(GrpoListener.Step step, List<Rollouts> rollouts) {}
    }

    private LoopOutcome run(String model) throws IOException {
        return run(model, LetterUseCase.SILENT);
    }

    private LoopOutcome run(String model, Loop.Listener listener) throws IOException {
        Path out = folder.resolve("folds");
        Charter.Constraints constraints = new Charter.Constraints(null, Duration.ofNanos(1));
        Loop.Options options =
                new Loop.Options(model, 1, 0, Duration.ofMinutes(1), LetterUseCase.PRICES, constraints, null, out);
        return new LoopFolds(options, LetterUseCase.of(40), 2, new Stages(stages))
                .run(() -> false)
                .orElseThrow();
    }

    /** Hears which stages begin, and which of them the plan knew of. */
    private static final class Heard implements Loop.Listener {
        private final List<String> said = new ArrayList<>();
        private Set<LoopStage> expected = Set.of();

        @Override
        public void fold(int fold, int folds) {
            said.add("fold %d of %d".formatted(fold, folds));
            expected = Set.of();
        }

        @Override
        public void begins(LoopStage stage) {
            said.add(stage + (expected.contains(stage) ? ", planned" : ""));
        }

        @Override
        public void expects(Map<LoopStage, Duration> durations) {
            expected = durations.keySet();
        }

        @Override
        public void stage(String name) {}

        @Override
        public void answered(String contender, int done, int total) {}

        @Override
        public void stepped(SftListener.Step step) {}

        @Override
        public void stepped(GrpoListener.Step step, List<Rollouts> rollouts) {}
    }

    /** Its page can be made, and the same command again finds everything as it was, times among it. */
    @Test
    void foldsArePooledAndFoundAgain() throws IOException {
        String model = TinyChatModel.write(folder.resolve("model"), 512).toString();
        Heard heard = new Heard();
        LoopOutcome outcome = run(model, heard);
        String report = Files.readString(folder.resolve("folds").resolve(Loop.REPORT));
        assertEquals(16, outcome.report().rows().test());
        int power = place("With 8 rows you can see none of up to ± 30 points between two contenders");
        assertTrue(power >= 0 && power < place("Fine-tuning"), stages.toString());
        Verdict verdict = outcome.report().verdict();
        assertNotNull(verdict);
        assertEquals(List.of("p95"), verdict.exceeded());
        assertTrue(verdict.sentence().contains(", which exceeds p95 ("), verdict.sentence());
        assertEquals(2, outcome.floors());
        assertEquals(List.of("nearest sentence", "nearest meaning, MiniLM"), names(outcome, outcome.floors()));
        assertEquals(
                List.of("base, as asked", "base, 5 examples"),
                names(outcome, outcome.others()).subList(2, 4));
        assertTrue(outcome.models().size() >= 2, outcome.models().toString());
        assertTrue(outcome.losses().length > 0);
        assertEquals(LetterUseCase.PRICES, outcome.report().prices());
        assertTrue(
                Duration.between(Instant.parse(String.valueOf(outcome.report().created())), Instant.now())
                                .compareTo(Duration.ofMinutes(10))
                        < 0,
                outcome.report().created());
        run(model);
        assertEquals(report, Files.readString(folder.resolve("folds").resolve(Loop.REPORT)));
    }

    private Report.Reinforcement fold(int fold) throws IOException {
        Path file = folder.resolve("folds").resolve("fold-" + fold).resolve(Loop.REPORT);
        return Objects.requireNonNull(
                JsonFile.read(file, Report.class).orElseThrow().reinforcement());
    }

    @Test
    void rowsThatTheModelHasNoRoomForAreSaid() throws IOException {
        String model = TinyChatModel.write(folder.resolve("small")).toString();
        String message =
                assertThrows(IllegalArgumentException.class, () -> run(model)).getMessage();
        assertTrue(message.contains("All of [40] rows") && message.contains(model), message);
    }

    /** Of the first stage that begins so; -1 without. */
    private int place(String beginning) {
        for (int i = 0; i < stages.size(); i++) {
            if (stages.get(i).startsWith(beginning)) {
                return i;
            }
        }
        return -1;
    }

    private static List<String> names(LoopOutcome outcome, int count) {
        return outcome.judged().subList(0, count).stream()
                .map(judged -> judged.contender())
                .toList();
    }
}
