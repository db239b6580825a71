package dev.hone.cli;

import dev.hone.algorithm.GrpoListener;
import dev.hone.algorithm.Rollouts;
import dev.hone.algorithm.SftListener;
import dev.hone.evaluate.Report;
import dev.hone.fetch.PinnedFile;
import dev.hone.fetch.Source;
import dev.hone.file.Durable;
import dev.hone.record.Conversation;
import dev.hone.run.Demo;
import dev.hone.run.DemoOutcome;
import dev.hone.run.LoadedModel;
import dev.hone.run.Manifest;
import dev.hone.run.TriageDemo;
import dev.hone.task.CallPrompts;
import dev.hone.task.LabelPrompts;
import dev.hone.web.ReportPage;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

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
            "  hone demo --minutes 45",
            "  hone demo --seed 2 --fold 3 --out runs/demo-2 --json",
            "",
            "Run again after an interruption, it goes on where it was. The report: docs/report.md."
        })
final class DemoCommand implements Callable<Integer> {
    private static final String PAGE = "report.html";

    private enum UseCase {
        ACTIONS,
        TRIAGE
    }

    @Option(
            names = "--use-case",
            defaultValue = "actions",
            description =
                    "actions: a sentence becomes a call. triage: a vulnerability's description becomes its class of"
                            + " weakness, with classic contenders and a verdict (default ${DEFAULT-VALUE}).")
    private UseCase useCase = UseCase.ACTIONS;

    @Option(
            names = "--minutes",
            paramLabel = "N",
            description =
                    "Time to fill after the downloads: how much is trained and judged follows from it and from the"
                            + " machine (default 20).")
    private @Nullable Double minutes;

    @Option(names = "--quick", description = "The same as --minutes 5: little training, wide intervals.")
    private boolean quick;

    @Option(names = "--seed", defaultValue = "1", description = "Of adapters and order (default ${DEFAULT-VALUE}).")
    private long seed;

    @Option(
            names = "--fold",
            defaultValue = "0",
            description = "Which of the five folds is judged, 0 to 4 (default ${DEFAULT-VALUE}).")
    private int fold;

    @Option(
            names = "--model",
            defaultValue = LoadedModel.DEFAULT,
            paramLabel = "NAME|PATH",
            description = "Base model (default ${DEFAULT-VALUE}).")
    private String model = LoadedModel.DEFAULT;

    @Option(
            names = "--out",
            paramLabel = "DIR",
            description = "Folder of the model and the report (default hone-demo; with --use-case triage"
                    + " hone-demo-triage; each with -quick after --quick).")
    private @Nullable Path folder;

    @Option(
            names = "--price",
            defaultValue = "0.05",
            paramLabel = "CORE-HOUR",
            description = "Price of a core-hour, for the cost of a request (default ${DEFAULT-VALUE}).")
    private double price;

    @Option(names = "--json", description = "Print the report as one JSON object last (docs/report.md).")
    private boolean json;

    @Override
    public Integer call() throws IOException {
        if (fold < 0 || fold > 4) {
            throw new IllegalArgumentException("--fold must be 0 to 4, not [" + fold + "]");
        }
        if (!(price >= 0 && price < Double.POSITIVE_INFINITY)) {
            throw new IllegalArgumentException("--price must be 0 or more, not [" + price + "]");
        }
        return switch (useCase) {
            case ACTIONS -> actions(options(Demo.USE_CASE));
            case TRIAGE -> triage(options(TriageDemo.USE_CASE));
        };
    }

    private Demo.Options options(String name) {
        return new Demo.Options(name, model, seed, fold, budget(), price, out());
    }

    private Path out() {
        String use = useCase == UseCase.TRIAGE ? "-triage" : "";
        return folder != null ? folder : Path.of("hone-demo" + use + (quick ? "-quick" : ""));
    }

    private int actions(Demo.Options options) throws IOException {
        Demo demo = new Demo(options, new DemoProgress());
        Demo.Job job = demo.prepare();
        Optional<Demo.Trained> trained;
        try (Interruption interruption = new Interruption()) {
            trained = demo.train(job, interruption::requested);
        }
        if (trained.isEmpty()) {
            return stopped(options.out());
        }
        finish(
                options.out(),
                demo.judge(job, trained.get()),
                CallPrompts.brief(job.test().getFirst()));
        return 0;
    }

    private int triage(Demo.Options options) throws IOException {
        TriageDemo demo = new TriageDemo(options, new DemoProgress());
        TriageDemo.Job job = demo.prepare();
        Optional<Manifest> trained;
        try (Interruption interruption = new Interruption()) {
            trained = demo.train(job, interruption::requested);
        }
        if (trained.isEmpty()) {
            return stopped(options.out());
        }
        finish(
                options.out(),
                demo.judge(job, trained.get()),
                LabelPrompts.brief(job.test().getFirst()));
        return 0;
    }

    private void finish(Path out, DemoOutcome outcome, Conversation example) throws IOException {
        Durable.write(out.resolve(PAGE), ReportPage.of(outcome).html().getBytes(StandardCharsets.UTF_8));
        print(outcome.report(), out, outcome.model(), example);
    }

