package dev.hone.run;

import dev.hone.algorithm.GrpoListener;
import dev.hone.algorithm.SftListener;
import dev.hone.evaluate.Answers;
import dev.hone.evaluate.Judged;
import dev.hone.evaluate.NearestSentence;
import dev.hone.evaluate.Report;
import dev.hone.fetch.FetchListener;
import dev.hone.fetch.FileCache;
import dev.hone.grade.ToolCallGrader;
import dev.hone.record.Conversation;
import dev.hone.record.Grader;
import dev.hone.record.SamplingMode;
import dev.hone.record.Task;
import dev.hone.record.TokenizedChat;
import dev.hone.task.AssistantActions;
import dev.hone.task.CallPrompts;
import dev.hone.task.Folds;
import dev.hone.task.OfferedCalls;
import dev.hone.train.BlockShape;
import dev.hone.train.MachineCeiling;
import dev.hone.train.ProcessMemory;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * The main job from data to a proven model: fetch, split, floors, fine-tune on four folds, judge everyone on the fifth,
 * report.
 */
public final class Demo {
    /** Folders in the demo's: of the model that learned from demonstrations, and of the one that went on from rewards. */
    static final String MODEL = "model";

    private static final String REINFORCED = "reinforced";

    /** The report's file in the demo's folder. */
    public static final String REPORT = "report.json";

    public static final String USE_CASE = "assistant-actions";
    private static final int FOLDS = 5;

    /** The first of the contenders: nearest sentence, and the base model in two ways. */
    private static final int FLOORS = 3;

    private static final int EXAMPLES = 5;

    /** Answers of the last step of reinforcement that the page shows. */
    private static final int TRIED = 3 * DemoTraining.SAMPLES;

    private static final int MAX_TOKENS = 160;
    private static final SamplingMode MODE = SamplingMode.EXACT;

    /** Of the longest prompt with schemas and its answer, about. */
    private static final int POSITIONS = 4096;

    /** Mean tokens of an answer: of the tuned model, and of the base model after schemas and after examples. */
    private static final int TUNED_TOKENS = 46;

    private static final int SCHEMAS_TOKENS = 111;
    private static final int EXAMPLES_TOKENS = 53;

    private final Options options;
    private final Listener listener;
    private final ModelPanel panel;
    private final Grader grader = new ToolCallGrader();
    private final long start = System.nanoTime();
    private double earlierSeconds;

    /**
     * What to run.
     *
     * @param useCase {@link #USE_CASE} or {@link TriageDemo#USE_CASE}
     * @param model base model
     * @param seed of adapters, order and resampling
     * @param fold which fold is judged
     * @param budget time for everything after the downloads
     * @param pricePerCoreHour for the cost of a request, in whatever currency
     * @param out folder of the model and the report
     */
    public record Options(
            String useCase, String model, long seed, int fold, Duration budget, double pricePerCoreHour, Path out) {}

    /** Hears how the demo goes. */
    public interface Listener extends FetchListener, SftListener, GrpoListener {
        void stage(String name);

        void answered(String contender, int done, int total);

        @Override
        default void saved(Path folder, long step) {}
    }

    public Demo(Options options, Listener listener) {
        this.options = options;
        this.listener = listener;
        this.panel = new ModelPanel(MODE, MAX_TOKENS, POSITIONS, listener);
    }

    /**
     * What the demo works on.
     *
     * @param train tasks of four folds
     * @param test tasks of the fifth, those that are judged
     * @param hash of all folds
     * @param plan how much is done
     */
    public record Job(List<Task> train, List<Task> test, String hash, DemoPlan plan) {}

    /** Fetches model and data, and decides how much of the job fits into the time. */
    public Job prepare() throws IOException {
        listener.stage("Fetching model and data");
        Files.createDirectories(options.out());
        Folds folds = Folds.of(AssistantActions.load(FileCache.standard(), listener), FOLDS, AssistantActions.FUNCTION);
        List<Task> train = folds.train(options.fold());
        List<Task> test = folds.test(options.fold());
        DemoPlan plan = plan(train, test);
        return new Job(train, first(test, plan.testRows()), folds.hash(), plan);
    }

    /**
     * The trained models.
     *
     * @param demonstrated from demonstrations
     * @param reinforced from rewards after that; null where the plan has no time for it
     */
    public record Trained(Manifest demonstrated, @Nullable Manifest reinforced) {}

