package dev.hone.run;

import dev.hone.algorithm.OverLong;
import dev.hone.algorithm.Schedule;
import dev.hone.algorithm.SftListener;
import dev.hone.algorithm.SftPlan;
import dev.hone.evaluate.Answers;
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
import dev.hone.task.ChatFile;
import dev.hone.task.Folds;
import dev.hone.task.OfferedCalls;
import dev.hone.train.Adaptation;
import dev.hone.train.BlockShape;
import dev.hone.train.MachineCeiling;
import dev.hone.train.ProcessMemory;
import dev.hone.train.WorkerSnapshot;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import java.util.function.Function;

/**
 * The main job from data to a proven model: fetch, split, floors, fine-tune on four folds, judge everyone on the fifth,
 * report.
 */
public final class Demo {
    /** The fine-tuned model's folder in the demo's. */
    public static final String MODEL = "model";

    /** The report's file in the demo's folder. */
    public static final String REPORT = "report.json";

    private static final String USE_CASE = "assistant-actions";
    private static final int FOLDS = 5;
    private static final int EXAMPLES = 5;
    private static final int MAX_TOKENS = 160;
    private static final Adaptation ADAPTATION = new Adaptation.Lora(16, 32, 0);
    private static final double RATE = 1e-3;
    private static final int BATCH_TOKENS = 256;
    private static final SamplingMode MODE = SamplingMode.EXACT;

    /** Of the longest prompt with schemas and its answer, about. */
    private static final int POSITIONS = 4096;

    /** Mean tokens of an answer: of the tuned model, and of the base model after schemas and after examples. */
    private static final int TUNED_TOKENS = 46;

    private static final int SCHEMAS_TOKENS = 111;
    private static final int EXAMPLES_TOKENS = 53;

    private final Options options;
    private final Listener listener;
    private final Grader grader = new ToolCallGrader();
    private final long start = System.nanoTime();
    private double earlierSeconds;
    private long peakMemoryBytes;

    /**
     * What to run.
     *
     * @param model base model
     * @param seed of adapters, order and resampling
     * @param fold which fold is judged
     * @param budget time for everything after the downloads
     * @param pricePerCoreHour for the cost of a request, in whatever currency
     * @param out folder of the model and the report
     */
    public record Options(String model, long seed, int fold, Duration budget, double pricePerCoreHour, Path out) {}

    /** Hears how the demo goes. */
    public interface Listener extends FetchListener, SftListener {
        void stage(String name);

        void answered(String contender, int done, int total);
    }

