package dev.hone.loop;

import dev.hone.charter.Charter;
import dev.hone.evaluate.Answers;
import dev.hone.evaluate.Interval;
import dev.hone.evaluate.Judged;
import dev.hone.evaluate.PriceList;
import dev.hone.evaluate.Pricing;
import dev.hone.evaluate.Report;
import dev.hone.evaluate.Scores;
import dev.hone.fetch.Hashes;
import dev.hone.grade.GoldCheck;
import dev.hone.loop.Results.Comparison;
import dev.hone.loop.Results.Evaluated;
import dev.hone.loop.Results.Figures;
import dev.hone.record.Dataset;
import dev.hone.record.DatasetTask;
import dev.hone.record.ModelVersion;
import dev.hone.record.Split;
import dev.hone.record.StoredGrader;
import dev.hone.record.Task;
import dev.hone.run.AnswersFile;
import dev.hone.run.DatasetUseCase;
import dev.hone.run.JsonFile;
import dev.hone.run.Manifest;
import dev.hone.run.ModelContender;
import dev.hone.run.ModelPanel;
import dev.hone.run.Refusals;
import dev.hone.run.ReportDraft;
import dev.hone.run.UseCase;
import dev.hone.store.Database;
import dev.hone.store.Datasets;
import dev.hone.store.Evaluations;
import dev.hone.store.Graders;
import dev.hone.task.DatasetFiles;
import dev.hone.train.ProcessMemory;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.UUID;
import java.util.function.BooleanSupplier;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.json.JsonMapper;

/**
 * Lets the version, the live one and, where it was recorded, production answer the tasks that no version has learned from, and keeps two reports: of all of
 * them, and of those that earlier rounds judged by, which say whether the version has forgotten anything. Versions answer as they are served: in the mode of the charter, and
 * with the most probable of as many answers.
 */
final class EvaluationStep {
    /** Name of the contender that production was. */
    static final String RECORDED = "production, recorded";

    static final String REPORT = "report.json";
    static final String RETENTION = "report-retention.json";

    private static final int TIMED = 20;
    private static final int TIMED_OF = 5;

    private final Begun begun;
    private final Charter charter;
    private final RoundFolder folder;
    private final RoundTasks tasks;
    private final Datasets datasets;
    private final Graders graders;
    private final Evaluations evaluations;
    private final RoundListener listener;

    EvaluationStep(
            Begun begun,
            Charter charter,
            RoundFolder folder,
            RoundTasks tasks,
            Database database,
            RoundListener listener) {
        this.begun = begun;
        this.charter = charter;
        this.folder = folder;
        this.tasks = tasks;
        this.datasets = new Datasets(database);
        this.graders = new Graders(database);
        this.evaluations = new Evaluations(database);
        this.listener = listener;
    }

    /** @param files of the version */
    record Contender(ModelVersion version, Path files) {}

    /**
     * Judges, or goes on where an interrupted attempt was.
     *
     * @param live null where none is
     * @return nothing when stopped
     */
    Optional<Evaluated> run(UUID useCase, Contender candidate, @Nullable Contender live, BooleanSupplier stop)
            throws IOException {
        long start = System.nanoTime();
        List<Task> test = recordedFirst(tasks.of(Split.TEST));
        UseCase whole = tasks.useCase();
        ModelPanel panel = new ModelPanel(begun.mode(), whole, new AnswersFile(folder.file("answers-test")), listener);
        List<Contender> contenders = live == null ? List.of(candidate) : List.of(live, candidate);
        List<Judged> judged = new ArrayList<>();
        production(test).ifPresent(judged::add);
        for (Contender contender : contenders) {
            Optional<Judged> answered = ask(panel, whole, contender, test, stop);
            if (answered.isEmpty()) {
                return Optional.empty();
            }
            judged.add(answered.get());
        }
        Manifest manifest = Manifest.read(candidate.files())
                .orElseThrow(() -> new IllegalStateException("[%s] has no manifest".formatted(candidate.files())));
        List<Judged> retained = part(judged, tasks::isEarlier);
        double seconds = (System.nanoTime() - start) / 1e9;
        long memory = ProcessMemory.peakBytes(ProcessHandle.current().pid()) + panel.peakMemoryBytes();
        Keeping keeping = new Keeping(useCase, manifest, seconds, memory, contenders);
        for (String name : LoopWiring.retention(charter)) {
            if (!retention(name, keeping, stop)) {
                return Optional.empty();
            }
        }
        List<Judged> fresh = part(judged, task -> !tasks.isEarlier(task));
        // Where there are no others, the report of all is theirs: a second one would be another by its times alone,
        // after an interruption.
        if (!retained.isEmpty() && !fresh.isEmpty()) {
            keeping.keep(RETENTION, retained, whole, tasks.hash());
        }
        keeping.keep(REPORT, judged, whole, tasks.hash());
        TaskScores.of(judged, tasks::isEarlier).write(folder);
        List<Comparison> comparisons = new ArrayList<>();
        compare("all", judged, comparisons);
        compare("fresh", fresh, comparisons);
        compare("retained", retained, comparisons);
        return Optional.of(new Evaluated(figures(judged), figures(fresh), figures(retained), comparisons));
    }

