package dev.hone.run;

import dev.hone.record.CapturedCall;
import dev.hone.store.Calls;
import dev.hone.store.Traces;
import dev.hone.store.UseCases;
import dev.hone.task.CompletionFile;
import dev.hone.task.LineFault;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.YearMonth;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Reads a file of completions that a provider kept into the store, as calls that production made: traces without demonstrations. First
 * every line is checked, and nothing is stored while a line is bad. The same completion again adds nothing, and neither does one of a month that
 * retention has dropped.
 */
public final class CompletionImport {
    private static final int BATCH = 500;
    private static final long BATCH_BYTES = 8L << 20;

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
     * @param whose project; null for the only one that has the use case, or else the default
     * @param skipBad whether bad lines are counted and left out instead of refused
     * @throws IllegalArgumentException when a line is bad and not skipped, or none is good
     */
    public TraceImport.Result run(
            String useCase, @Nullable String whose, Path file, boolean skipBad, TraceImport.Listener listener)
            throws IOException {
        String project = useCases.project(UseCases.requireName(useCase), whose);
        long size = Files.size(file);
        LineFaults bad = new LineFaults();
        Set<UUID> ids = new HashSet<>();
        int rows = 0;
        String sha256;
        try (CompletionFile lines = new CompletionFile(file, useCase, project)) {
            for (CompletionFile.Line line = lines.next(); line != null; line = lines.next()) {
                switch (line) {
                    case LineFault fault -> bad.add(fault);
                    case CompletionFile.Row row -> {
                        rows++;
                        ids.add(row.call().facts().id());
                    }
                }
                listener.progress("checking", Math.min(lines.bytesRead(), size), size, line.number());
            }
            sha256 = lines.sha256();
        }
        bad.requireImportable(file, rows, skipBad);
        Calls.Added added = store(file, useCase, project, sha256, size, listener);
        return new TraceImport.Result(
                1,
                useCase,
                sha256,
                rows,
                added.calls(),
                ids.size() - added.calls() - added.over().size(),
                rows - ids.size(),
                added.over().size(),
                added.overMonths().stream().map(YearMonth::toString).toList(),
                rows,
                bad.count(),
                bad.first(),
                bad.byKind(),
                Map.of(),
                traces.count(useCases.obtain(useCase, project)));
    }

    private Calls.Added store(
            Path file, String useCase, String project, String sha256, long size, TraceImport.Listener listener)
            throws IOException {
        Calls.Added added = new Calls.Added(0, Map.of());
        long bytes = 0;
        List<CapturedCall> batch = new ArrayList<>();
        try (CompletionFile lines = new CompletionFile(file, useCase, project)) {
            for (CompletionFile.Line line = lines.next(); line != null; line = lines.next()) {
                if (line instanceof CompletionFile.Row row) {
                    batch.add(row.call());
                    bytes += row.call().request().length + row.call().response().length;
                }
                if (batch.size() == BATCH || bytes > BATCH_BYTES) {
                    added = added.plus(calls.add(batch));
                    batch.clear();
                    bytes = 0;
                    listener.progress("importing", Math.min(lines.bytesRead(), size), size, line.number());
                }
            }
            added = added.plus(calls.add(batch));
            listener.progress("importing", size, size, batch.size());
            lines.requireSame(sha256);
        }
        return added;
    }
}
