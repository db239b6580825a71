package dev.hone.store;

import dev.hone.record.FinishedRun;
import dev.hone.record.Ids;
import dev.hone.record.ModelVersion;
import dev.hone.record.RolloutDecision;
import dev.hone.record.RunLog;
import dev.hone.record.StoredRollout;
import dev.hone.record.VersionReference;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.HexFormat;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Versions and what gates say of them, as tests of rollouts need them. */
public final class RolloutRows {
    private final Database database;

    public RolloutRows(Database database) {
        this.database = database;
    }

    private static String hash(String of) {
        return HexFormat.of().toHexDigits(of.hashCode()).repeat(8);
    }

    /** A version of a use case. @param passed what its gates say; null where they are not asked */
    public ModelVersion version(String useCase, @Nullable Boolean passed) {
        UUID id = new UseCases(database).obtain(useCase);
        String name = useCase + new ModelVersions(database).list(id).size();
        FinishedRun run = new FinishedRun(
                hash(name), "data", 1, "base", "weights", "{}", "{}", "{}", Instant.parse("2026-01-01T00:00:00Z"));
        ModelVersion version = new ModelVersions(database)
                .add(
                        id,
                        new ModelVersions.Candidate(
                                run, new RunLog(List.of(), List.of()), null, hash("files of " + name), null, name))
                .version();
        if (passed != null) {
            verdict(version, passed);
        }
        return version;
    }

    /** What gates say from here on, of its weights and against what is live now. */
    public void verdict(ModelVersion version, boolean passed) {
        verdict(version, passed, null);
    }

    /** @param gates hash of what is declared; null where nobody says */
    public void verdict(ModelVersion version, boolean passed, @Nullable String gates) {
        UUID live = new ModelVersions(database)
                .find(new VersionReference.Aliased(version.useCase(), Rollouts.LIVE))
                .map(ModelVersion::id)
                .filter(id -> !id.equals(version.id()))
                .orElse(null);
        new GateVerdicts(database).add(version, null, passed, "{}", gates, live, "test");
    }

    /** Of a version that somebody wants to have calls. */
    StoredRollout begin(ModelVersion version) {
        return new Rollouts(database).begin(version.useCaseId(), version.id(), "ann");
    }

    static RolloutDecision decision(StoredRollout rollout, String phase, String action, String who) {
        return new RolloutDecision(
                Ids.next(),
                rollout.id(),
                Instant.now().truncatedTo(ChronoUnit.MICROS),
                phase,
                0,
                action,
                who,
                "why",
                "{\"measures\": []}");
    }

    static Rollouts.Place place(String phase) {
        return new Rollouts.Place(phase, 0, false, Instant.now().truncatedTo(ChronoUnit.MICROS), "[]");
    }

    void live(ModelVersion version) {
        new Aliases(database).set(VersionReference.of(version.reference()), Rollouts.LIVE, "ann");
    }

    /** Does something while nobody else can lock a use case. */
    public void whileLocked(UUID useCase, Runnable work) {
        database.inTransaction(connection -> {
            RolloutQueries.lock(connection, useCase);
            work.run();
            return useCase;
        });
    }

    public int change(String sql, Object... values) {
        return database.inTransaction(connection -> Rows.change(connection, sql, values));
    }

    /** The first column of all rows. */
    public List<String> texts(String sql, Object... values) {
        return database.inTransaction(connection -> Rows.list(connection, sql, row -> row.getString(1), values));
    }

    /** What an alias points at: its number, or nothing. */
    public String alias(ModelVersion of, String alias) {
        return String.join(
                "",
                texts(
                        "SELECT v.number::text FROM alias a JOIN model_version v ON v.id = a.version WHERE a.use_case = ? AND a.name = ?",
                        of.useCaseId(),
                        alias));
    }
}
