package dev.hone.run;

import dev.hone.algorithm.Advantages;
import dev.hone.algorithm.GrpoPlan;
import dev.hone.algorithm.Normalisation;
import dev.hone.algorithm.OverLong;
import dev.hone.algorithm.Schedule;
import dev.hone.algorithm.SftPlan;
import dev.hone.evaluate.Report;
import dev.hone.record.Conversation;
import dev.hone.record.Grader.Grade;
import dev.hone.record.Loss;
import dev.hone.record.SamplingMode;
import dev.hone.record.Task;
import dev.hone.record.TokenizedChat;
import dev.hone.task.ChatFile;
import dev.hone.task.ChatJson;
import dev.hone.train.Adaptation;
import dev.hone.train.Precision;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import java.util.function.ToDoubleFunction;

/**
 * The trainings of a {@link UseCase}: from demonstrations and from rewards. Each goes on where an interrupted one was, and is
 * found when it is finished.
 */
public final class LoopTraining {
    static final Adaptation ADAPTATION = new Adaptation.Lora(16, 32, 0);

    /** Tasks of a step of reinforcement, and answers to each. */
    static final int PROMPTS = 16;

    static final int SAMPLES = 8;

    /** Of a base model that learns from demonstrations. */
    static final double RATE = 1e-3;

    /** Longest demonstration. */
    static final int MOST_TOKENS = 1024;

    private static final int BATCH_TOKENS = 256;
    private static final int MICRO_BATCH_TOKENS = 1024;

    /** Optimiser steps of a step of reinforcement: two tasks each. */
    private static final int UPDATES = 8;

    private static final double REINFORCEMENT_RATE = 3e-4;
    private static final Duration CHECKPOINTS = Duration.ofSeconds(60);

    private final UseCase useCase;
    private final Loop.Listener listener;
    private final String dataHash;
    private final long seed;
    private final Precision precision;

    /** @param dataHash of all tasks and their folds */
    public LoopTraining(UseCase useCase, Loop.Listener listener, String dataHash, long seed, Precision precision) {
        this.useCase = useCase;
        this.listener = listener;
        this.dataHash = dataHash;
        this.seed = seed;
        this.precision = precision;
    }

    /**
     * What is finished in a folder.
     *
     * @param settings that it must have been made with
     * @throws IllegalArgumentException when it was made of other data, or in another way
     */
    private static Optional<Manifest> finished(Path out, String hash, Map<String, String> settings) throws IOException {
        Optional<Manifest> finished = Manifest.read(out);
        if (finished.isPresent()) {
            Map<String, String> found = finished.get().settings();
            if (!finished.get().dataHash().equals(hash)) {
                throw new IllegalArgumentException(
                        "[%s] holds a model of other data, another prompt or another definition of good: remove it, or choose another --out"
                                .formatted(out));
            }
            for (Map.Entry<String, String> setting : settings.entrySet()) {
                if (!setting.getValue().equals(found.get(setting.getKey()))) {
                    throw new IllegalArgumentException(
                            "[%s] holds a model whose [%s] is [%s], not [%s]: remove it, or choose another --out"
                                    .formatted(out, setting.getKey(), found.get(setting.getKey()), setting.getValue()));
                }
            }
        }
        return finished;
    }

    /** Wall time of a stage that an earlier start finished. */
    static double secondsOf(Path finished) throws IOException {
        return Manifest.read(finished)
                .map(manifest -> manifest.training().wallSeconds())
                .orElse(0.0);
    }

