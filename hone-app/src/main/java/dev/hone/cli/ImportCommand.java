package dev.hone.cli;

import dev.hone.run.CompletionImport;
import dev.hone.run.StoredTraceImport;
import dev.hone.run.TraceImport;
import dev.hone.store.Calls;
import dev.hone.store.Database;
import dev.hone.store.TraceRestore;
import dev.hone.store.Traces;
import dev.hone.store.UseCases;
import dev.hone.task.CompletionFile;
import dev.hone.task.Faults;
import dev.hone.task.LineFault;
import dev.hone.task.TraceFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code hone import}: labelled rows become traces with demonstrations. */
@Command(
        name = "import",
        mixinStandardHelpOptions = true,
        description = {
            "Store rows as traces of a use case: labelled rows with their demonstrations, or completions that OpenAI kept;",
            "or traces that hone traces export wrote, each as it was (told apart by the first row). The same file again adds",
            "nothing."
        },
        sortOptions = false,
        footerHeading = "%nExamples:%n",
        footer = {
            "  hone import --use-case support support.jsonl",
            "  hone import --use-case support stored-completions.jsonl",
            "  hone import --use-case support export.jsonl --response answer --skip-bad --json",
            "  hone import traces.jsonl"
        })
final class ImportCommand implements Callable<Integer> {
    @Parameters(paramLabel = "FILE", description = "One JSON object a line (docs/cli.md).")
    private Path file = Path.of("");

    @Option(
            names = "--use-case",
            paramLabel = "NAME",
            description =
                    "The job that these calls do, for instance support; made when it is new. Exported traces say theirs.")
    private @Nullable String useCase;

    @Option(
            names = "--response",
            defaultValue = "response",
            paramLabel = "KEY",
            description = "Key of what production answered (default ${DEFAULT-VALUE}).")
    private String response = "response";

    @Option(
            names = "--project",
            paramLabel = "NAME",
            description = "Whose use case, where several projects have one of that name (the default where none has).")
    private @Nullable String project;

    @Option(names = "--skip-bad", description = "Leave out bad lines, and count them.")
    private boolean skipBad;

    @Option(names = "--json", description = "Print one JSON object last (docs/cli.md).")
    private boolean json;

    @Override
    public Integer call() throws IOException {
        if (useCase != null) {
            UseCases.requireName(useCase);
        }
        if (!Files.exists(file)) {
            throw new NoSuchFileException(file.toString());
        }
        if (TraceFile.isOne(file)) {
            restore();
            return 0;
        }
        if (useCase == null) {
            throw new IllegalArgumentException(
                    "--use-case is missing: say which job the calls in [%s] do".formatted(file));
        }
        try (Database database = Store.open();
                StageProgress progress = new StageProgress()) {
            UseCases useCases = new UseCases(database);
            Traces traces = new Traces(database);
            print(
                    CompletionFile.isOne(file)
                            ? new CompletionImport(useCases, new Calls(database), traces)
                                    .run(useCase, project, file, skipBad, progress)
                            : new TraceImport(useCases, traces)
                                    .run(useCase, project, file, response, skipBad, progress));
        }
        return 0;
    }

    private void restore() throws IOException {
        if (useCase != null || project != null) {
            throw new IllegalArgumentException(
                    "--%s is [%s], and [%s] has exported traces, which say theirs: leave it out"
                            .formatted(
                                    useCase != null ? "use-case" : "project",
                                    useCase != null ? useCase : project,
                                    file));
        }
        StoredTraceImport.Result result;
        try (Database database = Store.open();
                StageProgress progress = new StageProgress()) {
            result = new StoredTraceImport(new TraceRestore(database)).run(file, skipBad, progress);
        }
        if (json) {
            Json.print(result);
            return;
        }
        System.out.printf(
                "%d rows: %d added, %d known already, %d repeated in the file; %d pieces of feedback added%n",
                result.rows(), result.added(), result.known(), result.repeated(), result.feedback());
        printOver(result.over(), result.overMonths());
        print(result.badLines(), result.bad(), result.badReasons());
        System.out.printf("projects %s, use cases %s%n", result.projects(), result.useCases());
    }

    private static void printOver(int over, List<String> months) {
        if (over > 0) {
            System.out.printf(
                    "%d rows left out: retention has dropped the calls of %s, and their sums by day stay as they are%n",
                    over, months);
        }
    }

    private static void print(int badLines, List<LineFault> bad, Map<String, Integer> reasons) {
        if (badLines > 0) {
            System.out.printf("%d bad lines left out:%n%s%n", badLines, new Faults(bad).shown());
        }
        if (badLines > bad.size()) {
            System.out.println("  in all:");
            reasons.forEach((reason, lines) -> System.out.printf("  %6d × %s%n", lines, reason));
        }
    }

    private void print(TraceImport.Result result) {
        if (json) {
            Json.print(result);
            return;
        }
        System.out.printf(
                "%d rows: %d added, %d known already, %d repeated in the file%n",
                result.rows(), result.added(), result.known(), result.repeated());
        printOver(result.over(), result.overMonths());
        print(result.badLines(), result.bad(), result.badReasons());
        if (!result.ignoredKeys().isEmpty()) {
            System.out.printf("ignored keys (rows): %s%n", result.ignoredKeys());
        }
        if (result.traces() == 0) {
            System.out.printf("use case [%s] has no traces%n", result.useCase());
            return;
        }
        System.out.printf(
                "use case [%s] has %d traces; next: hone tasks build --use-case %s%n",
                result.useCase(), result.traces(), result.useCase());
    }

    /** One bar a stage. */
    private static final class StageProgress implements TraceImport.Listener, AutoCloseable {
        private static final long QUIET_NANOS = 2_000_000_000L;

        private final long start = System.nanoTime();
        private final Map<String, Progress> bars = new HashMap<>();

        @Override
        public void progress(String stage, long done, long total, int lines) {
            if (System.nanoTime() - start > QUIET_NANOS && (done < total || bars.containsKey(stage))) {
                bars.computeIfAbsent(stage, Progress::new).update(done, total, "bytes, line " + lines);
            }
        }

        @Override
        public void close() {
            bars.values().forEach(Progress::close);
        }
    }
}
