package dev.hone.cli;

import dev.hone.charter.Charter;
import dev.hone.charter.CharterReader;
import dev.hone.file.Durable;
import dev.hone.record.Conversation;
import dev.hone.record.Task;
import dev.hone.run.CallUseCase;
import dev.hone.run.FileUseCase;
import dev.hone.run.LabelUseCase;
import dev.hone.run.Loop;
import dev.hone.run.LoopFolds;
import dev.hone.run.LoopOutcome;
import dev.hone.run.Study;
import dev.hone.run.StudyReport;
import dev.hone.run.TextUseCase;
import dev.hone.run.TraceExport;
import dev.hone.run.UseCase;
import dev.hone.web.ReportPage;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import tools.jackson.databind.node.ObjectNode;

/** {@code hone demo}: the main job, from data to a model that is proven and ready to chat. */
@Command(
        name = "demo",
        mixinStandardHelpOptions = true,
        description = {
            "Run the main job: a virtual assistant's sentences become calls of its tools.",
            "Fetches a small model and public data, fine-tunes on four folds, judges on the fifth, and compares.",
            "Measures the machine first: a slow one trains less in the same time, and says so."
        },
        footerHeading = "%nExamples:%n",
        footer = {
            "  hone demo",
            "  hone demo --quick",
            "  hone demo --use-case triage",
            "  hone demo --data calls.jsonl --response answer",
            "  HONE_INCUMBENT_KEY=… hone demo --incumbent https://api.example.com/v1 --incumbent-model big-1",
            "  hone demo --minutes 45",
            "  hone demo --seed 2 --fold 3 --out runs/demo-2 --json",
            "  hone demo --folds 5 --seeds 3",
            "  hone demo --use-case triage --folds 5",
            "  hone demo --loop",
            "  hone demo --loop --quick --out /tmp/loop",
            "",
            "Run again after an interruption, it goes on where it was. The report: docs/report.md."
        })
final class DemoCommand implements Callable<Integer> {
    private static final String PAGE = "report.html";

    /** The rows of an example, as `hone import` takes them. */
    private static final String TRACES = "traces.jsonl";

    private static final String REQUEST = "request.json";

    private enum Example {
        ACTIONS,
        TRIAGE
    }

    @Option(
            names = "--use-case",
            description =
                    "actions: a sentence becomes a call. triage: a vulnerability's description becomes its class of"
                            + " weakness, with classic contenders (default actions).")
    private @Nullable Example example;

    @Option(
            names = "--data",
            paramLabel = "FILE",
            description =
                    "Your own use case: one JSON object a line, as hone import reads it. What its answers are (calls of"
                            + " tools, labels, numbers or texts) is told by looking at them.")
    private @Nullable Path data;

    @Option(
            names = "--response",
            paramLabel = "COLUMN",
            description = "Column of --data with what production answered: it becomes a contender (default response).")
    private @Nullable String response;

    @Option(
            names = "--charter",
            paramLabel = "FILE",
            description =
                    "What the use case is for (docs/charter.md): its grader judges --data, and the report says who"
                            + " keeps its constraints.")
    private @Nullable Path charterFile;

    @Mixin
    private IncumbentOptions incumbent = new IncumbentOptions();

    @Option(
            names = "--minutes",
            paramLabel = "N",
            description =
                    "Time to fill after the downloads: how much is trained and judged follows from it and from the"
                            + " machine (default 20).")
    private @Nullable Double minutes;

    @Option(names = "--quick", description = "The same as --minutes 5: little training, wide intervals.")
    private boolean quick;

    @Option(
            names = "--show",
            paramLabel = "N",
            description =
                    "Where answers are calls: let the model see the N nearest of its demonstrations before each question, in"
                            + " training and afterwards (default 0).")
    private int shown;

    @Option(names = "--seed", description = "Of adapters and order (default 1).")
    private @Nullable Long seed;

    @Option(names = "--fold", description = "Which of the five folds is judged, 0 to 4 (default 0).")
    private @Nullable Integer fold;

