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
import dev.hone.task.AssistantActions;
import dev.hone.task.CallPrompts;
import dev.hone.task.ChatFile;
import dev.hone.task.Folds;
import dev.hone.train.Adaptation;
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

    private final Options options;
    private final Listener listener;
    private final Grader grader = new ToolCallGrader();
    private long peakMemoryBytes;

    /**
     * What to run.
     *
     * @param model base model
     * @param seed of adapters, order and resampling
     * @param fold which fold is judged
     * @param effort how much is trained and judged
     * @param pricePerCoreHour for the cost of a request, in whatever currency
     * @param out folder of the model and the report
     */
    public record Options(String model, long seed, int fold, Effort effort, double pricePerCoreHour, Path out) {}

    /**
     * How much is trained and judged.
     *
     * @param epochs passes over the training folds
     * @param testRows most rows of the test fold that the fine-tuned model is judged on
     * @param promptedRows most rows that the prompted base model is judged on: its prompts are long
     * @param timedRequests single requests for the latency
     */
    public record Effort(int epochs, int testRows, int promptedRows, int timedRequests) {
        /** Minutes in the low tens. */
        public static final Effort FULL = new Effort(6, Integer.MAX_VALUE, 60, 30);

        /** A few minutes: too little training for the best quality, and wide intervals. */
        public static final Effort QUICK = new Effort(2, 60, 12, 10);
    }

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
     * Runs all stages; a run that was interrupted goes on where it was.
     *
     * @param stop whether to stop at the next training step
     * @return the report, or nothing when stopped
     */
    public Optional<Report> run(BooleanSupplier stop) throws IOException {
        long start = System.nanoTime();
        listener.stage("Fetching model and data");
        Files.createDirectories(options.out());
        Folds folds = Folds.of(AssistantActions.load(FileCache.standard(), listener), FOLDS, AssistantActions.FUNCTION);
        List<Task> train = folds.train(options.fold());
        List<Task> test = first(folds.test(options.fold()), options.effort().testRows());

        listener.stage("Fine-tuning on %d rows".formatted(train.size()));
        Optional<Manifest> trained = train(train, folds.hash(), stop);
        if (trained.isEmpty()) {
            return Optional.empty();
        }

        listener.stage("Judging on %d rows never seen".formatted(test.size()));
        NearestSentence nearest = new NearestSentence(train);
        List<Task> prompted = first(test, options.effort().promptedRows());
        List<Answers> answers = new ArrayList<>();
        answers.add(nearest.answer("nearest sentence", test));
        String base = options.model();
        answers.add(ask("base, schemas in the prompt", base, prompted, CallPrompts::schemas));
        answers.add(ask(
                "base, %d examples".formatted(EXAMPLES),
                base,
                prompted,
                task -> CallPrompts.fewShot(
                        task, nearest.nearest(task.question(), EXAMPLES).reversed())));
        answers.add(ask("fine-tuned", model().toString(), test, CallPrompts::sentence));

        Report report = report(train, test, folds.hash(), answers, trained.get(), start);
        report.write(options.out().resolve(REPORT));
        return Optional.of(report);
    }

    /** Folder of the fine-tuned model. */
    public Path model() {
        return options.out().resolve(MODEL);
    }

    private Optional<Manifest> train(List<Task> train, String hash, BooleanSupplier stop) throws IOException {
        Optional<Manifest> finished = Manifest.read(model());
        if (finished.isPresent()) {
            if (!finished.get().dataHash().equals(hash)) {
                throw new IllegalArgumentException(
                        "[%s] holds a model of other data: remove it, or choose another --out".formatted(model()));
            }
            return finished;
        }
        SftPlan plan = new SftPlan(options.effort().epochs(), 1e-3, Schedule.COSINE, 0.05, 768, 0, 1, options.seed());
        boolean resume = Files.isDirectory(model().resolve(TrainRun.CHECKPOINTS));
        TrainOptions training = new TrainOptions(
                options.model(),
                plan,
                new Adaptation.Lora(16, 32, 0),
                512,
                OverLong.DROP,
                1024,
                false,
                Duration.ofSeconds(60),
                model(),
                resume);
        List<Conversation> rows = train.stream().map(CallPrompts::demonstration).toList();
        try (LoadedModel base = LoadedModel.open(options.model(), listener)) {
            return new TrainRun(training, new ChatFile(rows, List.of(), hash), base).run(listener, stop);
        }
    }

    private Answers ask(String name, String model, List<Task> tasks, Function<Task, Conversation> how)
            throws IOException {
        int timed = options.effort().timedRequests();
        try (LoadedModel loaded = LoadedModel.open(model, listener);
                WorkerSnapshot snapshot = WorkerSnapshot.open(loaded.weights(), SamplingMode.EXACT)) {
            Answers answers = new ModelContender(loaded, snapshot, how, MAX_TOKENS)
                    .answer(name, tasks, timed, done -> listener.answered(name, done, tasks.size() + timed));
            peakMemoryBytes = Math.max(peakMemoryBytes, snapshot.peakMemoryBytes());
            return answers;
        }
    }

    private Report report(
            List<Task> train, List<Task> test, String hash, List<Answers> answers, Manifest manifest, long start) {
        int cores = Runtime.getRuntime().availableProcessors();
        List<Report.Contender> contenders = answers.stream()
                .map(one -> Report.contender(
                        first(test, one.answers().size()), one, grader, options.pricePerCoreHour(), cores))
                .toList();
        Answers tuned = answers.getLast();
        List<Report.Comparison> comparisons = answers.subList(0, answers.size() - 1).stream()
                .map(other -> Report.comparison(test, tuned, other, grader, options.seed()))
                .toList();
        Manifest.Training training = manifest.training();
        return new Report(
                Report.SCHEMA_VERSION,
                USE_CASE,
                options.model(),
                options.seed(),
                hash,
                new Report.Rows(train.size(), test.size()),
                contenders,
                comparisons,
                new Report.Training(
                        training.tokens(), training.tokensPerSecond(), training.epochs(), training.finalLoss()),
                (System.nanoTime() - start) / 1e9,
                Math.max(peakMemoryBytes, training.peakMemoryBytes()),
                Versions.current());
    }

    private static List<Task> first(List<Task> tasks, int count) {
        return tasks.subList(0, Math.min(count, tasks.size()));
    }
}
