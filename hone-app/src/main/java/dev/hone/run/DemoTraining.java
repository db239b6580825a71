package dev.hone.run;

import dev.hone.algorithm.Advantages;
import dev.hone.algorithm.GrpoPlan;
import dev.hone.algorithm.Normalisation;
import dev.hone.algorithm.OverLong;
import dev.hone.algorithm.Schedule;
import dev.hone.algorithm.SftPlan;
import dev.hone.grade.CallReward;
import dev.hone.grade.ToolCallGrader;
import dev.hone.record.Conversation;
import dev.hone.record.Loss;
import dev.hone.record.SamplingMode;
import dev.hone.record.Task;
import dev.hone.record.TokenizedChat;
import dev.hone.task.CallPrompts;
import dev.hone.task.ChatFile;
import dev.hone.task.OfferedCalls;
import dev.hone.train.Adaptation;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import java.util.function.Function;

/**
 * The trained models of the {@link Demo}: from demonstrations, then from rewards. Each goes on where an interrupted one was,
 * and is found when it is finished.
 */
final class DemoTraining {
    static final Adaptation ADAPTATION = new Adaptation.Lora(16, 32, 0);

    /** Tasks of a step of reinforcement, and answers to each. */
    static final int PROMPTS = 16;

    static final int SAMPLES = 8;

    private static final double RATE = 1e-3;
    private static final int BATCH_TOKENS = 256;
    private static final int MICRO_BATCH_TOKENS = 1024;
    private static final double REINFORCEMENT_RATE = 4e-4;
    private static final int REINFORCEMENT_TOKENS = 120;
    private static final Duration CHECKPOINTS = Duration.ofSeconds(60);

    private final Demo.Options options;
    private final Demo.Listener listener;
    private final List<Task> tasks;
    private final String hash;
    private final DemoPlan plan;

    /**
     * @param tasks to learn from
     * @param hash of the data
     */
    DemoTraining(Demo.Options options, Demo.Listener listener, List<Task> tasks, String hash, DemoPlan plan) {
        this.options = options;
        this.listener = listener;
        this.tasks = tasks;
        this.hash = hash;
        this.plan = plan;
    }

    /** What is finished in a folder; a model of other data is refused. */
    private Optional<Manifest> finished(Path out) throws IOException {
        Optional<Manifest> finished = Manifest.read(out);
        if (finished.isPresent() && !finished.get().dataHash().equals(hash)) {
            throw new IllegalArgumentException(
                    "[%s] holds a model of other data: remove it, or choose another --out".formatted(out));
        }
        return finished;
    }

    /** Wall time of a stage that an earlier start of the demo finished. */
    static double secondsOf(Path finished) throws IOException {
        return Manifest.read(finished)
                .map(manifest -> manifest.training().wallSeconds())
                .orElse(0.0);
    }

    /**
     * Learns from demonstrations.
     *
     * @param demonstrate the conversation that a task with its reference becomes
     * @param form what that is like
     * @param stop whether to stop at the next step
     * @return nothing when stopped
     */
    Optional<Manifest> fromDemonstrations(
            Function<Task, Conversation> demonstrate, PromptForm form, Path out, BooleanSupplier stop)
            throws IOException {
        Optional<Manifest> finished = finished(out);
        if (finished.isPresent()) {
            return finished;
        }
        SftPlan sft = new SftPlan(plan.epochs(), RATE, Schedule.COSINE, 0.05, BATCH_TOKENS, 0, 1, options.seed());
        TrainOptions training = new TrainOptions(
                options.model(),
                sft,
                ADAPTATION,
                512,
                OverLong.DROP,
                MICRO_BATCH_TOKENS,
                false,
                plan.precision(),
                CHECKPOINTS,
                out,
                new RunFolder(out).isBegun(),
                form);
        List<Conversation> rows = tasks.stream().map(demonstrate).toList();
        try (LoadedModel base = LoadedModel.open(options.model(), listener)) {
            ChatFile.Mapped<TokenizedChat> demonstrations = new ChatFile.Mapped<>(
                    ChatFile.of(rows, hash),
                    rows.stream().map(base::demonstration).toList());
            return new TrainRun(training, demonstrations, base).run(listener, stop);
        }
    }

    /**
     * Goes on from a model that has learned from demonstrations: it answers the same tasks at temperature 1, under the grammar
     * of the offered tools, and what the grader likes better becomes more probable.
     *
     * @param from the folder of that model
     * @return nothing when stopped
     */
    Optional<Manifest> fromRewards(Path from, Path out, BooleanSupplier stop) throws IOException {
        Optional<Manifest> finished = finished(out);
        if (finished.isPresent()) {
            return finished;
        }
        try (LoadedModel policy = LoadedModel.open(from.toString(), listener)) {
            GrpoPlan grpo = new GrpoPlan(
                    plan.reinforcementSteps(),
                    PROMPTS,
                    SAMPLES,
                    REINFORCEMENT_TOKENS,
                    1,
                    policy.endTokens(),
                    SamplingMode.FAST,
                    Advantages.CENTRED,
                    Normalisation.TOKENS,
                    1,
                    new Loss.Ppo(0.2, 0.28, 3),
                    2,
                    REINFORCEMENT_RATE,
                    Schedule.CONSTANT,
                    0.1,
                    1,
                    options.seed());
            ReinforcementOptions reinforcement = new ReinforcementOptions(
                    from.toString(),
                    grpo,
                    ADAPTATION,
                    MICRO_BATCH_TOKENS,
                    plan.precision(),
                    CHECKPOINTS,
                    out,
                    new RunFolder(out).isBegun());
            ReinforcementRun.Job job = new ReinforcementRun.Job(
                    tasks, hash, CallPrompts::brief, OfferedCalls::of, new ToolCallGrader(), CallReward::of);
            return new ReinforcementRun(reinforcement, job, policy).run(listener, stop);
        }
    }
}