    @Option(
            names = "--folds",
            paramLabel = "N",
            description =
                    "Judge the first N of the five folds, and report over all of their rows (hours). Where there are"
                            + " rewards, as the study of what they add: a quarter of the rows demonstrated, the others rewarded, at"
                            + " equal compute.")
    private @Nullable Integer folds;

    @Option(
            names = "--seeds",
            paramLabel = "N",
            description = "Seeds that the study judges its first fold with (default 1).")
    private @Nullable Integer seeds;

    @Option(
            names = "--loop",
            description =
                    "Turn the wheel once around a real gateway: simulated users ask for tools never seen before, which is"
                            + " noticed, labelled, trained, gated and rolled out; then a bad version is caught. With --quick a toy job"
                            + " of a tiny model, in some minutes (docs/loop.md).")
    private boolean loop;

    @Mixin
    private ModelOption base = new ModelOption();

    @Option(
            names = "--out",
            paramLabel = "DIR",
            description =
                    "Folder of the model and the report (default hone-demo; with --use-case triage"
                            + " hone-demo-triage, with --data hone-demo- and its name; each with -quick after --quick and -study after --folds).")
    private @Nullable Path folder;

    @Option(names = "--no-store", description = "Leave the trained models in their folders alone.")
    private boolean withoutStore;

    @Option(
            names = "--price",
            defaultValue = "0.05",
            paramLabel = "CORE-HOUR",
            description = "Price of a core-hour, for the cost of a request (default ${DEFAULT-VALUE}).")
    private double price;

    private @Nullable Charter charter;
    private String model = "";

    @Option(names = "--json", description = "Print the report as one JSON object last (docs/report.md).")
    private boolean json;

    @Override
    public Integer call() throws IOException {
        requireOptions();
        if (loop) {
            return LoopDemoRun.run(out(), quick, seed == null ? 1 : seed, json);
        }
        model = base.resolved();
        charter = charterFile == null ? null : CharterReader.read(charterFile);
        DemoProgress progress = new DemoProgress();
        progress.stage("Fetching model and data");
        UseCase useCase = data != null
                ? own(data)
                : switch (example()) {
                    case ACTIONS -> CallUseCase.assistantActions(progress);
                    case TRIAGE -> LabelUseCase.vulnerabilityTriage(progress);
                };
        requireOwn(useCase);
        if (shown != 0) {
            useCase = showing(useCase);
        }
        if (folds == null && seeds == null) {
            return loop(useCase, progress);
        }
        return useCase.reward() == null || shown != 0 ? folds(useCase, progress) : study(useCase, progress);
    }

    private UseCase showing(UseCase useCase) {
        return switch (useCase) {
            case CallUseCase calls -> calls.showing(shown);
            case LabelUseCase ignored -> throw cannotShow();
            case TextUseCase ignored -> throw cannotShow();
        };
    }

    private static IllegalArgumentException cannotShow() {
        return new IllegalArgumentException("--show is for answers that are calls: leave it out");
    }

    /** A charter of another use case would judge by what is good elsewhere. */
    private void requireOwn(UseCase useCase) {
        if (charter != null
                && (!charter.name().equals(useCase.data().name())
                        || !charter.good().kind().equals(useCase.good().kind()))) {
            throw new IllegalArgumentException(
                    "The charter is of [%s], judged by [%s], and the use case is [%s], judged by [%s]"
                            .formatted(
                                    charter.name(),
                                    charter.good().kind(),
                                    useCase.data().name(),
                                    useCase.good().kind()));
        }
    }

    private Example example() {
        return example == null ? Example.ACTIONS : example;
    }

    private UseCase own(Path file) throws IOException {
        UseCase own = FileUseCase.read(
                file,
                charter == null ? name(file) : charter.name(),
                response(),
                charter == null ? null : charter.good());
        if (!own.data().excluded().isEmpty()) {
            System.err.println("Left out of [%s]: %s".formatted(file, own.data().excluded()));
        }
        System.err.println(own.describe());
        return own;
    }