    /**
     * Lets the versions answer what a gate asks them to have kept: the test split of a dataset.
     *
     * @param name the beginning of its hash; one that is no dataset's is left to the gate, which says so
     * @return whether it was not stopped
     */
    private boolean retention(String name, Keeping keeping, BooleanSupplier stop) throws IOException {
        for (Dataset dataset : datasets.list(keeping.useCase())) {
            if (!dataset.hash().startsWith(name)) {
                continue;
            }
            Optional<Dataset> left = datasets.left(dataset);
            if (left.isEmpty()) {
                continue;
            }
            List<DatasetTask> all = datasets.tasks(left.get().id());
            List<DatasetTask> test =
                    all.stream().filter(task -> task.split() == Split.TEST).toList();
            if (test.isEmpty()) {
                continue;
            }
            UseCase useCase = DatasetUseCase.of(begun.useCase(), charter.good(), test, Map.of());
            String hash = DatasetFiles.sha256(all, Split.TEST);
            ModelPanel panel = new ModelPanel(
                    begun.mode(), useCase, new AnswersFile(folder.file("answers-" + Hashes.shortened(hash))), listener);
            List<Judged> judged = new ArrayList<>();
            for (Contender contender : keeping.contenders()) {
                Optional<Judged> answered =
                        ask(panel, useCase, contender, useCase.data().tasks(), stop);
                if (answered.isEmpty()) {
                    return false;
                }
                judged.add(answered.get());
            }
            keeping.keep("report-" + Hashes.shortened(hash) + ".json", judged, useCase, hash);
        }
        return true;
    }

    private Optional<Judged> ask(
            ModelPanel panel, UseCase useCase, Contender contender, List<Task> test, BooleanSupplier stop)
            throws IOException {
        UseCase asked = DatasetUseCase.asTaught(useCase, contender.files());
        String name = contender.version().reference();
        int timed = Math.min(TIMED, Math.max(1, test.size() / TIMED_OF));
        Optional<List<Answers>> answers = panel.ask(
                contender.files().toString(),
                stop,
                new ModelContender(name, test, timed, asked::ask, asked::constrain, LoopWiring.drawn(charter)));
        return answers.map(given -> Judged.of(test, given.getFirst(), useCase.grader()));
    }

    /** Any two contenders have the first tasks in common. */
    private List<Task> recordedFirst(List<Task> test) {
        Map<String, String> recorded = tasks.useCase().data().recorded();
        return test.stream()
                .sorted(Comparator.comparing(task -> recorded.containsKey(task.id()) ? 0 : 1))
                .toList();
    }

    /** Of the tasks that it was recorded for; empty where these are fewer than half. */
    private Optional<Judged> production(List<Task> test) {
        Map<String, String> recorded = tasks.useCase().data().recorded();
        List<Task> answered =
                test.stream().filter(task -> recorded.containsKey(task.id())).toList();
        if (answered.isEmpty() || 2 * answered.size() < test.size()) {
            return Optional.empty();
        }
        List<String> outputs = answered.stream()
                .map(task -> recorded.getOrDefault(task.id(), ""))
                .toList();
        return Optional.of(Judged.of(
                answered, Answers.recorded(RECORDED, outputs), tasks.useCase().grader()));
    }

    /** The contenders on some tasks; those that answered none of them are left out. */
    static List<Judged> part(List<Judged> judged, Predicate<Task> which) {
        List<Judged> part = new ArrayList<>();
        for (Judged one : judged) {
            List<Integer> places = new ArrayList<>();
            for (int i = 0; i < one.tasks().size(); i++) {
                if (which.test(one.tasks().get(i))) {
                    places.add(i);
                }
            }
            if (!places.isEmpty()) {
                Answers answers = one.answers();
                part.add(new Judged(
                        places.stream().map(one.tasks()::get).toList(),
                        new Answers(
                                answers.contender(),
                                places.stream().map(answers.answers()::get).toList(),
                                answers.seconds() * places.size() / one.tasks().size(),
                                answers.latencies()),
                        places.stream().map(one.grades()::get).toList()));
            }
        }
        return part;
    }

