package dev.hone.cli;

import dev.hone.run.TraceExporting;
import dev.hone.run.TraceSink;
import dev.hone.store.AuditLog;
import dev.hone.store.Database;
import dev.hone.store.Projects;
import dev.hone.store.StoredTraces;
import dev.hone.store.TraceQuery;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code hone traces export}. */
@Command(
        name = "export",
        mixinStandardHelpOptions = true,
        description = {
            "Write traces of a project with all that is stored of them: what they say, attempts, feedback.",
            "Lines (jsonl) can be stored again by hone import; Parquet has a column for each figure. The audit log tells of it."
        },
        sortOptions = false,
        footerHeading = "%nExamples:%n",
        footer = {
            "  hone traces export --use-case support --out support.jsonl",
            "  hone traces export --since 2026-03-01T00:00:00Z --format parquet --out march.parquet",
            "  hone traces export --with-feedback stars --most 2 --out - | jq .request.messages"
        })
final class TracesExportCommand implements Callable<Integer> {
    private static final String STANDARD_OUTPUT = "-";

    /** How the traces are written. */
    enum Format {
        JSONL,
        PARQUET
    }

    @Mixin
    private TraceFilterOptions filter = new TraceFilterOptions();

    @Option(
            names = "--format",
            defaultValue = "JSONL",
            paramLabel = "FORMAT",
            description = "One of ${COMPLETION-CANDIDATES} (default ${DEFAULT-VALUE}).")
    private Format format = Format.JSONL;

    @Option(
            names = "--out",
            required = true,
            paramLabel = "FILE",
            description =
                    "Where to; an older file is replaced when the new one is whole. - is standard output, for jsonl.")
    private String out = "";

    @Option(names = "--json", description = "Print one JSON object last (docs/cli.md).")
    private boolean json;

    /** The object of {@code --json}. */
    record Exported(
            int schemaVersion,
            String project,
            String format,
            String out,
            long traces,
            long withContent,
            long feedback,
            @Nullable Long bytes) {}

    @Override
    public Integer call() throws IOException {
        TraceQuery query = filter.query();
        boolean streamed = out.equals(STANDARD_OUTPUT);
        if (streamed && format == Format.PARQUET) {
            throw new IllegalArgumentException("--out is [-]: a Parquet file needs a name, its end is written first");
        }
        if (streamed && json) {
            throw new IllegalArgumentException("--json with --out [-]: the object would stand among the traces");
        }
        Path file = Path.of(out).toAbsolutePath();
        if (!streamed && Files.isDirectory(file)) {
            throw new IllegalArgumentException("--out is the folder [%s]: name a file".formatted(out));
        }
        TraceExporting.Result result;
        try (Database database = Store.open();
                TraceSink sink = sink(streamed, file);
                Progress progress = new Progress("exporting")) {
            result = new TraceExporting(new StoredTraces(database), new Projects(database), new AuditLog(database))
                    .run(
                            query,
                            ModelsCommand.who() + " (command line)",
                            format.name().toLowerCase(Locale.ROOT),
                            sink,
                            (done, total) -> progress.update(done, total, "traces"));
        }
        String said = "%d traces of project [%s], %d with what they say, %d pieces of feedback%n"
                .formatted(result.traces(), query.project(), result.withContent(), result.feedback());
        if (json) {
            Json.print(new Exported(
                    1,
                    query.project(),
                    format.name().toLowerCase(Locale.ROOT),
                    out,
                    result.traces(),
                    result.withContent(),
                    result.feedback(),
                    Files.size(file)));
        } else if (streamed) {
            System.err.print(said);
        } else {
            System.out.print(said);
        }
        return 0;
    }

    private TraceSink sink(boolean streamed, Path file) throws IOException {
        if (streamed) {
            return TraceSink.lines(new FileOutputStream(FileDescriptor.out));
        }
        return switch (format) {
            case JSONL -> TraceSink.lines(file);
            case PARQUET -> TraceSink.parquet(file);
        };
    }
}