    private String response() {
        return response == null ? "response" : response;
    }

    /** The labelled calls that it is about, as a file. */
    private Path rows(UseCase useCase) throws IOException {
        if (data != null) {
            return data;
        }
        Path file = out().resolve(TRACES);
        TraceExport.write(useCase, file);
        return file;
    }

    /** The file's, as far as it can be a name. */
    private static String name(Path file) {
        String name = String.valueOf(file.getFileName())
                .replaceFirst("\\.[^.]*$", "")
                .toLowerCase(Locale.ROOT)
                .replaceAll("[^a-z0-9]+", "-")
                .replaceAll("^-|-$", "");
        return name.isEmpty() ? "own" : name;
    }

    private void requireOptions() {
        if (loop
                && (data != null
                        || example != null
                        || charterFile != null
                        || minutes != null
                        || fold != null
                        || folds != null
                        || seeds != null
                        || shown != 0)) {
            throw new IllegalArgumentException(
                    "--loop is a story of its own: give --quick, --seed, --out and --json alone");
        }
        if (data != null && example != null) {
            throw new IllegalArgumentException("--data is a use case of its own: leave out --use-case");
        }
        if (data == null && response != null) {
            throw new IllegalArgumentException("--response is a column of --data: give both");
        }
        if (fold != null && (fold < 0 || fold > 4)) {
            throw new IllegalArgumentException("--fold must be 0 to 4, not [" + fold + "]");
        }
        if (!(price >= 0 && price < Double.POSITIVE_INFINITY)) {
            throw new IllegalArgumentException("--price must be 0 or more, not [" + price + "]");
        }
        if (minutes != null && quick) {
            throw new IllegalArgumentException("--quick and --minutes exclude each other: --quick is --minutes 5");
        }
        if (shown != 0 && seeds != null) {
            throw new IllegalArgumentException(
                    "--seeds is of the study, which shows no examples: leave out --show, or give --folds alone");
        }
        if ((folds != null || seeds != null) && fold != null) {
            throw new IllegalArgumentException(
                    "--folds and --seeds judge the first folds, --fold one of them: give either");
        }
    }

    private Path out() {
        String use = data != null ? "-" + name(data) : example() == Example.TRIAGE ? "-triage" : "";
        if (loop) {
            use = "-loop";
        }
        String how = quick ? "-quick" : folds != null || seeds != null ? "-study" : "";
        return folder != null ? folder : Path.of("hone-demo" + use + how);
    }

    private Loop.Options options() {
        return new Loop.Options(
                model,
                seed == null ? 1 : seed,
                fold == null ? 0 : fold,
                budget(),
                price,
                charter == null ? null : charter.constraints(),
                incumbent.chosen(),
                out());
    }

    private int loop(UseCase useCase, DemoProgress progress) throws IOException {
        Loop loop = new Loop(options(), useCase, progress);
        Loop.Job job = loop.prepare();
        Optional<LoopOutcome> judged = Optional.empty();
        try (Interruption interruption = new Interruption()) {
            Optional<Loop.Trained> trained = loop.train(job, interruption::requested);
            if (trained.isPresent()) {
                judged = loop.judge(job, trained.get(), interruption::requested);
            }
        }
        if (judged.isEmpty()) {
            return stopped();
        }
        LoopOutcome outcome = judged.get();
        writePage(outcome);
        ReportTable.print(outcome.report(), price);
        if (!withoutStore) {
            DemoRegistration.keep(useCase, outcome, rows(useCase), response(), out());
        }
        printNext(outcome.model(), job.useCase(), job.test().getFirst());
        if (json) {
            Json.print(outcome.report());
        }
        return 0;
    }

    private void writePage(LoopOutcome outcome) throws IOException {
        Durable.write(out().resolve(PAGE), ReportPage.of(outcome).html().getBytes(StandardCharsets.UTF_8));
    }

