package dev.hone.run;

import dev.hone.evaluate.Answers;
import dev.hone.evaluate.Judged;
import dev.hone.evaluate.Report;
import dev.hone.evaluate.Verdict;
import dev.hone.evaluate.classic.ClassicContenders;
import dev.hone.fetch.FileCache;
import dev.hone.grade.LabelGrader;
import dev.hone.grade.ToolCallGrader;
import dev.hone.model.MiniLm;
import dev.hone.record.Constraint;
import dev.hone.record.Conversation;
import dev.hone.record.Grader;
import dev.hone.record.SamplingMode;
import dev.hone.record.Task;
import dev.hone.record.TokenizedChat;
import dev.hone.task.Folds;
import dev.hone.task.LabelPrompts;
import dev.hone.task.VulnerabilityTriage;
import dev.hone.train.BlockShape;
import dev.hone.train.MachineCeiling;
import dev.hone.train.ProcessMemory;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import java.util.function.Function;

/**
 * Vulnerability triage from data to a verdict: fetch, split, fine-tune on four folds, judge classic contenders, the base model
 * and the fine-tuned one on the fifth, and decide which to take.
 */
public final class TriageDemo {
    public static final String USE_CASE = "vulnerability-triage";
    private static final int FOLDS = 5;
    private static final SamplingMode MODE = SamplingMode.EXACT;
    private static final int MAX_TOKENS = 16;
    private static final int POSITIONS = 1024;

    private final Demo.Options options;
    private final Demo.Listener listener;
    private final ModelPanel panel;
    private final long start = System.nanoTime();
    private double earlierSeconds;

    public TriageDemo(Demo.Options options, Demo.Listener listener) {
        this.options = options;
        this.listener = listener;
        this.panel = new ModelPanel(MODE, MAX_TOKENS, POSITIONS, listener);
    }

    /**
     * What the demo works on.
     *
     * @param train tasks of four folds
     * @param test tasks of the fifth that the fine-tuned model is judged on
     * @param labels every label with its other names
     * @param excluded how many examples were left out, by the reason
     * @param hash of all folds
     * @param plan how much is done
     */
    public record Job(
            List<Task> train,
            List<Task> test,
            Map<String, List<String>> labels,
            Map<String, Integer> excluded,
            String hash,
            DemoPlan plan) {}

    /** Fetches model and data, and decides how much of the job fits into the time. */
    public Job prepare() throws IOException {
        listener.stage("Fetching model and data");
        Files.createDirectories(options.out());
        VulnerabilityTriage.Labelled data = VulnerabilityTriage.load(FileCache.standard(), listener);
        Folds folds = Folds.of(data.tasks(), FOLDS, VulnerabilityTriage.LABEL);
        List<Task> train = folds.train(options.fold());
        List<Task> test = folds.test(options.fold());
        DemoPlan plan = plan(train, test, data.labels());
        return new Job(
                train,
                test.subList(0, Math.min(plan.testRows(), test.size())),
                data.labels(),
                data.excluded(),
                folds.hash(),
                plan);
    }

