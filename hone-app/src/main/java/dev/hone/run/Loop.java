package dev.hone.run;

import dev.hone.algorithm.GrpoListener;
import dev.hone.algorithm.SftListener;
import dev.hone.charter.Charter;
import dev.hone.evaluate.Answers;
import dev.hone.evaluate.Confusion;
import dev.hone.evaluate.Judged;
import dev.hone.evaluate.Pricing;
import dev.hone.evaluate.Report;
import dev.hone.evaluate.Verdict;
import dev.hone.fetch.FetchListener;
import dev.hone.grade.GoldCheck;
import dev.hone.record.Constraint;
import dev.hone.record.SamplingMode;
import dev.hone.record.Task;
import dev.hone.task.Folds;
import dev.hone.train.ProcessMemory;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * The main job, from a use case to a model that is proven: {@link #prepare} splits its tasks and plans what fits into the time,
 * {@link #train} learns from demonstrations and rewards of four folds, {@link #judge} lets everyone answer the fifth and reports.
 * Each stage is found again when it is finished, so a loop that was killed goes on.
 */
public final class Loop {
    /** Folders: of the model that learned from demonstrations, and of the one that went on from rewards. */
    private static final String MODEL = "model";

    private static final String REINFORCED = "reinforced";
    private static final String ANSWERS = "answers";

    /** The report's file in the loop's folder. */
    public static final String REPORT = "report.json";

    /** That the tasks are cut into. */
    static final int FOLDS = 5;

    /** Name of the contender that production was. */
    private static final String RECORDED = "production, recorded";

    /** Answers of the last step of reinforcement that the page shows. */
    private static final int TRIED = 3 * LoopTraining.SAMPLES;

    /** Answers of which the most probable counts. */
    static final int DRAWN = 9;

    private static final SamplingMode MODE = SamplingMode.EXACT;

    private final Options options;
    private final UseCase useCase;
    private final Listener listener;
    private final ModelPanel panel;
    private final long start = System.nanoTime();
    private double earlierSeconds;
    private int overLong;

    /**
     * What to run.
     *
     * @param model base model
     * @param seed of adapters, order and resampling
     * @param fold which fold is judged
     * @param budget time for everything after the downloads
     * @param pricePerCoreHour for the cost of a request, in whatever currency
     * @param constraints that a contender must keep; null for none
     * @param incumbent today's model; null where it cannot be asked
     * @param out folder of the models and the report
     */
    public record Options(
            String model,
            long seed,
            int fold,
            Duration budget,
            double pricePerCoreHour,
            Charter.@Nullable Constraints constraints,
            @Nullable Incumbent incumbent,
            Path out) {
        /** The same for another fold, in a folder within this one. */
        Options forFold(int other) {
            return new Options(
                    model, seed, other, budget, pricePerCoreHour, constraints, incumbent, out.resolve("fold-" + other));
        }
    }

    /** Hears how it goes. */
    public interface Listener extends FetchListener, SftListener, GrpoListener {
        void stage(String name);

        void answered(String contender, int done, int total);

        @Override
        default void saved(Path folder, long step) {}
    }

    public Loop(Options options, UseCase useCase, Listener listener) {
        this.options = options;
        this.useCase = useCase;
        this.listener = listener;
        this.panel = new ModelPanel(MODE, useCase, kept(), listener);
    }

    /**
     * What it works on.
     *
     * @param train tasks of four folds
     * @param test tasks of the fifth, those that are judged
     * @param hash of all folds
     * @param gold whether the grader can be believed
     * @param plan how much is done
     */
    public record Job(List<Task> train, List<Task> test, String hash, Report.Gold gold, LoopPlan plan) {}

    /**
     * Splits the tasks, decides how much of the job fits into the time, and asks the incumbent a first question.
     *
     * @throws IOException when the incumbent does not answer: better now than after the training
     */
    public Job prepare() throws IOException {
        Files.createDirectories(options.out());
        List<Task> tasks = fitting();
        Folds folds = Folds.of(tasks, FOLDS, useCase.part());
        List<Task> train = folds.train(options.fold());
        GoldCheck.Result gold = GoldCheck.of(useCase.good(), tasks);
        listener.stage("Tried the grader [%s] on %d references and %d corrupted ones: it fails on %d%s"
                .formatted(
                        useCase.good().kind(),
                        gold.tasks(),
                        gold.corrupted(),
                        gold.failures().size(),
                        first(gold)));
        List<Task> test = recordedFirst(folds.test(options.fold()));
        if (options.incumbent() != null) {
            listener.stage("Asking the incumbent [%s] a first question".formatted(options.incumbent()));
            endpoint(options.incumbent()).answer(first(test, 1), done -> {});
        }
        LoopPlan plan = new LoopPlanner(options, useCase, listener).plan(train, test);
        return new Job(
                train,
                first(test, plan.testRows()),
                folds.hash(),
                new Report.Gold(gold.tasks(), gold.corrupted(), gold.failures().size(), first(gold)),
                plan);
    }

    /** Tasks that model and training have room for. */
    private List<Task> fitting() throws IOException {
        List<Task> tasks = useCase.data().tasks();
        try (LoadedModel model = LoadedModel.open(options.model(), listener)) {
            int positions = model.config().maxPositions() - useCase.maxTokens();
            List<Task> fitting = tasks.stream()
                    .filter(task ->
                            model.demonstration(useCase.demonstrate(task)).tokens().length <= LoopTraining.MOST_TOKENS
                                    && model.prompt(useCase.ask(task)).length <= positions)
                    .toList();
            overLong = tasks.size() - fitting.size();
            if (overLong > 0) {
                listener.stage(
                        "Left out [%d] rows of more than [%d] tokens".formatted(overLong, LoopTraining.MOST_TOKENS));
            }
            return fitting;
        }
    }

    /** The first failure; empty without. */
    private static String first(GoldCheck.Result gold) {
        return gold.failures().isEmpty()
                ? ""
                : ": [%s] %s"
                        .formatted(
                                gold.failures().getFirst().task(),
                                gold.failures().getFirst().reason());
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
        LoopTraining training = new LoopTraining(useCase, listener, job.hash(), options.seed(), plan.precision());
        listener.stage("Fine-tuning on %d rows, %s epochs".formatted(job.train().size(), plan.epochs()));
        earlierSeconds += LoopTraining.secondsOf(folder(MODEL)) + LoopTraining.secondsOf(folder(REINFORCED));
        Optional<Manifest> first = training.fromDemonstrations(
                options.model(), job.train(), plan.epochs(), LoopTraining.RATE, folder(MODEL), stop);
        if (first.isEmpty() || plan.reinforcementSteps() == 0) {
            return first.map(manifest -> new Trained(manifest, null));
        }
        listener.stage("Reinforcement: %d steps of %d tasks, %d answers each"
                .formatted(plan.reinforcementSteps(), LoopTraining.PROMPTS, LoopTraining.SAMPLES));
        return training.fromRewards(folder(MODEL), job.train(), plan.reinforcementSteps(), folder(REINFORCED), stop)
                .map(manifest -> new Trained(first.get(), manifest));
    }

    /** Lets everyone answer the tasks that nobody saw, decides, and writes the report. */
    public LoopOutcome judge(Job job, Trained trained) throws IOException {
        LoopPlan plan = job.plan();
        listener.stage("Judging on %d rows never seen; the prompted base model, which is slow, on the first %d"
                .formatted(job.test().size(), plan.promptedRows()));
        List<Answers> floors = useCase.floors(job.train(), job.test());
        List<Answers> untrained = panel.ask(
                options.model(),
                useCase.prompted(job.train()).stream()
                        .map(way -> new ModelContender(
                                way.name(),
                                first(job.test(), plan.promptedRows()),
                                plan.timedPromptedRequests(),
                                way.ask(),
                                way.constrain()))
                        .toArray(ModelContender[]::new));
        List<Answers> answers = new ArrayList<>(floors);
        answers.addAll(untrained);
        recorded(job.test()).ifPresent(answers::add);
        Map<String, Integer> excluded = new TreeMap<>(useCase.data().excluded());
        if (overLong > 0) {
            excluded.put("longer than %d tokens".formatted(LoopTraining.MOST_TOKENS), overLong);
        }
        Pricing incumbentPricing = new Pricing.Unknown();
        if (options.incumbent() != null) {
            Incumbent incumbent = options.incumbent();
            Endpoint.Outcome outcome = endpoint(incumbent)
                    .answer(
                            job.test(),
                            done -> listener.answered(
                                    incumbent.contender(), done, job.test().size()));
            answers.add(outcome.answers());
            incumbentPricing = outcome.pricing();
            if (outcome.incredible() > 0) {
                excluded.put("incumbent's token counts that cannot be true, so no cost", outcome.incredible());
            }
        }
        int others = answers.size();
        answers.addAll(askTrained(MODEL, "fine-tuned", job, trained.reinforced() == null));
        if (trained.reinforced() != null) {
            answers.addAll(askTrained(REINFORCED, "reinforced", job, true));
        }
        List<Judged> judged = answers.stream()
                .map(one -> Judged.of(job.test(), one, useCase.grader()))
                .toList();
        Verdict verdict =
                Verdict.of(judged.getLast(), judged.subList(0, floors.size()), judged.get(others - 1), options.seed());
        Report report = report(job, judged, others, incumbentPricing, verdict, trained, excluded);
        JsonFile.write(options.out().resolve(REPORT), report);
        boolean reinforced = trained.reinforced() != null;
        return new LoopOutcome(
                report,
                judged,
                floors.size(),
                others,
                reinforced ? List.of(folder(MODEL), folder(REINFORCED)) : List.of(folder(MODEL)),
                MetricsFile.figure(folder(MODEL), "loss"),
                reinforced ? MetricsFile.figure(folder(REINFORCED), "reward") : new double[0],
                useCase.hasClasses()
                        ? Confusion.of(judged.getLast(), task -> task.require(useCase.part()), useCase::classOf)
                        : null,
                reinforced ? ReinforcementRun.last(folder(REINFORCED), TRIED) : List.of());
    }

    /**
     * A trained model, free and under the use case's constraint; the last way is the one that is served.
     *
     * @param last whether nothing was trained after it: then it also draws several answers, where these can differ in more than
     *     a label
     */
    private List<Answers> askTrained(String folder, String name, Job job, boolean last) throws IOException {
        int timed = job.plan().timedRequests();
        List<ModelContender> ways = new ArrayList<>();
        String obeying = useCase.isConstrained() ? name + ", constrained" : name;
        if (useCase.isConstrained()) {
            ways.add(new ModelContender(name, job.test(), timed, useCase::ask, task -> new Constraint.None()));
        }
        if (last && useCase.reward() != null) {
            ways.add(new ModelContender(
                    "%s, best of %d".formatted(obeying, DRAWN),
                    job.test(),
                    timed,
                    useCase::ask,
                    useCase::constrain,
                    DRAWN));
        }
        ways.add(new ModelContender(obeying, job.test(), timed, useCase::ask, useCase::constrain));
        return panel.ask(folder(folder).toString(), ways.toArray(ModelContender[]::new));
    }

    private Path folder(String name) {
        return options.out().resolve(name);
    }

    private AnswersFile kept() {
        return new AnswersFile(folder(ANSWERS));
    }

    /** What production answered to the first tasks; empty when it was not recorded. */
    private Optional<Answers> recorded(List<Task> test) {
        Map<String, String> recorded = useCase.data().recorded();
        List<String> outputs = test.stream()
                .map(task -> recorded.get(task.id()))
                .takeWhile(Objects::nonNull)
                .map(Objects::requireNonNull)
                .toList();
        return outputs.isEmpty() ? Optional.empty() : Optional.of(Answers.recorded(RECORDED, outputs));
    }

    private Endpoint endpoint(Incumbent incumbent) {
        return new Endpoint(incumbent, useCase, folder(ANSWERS).resolve("incumbent.jsonl"));
    }

    private Pricing pricing(Judged judged, Pricing incumbentPricing) {
        Incumbent incumbent = options.incumbent();
        if (incumbent != null && judged.contender().equals(incumbent.contender())) {
            return incumbentPricing;
        }
        return judged.contender().equals(RECORDED)
                ? new Pricing.Unknown()
                : new Pricing.CoreHours(
                        options.pricePerCoreHour(), Runtime.getRuntime().availableProcessors());
    }

    /** @param others how many contenders, from the first on, were not trained here */
    private Report report(
            Job job,
            List<Judged> judged,
            int others,
            Pricing incumbentPricing,
            Verdict verdict,
            Trained trained,
            Map<String, Integer> excluded)
            throws IOException {
        List<Report.Contender> contenders = judged.stream()
                .map(one -> Report.contender(one, pricing(one, incumbentPricing)))
                .toList();
        List<Report.Comparison> comparisons = new ArrayList<>();
        for (int tuned = others; tuned < judged.size(); tuned++) {
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
                useCase.data().name(),
                options.model(),
                trained.demonstrated().modelHash(),
                MODE,
                options.seed(),
                job.hash(),
                new Report.Rows(job.train().size(), job.test().size()),
                contenders,
                comparisons,
                Report.slices(judged, useCase.part()),
                new Report.Training(
                        training.tokens(), training.tokensPerSecond(), training.epochs(), training.finalLoss()),
                reinforced == null ? null : LoopTraining.reinforcement(folder(REINFORCED), reinforced),
                earlierSeconds + (System.nanoTime() - start) / 1e9,
                ProcessMemory.peakBytes(ProcessHandle.current().pid())
                        + Math.max(panel.peakMemoryBytes(), trainerBytes),
                Versions.current(),
                verdict,
                excluded,
                job.gold(),
                ConstraintVerdict.of(options.constraints(), contenders));
    }

    private static List<Task> first(List<Task> tasks, int count) {
        return tasks.subList(0, Math.min(count, tasks.size()));
    }
}