    /**
     * Trains, or goes on where an interrupted training was, or finds that it is finished.
     *
     * @param stop whether to stop at the next step
     * @return nothing when stopped
     */
    public Optional<Trained> train(Job job, BooleanSupplier stop) throws IOException {
        DemoTraining training = new DemoTraining(options, listener, job.train(), job.hash(), job.plan());
        listener.stage("Fine-tuning on %d rows, %s epochs"
                .formatted(job.train().size(), job.plan().epochs()));
        Path demonstrated = options.out().resolve(MODEL);
        Path reinforced = options.out().resolve(REINFORCED);
        earlierSeconds += DemoTraining.secondsOf(demonstrated) + DemoTraining.secondsOf(reinforced);
        Optional<Manifest> first =
                training.fromDemonstrations(CallPrompts::demonstration, PromptForm.BRIEF_TOOLS, demonstrated, stop);
        if (first.isEmpty() || job.plan().reinforcementSteps() == 0) {
            return first.map(manifest -> new Trained(manifest, null));
        }
        listener.stage("Reinforcement: %d steps of %d tasks, %d answers each"
                .formatted(job.plan().reinforcementSteps(), DemoTraining.PROMPTS, DemoTraining.SAMPLES));
        return training.fromRewards(demonstrated, reinforced, stop).map(manifest -> new Trained(first.get(), manifest));
    }

    /** Lets everyone answer the tasks that nobody saw, and writes the report. */
    public DemoOutcome judge(Job job, Trained trained) throws IOException {
        DemoPlan plan = job.plan();
        listener.stage("Judging on %d rows never seen; the prompted base model, which is slow, on the first %d"
                .formatted(job.test().size(), plan.promptedRows()));
        List<Task> prompted = first(job.test(), plan.promptedRows());
        int timed = plan.timedPromptedRequests();
        NearestSentence nearest = nearest(job.train());
        List<Answers> answers = new ArrayList<>();
        answers.add(nearest.answer("nearest sentence", job.test()));
        answers.addAll(panel.ask(
                options.model(),
                new ModelContender("base, schemas in the prompt", prompted, timed, CallPrompts::schemas),
                new ModelContender("base, %d examples".formatted(EXAMPLES), prompted, timed, fewShot(nearest))));
        answers.addAll(askTrained(MODEL, "fine-tuned", job));
        if (trained.reinforced() != null) {
            answers.addAll(askTrained(REINFORCED, "reinforced", job));
        }
        List<Judged> judged =
                answers.stream().map(one -> Judged.of(job.test(), one, grader)).toList();
        Report report = report(job, judged, trained);
        JsonFile.write(options.out().resolve(REPORT), report);
        boolean reinforced = trained.reinforced() != null;
        return new DemoOutcome(
                report,
                judged,
                options.out().resolve(reinforced ? REINFORCED : MODEL),
                figure(MODEL, "loss"),
                reinforced ? figure(REINFORCED, "reward") : new double[0],
                reinforced ? ReinforcementRun.last(options.out().resolve(REINFORCED), TRIED) : List.of());
    }

    /** A trained model, free and under the grammar of the offered tools. */
    private List<Answers> askTrained(String folder, String name, Job job) throws IOException {
        int timed = job.plan().timedRequests();
        return panel.ask(
                options.out().resolve(folder).toString(),
                new ModelContender(name, job.test(), timed, CallPrompts::brief),
                new ModelContender(name + ", constrained", job.test(), timed, CallPrompts::brief, OfferedCalls::of));
    }

    private static NearestSentence nearest(List<Task> train) {
        return new NearestSentence(train, CallPrompts::offers, CallPrompts::uses);
    }

    private static Function<Task, Conversation> fewShot(NearestSentence nearest) {
        return task -> CallPrompts.fewShot(task, nearest.nearest(task, EXAMPLES).reversed());
    }

