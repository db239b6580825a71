package dev.hone.cli;

import dev.hone.run.CompletionImport;
import dev.hone.run.TraceImport;
import dev.hone.store.Calls;
import dev.hone.store.Database;
import dev.hone.store.Traces;
import dev.hone.store.UseCases;
import dev.hone.task.CompletionFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code hone import}: labelled rows become traces with demonstrations. */
@Command(
        name = "import",
        mixinStandardHelpOptions = true,
        description = {
            "Store rows as traces of a use case: labelled rows with their demonstrations, or completions that OpenAI kept",
            "(told apart by the first row). The same file again adds nothing."
        },
        sortOptions = false,
        footerHeading = "%nExamples:%n",
        footer = {
            "  hone import --use-case support support.jsonl",
            "  hone import --use-case support stored-completions.jsonl",
            "  hone import --use-case support export.jsonl --response answer --skip-bad --json"
        })
final class ImportCommand implements Callable<Integer> {
    @Parameters(paramLabel = "FILE", description = "One JSON object a line (docs/cli.md).")
    private Path file = Path.of("");

    @Option(
            names = "--use-case",
            required = true,
            paramLabel = "NAME",
            description = "The job that these calls do, for instance support; made when it is new.")
    private String useCase = "";

    @Option(
            names = "--response",
            defaultValue = "response",
            paramLabel = "KEY",
            description = "Key of what production answered (default ${DEFAULT-VALUE}).")
    private String response = "response";

    @Option(names = "--skip-bad", description = "Leave out bad lines, and count them.")
    private boolean skipBad;

    @Option(names = "--json", description = "Print one JSON object last (docs/cli.md).")
    private boolean json;

    @Override
    public Integer call() throws IOException {
        UseCases.requireName(useCase);
        if (!Files.exists(file)) {
            throw new NoSuchFileException(file.toString());
        }
        try (Database database = Store.open();
                StageProgress progress = new StageProgress()) {
            UseCases useCases = new UseCases(database);
            Traces traces = new Traces(database);
            print(
                    CompletionFile.isOne(file)
                            ? new CompletionImport(useCases, new Calls(database), traces)
                                    .run(useCase, file, skipBad, progress)
                            : new TraceImport(useCases, traces).run(useCase, file, response, skipBad, progress));
        }
        return 0;
    }

    private void print(TraceImport.Result result) {
        if (json) {
            Json.print(result);
            return;
        }
        System.out.printf(
                "%d rows: %d added, %d known already, %d repeated in the file%n",
                result.rows(), result.added(), result.known(), result.repeated());
        if (result.badLines() > 0) {
            System.out.printf("%d bad lines left out:%n", result.badLines());
            result.bad().forEach(bad -> System.out.printf("  line %d: %s%n", bad.number(), bad.reason()));
        }
        if (!result.ignoredKeys().isEmpty()) {
            System.out.printf("ignored keys (rows): %s%n", result.ignoredKeys());
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