    /** A use case without rewards: the same loop fold by fold. */
    private int folds(UseCase useCase, DemoProgress progress) throws IOException {
        if (seeds != null) {
            throw new IllegalArgumentException(
                    "--seeds belongs to the study of rewards, and [%s] has none: give --folds alone"
                            .formatted(useCase.data().name()));
        }
        Optional<LoopOutcome> outcome;
        try (Interruption interruption = new Interruption()) {
            outcome =
                    new LoopFolds(options(), useCase, folds == null ? 1 : folds, progress).run(interruption::requested);
        }
        if (outcome.isEmpty()) {
            return stopped();
        }
        writePage(outcome.get());
        ReportTable.print(outcome.get().report(), price);
        System.err.printf("%nreport: %s%npage:   %s%n", out().resolve(Loop.REPORT), out().resolve(PAGE));
        if (json) {
            Json.print(outcome.get().report());
        }
        return 0;
    }

    private int study(UseCase useCase, DemoProgress progress) throws IOException {
        if (incumbent.chosen() != null || charter != null) {
            throw new IllegalArgumentException(
                    "The study has no incumbent and no charter: leave out --incumbent and --charter");
        }
        if (seed != null || minutes != null || quick) {
            throw new IllegalArgumentException(
                    "The study's seeds and amounts are fixed: leave out --seed, --minutes and --quick");
        }
        Study.Options options =
                new Study.Options(model, folds == null ? 1 : folds, seeds == null ? 1 : seeds, price, out());
        Study study = new Study(options, useCase, progress);
        Optional<StudyReport> report;
        try (Interruption interruption = new Interruption()) {
            report = study.run(interruption::requested);
            if (report.isEmpty() && interruption.requested()) {
                return stopped();
            }
        }
        if (report.isEmpty()) {
            System.err.printf("Nothing is finished yet: other processes have every cell of the study in [%s]%n", out());
            return 1;
        }
        ReportTable.print(report.get().pooled(), price);
        for (StudyReport.CellQuality one : report.get().cells()) {
            System.err.printf(
                    "fold %d, seed %d  %-36s %5.1f %% of %d%n",
                    one.fold(), one.seed(), one.contender(), 100 * one.quality().value(), one.rows());
        }
        System.err.printf("%nreport: %s%n", out().resolve(Study.REPORT));
        if (json) {
            Json.print(report.get());
        }
        return 0;
    }

    private int stopped() {
        System.err.println("Stopped; the same command goes on from where it was, in [" + out() + "]");
        return 130;
    }

    private Duration budget() {
        double wanted = minutes != null ? minutes : quick ? 5 : 20;
        if (!(wanted >= 1 && wanted <= 24 * 60)) {
            throw new IllegalArgumentException("--minutes must be 1 to 1440, not [" + wanted + "]");
        }
        return Duration.ofSeconds(Math.round(60 * wanted));
    }

    private void printNext(Path trained, UseCase useCase, Task task) throws IOException {
        Conversation asked = useCase.ask(task);
        ObjectNode request = useCase.request(task).put("model", String.valueOf(trained.getFileName()));
        Durable.write(out().resolve(REQUEST), request.toString().getBytes(StandardCharsets.UTF_8));
        System.err.printf("%nreport: %s%n        %s%n", out().resolve(PAGE), out().resolve(Loop.REPORT));
        int turns = asked.messages().size();
        if (turns == 1 || turns == 2 && asked.messages().getFirst().role().equals("system")) {
            System.err.printf(
                    "chat:   ./hone chat --model %s%s --prompt %s%n",
                    trained,
                    turns == 1
                            ? ""
                            : " --system " + quoted(asked.messages().getFirst().content()),
                    quoted(asked.messages().getLast().content()));
        }
        System.err.printf(
                "serve:  ./hone serve-model --model %s%n        curl http://127.0.0.1:8000/v1/chat/completions -H 'Content-Type: application/json' -d @%s%n",
                trained, out().resolve(REQUEST));
    }

    /** As one word of a POSIX shell. */
    private static String quoted(String text) {
        return "'" + text.replace("'", "'\\''") + "'";
    }
}