    /** The plan of an interrupted demo, or a new one for this machine. */
    private DemoPlan plan(List<Task> train, List<Task> test) throws IOException {
        Optional<DemoPlan> begun = DemoPlan.read(options);
        if (begun.isPresent()) {
            return begun.get();
        }
        try (LoadedModel base = LoadedModel.open(options.model(), listener)) {
            listener.stage("Measuring this machine");
            MachineCeiling ceiling = MachineCeiling.inWorker(BlockShape.of(base.config()));
            List<TokenizedChat> demonstrations = train.stream()
                    .map(task -> base.demonstration(CallPrompts.demonstration(task)))
                    .toList();
            DemoPlan.Work work = new DemoPlan.Work(
                    test.size(),
                    demonstrations.stream()
                            .mapToLong(chat -> chat.tokens().length)
                            .sum(),
                    demonstrations.stream()
                            .mapToLong(TokenizedChat::trainedTokens)
                            .sum(),
                    tokens(base, test, CallPrompts::brief, TUNED_TOKENS),
                    tokens(base, test, CallPrompts::schemas, SCHEMAS_TOKENS)
                            .plus(tokens(base, test, fewShot(nearest(train)), EXAMPLES_TOKENS)),
                    true);
            DemoPlan plan = DemoPlan.within(options, work, base.config(), DemoTraining.ADAPTATION, ceiling);
            plan.write(options.out());
            listener.stage(
                    "%.0f GFLOP/s: %s epochs, %d steps of reinforcement and %d requests of the prompted base model fit into %d minutes"
                            .formatted(
                                    plan.gigaflops(),
                                    plan.epochs(),
                                    plan.reinforcementSteps(),
                                    plan.promptedRows(),
                                    options.budget().toMinutes()));
            return plan;
        }
    }

    private static DemoPlan.Tokens tokens(
            LoadedModel model, List<Task> tasks, Function<Task, Conversation> how, int answer) {
        return new DemoPlan.Tokens(
                tasks.stream()
                        .mapToInt(task -> model.prompt(how.apply(task)).length)
                        .average()
                        .orElse(0),
                answer);
    }

    private double[] figure(String folder, String name) throws IOException {
        return MetricsFile.figure(options.out().resolve(folder), name);
    }

    private Report report(Job job, List<Judged> judged, Trained trained) throws IOException {
        int cores = Runtime.getRuntime().availableProcessors();
        List<Report.Contender> contenders = judged.stream()
                .map(one -> Report.contender(one, options.pricePerCoreHour(), cores))
                .toList();
        List<Report.Comparison> comparisons = new ArrayList<>();
        for (int tuned = FLOORS; tuned < judged.size(); tuned++) {
            for (Judged other : judged.subList(0, tuned)) {
                comparisons.add(Report.comparison(judged.get(tuned), other, options.seed()));
            }
        }
        Manifest.Training training = trained.demonstrated().training();
        Manifest reinforced = trained.reinforced();
        long trainerBytes = Math.max(
                training.peakMemoryBytes(),
                reinforced == null ? 0 : reinforced.training().peakMemoryBytes());
        return new Report(
                Report.SCHEMA_VERSION,
                USE_CASE,
                options.model(),
                trained.demonstrated().modelHash(),
                MODE,
                options.seed(),
                job.hash(),
                new Report.Rows(job.train().size(), job.test().size()),
                contenders,
                comparisons,
                Report.slices(judged, AssistantActions.FUNCTION),
                new Report.Training(
                        training.tokens(), training.tokensPerSecond(), training.epochs(), training.finalLoss()),
                reinforced == null ? null : reinforcement(reinforced.training()),
                earlierSeconds + (System.nanoTime() - start) / 1e9,
                ProcessMemory.peakBytes(ProcessHandle.current().pid())
                        + Math.max(panel.peakMemoryBytes(), trainerBytes),
                Versions.current(),
                null,
                Map.of());
    }

    private Report.Reinforcement reinforcement(Manifest.Training training) throws IOException {
        double[] rewards = figure(REINFORCED, "reward");
        int tenth = Math.max(1, rewards.length / 10);
        return new Report.Reinforcement(
                training.steps(),
                DemoTraining.PROMPTS,
                DemoTraining.SAMPLES,
                training.tokens(),
                training.tokensPerSecond(),
                Arrays.stream(rewards, 0, tenth).average().orElseThrow(),
                Arrays.stream(rewards, rewards.length - tenth, rewards.length)
                        .average()
                        .orElseThrow(),
                (int) Arrays.stream(figure(REINFORCED, "alarm")).sum(),
                training.wallSeconds());
    }

    private static List<Task> first(List<Task> tasks, int count) {
        return tasks.subList(0, Math.min(count, tasks.size()));
    }
}