    private static int stopped(Path trained) {
        System.err.println("Stopped; the same command goes on from the checkpoint in [" + trained + "]");
        return 130;
    }

    private Duration budget() {
        if (minutes != null && quick) {
            throw new IllegalArgumentException("--quick and --minutes exclude each other: --quick is --minutes 5");
        }
        double wanted = minutes != null ? minutes : quick ? 5 : 20;
        if (!(wanted >= 1 && wanted <= 24 * 60)) {
            throw new IllegalArgumentException("--minutes must be 1 to 1440, not [" + wanted + "]");
        }
        return Duration.ofSeconds(Math.round(60 * wanted));
    }

    private void print(Report report, Path out, Path trained, Conversation example) {
        System.err.println();
        System.err.printf(
                "%-28s %5s  %-22s %8s %6s %7s %7s %8s %8s %8s %9s%n",
                "",
                "rows",
                "right (95 %)",
                "function",
                "valid",
                "prompt",
                "answer",
                "tokens/s",
                "p50 ms",
                "p95 ms",
                "per 1000");
        for (Report.Contender one : report.contenders()) {
            System.err.printf(
                    "%-28s %5d  %5.1f %% (%4.1f to %4.1f) %6.0f %% %4.0f %% %7.0f %7.0f %8.0f %8.0f %8.0f %9.4f%n",
                    one.name(),
                    one.rows(),
                    100 * one.quality().value(),
                    100 * one.quality().low(),
                    100 * one.quality().high(),
                    100 * one.functionAccuracy(),
                    100 * one.validOutput(),
                    one.promptTokens(),
                    one.completionTokens(),
                    one.tokensPerSecond(),
                    one.p50Ms(),
                    one.p95Ms(),
                    one.costPerThousand());
        }
        System.err.println();
        for (Report.Comparison one : report.comparisons()) {
            System.err.printf(
                    "%s minus %s: %+.1f points (%+.1f to %+.1f), p = %.2g%n",
                    one.a(), one.b(), 100 * one.difference(), 100 * one.low(), 100 * one.high(), one.pHolm());
        }
        System.err.printf(
                "p is corrected for all comparisons; %d rows show differences from about %.0f points on%n",
                report.rows().test(), 100 * report.rows().detectable());
        if (report.verdict() != null) {
            System.err.printf("%nverdict: %s%n%n", report.verdict().sentence());
        }
        System.err.printf(
                "trained on %d rows: %,d tokens at %.0f tokens/s; in all %.1f minutes, %,d MiB at most; cost at %s a"
                        + " core-hour%n",
                report.rows().train(),
                report.training().tokens(),
                report.training().tokensPerSecond(),
                report.wallSeconds() / 60,
                report.peakMemoryBytes() >> 20,
                price);
        System.err.printf(
                "%nreport: %s%n        %s%nchat:   ./hone chat --model %s --system %s --prompt %s%nserve:  ./hone serve-model --model %s%n",
                out.resolve(PAGE),
                out.resolve(Demo.REPORT),
                trained,
                quoted(example.messages().getFirst().content()),
                quoted(example.messages().getLast().content()),
                trained);
        if (json) {
            Json.print(report);
        }
    }

    /** As one word of a POSIX shell. */
    private static String quoted(String text) {
        return "'" + text.replace("'", "'\\''") + "'";
    }

    /** Stages as lines, work as bars. */
    private static final class DemoProgress implements Demo.Listener {
        private final FetchProgress fetching = new FetchProgress();
        private @Nullable Progress progress;
        private String what = "";

        @Override
        public void stage(String name) {
            end();
            System.err.println(name);
        }

        @Override
        public void answered(String contender, int done, int total) {
            bar(contender).update(done, total, "requests");
            if (done >= total) {
                end();
            }
        }

        @Override
        public void stepped(SftListener.Step step) {
            bar("training").update(step.step(), step.steps(), TrainReport.detail(step));
            if (step.step() == step.steps()) {
                end();
            }
        }

        @Override
        public void stepped(GrpoListener.Step step, List<Rollouts> rollouts) {
            bar("reinforcing").update(step.step(), step.steps(), TrainReport.detail(step));
            String alarm = step.drift().alarm();
            if (!alarm.isEmpty()) {
                end();
                System.err.printf("Alarm in step %d: %s%n", step.step(), alarm);
            }
            if (step.step() == step.steps()) {
                end();
            }
        }

        @Override
        public void started(PinnedFile file, Source source) {
            fetching.started(file, source);
        }

        @Override
        public void progress(PinnedFile file, long soFar, long total) {
            fetching.progress(file, soFar, total);
        }

        @Override
        public void notice(String message) {
            fetching.notice(message);
        }

        private Progress bar(String name) {
            if (progress == null || !what.equals(name)) {
                end();
                what = name;
                progress = new Progress(name);
            }
            return progress;
        }

        private void end() {
            if (progress != null) {
                progress.close();
                progress = null;
            }
        }
    }
}
