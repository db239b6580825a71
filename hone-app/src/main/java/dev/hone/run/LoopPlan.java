package dev.hone.run;

import dev.hone.model.ModelConfig;
import dev.hone.train.Adaptation;
import dev.hone.train.MachineCeiling;
import dev.hone.train.Precision;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * How much of the main job a machine can do in a given time. Made by {@link Loop} from the machine's measured ceiling before
 * it starts, and kept beside the result, so that an interrupted demo goes on with the same.
 *
 * @param useCase what it is about
 * @param model base model
 * @param seed of adapters, order and resampling
 * @param fold which fold is judged
 * @param budgetSeconds time that it was made for
 * @param epochs passes over the training folds
 * @param reinforcementSteps steps of learning from rewards after that; 0 where there is no time for them
 * @param precision of the training's products with frozen weights: the faster here
 * @param testRows of the test fold, from its beginning, that the fine-tuned model is judged on
 * @param drawnRows of these, from the beginning, to which it also draws several answers
 * @param promptedRows of the same, that each way to prompt the base model is judged on, for as long as the other ways: prompts are
 *     long; 0 where the model has no room for them
 * @param timedRequests single requests for the latency of the fine-tuned model
 * @param timedPromptedRequests single requests for the latency of each prompted base model
 * @param gigaflops ceiling that it was made for
 * @param expected how long that takes, about; null in plans from before it was kept
 */
