package dev.hone.store;

import dev.hone.record.FinishedRun;
import dev.hone.record.Ids;
import dev.hone.record.RunLog;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Finished runs with what they measured and tried. {@link ModelVersions} adds them, each with the version that it made. */
public final class Runs {
    private static final int BATCH = 1000;

    private final Database database;

    public Runs(Database database) {
        this.database = database;
    }

    static Optional<UUID> find(Connection connection, UUID useCase, String manifestHash) throws SQLException {
        try (PreparedStatement select =
                connection.prepareStatement("SELECT id FROM run WHERE use_case = ? AND manifest_hash = ?")) {
            select.setObject(1, useCase);
            select.setString(2, manifestHash);
            try (ResultSet row = select.executeQuery()) {
                return row.next() ? Optional.of(row.getObject(1, UUID.class)) : Optional.empty();
            }
        }
    }

    static UUID add(Connection connection, UUID useCase, FinishedRun run, @Nullable UUID dataset, RunLog log)
            throws SQLException {
        UUID id = Ids.next();
        try (PreparedStatement insert = connection.prepareStatement("""
                INSERT INTO run
                       (id, use_case, manifest_hash, data_hash, dataset, examples, base_model, base_model_hash, settings,
                        training, versions, finished)
                VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?::jsonb, ?::jsonb, ?::jsonb, ?)
                """)) {
            insert.setObject(1, id);
            insert.setObject(2, useCase);
            insert.setString(3, run.manifestHash());
            insert.setString(4, run.dataHash());
            insert.setObject(5, dataset);
            insert.setInt(6, run.examples());
            insert.setString(7, run.baseModel());
            insert.setString(8, run.baseModelHash());
            insert.setString(9, run.settings());
            insert.setString(10, run.training());
            insert.setString(11, run.versions());
            insert.setObject(12, run.finished().atOffset(ZoneOffset.UTC));
            insert.executeUpdate();
        }
        List<RunLog.Metric> metrics = log.metrics();
        for (int from = 0; from < metrics.size(); from += BATCH) {
            addMetrics(connection, id, metrics.subList(from, Math.min(from + BATCH, metrics.size())));
        }
        addSamples(connection, id, log.samples());
        return id;
    }

    private static void addMetrics(Connection connection, UUID run, List<RunLog.Metric> metrics) throws SQLException {
        try (PreparedStatement insert = connection.prepareStatement("""
                INSERT INTO metric (run, step, figures)
                SELECT ?, step, figures::jsonb FROM unnest(?::bigint[], ?::text[]) AS row (step, figures)
                """)) {
            insert.setObject(1, run);
            insert.setArray(2, Traces.array(connection, "bigint", metrics, RunLog.Metric::step));
            insert.setArray(3, Traces.array(connection, "text", metrics, RunLog.Metric::figures));
            insert.executeUpdate();
        }
    }

    /** A sample's place is its row among those of its step. */
    private static void addSamples(Connection connection, UUID run, List<RunLog.Tried> samples) throws SQLException {
        List<Integer> places = new ArrayList<>();
        for (int i = 0; i < samples.size(); i++) {
            boolean same = i > 0 && samples.get(i).step() == samples.get(i - 1).step();
            places.add(same ? places.getLast() + 1 : 0);
        }
        for (int from = 0; from < samples.size(); from += BATCH) {
            int to = Math.min(from + BATCH, samples.size());
            addSamples(connection, run, samples.subList(from, to), places.subList(from, to));
        }
    }

    private static void addSamples(Connection connection, UUID run, List<RunLog.Tried> samples, List<Integer> places)
            throws SQLException {
        try (PreparedStatement insert = connection.prepareStatement("""
                INSERT INTO sample (run, step, place, task, output, reward, reason, tokens, ended)
                SELECT ?, row.*
                  FROM unnest(?::bigint[], ?::integer[], ?::text[], ?::text[], ?::double precision[], ?::text[],
                              ?::integer[], ?::text[]) AS row
                """)) {
            insert.setObject(1, run);
            insert.setArray(2, Traces.array(connection, "bigint", samples, RunLog.Tried::step));
            insert.setArray(3, Traces.array(connection, "integer", places, place -> place));
            insert.setArray(4, Traces.array(connection, "text", samples, sample -> Documents.storable(sample.task())));
            insert.setArray(
                    5, Traces.array(connection, "text", samples, sample -> Documents.storable(sample.output())));
            insert.setArray(6, Traces.array(connection, "float8", samples, RunLog.Tried::reward));
            insert.setArray(
                    7, Traces.array(connection, "text", samples, sample -> Documents.storable(sample.reason())));
            insert.setArray(8, Traces.array(connection, "integer", samples, RunLog.Tried::tokens));
            insert.setArray(9, Traces.array(connection, "text", samples, sample -> Documents.storable(sample.end())));
            insert.executeUpdate();
        }
    }

    /** What a run measured and tried; empty lists when there is no such run. */
    public RunLog log(UUID run) {
        return database.inTransaction(connection -> new RunLog(metrics(connection, run), samples(connection, run)));
    }

    private static List<RunLog.Metric> metrics(Connection connection, UUID run) throws SQLException {
        List<RunLog.Metric> metrics = new ArrayList<>();
        try (PreparedStatement select =
                connection.prepareStatement("SELECT step, figures FROM metric WHERE run = ? ORDER BY step")) {
            select.setObject(1, run);
            try (ResultSet row = select.executeQuery()) {
                while (row.next()) {
                    metrics.add(new RunLog.Metric(row.getLong(1), row.getString(2)));
                }
            }
        }
        return metrics;
    }

    private static List<RunLog.Tried> samples(Connection connection, UUID run) throws SQLException {
        List<RunLog.Tried> samples = new ArrayList<>();
        try (PreparedStatement select = connection.prepareStatement("""
                SELECT step, task, output, reward, reason, tokens, ended FROM sample WHERE run = ? ORDER BY step, place
                """)) {
            select.setObject(1, run);
            try (ResultSet row = select.executeQuery()) {
                while (row.next()) {
                    samples.add(new RunLog.Tried(
                            row.getLong(1),
                            row.getString(2),
                            row.getString(3),
                            row.getDouble(4),
                            row.getString(5),
                            row.getInt(6),
                            row.getString(7)));
                }
            }
        }
        return samples;
    }
}