    public Demo(Options options, Listener listener) {
        this.options = options;
        this.listener = listener;
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
     * Trains, or goes on where an interrupted training was, or finds that it is finished.
     *
     * @param stop whether to stop at the next step
     * @return nothing when stopped
     */
    public Optional<Manifest> train(Job job, BooleanSupplier stop) throws IOException {
        listener.stage("Fine-tuning on %d rows, %s epochs"
                .formatted(job.train().size(), job.plan().epochs()));
        Optional<Manifest> finished = Manifest.read(model());
        if (finished.isPresent()) {
            if (!finished.get().dataHash().equals(job.hash())) {
                throw new IllegalArgumentException(
                        "[%s] holds a model of other data: remove it, or choose another --out".formatted(model()));
            }
            earlierSeconds = finished.get().training().wallSeconds();
            return finished;
        }
        SftPlan plan =
                new SftPlan(job.plan().epochs(), RATE, Schedule.COSINE, 0.05, BATCH_TOKENS, 0, 1, options.seed());
        boolean resume = new RunFolder(model()).isBegun();
        TrainOptions training = new TrainOptions(
                options.model(),
                plan,
                ADAPTATION,
                512,
                OverLong.DROP,
                1024,
                false,
                job.plan().precision(),
                Duration.ofSeconds(60),
                model(),
                resume);
        List<Conversation> rows =
                job.train().stream().map(CallPrompts::demonstration).toList();
        try (LoadedModel base = LoadedModel.open(options.model(), listener)) {
            ChatFile.Mapped<TokenizedChat> demonstrations = new ChatFile.Mapped<>(
                    ChatFile.of(rows, job.hash()),
                    rows.stream().map(base::demonstration).toList());
            return new TrainRun(training, demonstrations, base).run(listener, stop);
        }
    }

    /** Lets everyone answer the tasks that nobody saw, and writes the report. */
    public Report judge(Job job, Manifest trained) throws IOException {
        DemoPlan plan = job.plan();
        listener.stage("Judging on %d rows never seen; the prompted base model, which is slow, on the first %d"
                .formatted(job.test().size(), plan.promptedRows()));
        List<Task> prompted = first(job.test(), plan.promptedRows());
        int timed = plan.timedPromptedRequests();
        NearestSentence nearest = nearest(job.train());
        List<Answers> answers = new ArrayList<>();
        answers.add(nearest.answer("nearest sentence", job.test()));
        answers.addAll(ask(
                options.model(),
                new ModelContender("base, schemas in the prompt", prompted, timed, CallPrompts::schemas),
                new ModelContender("base, %d examples".formatted(EXAMPLES), prompted, timed, fewShot(nearest))));
        answers.addAll(ask(
                model().toString(),
                new ModelContender("fine-tuned", job.test(), plan.timedRequests(), CallPrompts::brief),
                new ModelContender(
                        "fine-tuned, constrained",
                        job.test(),
                        plan.timedRequests(),
                        CallPrompts::brief,
                        OfferedCalls::of)));
        Report report = report(job, answers, trained);
        JsonFile.write(options.out().resolve(REPORT), report);
        return report;
    }

    private static NearestSentence nearest(List<Task> train) {
        return new NearestSentence(train, CallPrompts::offers, CallPrompts::uses);
    }

    private static Function<Task, Conversation> fewShot(NearestSentence nearest) {
        return task -> CallPrompts.fewShot(task, nearest.nearest(task, EXAMPLES).reversed());
    }

    /** Folder of the fine-tuned model. */
    public Path model() {
        return options.out().resolve(MODEL);
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
                            .plus(tokens(base, test, fewShot(nearest(train)), EXAMPLES_TOKENS)));
            DemoPlan plan = DemoPlan.within(options, work, base.config(), ADAPTATION, ceiling);
            plan.write(options.out());
            listener.stage("%.0f GFLOP/s: %s epochs and %d requests of the prompted base model fit into %d minutes"
                    .formatted(
                            plan.gigaflops(),
                            plan.epochs(),
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

    /** Lets contenders that are one model answer, one after the other. */
    private List<Answers> ask(String model, ModelContender... contenders) throws IOException {
        try (LoadedModel loaded = LoadedModel.open(model, listener);
                WorkerSnapshot snapshot = loaded.sampler(MODE, ModelContender.CHUNK, POSITIONS)) {
            List<Answers> answers = new ArrayList<>();
            for (ModelContender contender : contenders) {
                answers.add(contender.answer(
                        loaded,
                        snapshot,
                        MAX_TOKENS,
                        done -> listener.answered(contender.name(), done, contender.requests())));
            }
            peakMemoryBytes = Math.max(peakMemoryBytes, snapshot.peakMemoryBytes());
            return answers;
        }
    }

    private Report report(Job job, List<Answers> answers, Manifest manifest) {
        List<Task> test = job.test();
        int cores = Runtime.getRuntime().availableProcessors();
        List<Report.Contender> contenders = answers.stream()
                .map(one -> Report.contender(
                        first(test, one.answers().size()), one, grader, options.pricePerCoreHour(), cores))
                .toList();
        List<Report.Comparison> comparisons = new ArrayList<>();
        for (int tuned = answers.size() - DemoPlan.TUNED_CONTENDERS; tuned < answers.size(); tuned++) {
            for (Answers other : answers.subList(0, tuned)) {
                comparisons.add(Report.comparison(test, answers.get(tuned), other, grader, options.seed()));
            }
        }
        Manifest.Training training = manifest.training();
        return new Report(
                Report.SCHEMA_VERSION,
                USE_CASE,
                options.model(),
                manifest.modelHash(),
                MODE,
                options.seed(),
                job.hash(),
                new Report.Rows(job.train().size(), test.size()),
                contenders,
                comparisons,
                new Report.Training(
                        training.tokens(), training.tokensPerSecond(), training.epochs(), training.finalLoss()),
                earlierSeconds + (System.nanoTime() - start) / 1e9,
                ProcessMemory.peakBytes(ProcessHandle.current().pid())
                        + Math.max(peakMemoryBytes, training.peakMemoryBytes()),
                Versions.current());
    }

    private static List<Task> first(List<Task> tasks, int count) {
        return tasks.subList(0, Math.min(count, tasks.size()));
    }
}
