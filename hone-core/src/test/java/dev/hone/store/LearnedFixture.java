package dev.hone.store;

import dev.hone.record.Dataset;
import dev.hone.record.DatasetTask;
import dev.hone.record.FinishedRun;
import dev.hone.record.LabelledTrace;
import dev.hone.record.ModelVersion;
import dev.hone.record.RunLog;
import dev.hone.record.Split;
import dev.hone.record.VersionReference;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/** A use case with traces, datasets of them and versions that learned from these. */
record LearnedFixture(Database database, String useCase, UUID id, List<UUID> traces) {
    /** @param traces how many */
    static LearnedFixture of(Database database, String useCase, int traces) {
        UUID id = new UseCases(database).obtain(useCase);
        List<LabelledTrace> rows = IntStream.range(0, traces)
                .mapToObj(i -> SampleTraces.labelled(useCase + " " + i, "{\"b\":%d, \"a\":2}".formatted(i)))
                .toList();
        new Traces(database).add(id, rows);
        return new LearnedFixture(
                database,
                useCase,
                id,
                rows.stream().map(row -> row.trace().id()).toList());
    }

    static String sha256(String text) {
        try {
            return HexFormat.of()
                    .formatHex(MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8)));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }

    /** A task of a trace. */
    DatasetTask task(int trace, Split split, int position) {
        return new DatasetTask(
                traces.get(trace),
                split,
                position,
                "{\"b\":%d, \"a\":2}".formatted(trace),
                "{\"role\":\"assistant\",\"content\":\"yes\"}",
                Map.of("k", "v"),
                sha256(useCase + " task " + trace));
    }

    /** What the hash of a dataset is over. */
    static String hash(List<DatasetTask> tasks) {
        StringBuilder lines = new StringBuilder();
        tasks.forEach(task -> lines.append(task.split().label())
                .append(' ')
                .append(task.contentHash())
                .append('\n'));
        return sha256(lines.toString());
    }

    /** Stands for what an export of the training split would be. */
    static String trainingFile(List<DatasetTask> tasks) {
        return hash(tasks.stream().filter(task -> task.split() == Split.TRAIN).toList());
    }

    /** Traces from one on: so many to learn from, to choose by and to judge by. */
    Dataset dataset(int from, int train, int validation, int test) {
        List<DatasetTask> tasks = new ArrayList<>();
        int at = from;
        for (Split split : Split.values()) {
            int count = split == Split.TRAIN ? train : split == Split.VALIDATION ? validation : test;
            for (int i = 0; i < count; i++) {
                tasks.add(task(at++, split, i));
            }
        }
        return new Datasets(database)
                .freeze(
                        id,
                        hash(tasks),
                        "{\"kind\": \"GROUPED\"}",
                        "{\"traces\": %d, \"tasks\": {\"train\": %d, \"validation\": %d, \"test\": %d}}"
                                .formatted(tasks.size(), train, validation, test),
                        tasks);
    }

    ModelVersion version(String name, @Nullable Dataset dataset, @Nullable ModelVersion parent) {
        String hash = sha256(useCase + " " + name);
        FinishedRun run = new FinishedRun(
                hash,
                dataset == null ? "data" : dataset.hash(),
                12,
                "smollm2-135m-instruct",
                "weights",
                "{\"lr\": \"0.1\"}",
                "{\"steps\": 2}",
                "{}",
                Instant.parse("2026-01-31T12:00:00Z"));
        RunLog log = new RunLog(
                List.of(),
                List.of(
                        new RunLog.Tried(1, useCase + " 0", "what it tried", 0.25, "wrong", 4, "END"),
                        new RunLog.Tried(1, "another", "of another", 0.25, "wrong", 4, "END")));
        return new ModelVersions(database)
                .add(
                        id,
                        new ModelVersions.Candidate(
                                run,
                                log,
                                dataset == null ? null : dataset.id(),
                                sha256("files of " + useCase + name),
                                parent == null ? null : parent.id(),
                                "runs/" + name))
                .version();
    }

    ModelVersion again(ModelVersion version) {
        return new ModelVersions(database).require(new VersionReference.Numbered(version.useCase(), version.number()));
    }

    String query(String sql, Object... values) {
        List<String> found = database.inTransaction(
                connection -> Rows.list(connection, sql, row -> String.valueOf(row.getString(1)), values));
        return String.join(" ", found);
    }

    void execute(String sql, Object... values) {
        database.inTransaction(connection -> Rows.change(connection, sql, values));
    }
}