    /** The plan of an interrupted demo, or a new one for this machine. */
    private DemoPlan plan(List<Task> train, List<Task> test, Map<String, List<String>> labels) throws IOException {
        Optional<DemoPlan> begun = DemoPlan.read(options);
        if (begun.isPresent()) {
            return begun.get();
        }
        try (LoadedModel base = LoadedModel.open(options.model(), listener)) {
            listener.stage("Measuring this machine");
            MachineCeiling ceiling = MachineCeiling.inWorker(BlockShape.of(base.config()));
            List<TokenizedChat> demonstrations = train.stream()
                    .map(task -> base.demonstration(LabelPrompts.demonstration(task)))
                    .toList();
            long trained = demonstrations.stream()
                    .mapToLong(TokenizedChat::trainedTokens)
                    .sum();
            double answer = (double) trained / demonstrations.size();
            DemoPlan.Work work = new DemoPlan.Work(
                    test.size(),
                    demonstrations.stream()
                            .mapToLong(chat -> chat.tokens().length)
                            .sum(),
                    trained,
                    new DemoPlan.Tokens(promptTokens(base, test, LabelPrompts::brief), answer),
                    new DemoPlan.Tokens(promptTokens(base, test, task -> LabelPrompts.listed(task, labels)), answer),
                    false);
            DemoPlan plan = DemoPlan.within(options, work, base.config(), DemoTraining.ADAPTATION, ceiling);
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

    private static double promptTokens(LoadedModel model, List<Task> tasks, Function<Task, Conversation> how) {
        return tasks.stream()
                .mapToInt(task -> model.prompt(how.apply(task)).length)
                .average()
                .orElse(0);
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
        earlierSeconds = DemoTraining.secondsOf(model());
        return new DemoTraining(options, listener, job.train(), job.hash(), job.plan())
                .fromDemonstrations(LabelPrompts::demonstration, PromptForm.MESSAGES, model(), stop);
    }

    /** Lets everyone answer the tasks that nobody saw, decides, and writes the report. */
    public DemoOutcome judge(Job job, Manifest trained) throws IOException {
        DemoPlan plan = job.plan();
        List<Task> test = job.test();
        listener.stage("Judging on %d rows never seen; the prompted base model, which is slow, on the first %d"
                .formatted(test.size(), plan.promptedRows()));
        List<Answers> classics = new ClassicContenders(job.train(), new MiniLm()).answer(test);
        Constraint label = LabelPrompts.oneOf(job.labels());
        Answers base = panel.ask(
                        options.model(),
                        new ModelContender(
                                "base, classes in the prompt",
                                test.subList(0, plan.promptedRows()),
                                plan.timedPromptedRequests(),
                                task -> LabelPrompts.listed(task, job.labels()),
                                task -> label))
                .getFirst();
        List<Answers> tuned = panel.ask(
                model().toString(),
                new ModelContender("fine-tuned", test, plan.timedRequests(), LabelPrompts::brief),
                new ModelContender(
                        "fine-tuned, constrained", test, plan.timedRequests(), LabelPrompts::brief, task -> label));
        List<Answers> answers = new ArrayList<>(classics);
        answers.add(base);
        answers.addAll(tuned);
        Grader grader = grader(job.labels());
        List<Judged> judged =
                answers.stream().map(one -> Judged.of(test, one, grader)).toList();
        Verdict verdict = Verdict.of(
                judged.getLast(), judged.subList(0, classics.size()), judged.get(classics.size()), options.seed());
        Report report = report(job, judged, classics.size(), verdict, trained);
        JsonFile.write(options.out().resolve(Demo.REPORT), report);
        return new DemoOutcome(report, judged, model(), MetricsFile.figure(model(), "loss"), new double[0], List.of());
    }

    private Path model() {
        return options.out().resolve(Demo.MODEL);
    }

    /** @param classics how many of the contenders, from the first on; the base model follows */
    private Report report(Job job, List<Judged> judged, int classics, Verdict verdict, Manifest manifest) {
        int cores = Runtime.getRuntime().availableProcessors();
        Judged base = judged.get(classics);
        List<Report.Comparison> comparisons = new ArrayList<>();
        for (Judged floor : judged.subList(0, classics + 1)) {
            comparisons.add(Report.comparison(judged.getLast(), floor, options.seed()));
        }
        for (Judged classic : judged.subList(0, classics)) {
            comparisons.add(Report.comparison(classic, base, options.seed()));
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
                new Report.Rows(job.train().size(), job.test().size()),
                judged.stream()
                        .map(one -> Report.contender(one, options.pricePerCoreHour(), cores))
                        .toList(),
                comparisons,
                Report.slices(judged, VulnerabilityTriage.LABEL),
                new Report.Training(
                        training.tokens(), training.tokensPerSecond(), training.epochs(), training.finalLoss()),
                null,
                earlierSeconds + (System.nanoTime() - start) / 1e9,
                ProcessMemory.peakBytes(ProcessHandle.current().pid())
                        + Math.max(panel.peakMemoryBytes(), training.peakMemoryBytes()),
                Versions.current(),
                verdict,
                job.excluded());
    }

    /** With the sub-scores that the report shows: an allowed label is valid, and a label is all that there is to get right. */
    private static Grader grader(Map<String, List<String>> labels) {
        LabelGrader grader = new LabelGrader(labels);
        return (task, output) -> {
            Grader.Grade grade = grader.grade(task, output);
            double valid = grade.parts().getOrDefault("known", 0.0);
            return new Grader.Grade(
                    grade.score(),
                    Map.of(ToolCallGrader.VALID, valid, ToolCallGrader.FUNCTION, grade.score()),
                    grade.reason());
        };
    }
}