    private static List<Figures> figures(List<Judged> judged) {
        return judged.stream()
                .map(one -> new Figures(one.contender(), one.grades().size(), right(one)))
                .toList();
    }

    private static Interval right(Judged judged) {
        int right = (int)
                judged.grades().stream().filter(grade -> grade.score() == 1).count();
        return Interval.wilson(right, judged.grades().size());
    }

    /** The last against each of the others. */
    private void compare(String on, List<Judged> judged, List<Comparison> comparisons) {
        for (int i = 0; i < judged.size() - 1; i++) {
            comparisons.add(new Comparison(on, compared(judged.getLast(), judged.get(i), begun.seed())));
        }
    }

    /** As reports compare, with the interval that gates judge by: resampling has none where two never differ. */
    static Report.Comparison compared(Judged a, Judged b, long seed) {
        Report.Comparison resampled = Report.comparison(a, b, seed);
        Interval difference = Scores.Pair.of(a, b).difference();
        return new Report.Comparison(
                resampled.a(),
                resampled.b(),
                difference.value(),
                difference.low(),
                difference.high(),
                resampled.p(),
                resampled.pHolm());
    }

    /** Keeps the reports of a round. */
    private final class Keeping {
        private final UUID useCase;
        private final Manifest manifest;
        private final double seconds;
        private final long memory;
        private final List<Contender> contenders;

        /**
         * @param manifest of the version that is judged
         * @param contenders the versions that the reports judge
         */
        Keeping(UUID useCase, Manifest manifest, double seconds, long memory, List<Contender> contenders) {
            this.useCase = useCase;
            this.manifest = manifest;
            this.seconds = seconds;
            this.memory = memory;
            this.contenders = List.copyOf(contenders);
        }

        UUID useCase() {
            return useCase;
        }

        List<Contender> contenders() {
            return contenders;
        }

        /** Writes a report, once, and stores it for the versions that it judges. */
        void keep(String name, List<Judged> judged, UseCase asked, String dataHash) throws IOException {
            Path file = folder.file(name);
            if (!Files.exists(file)) {
                Map<String, String> artifacts = new TreeMap<>();
                contenders.forEach(one ->
                        artifacts.put(one.version().reference(), one.version().artifact()));
                JsonFile.write(file, report(judged, artifacts, asked, dataHash, manifest, seconds, memory));
            }
            UUID grader = graders.obtain(
                    useCase,
                    new StoredGrader(
                            "good", charter.good().kind(), JsonMapper.shared().writeValueAsString(charter.good())));
            List<UUID> versions =
                    contenders.stream().map(one -> one.version().id()).toList();
            evaluations.add(useCase, Files.readString(file), dataHash, begun.seed(), grader, versions);
        }
    }

    /** @param artifacts of the versions among those who were judged, by their names */
    private Report report(
            List<Judged> judged,
            Map<String, String> artifacts,
            UseCase useCase,
            String dataHash,
            Manifest manifest,
            double seconds,
            long memory) {
        List<Report.Contender> contenders = judged.stream()
                .map(one -> Report.contender(one, pricing(one)).of(artifacts.get(one.contender())))
                .toList();
        Map<String, Integer> excluded = new TreeMap<>(useCase.data().excluded());
        if (tasks.overLong() > 0) {
            excluded.put("a question that is too long", tasks.overLong());
        }
        List<Task> asked = judged.getLast().tasks();
        return new ReportDraft(
                        new ReportDraft.Subject(
                                useCase,
                                begun.model(),
                                begun.mode(),
                                begun.seed(),
                                dataHash,
                                new Report.Rows(tasks.of(Split.TRAIN).size(), asked.size())),
                        judged,
                        contenders,
                        prices(),
                        ReportDraft.comparisons(judged, judged.size() - 1, begun.seed()),
                        ReportDraft.Made.by(manifest, null),
                        ReportDraft.Cost.now(seconds, memory),
                        new ReportDraft.Conclusions(
                                null,
                                excluded,
                                Report.Gold.of(GoldCheck.of(useCase.good(), asked, Refusals.of(useCase))),
                                charter.constraints(),
                                Scores.of(judged, useCase.part())))
                .report();
    }

    private Pricing pricing(Judged judged) {
        return judged.contender().equals(RECORDED)
                ? new Pricing.Unknown()
                : prices().machine(Runtime.getRuntime().availableProcessors());
    }

    private PriceList prices() {
        String day = LocalDate.now(ZoneOffset.UTC).toString();
        return new PriceList(
                null,
                new PriceList.Amount(
                        begun.price(), new PriceList.Origin(day, "core-hour of the charter, or --price", false)),
                null);
    }
}
