package dev.hone.run;

import dev.hone.evaluate.Answers;
import dev.hone.evaluate.Confusion;
import dev.hone.evaluate.Judged;
import dev.hone.evaluate.Pricing;
import dev.hone.evaluate.Report;
import dev.hone.evaluate.Scores;
import dev.hone.evaluate.Verdict;
import dev.hone.record.Constraint;
import dev.hone.record.SamplingMode;
import dev.hone.record.Task;
import dev.hone.train.ProcessMemory;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/** The last stage of a {@link Loop}: everyone answers the same tasks, and the report says who is best. */
final class LoopJudging {
    /** Name of the contender that production was. */
    private static final String RECORDED = "production, recorded";

    /** Answers of the last step of reinforcement that the page shows. */
    private static final int TRIED = 3 * LoopTraining.SAMPLES;

    private static final SamplingMode MODE = SamplingMode.EXACT;

    /** What everything took, as a file. */
    private static final String COST = "cost.json";

    private final Loop.Options options;
    private final UseCase useCase;
    private final Loop.Listener listener;
    private final Before before;
    private final ModelPanel panel;

    /**
     * What happened before the judging.
     *
     * @param seconds of trainings that an earlier start finished
     * @param startNanos when this one began
     * @param overLong rows that were left out because they were too long
     */
    record Before(double seconds, long startNanos, int overLong) {}

    LoopJudging(Loop.Options options, UseCase useCase, Loop.Listener listener, Before before) {
        this.options = options;
        this.useCase = useCase;
        this.listener = listener;
        this.before = before;
        this.panel = new ModelPanel(MODE, useCase, new AnswersFile(folder(Loop.ANSWERS)), listener);
    }

    /**
     * Lets everyone answer the tasks that nobody saw, decides, and writes the report.
     *
     * @param stop whether to stop at the next answer
     * @return nothing when stopped
     */
    Optional<LoopOutcome> judge(Loop.Job job, Loop.Trained trained, BooleanSupplier stop) throws IOException {
        LoopPlan plan = job.plan();
        listener.begins(LoopStage.ASKING_OTHERS);
        listener.stage("Judging on %d rows never seen; the prompted base models, which are slow, on the first %s"
                .formatted(job.test().size(), plan.requestsOfPrompted()));
        List<Answers> floors = floors(job);
        Optional<List<Answers>> untrained = panel.ask(options.model(), stop, prompted(job));
        if (untrained.isEmpty()) {
            return Optional.empty();
        }
        List<Answers> answers = new ArrayList<>(floors);
        answers.addAll(untrained.get());
        recorded(job.test()).ifPresent(answers::add);
        Map<String, Integer> excluded = new TreeMap<>(useCase.data().excluded());
        if (before.overLong() > 0) {
            excluded.put(RowCounts.TOO_LONG, before.overLong());
        }
        Pricing incumbentPricing = new Pricing.Unknown();
        if (options.incumbent() != null) {
            Incumbent incumbent = options.incumbent();
            Optional<Endpoint.Outcome> outcome = endpoint(options, useCase, incumbent)
                    .answer(
                            job.test(),
                            done -> listener.answered(
                                    incumbent.contender(), done, job.test().size()),
                            stop);
            if (outcome.isEmpty()) {
                return Optional.empty();
            }
            answers.add(outcome.get().answers());
            incumbentPricing = outcome.get().pricing();
            if (outcome.get().incredible() > 0) {
                excluded.put(
                        "incumbent's token counts that cannot be true, so no cost",
                        outcome.get().incredible());
            }
        }
        int others = answers.size();
        boolean reinforced = trained.reinforced() != null;
        listener.begins(LoopStage.ASKING_TRAINED);
        Optional<List<Answers>> tuned = askTrained(Loop.MODEL, "fine-tuned", job, !reinforced, stop);
        Optional<List<Answers>> rewarded = tuned.isPresent() && reinforced
                ? askTrained(Loop.REINFORCED, "reinforced", job, true, stop)
                : tuned.map(done -> List.of());
        if (tuned.isEmpty() || rewarded.isEmpty()) {
            return Optional.empty();
        }
        answers.addAll(tuned.get());
        answers.addAll(rewarded.get());
        List<Judged> judged = answers.stream()
                .map(one -> Judged.of(job.test(), one, useCase.grader()))
                .toList();
        Verdict verdict =
                Verdict.of(judged.getLast(), judged.subList(0, floors.size()), judged.get(others - 1), options.seed());
        Report report = report(job, judged, others, incumbentPricing, verdict, trained, excluded);
        JsonFile.write(options.out().resolve(Loop.REPORT), report);
        return Optional.of(new LoopOutcome(
                report,
                judged,
                floors.size(),
                others,
                reinforced ? List.of(folder(Loop.MODEL), folder(Loop.REINFORCED)) : List.of(folder(Loop.MODEL)),
                MetricsFile.figure(folder(Loop.MODEL), "loss"),
                reinforced ? MetricsFile.figure(folder(Loop.REINFORCED), "reward") : new double[0],
                useCase.hasClasses()
                        ? Confusion.of(judged.getLast(), task -> task.require(useCase.part()), useCase::classOf)
                        : null,
                reinforced ? ReinforcementRun.last(folder(Loop.REINFORCED), TRIED) : List.of()));
    }

