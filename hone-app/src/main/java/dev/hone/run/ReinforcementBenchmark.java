package dev.hone.run;

import dev.hone.algorithm.Advantages;
import dev.hone.algorithm.Checkpoints;
import dev.hone.algorithm.GrpoListener;
import dev.hone.algorithm.GrpoPlan;
import dev.hone.algorithm.GrpoRun;
import dev.hone.algorithm.Judgment;
import dev.hone.algorithm.Normalisation;
import dev.hone.algorithm.Prompt;
import dev.hone.algorithm.Rollouts;
import dev.hone.algorithm.Schedule;
import dev.hone.file.Durable;
import dev.hone.file.TemporaryFolders;
import dev.hone.record.Constraint;
import dev.hone.record.Loss;
import dev.hone.record.SamplingMode;
import dev.hone.train.TrainerSpec;
import dev.hone.train.WorkerClient;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.function.IntConsumer;
import java.util.function.ToDoubleFunction;

/**
 * Speed of a step of reinforcement on this machine: random prompts of one length, answers of one length, random rewards, so
 * that every group teaches.
 *
 * @param schemaVersion of this record
 * @param samplesPerSecond answers of a step over its time, the median of the rounds
 * @param samplingSeconds of that step
 * @param trainingSeconds of that step
 * @param peakMemoryBytes of the worker process
 * @param rounds that were measured, after one to warm up
 * @param versions what computed it
 */
public record ReinforcementBenchmark(
        int schemaVersion,
        double samplesPerSecond,
        double samplingSeconds,
        double trainingSeconds,
        long peakMemoryBytes,
        int rounds,
        Map<String, String> versions) {
    private static final double RATE = 1e-4;

    /**
     * What a step does.
     *
     * @param prompts of a step
     * @param samples of a prompt
     * @param promptTokens of each prompt
     * @param tokens of each answer
     */
    public record Size(int prompts, int samples, int promptTokens, int tokens) {
        public Size {
            for (int count : new int[] {prompts, promptTokens, tokens}) {
                if (count < 1) {
                    throw new IllegalArgumentException(
                            "--prompts, --prompt-tokens and --tokens must be at least 1, not [%d]".formatted(count));
                }
            }
        }
    }

    /** Times steps. */
    public static ReinforcementBenchmark run(
            LoadedModel model, TrainerSpec spec, SamplingMode mode, Size size, int rounds, IntConsumer progress)
            throws IOException {
        if (rounds < 1) {
            throw new IllegalArgumentException("--rounds must be at least 1, not [%d]".formatted(rounds));
        }
        GrpoPlan plan = new GrpoPlan(
                rounds + 1,
                size.prompts(),
                size.samples(),
                size.tokens(),
                1,
                List.of(),
                mode,
                Advantages.CENTRED,
                Normalisation.TOKENS,
                1,
                1,
                new Loss.Ppo(0.2, 0.28, 3),
                2,
                0,
                RATE,
                Schedule.CONSTANT,
                0,
                1,
                1);
        Random random = new Random(1);
        List<Prompt> prompts = new ArrayList<>();
        for (int i = 0; i < size.prompts() * (rounds + 1); i++) {
            prompts.add(new Prompt(
                    random.ints(size.promptTokens(), 0, model.config().vocabulary())
                            .toArray(),
                    new Constraint.None()));
        }
        List<GrpoListener.Step> steps = new ArrayList<>();
        Path folder = TemporaryFolders.make("bench");
        try (WorkerClient trainer = WorkerClient.open(spec)) {
            new GrpoRun(
                            prompts,
                            (prompt, sample) -> Judgment.of(random.nextBoolean() ? 1 : 0),
                            trainer,
                            plan,
                            new Checkpoints(folder, 1),
                            Duration.ofDays(1),
                            Map.of())
                    .run(
                            0,
                            new GrpoListener() {
                                @Override
                                public void stepped(Step step, List<Rollouts> rollouts) {
                                    steps.add(step);
                                    progress.accept(Math.max(0, steps.size() - 1));
                                }

                                @Override
                                public void saved(Path checkpoint, long step) {}
                            },
                            () -> false);
            return of(steps.subList(1, steps.size()), size, trainer.peakMemoryBytes());
        } finally {
            Durable.delete(folder);
        }
    }

    private static ReinforcementBenchmark of(List<GrpoListener.Step> steps, Size size, long memory) {
        double seconds = median(steps, ReinforcementBenchmark::seconds);
        return new ReinforcementBenchmark(
                1,
                size.prompts() * size.samples() / seconds,
                median(steps, step -> step.sampling().toNanos() / 1e9),
                median(steps, step -> step.training().toNanos() / 1e9),
                memory,
                steps.size(),
                Versions.current());
    }

    private static double seconds(GrpoListener.Step step) {
        return step.sampling().plus(step.training()).toNanos() / 1e9;
    }

    private static double median(List<GrpoListener.Step> steps, ToDoubleFunction<GrpoListener.Step> figure) {
        return Benchmark.median(steps.stream().mapToDouble(figure).toArray());
    }
}
