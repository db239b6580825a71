package dev.hone.run;

import dev.hone.algorithm.Grpo;
import dev.hone.algorithm.GrpoListener;
import dev.hone.algorithm.GrpoPlan;
import dev.hone.algorithm.GrpoRun;
import dev.hone.algorithm.Judgment;
import dev.hone.algorithm.Prompt;
import dev.hone.algorithm.Rollouts;
import dev.hone.record.Constraint;
import dev.hone.record.Conversation;
import dev.hone.record.Grader;
import dev.hone.record.Grader.Grade;
import dev.hone.record.Sample;
import dev.hone.record.Task;
import dev.hone.train.MemoryEstimate;
import dev.hone.train.WorkerClient;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.BooleanSupplier;
import java.util.function.Function;
import java.util.function.ToDoubleFunction;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * One job of reinforcement learning ({@link Grpo}): tasks, a grader and a model in; a folder out as {@link RunFolder} says,
 * with every sample in {@code samples.jsonl}. The model samples answers, the grader judges them, and what is better than the
 * other answers to the same task becomes more probable.
 */
public final class ReinforcementRun {
    static final String SAMPLES = "samples.jsonl";

    private final ReinforcementOptions options;
    private final Job job;
    private final LoadedModel model;
    private final List<Prompt> prompts;

    /**
     * What is learned.
     *
     * @param tasks what is asked
     * @param hash of them
     * @param ask the conversation that a task becomes
     * @param constrain what an answer may be
     * @param grader judges answers
     * @param reward what a judgment is worth
     * @param settings what decides the result beside the options and the tasks, by name
     * @param taught how the result says that it is to be asked; null for as the model that it began with
     */
    public record Job(
            List<Task> tasks,
            String hash,
            Function<Task, Conversation> ask,
            Function<Task, Constraint> constrain,
            Grader grader,
            ToDoubleFunction<Grade> reward,
            Map<String, String> settings,
            @Nullable Taught taught) {
        public Job {
            tasks = List.copyOf(tasks);
            settings = Map.copyOf(settings);
        }

        /** Of a model that is asked as it was taught before, by tasks that decide everything. */
        public Job(
                List<Task> tasks,
                String hash,
                Function<Task, Conversation> ask,
                Function<Task, Constraint> constrain,
                Grader grader,
                ToDoubleFunction<Grade> reward) {
            this(tasks, hash, ask, constrain, grader, reward, Map.of(), null);
        }
    }

    /** An answer that was tried, with what the grader said. */
    public record Tried(String task, String output, double reward, String reason) {}

    /** @throws IllegalArgumentException when the model's chat template refuses a task */
    public ReinforcementRun(ReinforcementOptions options, Job job, LoadedModel model) {
        this.options = options;
        this.job = job;
        this.model = model;
        prompts = job.tasks().stream()
                .map(task -> new Prompt(
                        model.prompt(job.ask().apply(task)), job.constrain().apply(task)))
                .toList();
    }

    /**
     * Trains, or goes on training.
     *
     * @param stop asked between steps; once true, a checkpoint is left
     * @return empty when it was stopped before the end
     * @throws IllegalArgumentException when the folder holds another run, or the model will not fit into memory
     * @throws IOException when the folder cannot be written
     */
    public Optional<Manifest> run(GrpoListener listener, BooleanSupplier stop) throws IOException {
        long start = System.nanoTime();
        requireMemory();
        RunFolder out = new RunFolder(options.out());
        out.open(options.resume(), model.config(), options.adaptation());
        Map<String, String> settings = settings();
        boolean nearReference = options.plan().klWeight() > 0;
        try (WorkerClient trainer = WorkerClient.open(options.spec(model.weights()));
                WorkerClient reference = nearReference ? WorkerClient.open(options.spec(model.weights())) : null) {
            GrpoRun run = new GrpoRun(
                    prompts,
                    this::judge,
                    trainer,
                    options.plan(),
                    out.checkpoints(),
                    options.checkpointEvery(),
                    settings,
                    reference == null ? null : data -> reference.forward(data).logprobs());
            long from = options.resume() ? run.restore() : 0;
            MetricsFile metrics = new MetricsFile(out.metrics(), from);
            StepLines samples =
                    StepLines.open(options.out().resolve(SAMPLES), from).lines();
            GrpoListener log = new ReinforcementLog(
                    metrics, samples, this::task, model::text, () -> peakMemory(trainer, reference), listener);
            long steps = run.run(from, log, stop);
            if (steps < options.plan().steps()) {
                return Optional.empty();
            }
            out.export(trainer, model);
            Taught taught = job.taught();
            if (taught != null) {
                taught.write(options.out());
            }
            Manifest manifest = new Manifest(
                    Manifest.SCHEMA,
                    options.model(),
                    job.hash(),
                    job.tasks().size(),
                    settings,
                    new Manifest.Training(
                            steps,
                            (double) steps * Math.min(options.plan().prompts(), prompts.size()) / prompts.size(),
                            metrics.tokens(),
                            metrics.tokensPerSecond(),
                            metrics.last("loss"),
                            (System.nanoTime() - start) / 1e9,
                            metrics.last("reward"),
                            peakMemory(trainer, reference)),
                    Versions.current());
            out.finish(manifest);
            return Optional.of(manifest);
        }
    }

