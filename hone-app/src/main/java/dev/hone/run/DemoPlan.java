package dev.hone.run;

import dev.hone.model.ModelConfig;
import dev.hone.train.Adaptation;
import dev.hone.train.MachineCeiling;
import dev.hone.train.Precision;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;

/**
 * How much of the main job a machine can do in a given time. Made by {@link Demo} from the machine's measured ceiling before
 * it starts, and kept beside the result, so that an interrupted demo goes on with the same.
 *
 * @param model base model
 * @param seed of adapters, order and resampling
 * @param fold which fold is judged
 * @param budgetSeconds time that it was made for
 * @param epochs passes over the training folds
 * @param precision of the training's products with frozen weights: the faster here
 * @param testRows of the test fold, from its beginning, that the fine-tuned model is judged on
 * @param promptedRows of these, from the beginning, that the prompted base model is judged on: its prompts are long
 * @param timedRequests single requests for the latency of the fine-tuned model
 * @param timedPromptedRequests single requests for the latency of each prompted base model
 * @param gigaflops ceiling that it was made for
 */
public record DemoPlan(
        String model,
        long seed,
        int fold,
        long budgetSeconds,
        double epochs,
        Precision precision,
        int testRows,
        int promptedRows,
        int timedRequests,
        int timedPromptedRequests,
        double gigaflops) {
    static final String FILE = "plan.json";

    static final double MOST_EPOCHS = 6;

    private static final double LEAST_EPOCHS = 0.25;
    private static final int LEAST_ROWS = 10;
    private static final int LEAST_PROMPTED_ROWS = 5;
    private static final int MOST_PROMPTED_ROWS = 60;

    /** Of the time: for judging the tuned model, for the prompted ones, and unplanned. */
    private static final double TUNED_SHARE = 0.2;

    private static final double PROMPTED_SHARE = 0.075;
    private static final double SPARE_SHARE = 0.07;

    /** Four starts of a worker, each with the model. */
    private static final double STARTS_SECONDS = 25;

    /** The last of the contenders: the fine-tuned model, free and constrained. */
    static final int TUNED_CONTENDERS = 2;

    /**
     * Mean tokens of a request, or of all requests of one row.
     *
     * @param prompt computed in one go
     * @param completion generated one after the other
     */
    record Tokens(double prompt, double completion) {
        Tokens plus(Tokens other) {
            return new Tokens(prompt + other.prompt, completion + other.completion);
        }
    }

    /**
     * What the job consists of.
     *
     * @param testRows of the test fold
     * @param epochTokens positions of one pass over the training folds
     * @param epochTrained of these, how many are learned from
     * @param tuned tokens of a row of the fine-tuned model
     * @param prompted tokens of a row of all prompted models together
     */
    record Work(int testRows, long epochTokens, long epochTrained, Tokens tuned, Tokens prompted) {}

    /** The most that fits. */
    static DemoPlan within(
            Demo.Options options, Work work, ModelConfig config, Adaptation adaptation, MachineCeiling ceiling) {
        Speed speed = new Speed(config, ceiling);
        double seconds = options.budget().toSeconds();
        double tunedRow = TUNED_CONTENDERS * speed.batched(work.tuned());
        double tunedRequest = TUNED_CONTENDERS * speed.single(work.tuned());
        double promptedRow = speed.batched(work.prompted());
        // A fifth of each share goes to single requests.
        int timed = within(0.2 * TUNED_SHARE * seconds / tunedRequest, 5, 20);
        int timedPrompted = within(0.2 * PROMPTED_SHARE * seconds / speed.single(work.prompted()), 2, 30);
        int testRows = within(0.8 * TUNED_SHARE * seconds / tunedRow, LEAST_ROWS, work.testRows());
        int promptedRows = within(
                0.8 * PROMPTED_SHARE * seconds / promptedRow,
                LEAST_PROMPTED_ROWS,
                Math.min(MOST_PROMPTED_ROWS, testRows));
        double judging = testRows * tunedRow
                + (1 + timed) * tunedRequest
                + promptedRows * promptedRow
                + (1 + timedPrompted) * speed.single(work.prompted());
        double epoch = speed.training(adaptation, work.epochTokens(), work.epochTrained());
        double epochs =
                Math.clamp(((1 - SPARE_SHARE) * seconds - STARTS_SECONDS - judging) / epoch, LEAST_EPOCHS, MOST_EPOCHS);
        return new DemoPlan(
                options.model(),
                options.seed(),
                options.fold(),
                options.budget().toSeconds(),
                Math.floor(epochs * 20) / 20,
                ceiling.fastest(),
                testRows,
                promptedRows,
                timed,
                timedPrompted,
                ceiling.gigaflops());
    }

    private static int within(double count, int least, int most) {
        return (int) Math.clamp(count, Math.min(least, most), most);
    }

    void write(Path folder) throws IOException {
        JsonFile.write(folder.resolve(FILE), this);
    }

    /**
     * The plan of a demo that was begun in a folder; empty when there is none.
     *
     * @throws IllegalArgumentException when it was begun with other options: its model may have seen what would be judged
     */
    static Optional<DemoPlan> read(Demo.Options options) throws IOException {
        Optional<DemoPlan> begun = JsonFile.read(options.out().resolve(FILE), DemoPlan.class);
        begun.ifPresent(plan -> plan.requireSame(options));
        return begun;
    }

    private void requireSame(Demo.Options options) {
        String asked = identity(
                options.model(),
                options.seed(),
                options.fold(),
                options.budget().toSeconds());
        String found = identity(model, seed, fold, budgetSeconds);
        if (!asked.equals(found)) {
            throw new IllegalArgumentException("[%s] holds a demo with %s, not %s: choose another --out, or remove it"
                    .formatted(options.out(), found, asked));
        }
    }

    private static String identity(String model, long seed, int fold, long seconds) {
        return "[--model %s --seed %d --fold %d --minutes %s]".formatted(model, seed, fold, seconds / 60.0);
    }

    /** Expected speed, from the share of its ceiling that the engine was measured to reach (docs/results/engine.md). */
    private record Speed(ModelConfig config, MachineCeiling ceiling) {
        private static final double PROMPT_SHARE = 0.5;
        private static final double BATCHED_SHARE = 0.25;
        private static final double SINGLE_SHARE = 0.4;

        double training(Adaptation adaptation, long tokens, long trained) {
            Precision precision = ceiling.fastest();
            double share = switch (precision) {
                case FP32 -> 0.65;
                case BF16 -> 0.38;
            };
            return Benchmark.trainOperations(config, adaptation, tokens, trained)
                    / (share * ceiling.gigaflops(precision) * 1e9);
        }

        double batched(Tokens tokens) {
            double operations = 2.0 * (config.linearWeights() + config.headWeights());
            return prompt(tokens) + tokens.completion() * operations / (BATCHED_SHARE * ceiling.gigaflops() * 1e9);
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
