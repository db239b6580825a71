package dev.hone.run;

import dev.hone.record.CapturedCall;
import dev.hone.record.Project;
import dev.hone.store.Calls;
import dev.hone.store.Traces;
import dev.hone.store.UseCases;
import dev.hone.task.CompletionFile;
import dev.hone.task.LabelledFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;

/**
 * Reads a file of completions that a provider kept into the store, as calls that production made: traces without demonstrations. First
 * every line is checked, and nothing is stored while a line is bad. The same completion again adds nothing.
 */
public final class CompletionImport {
    private static final int BATCH = 500;
    private static final long BATCH_BYTES = 8L << 20;
    private static final int BAD_LINES_SHOWN = 5;

    private final UseCases useCases;
    private final Calls calls;
    private final Traces traces;

    public CompletionImport(UseCases useCases, Calls calls, Traces traces) {
        this.useCases = useCases;
        this.calls = calls;
        this.traces = traces;
    }

    /**
     * Imports a file.
     *
     * @param skipBad whether bad lines are counted and left out instead of refused
     * @throws IllegalArgumentException when a line is bad and not skipped, or none is good
     */
    public TraceImport.Result run(String useCase, Path file, boolean skipBad, TraceImport.Listener listener)
            throws IOException {
        String project = useCases.project(UseCases.requireName(useCase)).orElse(Project.DEFAULT);
        long size = Files.size(file);
        List<LabelledFile.Bad> bad = new ArrayList<>();
        Set<UUID> ids = new HashSet<>();
        int rows = 0;
        String sha256;
        try (CompletionFile lines = new CompletionFile(file, useCase, project)) {
            for (CompletionFile.Line line = lines.next(); line != null; line = lines.next()) {
                switch (line) {
                    case CompletionFile.Bad one -> bad.add(new LabelledFile.Bad(one.number(), one.reason()));
                    case CompletionFile.Row row -> {
                        rows++;
                        ids.add(row.call().facts().id());
                    }
                }
                listener.progress("checking", Math.min(lines.bytesRead(), size), size, line.number());
            }
            sha256 = lines.sha256();
        }
        requireGood(file, bad, rows, skipBad);
        int added = store(file, useCase, project, sha256, size, listener);
        return new TraceImport.Result(
                1,
                useCase,
                sha256,
                rows,
                added,
                ids.size() - added,
                rows - ids.size(),
                rows,
                bad.size(),
                bad.stream().limit(BAD_LINES_SHOWN).toList(),
                Map.of(),
                traces.count(useCases.require(useCase)));
    }

    private static void requireGood(Path file, List<LabelledFile.Bad> bad, int rows, boolean skipBad) {
        String shown = bad.stream()
                        .limit(BAD_LINES_SHOWN)
                        .map(one -> "  line %d: %s".formatted(one.number(), one.reason()))
                        .collect(Collectors.joining(System.lineSeparator()))
                + (bad.size() > BAD_LINES_SHOWN ? "%n  and %d more".formatted(bad.size() - BAD_LINES_SHOWN) : "");
        if (!bad.isEmpty() && !skipBad) {
            throw new IllegalArgumentException(
                    "[%s] has [%d] bad lines of [%d]; nothing was imported:%n%s%nMend them, or leave them out with --skip-bad"
                            .formatted(file, bad.size(), rows + bad.size(), shown));
        }
        if (rows == 0) {
            throw new IllegalArgumentException("[%s] has no good line:%n%s".formatted(file, shown));
        }
    }

    private int store(
            Path file, String useCase, String project, String sha256, long size, TraceImport.Listener listener)
            throws IOException {
        int added = 0;
        long bytes = 0;
        List<CapturedCall> batch = new ArrayList<>();
        try (CompletionFile lines = new CompletionFile(file, useCase, project)) {
            for (CompletionFile.Line line = lines.next(); line != null; line = lines.next()) {
                if (line instanceof CompletionFile.Row row) {
                    batch.add(row.call());
                    bytes += row.call().request().length + row.call().response().length;
                }
                if (batch.size() == BATCH || bytes > BATCH_BYTES) {
                    added += calls.add(batch);
                    batch.clear();
                    bytes = 0;
                    listener.progress("importing", Math.min(lines.bytesRead(), size), size, line.number());
                }
            }
            added += calls.add(batch);
            listener.progress("importing", size, size, batch.size());
            if (!lines.sha256().equals(sha256)) {
                throw new IllegalArgumentException(
                        "[%s] was changed while it was read: run the command again".formatted(file));
            }
        }
        return added;
    }
}