    /**
     * Tasks that a finished run answered rightly, each with the right answer that it gave most often as its reference: what it
     * found out about rows that nobody demonstrated.
     *
     * @param tasks of the run
     * @param grader says what is right
     */
    static List<Task> solved(Path folder, List<Task> tasks, Grader grader) throws IOException {
        Map<String, Map<String, Integer>> outputs = new LinkedHashMap<>();
        for (JsonNode line : StepLines.read(folder.resolve(SAMPLES))) {
            outputs.computeIfAbsent(line.path("task").asString(""), task -> new LinkedHashMap<>())
                    .merge(line.path("output").asString(""), 1, Integer::sum);
        }
        List<Task> solved = new ArrayList<>();
        for (Task task : tasks) {
            outputs.getOrDefault(task.id(), Map.of()).entrySet().stream()
                    .filter(output -> grader.grade(task, output.getKey()).score() == 1)
                    .max(Map.Entry.comparingByValue())
                    .ifPresent(output -> solved.add(task.withReference(output.getKey())));
        }
        return solved;
    }

    /** The first answers of the last step of a finished run. */
    static List<Tried> last(Path folder, int most) throws IOException {
        List<JsonNode> lines = StepLines.read(folder.resolve(SAMPLES));
        long step = lines.isEmpty() ? 0 : lines.getLast().path("step").asLong();
        return lines.stream()
                .filter(line -> line.path("step").asLong() == step)
                .limit(most)
                .map(line -> new Tried(
                        line.path("task").asString(""),
                        line.path("output").asString(""),
                        line.path("reward").asDouble(),
                        line.path("reason").asString("")))
                .toList();
    }

    private Judgment judge(int prompt, Sample sample) {
        Grade grade = job.grader().grade(job.tasks().get(prompt), model.text(sample));
        return new Judgment(job.reward().applyAsDouble(grade), grade);
    }

    private Task task(Rollouts group) {
        return job.tasks().get(prompts.indexOf(group.prompt()));
    }

    private static long peakMemory(WorkerClient trainer, @Nullable WorkerClient reference) {
        return trainer.peakMemoryBytes() + (reference == null ? 0 : reference.peakMemoryBytes());
    }

    private Map<String, String> settings() {
        Map<String, String> settings = new TreeMap<>(options.settings());
        settings.put(Manifest.MODEL_HASH, model.hash());
        settings.put("data-sha256", job.hash());
        settings.put("tasks", Integer.toString(job.tasks().size()));
        settings.putAll(job.settings());
        Taught taught = job.taught();
        if (taught != null) {
            settings.putAll(taught.settings());
        }
        return settings;
    }

    /** What this job will be. */
    public ReinforcementForecast forecast() {
        int longest = prompts.stream()
                .mapToInt(prompt -> prompt.tokens().length)
                .max()
                .orElse(0);
        long average = Math.round(prompts.stream()
                .mapToInt(prompt -> prompt.tokens().length)
                .average()
                .orElse(0));
        return new ReinforcementForecast(
                settings(),
                job.tasks().size(),
                average,
                longest,
                options.plan().steps(),
                (long) Math.min(options.plan().prompts(), prompts.size())
                        * options.plan().samples(),
                MemoryEstimate.trained(model.config(), options.adaptation()),
                neededMemory(longest + options.plan().maxTokens()),
                Machine.availableMemoryBytes());
    }

    /** The trainer and, beside it, a sampler of its weights; and a reference, if there is one. */
    private long neededMemory(int longest) {
        GrpoPlan plan = options.plan();
        long rows = (long) plan.prompts() * plan.samples();
        long training = MemoryEstimate.training(model.config(), options.spec(model.weights()), longest, rows * longest);
        return (plan.klWeight() > 0 ? 2 : 1) * training
                + model.samplingBytes(plan.mode(), (int) Math.min(rows, Integer.MAX_VALUE), longest);
    }

    private void requireMemory() {
        ReinforcementForecast forecast = forecast();
        if (forecast.memoryBytes() > forecast.availableBytes()) {
            throw new IllegalArgumentException(
                    "Reinforcement learning needs about [%d MiB] of memory and [%d MiB] are available: take fewer samples or a smaller model"
                            .formatted(forecast.memoryBytes() >> 20, forecast.availableBytes() >> 20));
        }
    }
}