    /**
     * A trained model under the use case's constraint, as it is served, at the end; before that, what learned from demonstrations
     * is asked free too: what is reinforced has learned under the constraint.
     *
     * @param last whether nothing was trained after it: then it also draws several answers, where these can differ in more than
     *     a label
     */
    private Optional<List<Answers>> askTrained(
            String folder, String name, Loop.Job job, boolean last, BooleanSupplier stop) throws IOException {
        int timed = job.plan().timedRequests();
        List<ModelContender> ways = new ArrayList<>();
        String obeying = useCase.isConstrained() ? name + ", constrained" : name;
        if (useCase.isConstrained() && folder.equals(Loop.MODEL)) {
            ways.add(new ModelContender(name, job.test(), timed, useCase::ask, task -> new Constraint.None()));
        }
        if (last && useCase.reward() != null) {
            ways.add(new ModelContender(
                            "%s, best of %d".formatted(obeying, Loop.DRAWN),
                            Loop.first(job.test(), job.plan().drawnRows()),
                            timed,
                            useCase::ask,
                            useCase::constrain)
                    .drawing(Loop.DRAWN, options.seed()));
        }
        ways.add(new ModelContender(obeying, job.test(), timed, useCase::ask, useCase::constrain));
        return panel.ask(folder(folder).toString(), stop, ways.toArray(ModelContender[]::new));
    }

    /** The ways to ask the base model, each on as many rows as the plan has for it. */
    private ModelContender[] prompted(Loop.Job job) {
        LoopPlan plan = job.plan();
        List<UseCase.Prompted> ways = useCase.prompted(job.train());
        List<ModelContender> contenders = new ArrayList<>();
        for (int i = 0; i < ways.size(); i++) {
            List<Task> asked = Loop.first(job.test(), plan.promptedRows().get(i));
            if (!asked.isEmpty()) {
                UseCase.Prompted way = ways.get(i);
                contenders.add(new ModelContender(
                        way.name(), asked, plan.timedPromptedRequests(), way.ask(), way.constrain()));
            }
        }
        return contenders.toArray(ModelContender[]::new);
    }

    private Path folder(String name) {
        return options.out().resolve(name);
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

    /** Today's model, with what it said before. */
    static Endpoint endpoint(Loop.Options options, UseCase useCase, Incumbent incumbent) {
        return new Endpoint(
                incumbent, useCase, options.out().resolve(Loop.ANSWERS).resolve("incumbent.jsonl"));
    }

    private Pricing pricing(Judged judged, Pricing incumbentPricing) {
        Incumbent incumbent = options.incumbent();
        if (incumbent != null && judged.contender().equals(incumbent.contender())) {
            return incumbentPricing;
        }
        return judged.contender().equals(RECORDED)
                ? new Pricing.Unknown()
                : options.prices().machine(Runtime.getRuntime().availableProcessors());
    }

    /** @param others how many contenders, from the first on, were not trained here */
    private Report report(
            Loop.Job job,
            List<Judged> judged,
            int others,
            Pricing incumbentPricing,
            Verdict verdict,
            Loop.Trained trained,
            Map<String, Integer> excluded)
            throws IOException {
        List<Report.Contender> contenders = judged.stream()
                .map(one -> Report.contender(one, pricing(one, incumbentPricing)))
                .toList();
        Manifest reinforced = trained.reinforced();
        return new ReportDraft(
                        new ReportDraft.Subject(
                                useCase,
                                options.model(),
                                MODE,
                                options.seed(),
                                job.hash(),
                                new Report.Rows(
                                        job.train().size(),
                                        job.test().size(),
                                        Unseen.of(useCase, job.train(), job.test())
                                                .map(Unseen::tasks)
                                                .orElse(null))),
                        judged,
                        contenders,
                        options.prices(),
                        ReportDraft.comparisons(judged, others, options.seed()),
                        ReportDraft.Made.by(
                                trained.demonstrated(),
                                reinforced == null
                                        ? null
                                        : LoopTraining.reinforcement(folder(Loop.REINFORCED), reinforced)),
                        cost(trained.demonstrated().training(), reinforced),
                        new ReportDraft.Conclusions(
                                verdict,
                                excluded,
                                job.gold(),
                                options.constraints(),
                                Scores.of(judged, useCase.part())))
                .report();
    }

    /** Found again where nobody was asked anew: then it is what it was. */
    private ReportDraft.Cost cost(Manifest.Training training, @Nullable Manifest reinforced) throws IOException {
        Path file = folder(COST);
        Optional<ReportDraft.Cost> known = JsonFile.read(file, ReportDraft.Cost.class);
        if (known.isPresent() && panel.peakMemoryBytes() == 0) {
            return known.get();
        }
        long trainerBytes = Math.max(
                training.peakMemoryBytes(),
                reinforced == null ? 0 : reinforced.training().peakMemoryBytes());
        ReportDraft.Cost cost = ReportDraft.Cost.now(
                before.seconds() + (System.nanoTime() - before.startNanos()) / 1e9,
                ProcessMemory.peakBytes(ProcessHandle.current().pid())
                        + Math.max(panel.peakMemoryBytes(), trainerBytes));
        JsonFile.write(file, cost);
        return cost;
    }

    /** What those said who need no language model. */
    record Floors(String identity, List<Answers> answers) {
        static final String FILE = "floors.json";
    }

    /** Asked once: their time is a figure of the report. */
    private List<Answers> floors(Loop.Job job) throws IOException {
        Identity identity = new Identity().add(job.hash()).addValue(Versions.current());
        job.train().forEach(task -> identity.add(task.id()));
        job.test().forEach(task -> identity.add(task.id()));
        Path file = folder(Floors.FILE);
        Optional<Floors> known = JsonFile.read(file, Floors.class)
                .filter(floors -> floors.identity().equals(identity.hex()));
        if (known.isPresent()) {
            return known.get().answers();
        }
        Floors floors = new Floors(identity.hex(), useCase.floors(job.train(), job.test()));
        JsonFile.write(file, floors);
        return floors.answers();
    }
}