    /**
     * Learns from demonstrations.
     *
     * @param model to begin with
     * @param rate of learning at its highest
     * @param stop whether to stop at the next step
     * @return nothing when stopped
     */
    public Optional<Manifest> fromDemonstrations(
            String model, List<Task> tasks, double epochs, double rate, Path out, BooleanSupplier stop)
            throws IOException {
        TrainOptions training = new TrainOptions(
                model,
                new SftPlan(epochs, rate, Schedule.COSINE, 0.05, BATCH_TOKENS, 0, 1, seed),
                ADAPTATION,
                MOST_TOKENS,
                OverLong.DROP,
                MICRO_BATCH_TOKENS,
                false,
                precision,
                CHECKPOINTS,
                out,
                new RunFolder(out).isBegun(),
                useCase.taught());
        List<Conversation> rows = tasks.stream().map(useCase::demonstrate).toList();
        Identity identity = new Identity().add(dataHash);
        rows.forEach(row -> identity.add(ChatJson.of(row).toString()));
        String hash = identity.hex();
        Optional<Manifest> finished = finished(out, hash, training.settings());
        if (finished.isPresent()) {
            return finished;
        }
        try (LoadedModel base = LoadedModel.open(model, listener)) {
            ChatFile.Mapped<TokenizedChat> demonstrations = new ChatFile.Mapped<>(
                    ChatFile.of(rows, hash),
                    rows.stream().map(base::demonstration).toList());
            return new TrainRun(training, demonstrations, base).run(listener, stop);
        }
    }

    /**
     * Goes on from a model that has learned from demonstrations: it answers tasks at temperature 1, under the use case's
     * constraint, and what the grader likes better becomes more probable.
     *
     * @param from the folder of that model
     * @return nothing when stopped
     */
    Optional<Manifest> fromRewards(Path from, List<Task> tasks, long steps, Path out, BooleanSupplier stop)
            throws IOException {
        ToDoubleFunction<Grade> reward = useCase.reward();
        if (reward == null) {
            throw new IllegalStateException(
                    "[%s] has no reward to learn from".formatted(useCase.data().name()));
        }
        String hash = rewardHash(tasks);
        // Which tokens end an answer is the model's, and no setting: what is finished is found without opening it.
        Optional<Manifest> finished =
                finished(out, hash, rewarding(from, steps, List.of(), out).settings());
        if (finished.isPresent()) {
            return finished;
        }
        try (LoadedModel policy = LoadedModel.open(from.toString(), listener)) {
            ReinforcementRun.Job job =
                    new ReinforcementRun.Job(tasks, hash, useCase::ask, useCase::constrain, useCase.grader(), reward);
            return new ReinforcementRun(rewarding(from, steps, policy.endTokens(), out), job, policy)
                    .run(listener, stop);
        }
    }

    /** @param endTokens of the model */
    private ReinforcementOptions rewarding(Path from, long steps, List<Integer> endTokens, Path out) {
        GrpoPlan plan = new GrpoPlan(
                steps,
                PROMPTS,
                SAMPLES,
                useCase.maxTokens(),
                1,
                endTokens,
                SamplingMode.FAST,
                Advantages.CENTRED,
                Normalisation.TOKENS,
                UPDATES,
                1,
                new Loss.Ppo(0.2, 0.28, 3),
                2,
                0,
                REINFORCEMENT_RATE,
                Schedule.CONSTANT,
                0.1,
                1,
                seed);
        return new ReinforcementOptions(
                from.toString(),
                plan,
                ADAPTATION,
                MICRO_BATCH_TOKENS,
                precision,
                CHECKPOINTS,
                out,
                new RunFolder(out).isBegun());
    }

    /** Of what is asked, what may be answered, and how that is judged. */
    private String rewardHash(List<Task> tasks) {
        Identity identity = new Identity().add(dataHash).addValue(useCase.good());
        for (Task task : tasks) {
            identity.add(ChatJson.of(useCase.ask(task)).toString())
                    .add(useCase.constrain(task).toString())
                    .add(task.reference())
                    .addValue(task.metadata());
        }
        return identity.hex();
    }

    /** What came of a finished training from rewards. */
    static Report.Reinforcement reinforcement(Path run, Manifest manifest) throws IOException {
        double[] rewards = MetricsFile.figure(run, "reward");
        int tenth = MetricsFile.tenth(rewards.length);
        Manifest.Training training = manifest.training();
        return new Report.Reinforcement(
                training.steps(),
                PROMPTS,
                SAMPLES,
                training.tokens(),
                training.tokensPerSecond(),
                Arrays.stream(rewards, 0, tenth).average().orElseThrow(),
                Arrays.stream(rewards, rewards.length - tenth, rewards.length)
                        .average()
                        .orElseThrow(),
                (int) Arrays.stream(MetricsFile.figure(run, "alarm")).sum(),
                training.wallSeconds());
    }
}
