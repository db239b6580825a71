package dev.hone.run;

import dev.hone.algorithm.GrpoListener;
import dev.hone.algorithm.SftListener;
import dev.hone.charter.Charter;
import dev.hone.evaluate.PriceList;
import dev.hone.evaluate.Report;
import dev.hone.fetch.FetchListener;
import dev.hone.grade.GoldCheck;
import dev.hone.record.Task;
import dev.hone.task.Folds;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * The main job, from a use case to a model that is proven: {@link #prepare} splits its tasks and plans what fits into the time,
 * {@link #train} learns from demonstrations and rewards of four folds, {@link #judge} lets everyone answer the fifth and reports.
 * Each stage is found again when it is finished, so a loop that was killed goes on.
 */
public final class Loop {
    /** Folders: of the model that learned from demonstrations, and of the one that went on from rewards. */
    static final String MODEL = "model";

    static final String REINFORCED = "reinforced";
    static final String ANSWERS = "answers";

    /** The report's file in the loop's folder. */
    public static final String REPORT = "report.json";

    /** That the tasks are cut into. */
    static final int FOLDS = 5;

    /** Answers of which the most probable counts. */
    static final int DRAWN = 9;

    private final Options options;
    private final UseCase useCase;
    private final Listener listener;
    private final long start = System.nanoTime();
    private double earlierSeconds;
    private int overLong;

    /**
     * What to run.
     *
     * @param model base model
     * @param seed of adapters, order, drawn answers and resampling
     * @param fold which fold is judged
     * @param budget time for everything after the downloads
     * @param prices for the cost of a request
     * @param constraints that a contender must keep; null for none
     * @param incumbent today's model; null where it cannot be asked
     * @param out folder of the models and the report
     */
    public record Options(
            String model,
            long seed,
            int fold,
            Duration budget,
            PriceList prices,
            Charter.@Nullable Constraints constraints,
            @Nullable Incumbent incumbent,
            Path out) {
        /** The same for another fold, in a folder within this one. */
        Options forFold(int other) {
            return new Options(
                    model, seed, other, budget, prices, constraints, incumbent, out.resolve("fold-" + other));
        }
    }

    /** Hears how it goes. */
    public interface Listener extends FetchListener, SftListener, GrpoListener {
        void stage(String name);

        void answered(String contender, int done, int total);

        /** One of several folds begins, each with stages of its own. */
        default void fold(int fold, int folds) {}

        /** A stage begins, and the one before it is over. */
        default void begins(LoopStage stage) {}

        /** How long the stages of a demo that has a plan take, about; those that are not named are none of it. */
        default void expects(Map<LoopStage, Duration> durations) {}

        @Override
        default void saved(Path folder, long step) {}
    }

    public Loop(Options options, UseCase useCase, Listener listener) {
        this.options = options;
        this.useCase = useCase;
        this.listener = listener;
    }

    /**
     * What it works on.
     *
     * @param useCase as the models that learn from {@code train} are asked
     * @param train tasks of four folds
     * @param test tasks of the fifth, those that are judged
     * @param hash of all folds
     * @param gold whether the grader can be believed
     * @param plan how much is done
     */
    public record Job(
            UseCase useCase, List<Task> train, List<Task> test, String hash, Report.Gold gold, LoopPlan plan) {}

    /**
     * Splits the tasks, decides how much of the job fits into the time, and asks the incumbent a first question.
     *
     * @throws IOException when the incumbent does not answer: better now than after the training
     */
    public Job prepare() throws IOException {
        listener.begins(LoopStage.PREPARING);
        Files.createDirectories(options.out());
        try (LoadedModel base = LoadedModel.open(options.model(), listener)) {
            return prepare(base);
        }
    }

    private Job prepare(LoadedModel base) throws IOException {
        RowCounts counts = new RowCounts(base, useCase);
        List<Task> tasks = fitting(counts, useCase.data().tasks());
        Folds folds = Folds.of(tasks, FOLDS, useCase.part());
        List<Task> train = folds.train(options.fold());
        List<Task> judged = folds.test(options.fold());
        NearestWork.ofExamples(useCase, train.size(), judged.size()).ifPresent(listener::stage);
        UseCase taught = useCase.beside(train);
        if (taught != useCase) {
            counts = new RowCounts(base, taught);
            train = fitting(counts, train);
            judged = fitting(counts, judged);
        }
        Report.Gold gold = Report.Gold.of(GoldCheck.of(useCase.good(), tasks, Refusals.of(useCase)));
        listener.stage(
                "Tried the grader [%s] on %d references and %d corrupted ones: it fails on %d%s; the decoder refuses %d%s"
                        .formatted(
                                useCase.good().kind(),
                                gold.tasks(),
                                gold.corrupted(),
                                gold.failures(),
                                gold.first(),
                                gold.refused(),
                                gold.firstRefused()));
        List<Task> test = recordedFirst(judged);
        if (options.incumbent() != null) {
            listener.stage("Asking the incumbent [%s] a first question".formatted(options.incumbent()));
            LoopJudging.endpoint(options, useCase, options.incumbent()).answer(first(test, 1), done -> {}, () -> false);
        }
        listener.begins(LoopStage.MEASURING);
        LoopPlan plan = new LoopPlanner(options, taught, listener).plan(base, counts, train, test);
        listener.expects(plan.durations());
        List<Task> asked = first(test, plan.testRows());
        Unseen.of(useCase, train, asked).flatMap(Unseen::told).ifPresent(listener::stage);
        NearestWork.ofFloors(useCase, train.size(), asked.size()).ifPresent(listener::stage);
        return new Job(taught, train, asked, folds.hash(), gold, plan);
    }

    /** Tasks that model and training have room for. */
    private List<Task> fitting(RowCounts counts, List<Task> tasks) {
        List<Task> fitting = counts.fitting(tasks, options.model(), listener);
        overLong += tasks.size() - fitting.size();
        return fitting;
    }

    /** Tasks that production has answered first: any two contenders have the first tasks in common. */
    private List<Task> recordedFirst(List<Task> tasks) {
        Map<String, String> recorded = useCase.data().recorded();
        return tasks.stream()
                .sorted(Comparator.comparing(task -> !recorded.containsKey(task.id())))
                .toList();
    }

    /**
     * The trained models.
     *
     * @param demonstrated from demonstrations
     * @param reinforced from rewards after that; null where there are none, or no time for it
     */
    public record Trained(Manifest demonstrated, @Nullable Manifest reinforced) {}

    /**
     * Trains, or goes on where an interrupted training was, or finds that it is finished.
     *
     * @param stop whether to stop at the next step
     * @return nothing when stopped
     */
    public Optional<Trained> train(Job job, BooleanSupplier stop) throws IOException {
        LoopPlan plan = job.plan();
        LoopTraining training = new LoopTraining(job.useCase(), listener, job.hash(), options.seed(), plan.precision());
        listener.begins(LoopStage.FINE_TUNING);
        listener.stage("Fine-tuning on %d rows, %s epochs".formatted(job.train().size(), plan.epochs()));
        earlierSeconds += LoopTraining.secondsOf(folder(MODEL)) + LoopTraining.secondsOf(folder(REINFORCED));
        Optional<Manifest> first = training.fromDemonstrations(
                options.model(), job.train(), plan.epochs(), LoopTraining.RATE, folder(MODEL), stop);
        if (first.isEmpty() || plan.reinforcementSteps() == 0) {
            return first.map(manifest -> new Trained(manifest, null));
        }
        listener.begins(LoopStage.REINFORCING);
        listener.stage("Reinforcement: %d steps of %d tasks, %d answers each"
                .formatted(plan.reinforcementSteps(), LoopTraining.PROMPTS, LoopTraining.SAMPLES));
        return training.fromRewards(folder(MODEL), job.train(), plan.reinforcementSteps(), folder(REINFORCED), stop)
                .map(manifest -> new Trained(first.get(), manifest));
    }

    /**
     * Lets everyone answer the tasks that nobody saw, decides, and writes the report.
     *
     * @param stop whether to stop at the next answer
     * @return nothing when stopped
     */
    public Optional<LoopOutcome> judge(Job job, Trained trained, BooleanSupplier stop) throws IOException {
        return new LoopJudging(
                        options, job.useCase(), listener, new LoopJudging.Before(earlierSeconds, start, overLong))
                .judge(job, trained, stop);
    }

    private Path folder(String name) {
        return options.out().resolve(name);
    }

    /** The first tasks, as many as there are. */
    static List<Task> first(List<Task> tasks, int count) {
        return tasks.subList(0, Math.min(count, tasks.size()));
    }
}