public record LoopPlan(
        String useCase,
        String model,
        long seed,
        int fold,
        long budgetSeconds,
        double epochs,
        int reinforcementSteps,
        Precision precision,
        int testRows,
        int drawnRows,
        List<Integer> promptedRows,
        int timedRequests,
        int timedPromptedRequests,
        double gigaflops,
        @Nullable Expected expected) {
    static final String FILE = "plan.json";

    static final double MOST_EPOCHS = 6;

    private static final double LEAST_EPOCHS = 0.25;
    private static final int LEAST_ROWS = 10;
    private static final int LEAST_PROMPTED_ROWS = 5;

    /** Of each way to prompt the base model. */
    static final int MOST_PROMPTED_ROWS = 60;

    /** Of the time: for judging the tuned model, for drawing several of its answers, for the prompted ones, and unplanned. */
    private static final double TUNED_SHARE = 0.2;

    private static final double DRAWN_SHARE = 0.06;
    private static final double PROMPTED_SHARE = 0.075;
    private static final double SPARE_SHARE = 0.07;

    /** Four starts of a worker, each with the model. */
    private static final double STARTS_SECONDS = 25;

    private static final int STARTS = 4;

    /** What the most probable of several answers takes, against a single one. */
    private static final double BEST_LATENCY = 3;

    /** Before rewards teach anything, a model must often be right by chance (docs/results/demo.md). */
    private static final double WARM_EPOCHS = 2;

    private static final int LEAST_STEPS = 8;
    private static final int MOST_STEPS = 40;

    public LoopPlan {
        promptedRows = List.copyOf(promptedRows);
    }

    /**
     * Mean tokens of a request.
     *
     * @param prompt computed in one go
     * @param completion generated one after the other
     */
    record Tokens(double prompt, double completion) {
        /** Of a way to ask that the model has no room for. */
        static final Tokens NONE = new Tokens(0, 0);
    }

    /**
     * What the job consists of.
     *
     * @param testRows of the test fold
     * @param epochTokens positions of one pass over the training folds
     * @param epochTrained of these, how many are learned from
     * @param tuned tokens of a row of the fine-tuned model
     * @param prompted tokens of a row in each way to prompt the base model
     * @param constrained whether a model that learned from demonstrations answers free, and under a constraint
     * @param rewarded whether the job has a reward to learn from
     */
    record Work(
            int testRows,
            long epochTokens,
            long epochTrained,
            Tokens tuned,
            List<Tokens> prompted,
            boolean constrained,
            boolean rewarded) {
        Work {
            prompted = List.copyOf(prompted);
        }

        /** How often every row is answered by the models that are trained. */
        int ways(boolean reinforced) {
            return 1 + (constrained ? 1 : 0) + (reinforced ? 1 : 0);
        }
    }

    /**
     * Seconds that the stages take, about.
     *
     * @param others judging those that were not trained
     * @param trained judging those that were
     */
    record Expected(double fineTuning, double reinforcement, double others, double trained) {}

    /** How long the stages take, about; empty where that is not known. */
    Map<LoopStage, Duration> durations() {
        if (expected == null) {
            return Map.of();
        }
        Map<LoopStage, Duration> durations = new EnumMap<>(LoopStage.class);
        durations.put(LoopStage.FINE_TUNING, started(expected.fineTuning()));
        if (reinforcementSteps > 0) {
            durations.put(LoopStage.REINFORCING, started(expected.reinforcement()));
        }
        durations.put(LoopStage.ASKING_OTHERS, started(expected.others()));
        durations.put(LoopStage.ASKING_TRAINED, started(expected.trained()));
        return durations;
    }

    /** With a worker's start. */
    private static Duration started(double seconds) {
        return Duration.ofMillis(Math.round(1000 * (seconds + STARTS_SECONDS / STARTS)));
    }

    /** The most that fits: reinforcement only where it comes after enough demonstrations. */
    static LoopPlan within(
            Loop.Options options,
            String useCase,
            Work work,
            ModelConfig config,
            Adaptation adaptation,
            MachineCeiling ceiling) {
        Speed speed = new Speed(config, ceiling);
        double seconds = options.budget().toSeconds();
        double epoch = speed.training(adaptation, work.epochTokens(), work.epochTrained());
        Judging both = Judging.within(seconds, work, speed, work.ways(true));
        double step = speed.reinforcement(adaptation, work.tuned());
        int steps = (int) Math.min(MOST_STEPS, (left(seconds, both) - WARM_EPOCHS * epoch) / step);
        boolean reinforced = work.rewarded() && steps >= LEAST_STEPS;
        Judging judging = reinforced ? both : Judging.within(seconds, work, speed, work.ways(false));
        double rewarding = reinforced ? steps * step : 0;
        double fitting = (left(seconds, judging) - rewarding) / epoch;
        double epochs = Math.floor(Math.clamp(fitting, LEAST_EPOCHS, MOST_EPOCHS) * 20) / 20;
        return new LoopPlan(
                useCase,
                options.model(),
                options.seed(),
                options.fold(),
                options.budget().toSeconds(),
                epochs,
                reinforced ? steps : 0,
                ceiling.fastest(),
                judging.testRows(),
                judging.drawnRows(),
                judging.promptedRows(),
                judging.timed(),
                judging.timedPrompted(),
                ceiling.gigaflops(),
                new Expected(epochs * epoch, rewarding, judging.others(), judging.trained()));
    }

    /** For training, in seconds. */
    private static double left(double seconds, Judging judging) {
        return (1 - SPARE_SHARE) * seconds - STARTS_SECONDS - judging.seconds();
    }

    /** How many rows and single requests are judged, and how long that takes. */
    private record Judging(
            int testRows,
            int drawnRows,
            List<Integer> promptedRows,
            int timed,
            int timedPrompted,
            double others,
            double trained) {
        double seconds() {
            return others + trained;
        }

        /** @param contenders ways of the trained models */
        static Judging within(double seconds, Work work, Speed speed, int contenders) {
            double tunedRow = contenders * speed.batched(work.tuned());
            double drawnRow = speed.bestOf(work.tuned());
            double tunedRequest = (contenders + (work.rewarded() ? BEST_LATENCY : 0)) * speed.single(work.tuned());
            double promptedRequest =
                    work.prompted().stream().mapToDouble(speed::single).sum();
            // A fifth of each share goes to single requests.
            int timed = LoopPlan.within(0.2 * TUNED_SHARE * seconds / tunedRequest, 5, 20);
            int timedPrompted = LoopPlan.within(0.2 * PROMPTED_SHARE * seconds / promptedRequest, 2, 30);
            int testRows = LoopPlan.within(0.8 * TUNED_SHARE * seconds / tunedRow, LEAST_ROWS, work.testRows());
            int drawnRows =
                    work.rewarded() ? LoopPlan.within(DRAWN_SHARE * seconds / drawnRow, LEAST_ROWS, testRows) : 0;
            List<Integer> promptedRows = prompted(0.8 * PROMPTED_SHARE * seconds, work, speed, testRows);
            double promptedSeconds = IntStream.range(0, promptedRows.size())
                    .mapToDouble(i ->
                            promptedRows.get(i) * speed.batched(work.prompted().get(i)))
                    .sum();
            return new Judging(
                    testRows,
                    drawnRows,
                    promptedRows,
                    timed,
                    timedPrompted,
                    promptedSeconds + (1 + timedPrompted) * promptedRequest,
                    testRows * tunedRow + drawnRows * drawnRow + (1 + timed) * tunedRequest);
        }

        /** Rows of each way to prompt the base model, all of which get the same time. */
        private static List<Integer> prompted(double seconds, Work work, Speed speed, int testRows) {
            long ways = work.prompted().stream()
                    .filter(way -> !way.equals(Tokens.NONE))
                    .count();
            int most = Math.min(MOST_PROMPTED_ROWS, testRows);
            return work.prompted().stream()
                    .map(way -> way.equals(Tokens.NONE)
                            ? 0
                            : LoopPlan.within(seconds / ways / speed.batched(way), LEAST_PROMPTED_ROWS, most))
                    .toList();
        }
    }

    private static int within(double count, int least, int most) {
        return (int) Math.clamp(count, Math.min(least, most), most);
    }

    /** How many rows are asked in each way to prompt the base model, in words. */
    String requestsOfPrompted() {
        return promptedRows.stream().map(String::valueOf).collect(Collectors.joining(", "));
    }

    void write(Path folder) throws IOException {
        JsonFile.write(folder.resolve(FILE), this);
    }

    /**
     * The plan of a demo that was begun in a folder; empty when there is none.
     *
     * @throws IllegalArgumentException when it was begun with other options: its model may have seen what would be judged
     */
    static Optional<LoopPlan> read(Loop.Options options, String useCase) throws IOException {
        Optional<LoopPlan> begun = JsonFile.read(options.out().resolve(FILE), LoopPlan.class);
        begun.ifPresent(plan -> plan.requireSame(options, useCase));
        return begun;
    }

    private void requireSame(Loop.Options options, String asking) {
        String asked = identity(
                asking,
                options.model(),
                options.seed(),
                options.fold(),
                options.budget().toSeconds());
        String found = identity(useCase, model, seed, fold, budgetSeconds);
        if (!asked.equals(found)) {
            throw new IllegalArgumentException("[%s] holds a demo with %s, not %s: choose another --out, or remove it"
                    .formatted(options.out(), found, asked));
        }
    }

    private static String identity(String useCase, String model, long seed, int fold, long seconds) {
        return "%s [--model %s --seed %d --fold %d --minutes %s]".formatted(useCase, model, seed, fold, seconds / 60.0);
    }

    /** Expected speed, from the share of its ceiling that the engine was measured to reach (docs/results/engine.md). */
    private record Speed(ModelConfig config, MachineCeiling ceiling) {
        private static final double PROMPT_SHARE = 0.5;
        private static final double BATCHED_SHARE = 0.4;
        private static final double SINGLE_SHARE = 0.4;
        private static final double BEST_SHARE = 0.5;

        /** What learning from a step costs against as many positions of demonstrations: groups that are alike are skipped. */
        private static final double TAUGHT = 0.75;

        double training(Adaptation adaptation, long tokens, long trained) {
            Precision precision = ceiling.fastest();
            double share = switch (precision) {
                case FP32 -> 0.65;
                case BF16 -> 0.46;
            };
            return Benchmark.trainOperations(config, adaptation, tokens, trained)
                    / (share * ceiling.gigaflops(precision) * 1e9);
        }

        /** A step: all answers are drawn, in int8, then those that teach are learned from, with the prompt of each task once. */
        double reinforcement(Adaptation adaptation, Tokens tokens) {
            double drawn = LoopTraining.PROMPTS * LoopTraining.SAMPLES * tokens.completion();
            double positions = drawn + LoopTraining.PROMPTS * tokens.prompt();
            return drawn * operations() / (BEST_SHARE * ceiling.gigaflops() * 1e9)
                    + TAUGHT * training(adaptation, Math.round(positions), Math.round(drawn));
        }

        /** Of a token. */
        private double operations() {
            return 2.0 * (config.linearWeights() + config.headWeights());
        }

        double batched(Tokens tokens) {
            return prompt(tokens) + tokens.completion() * operations() / (BATCHED_SHARE * ceiling.gigaflops() * 1e9);
        }

        /** All answers to a row, of which the most probable counts: so many together that the machine is well used. */
        double bestOf(Tokens tokens) {
            return prompt(tokens)
                    + Loop.DRAWN * tokens.completion() * operations() / (BEST_SHARE * ceiling.gigaflops() * 1e9);
        }

        double single(Tokens tokens) {
            double bytes = (double) Float.BYTES * (config.linearWeights() + config.headWeights());
            return prompt(tokens) + tokens.completion() * bytes / (SINGLE_SHARE * ceiling.gigabytesPerSecond() * 1e9);
        }

        private double prompt(Tokens tokens) {
            return tokens.prompt() * 2.0 * config.linearWeights() / (PROMPT_SHARE * ceiling.gigaflops() * 1e9);
        }
    }
}
