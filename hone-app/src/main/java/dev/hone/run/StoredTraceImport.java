package dev.hone.run;

import dev.hone.record.StoredTrace;
import dev.hone.store.TraceRestore;
import dev.hone.task.LineFault;
import dev.hone.task.TraceFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.YearMonth;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Reads a file of exported traces into the store, each as it was, into the project and the use case that it names. First every line is
 * checked, and nothing is stored while a line is bad. The same trace again adds nothing but feedback that is new.
 */
public final class StoredTraceImport {
    private static final int BATCH = 500;
    private static final long BATCH_CHARACTERS = 8L << 20;

    private final TraceRestore restore;

    public StoredTraceImport(TraceRestore restore) {
        this.restore = restore;
    }

    /**
     * What an import did.
     *
     * @param schemaVersion of this record
     * @param sha256 of the file
     * @param rows that are good
     * @param added traces
     * @param known rows that the store had already
     * @param repeated rows whose trace stands in the file before
     * @param over rows that were left out, since retention has dropped their month
     * @param overMonths which months that are
     * @param feedback pieces that were added
     * @param bad the first of the bad lines
     * @param badReasons how many there are of each kind of reason
     * @param projects that the rows name
     * @param useCases that the rows name
     */
    public record Result(
            int schemaVersion,
            String sha256,
            int rows,
            int added,
            int known,
            int repeated,
            int over,
            List<String> overMonths,
            int feedback,
            int badLines,
            List<LineFault> bad,
            Map<String, Integer> badReasons,
            List<String> projects,
            List<String> useCases) {}

    /** What the first reading found. */
    private static final class Check {
        private final LineFaults bad = new LineFaults();
        private final Set<UUID> ids = new HashSet<>();
        private final Set<String> projects = new TreeSet<>();
        private final Set<String> useCases = new TreeSet<>();
        private int rows;
        private String sha256 = "";
    }

    /**
     * Imports a file.
     *
     * @param skipBad whether bad lines are counted and left out instead of refused
     * @throws IllegalArgumentException when a line is bad and not skipped, or none is good
     */
    public Result run(Path file, boolean skipBad, TraceImport.Listener listener) throws IOException {
        long size = Files.size(file);
        Check check = check(file, size, listener);
        check.bad.requireImportable(file, check.rows, skipBad);
        TraceRestore.Added added = store(file, check, size, listener);
        return new Result(
                1,
                check.sha256,
                check.rows,
                added.traces(),
                check.ids.size() - added.traces() - added.over().size(),
                check.rows - check.ids.size(),
                added.over().size(),
                added.over().values().stream()
                        .distinct()
                        .sorted()
                        .map(YearMonth::toString)
                        .toList(),
                added.feedback(),
                check.bad.count(),
                check.bad.first(),
                check.bad.byKind(),
                List.copyOf(check.projects),
                List.copyOf(check.useCases));
    }

    private static Check check(Path file, long size, TraceImport.Listener listener) throws IOException {
        Check check = new Check();
        try (TraceFile lines = new TraceFile(file)) {
            for (TraceFile.Line line = lines.next(); line != null; line = lines.next()) {
                switch (line) {
                    case LineFault fault -> check.bad.add(fault);
                    case TraceFile.Row row -> {
                        StoredTrace trace = row.trace();
                        check.rows++;
                        check.ids.add(trace.id());
                        check.projects.add(trace.project());
                        if (trace.useCase() != null) {
                            check.useCases.add(trace.useCase());
                        }
                    }
                }
                listener.progress("checking", Math.min(lines.bytesRead(), size), size, line.number());
            }
            check.sha256 = lines.sha256();
        }
        return check;
    }

    private TraceRestore.Added store(Path file, Check check, long size, TraceImport.Listener listener)
            throws IOException {
        TraceRestore.Added added = new TraceRestore.Added(0, 0, Map.of());
        long characters = 0;
        List<StoredTrace> batch = new ArrayList<>();
        try (TraceFile lines = new TraceFile(file)) {
            for (TraceFile.Line line = lines.next(); line != null; line = lines.next()) {
                if (line instanceof TraceFile.Row row) {
                    batch.add(row.trace());
                    characters +=
                            length(row.trace().request()) + length(row.trace().response());
                }
                if (batch.size() == BATCH || characters > BATCH_CHARACTERS) {
                    added = plus(added, restore.add(batch));
                    batch.clear();
                    characters = 0;
                    listener.progress("importing", Math.min(lines.bytesRead(), size), size, line.number());
                }
            }
            added = plus(added, restore.add(batch));
            listener.progress("importing", size, size, check.rows);
            lines.requireSame(check.sha256);
        }
        return added;
    }

    private static int length(@Nullable String text) {
        return text == null ? 0 : text.length();
    }

    private static TraceRestore.Added plus(TraceRestore.Added one, TraceRestore.Added other) {
        Map<UUID, YearMonth> over = new HashMap<>(one.over());
        over.putAll(other.over());
        return new TraceRestore.Added(one.traces() + other.traces(), one.feedback() + other.feedback(), over);
    }
}
