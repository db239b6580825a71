package dev.hone.cli;

import dev.hone.charter.Charter;
import dev.hone.file.Durable;
import dev.hone.run.CallUseCase;
import dev.hone.run.FileUseCase;
import dev.hone.run.Incumbent;
import dev.hone.run.LabelUseCase;
import dev.hone.run.Loop;
import dev.hone.run.LoopFolds;
import dev.hone.run.LoopOutcome;
import dev.hone.run.LoopStage;
import dev.hone.run.Study;
import dev.hone.run.StudyOutcome;
import dev.hone.run.TextUseCase;
import dev.hone.run.TraceExport;
import dev.hone.run.UseCase;
import dev.hone.web.ReportPage;
import dev.hone.web.StudyPage;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

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
            "Run again after an interruption, it goes on where it was; with --loop, whose users live as long as the"
                    + " command, it begins with nothing, in a folder that is not there yet. The report: docs/report.md;"
                    + " with --loop: docs/loop.md."
        })
final class DemoCommand implements Callable<Integer> {
    private static final String PAGE = "report.html";

    /** The rows of an example, as `hone import` takes them. */
    private static final String TRACES = "traces.jsonl";

    @Mixin
    private DemoOptions given = new DemoOptions();

    private @Nullable Charter charter;
    private String model = "";

    @Override
    public Integer call() throws IOException {
        given.require();
        if (given.loop) {
            return LoopDemoRun.run(given.out(), given.quick, given.seed == null ? 1 : given.seed, given.json);
        }
        model = given.base.resolved();
        charter = given.charter();
        DemoProgress progress = new DemoProgress(given.budget());
        if (given.folds == null && given.seeds == null) {
            progress.begins(LoopStage.FETCHING);
        }
        progress.stage("Fetching model and data");
        UseCase useCase = given.data != null
                ? own(given.data)
                : switch (given.example()) {
                    case ACTIONS -> CallUseCase.assistantActions(progress);
                    case TRIAGE -> LabelUseCase.vulnerabilityTriage(progress);
                };
        requireOwn(useCase);
        if (given.shown != 0) {
            useCase = showing(useCase);
        }
        if (given.folds == null && given.seeds == null) {
            return loop(useCase, progress);
        }
        return useCase.reward() == null || given.shown != 0 ? folds(useCase, progress) : study(useCase, progress);
    }

    private UseCase showing(UseCase useCase) {
        return switch (useCase) {
            case CallUseCase calls -> calls.showing(given.shown);
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

    private UseCase own(Path file) throws IOException {
        UseCase own = FileUseCase.read(
                file,
                charter == null ? DemoOptions.name(file) : charter.name(),
                given.response(),
                charter == null ? null : charter.good(),
                System.err::println);
        if (!own.data().excluded().isEmpty()) {
            System.err.printf("Left out of [%s]:%n", file);
            own.data().excluded().forEach((reason, rows) -> System.err.printf("  %6d × %s%n", rows, reason));
        }
        System.err.println(own.describe());
        return own;
    }

    /** The labelled calls that it is about, as a file. */
    private Path rows(UseCase useCase) throws IOException {
        if (given.data != null) {
            return given.data;
        }
        Path file = given.out().resolve(TRACES);
        TraceExport.write(useCase, file);
        return file;
    }

    private Loop.Options options() throws IOException {
        DemoPrices prices = new DemoPrices(given.prices);
        Incumbent incumbent = given.incumbent.chosen(prices);
        return new Loop.Options(
                model,
                given.seed == null ? 1 : given.seed,
                given.fold == null ? 0 : given.fold,
                given.budget(),
                prices.list(given.price, given.incumbent.tokens(prices)),
                charter == null ? null : charter.constraints(),
                incumbent,
                given.out());
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
        ReportTable.print(outcome.report());
        if (!given.withoutStore) {
            DemoRegistration.keep(useCase, outcome, rows(useCase), given.response(), given.out());
        }
        DemoNext.print(
                given.out(), PAGE, outcome.model(), job.useCase(), job.test().getFirst());
        if (given.json) {
            Json.print(outcome.report());
        }
        return 0;
    }

    private void writePage(LoopOutcome outcome) throws IOException {
        Durable.write(given.out().resolve(PAGE), ReportPage.of(outcome).html().getBytes(StandardCharsets.UTF_8));
    }

    /** A use case without rewards: the same loop fold by fold. */
    private int folds(UseCase useCase, DemoProgress progress) throws IOException {
        if (given.seeds != null) {
            throw new IllegalArgumentException(
                    "--seeds belongs to the study of rewards, and [%s] has none: give --folds alone"
                            .formatted(useCase.data().name()));
        }
        Optional<LoopOutcome> outcome;
        try (Interruption interruption = new Interruption()) {
            outcome = new LoopFolds(options(), useCase, given.folds == null ? 1 : given.folds, progress)
                    .run(interruption::requested);
        }
        if (outcome.isEmpty()) {
            return stopped();
        }
        writePage(outcome.get());
        ReportTable.print(outcome.get().report());
        System.err.printf(
                "%nreport: %s%npage:   %s%n",
                given.out().resolve(Loop.REPORT), given.out().resolve(PAGE));
        if (given.json) {
            Json.print(outcome.get().report());
        }
        return 0;
    }

    private int study(UseCase useCase, DemoProgress progress) throws IOException {
        DemoPrices prices = new DemoPrices(given.prices);
        if (given.incumbent.chosen(prices) != null || given.charterFile != null) {
            throw new IllegalArgumentException(
                    "The study has no incumbent and no charter: leave out --incumbent and --charter");
        }
        if (given.seed != null || given.minutes != null || given.quick) {
            throw new IllegalArgumentException(
                    "The study's seeds and amounts are fixed: leave out --seed, --minutes and --quick");
        }
        Study.Options options = new Study.Options(
                model,
                given.folds == null ? 1 : given.folds,
                given.seeds == null ? 1 : given.seeds,
                prices.list(given.price, null),
                given.out());
        Study study = Study.of(options, useCase, progress);
        Optional<StudyOutcome> outcome;
        try (Interruption interruption = new Interruption()) {
            outcome = study.run(interruption::requested, this::writePage);
            if (outcome.isEmpty() && interruption.requested()) {
                return stopped();
            }
        }
        if (outcome.isEmpty()) {
            System.err.printf(
                    "Nothing is finished yet: other processes have every cell of the study in [%s]%n", given.out());
            return 1;
        }
        StudyTable.print(outcome.get().report());
        System.err.printf(
                "%nreport: %s%npage:   %s%n",
                given.out().resolve(Study.REPORT), given.out().resolve(PAGE));
        if (given.json) {
            Json.print(outcome.get().report());
        }
        return 0;
    }

    private void writePage(StudyOutcome outcome) throws IOException {
        Durable.write(given.out().resolve(PAGE), new StudyPage(outcome).html().getBytes(StandardCharsets.UTF_8));
    }

    private int stopped() {
        System.err.println("Stopped; the same command goes on from where it was, in [" + given.out() + "]");
        return 130;
    }
}
