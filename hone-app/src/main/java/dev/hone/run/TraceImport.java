package dev.hone.run;

import dev.hone.record.LabelledTrace;
import dev.hone.record.Trace;
import dev.hone.store.Traces;
import dev.hone.store.UseCases;
import dev.hone.task.LabelledFile;
import dev.hone.task.LineFault;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Reads a file of labelled calls into the store. First every line is checked, and nothing is stored while a line is bad; then
 * the good ones are stored in batches. A second run with the same file adds nothing, and one after a crash the rest.
 */
public final class TraceImport {
    private static final int BATCH = 1000;
    private static final long BATCH_CHARACTERS = 8L << 20;

    private final UseCases useCases;
    private final Traces traces;

    public TraceImport(UseCases useCases, Traces traces) {
        this.useCases = useCases;
        this.traces = traces;
    }

    /** Hears how far the work is. */
    public interface Listener {
        /**
         * Something was done.
         *
         * @param stage what is done
         * @param done bytes of the file
         * @param total bytes of the file
         * @param lines so far
         */
        void progress(String stage, long done, long total, int lines);
    }

    /**
     * What an import did.
     *
     * @param schemaVersion of this record
     * @param sha256 of the file
     * @param rows that are good
     * @param added traces with their demonstrations
     * @param known rows that the store had already
     * @param repeated rows that stand in the file more than once, not counting the first
     * @param over rows that were left out, since retention has dropped their month; of completions alone
     * @param overMonths which months that are
     * @param responses rows with what production answered
     * @param badLines left out
     * @param bad the first of these, with the reason
     * @param badReasons how many there are of each kind of reason
     * @param ignoredKeys keys that mean nothing to Hone, with the number of their rows
     * @param traces that the use case has now
     */
    public record Result(
            int schemaVersion,
            String useCase,
            String sha256,
            int rows,
            int added,
            int known,
            int repeated,
            int over,
            List<String> overMonths,
            int responses,
            int badLines,
            List<LineFault> bad,
            Map<String, Integer> badReasons,
            Map<String, Integer> ignoredKeys,
            long traces) {}

    /** What the first reading found. */
    private static final class Check {
        private final LineFaults bad = new LineFaults();
        private final Map<String, LabelledFile.Row> byId = new HashMap<>();
        private final Set<String> contents = new HashSet<>();
        private final BitSet repeatedLines = new BitSet();
        private int rows;
        private int responses;
        private String sha256 = "";
        private Map<String, Integer> ignored = Map.of();
    }

    /**
     * Imports a file.
     *
     * @param project whose use case; null for the only one that has it, or else the default
     * @param responseKey of the column with what production answered
     * @param skipBad whether bad lines are counted and left out instead of refused
     * @throws IllegalArgumentException when a line is bad and not skipped, or none is good
     */
    public Result run(
            String useCase, @Nullable String project, Path file, String responseKey, boolean skipBad, Listener listener)
            throws IOException {
        UseCases.requireName(useCase);
        long size = Files.size(file);
        Check check = read(file, responseKey, size, listener);
        check.bad.requireImportable(file, check.rows, skipBad);
        UUID id = useCases.obtain(useCase, project);
        requireSameIds(id, check);
        check.bad.requireImportable(file, check.rows, skipBad);
        int added = store(id, file, responseKey, check, size, listener);
        return new Result(
                1,
                useCase,
                check.sha256,
                check.rows,
                added,
                check.rows - check.repeatedLines.cardinality() - added,
                check.repeatedLines.cardinality(),
                0,
                List.of(),
                check.responses,
                check.bad.count(),
                check.bad.first(),
                check.bad.byKind(),
                new LinkedHashMap<>(check.ignored),
                traces.count(id));
    }

    private static Check read(Path file, String responseKey, long size, Listener listener) throws IOException {
        Check check = new Check();
        try (LabelledFile lines = new LabelledFile(file, responseKey)) {
            for (LabelledFile.Line line = lines.next(); line != null; line = lines.next()) {
                switch (line) {
                    case LineFault bad -> check.bad.add(bad);
                    case LabelledFile.Row row -> check(row, check);
                }
                listener.progress("checking", Math.min(lines.bytesRead(), size), size, line.number());
            }
            check.sha256 = lines.sha256();
            check.ignored = lines.ignored();
        }
        return check;
    }

    private static void check(LabelledFile.Row row, Check check) {
        Trace trace = row.labelled().trace();
        LabelledFile.Row before = trace.externalId().isEmpty() ? null : check.byId.get(trace.externalId());
        if (before != null && !before.labelled().trace().contentHash().equals(trace.contentHash())) {
            check.bad.add(new LineFault(
                    row.number(),
                    "has the [id] [%s] of line %d, and other content: give each row an id of its own"
                            .formatted(trace.externalId(), before.number())));
            return;
        }
        check.rows++;
        check.responses += trace.response().isEmpty() ? 0 : 1;
        if (!check.contents.add(trace.contentHash())) {
            check.repeatedLines.set(row.number());
        } else if (!trace.externalId().isEmpty()) {
            check.byId.put(trace.externalId(), slim(row));
        }
    }

    /** A row without its texts: only its hash and place are compared later. */
    private static LabelledFile.Row slim(LabelledFile.Row row) {
        Trace trace = row.labelled().trace();
        Trace bare = new Trace(
                trace.id(),
                trace.externalId(),
                "",
                "",
                Map.of(),
                null,
                trace.contentHash(),
                trace.source(),
                trace.line());
        return new LabelledFile.Row(row.number(), new LabelledTrace(bare, ""), row.trace());
    }

    /** An id that the store has with other content makes a row bad. */
    private void requireSameIds(UUID useCase, Check check) {
        List<String> ids = List.copyOf(check.byId.keySet());
        for (int from = 0; from < ids.size(); from += BATCH) {
            traces.contentHashes(useCase, ids.subList(from, Math.min(from + BATCH, ids.size())))
                    .forEach((id, hash) -> {
                        LabelledFile.Row row = check.byId.get(id);
                        if (row != null && !row.labelled().trace().contentHash().equals(hash)) {
                            check.rows--;
                            check.bad.add(new LineFault(
                                    row.number(),
                                    "has the [id] [%s] of a stored trace with other content: give it another id"
                                            .formatted(id)));
                        }
                    });
        }
    }

    private int store(UUID useCase, Path file, String responseKey, Check check, long size, Listener listener)
            throws IOException {
        BitSet left = new BitSet();
        left.or(check.repeatedLines);
        check.bad.all().forEach(bad -> left.set(bad.number()));
        int added = 0;
        long characters = 0;
        List<LabelledTrace> batch = new ArrayList<>();
        try (LabelledFile lines = new LabelledFile(file, responseKey)) {
            for (LabelledFile.Line line = lines.next(); line != null; line = lines.next()) {
                if (line instanceof LabelledFile.Row row && !left.get(row.number())) {
                    batch.add(row.labelled());
                    characters += row.labelled().trace().request().length();
                }
                if (batch.size() == BATCH || characters > BATCH_CHARACTERS) {
                    added += traces.add(useCase, batch);
                    batch.clear();
                    characters = 0;
                    listener.progress("importing", Math.min(lines.bytesRead(), size), size, line.number());
                }
            }
            if (!batch.isEmpty()) {
                added += traces.add(useCase, batch);
            }
            listener.progress("importing", size, size, check.rows);
            lines.requireSame(check.sha256);
        }
        return added;
    }
}
