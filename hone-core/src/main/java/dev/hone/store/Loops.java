package dev.hone.store;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Rounds of the loop, one of a use case at a time, with the steps that are done. */
public final class Loops {
    private static final String SELECT = """
            SELECT r.id, u.name, p.name, r.why, r.who, r.home, r.begun, r.ended, r.outcome, r.reason, r.version, r.given_up_by,
                   coalesce((SELECT sum(s.seconds) FROM loop_step s WHERE s.round = r.id), 0)
              FROM loop_round r JOIN use_case u ON u.id = r.use_case JOIN project p ON p.id = u.project
            """;

    private final Database database;

    public Loops(Database database) {
        this.database = database;
    }

    /** How a round ended. */
    public enum Outcome {
        /** Its version passed, and a rollout of it was begun. */
        ROLLOUT,
        /** Its version passed, and no rollout was asked for. */
        PASSED,
        /** Its version did not pass its gates. */
        NOT_PASSED,
        /** Somebody gave it up, or it could not be gone on with. */
        ABANDONED;

        /** As the store and people write it. */
        public String word() {
            return name().toLowerCase(java.util.Locale.ROOT).replace('_', '-');
        }

        static Outcome of(String word) {
            return valueOf(word.toUpperCase(java.util.Locale.ROOT).replace('-', '_'));
        }
    }

    /**
     * A passage through the loop.
     *
     * @param why it was begun
     * @param home where its files are
     * @param ended null while it goes on
     * @param outcome null while it goes on
     * @param reason of the outcome, in a sentence; null where it needs none
     * @param version number of what it made; null where it made none
     * @param givenUpBy who gave it up; null where nobody did
     * @param seconds that its finished steps took
     */
    public record Round(
            UUID id,
            String useCase,
            String project,
            String why,
            String who,
            String home,
            Instant begun,
            @Nullable Instant ended,
            @Nullable Outcome outcome,
            @Nullable String reason,
            @Nullable Integer version,
            @Nullable String givenUpBy,
            double seconds) {}

    /** A finished step. @param result a JSON object */
    public record Step(String step, String result, double seconds, Instant finished) {}

    /**
     * Begins a round; the same again finds it.
     *
     * @throws IllegalArgumentException when another of the use case goes on
     */
    public Round begin(UUID id, UUID useCase, String why, String who, String home) {
        return database.inTransaction(connection -> {
            Rows.first(connection, "SELECT 1 FROM use_case WHERE id = ? FOR UPDATE", row -> true, useCase);
            Optional<Round> going = going(connection, useCase);
            if (going.isPresent() && !going.get().id().equals(id)) {
                Round other = going.get();
                throw new IllegalArgumentException(
                        "A round of [%s] goes on since [%s], begun by [%s] with its files in [%s]: wait for it, go on with it there by hone loop %s, or give it up by hone loop %s --abandon"
                                .formatted(
                                        other.useCase(),
                                        other.begun(),
                                        other.who(),
                                        other.home(),
                                        other.useCase(),
                                        other.useCase()));
            }
            Rows.change(
                    connection,
                    "INSERT INTO loop_round (id, use_case, why, who, home) VALUES (?, ?, ?, ?, ?) ON CONFLICT (id) DO NOTHING",
                    id,
                    useCase,
                    why,
                    who,
                    home);
            return find(connection, id).orElseThrow();
        });
    }

    /** Writes down that a step is done; one that is there stays as it is. */
    public void finished(UUID round, String step, String result, double seconds) {
        database.inTransaction(connection -> Rows.change(
                connection,
                "INSERT INTO loop_step (round, step, result, seconds) VALUES (?, ?, ?::json, ?) ON CONFLICT (round, step) DO NOTHING",
                round,
                step,
                result,
                seconds));
    }

    /**
     * Ends a round; one that has ended stays as it is.
     *
     * @param reason in a sentence; null where the outcome needs none
     * @param version number of what it made; null where it made none
     */
    public Round end(UUID id, Outcome outcome, @Nullable String reason, @Nullable Integer version) {
        return database.inTransaction(connection -> {
            Rows.change(
                    connection,
                    "UPDATE loop_round SET ended = clock_timestamp(), outcome = ?, reason = ?::text, version = ?::integer WHERE id = ? AND ended IS NULL",
                    outcome.word(),
                    reason,
                    version,
                    id);
            return find(connection, id)
                    .orElseThrow(() -> new IllegalArgumentException("There is no round [%s]".formatted(id)));
        });
    }

    /** Ends a round that somebody gives up; one that has ended stays as it is. */
    public Round giveUp(UUID id, String who) {
        return database.inTransaction(connection -> {
            Rows.change(
                    connection,
                    "UPDATE loop_round SET ended = clock_timestamp(), outcome = ?, reason = ?, given_up_by = ? WHERE id = ? AND ended IS NULL",
                    Outcome.ABANDONED.word(),
                    "Given up by " + who,
                    who,
                    id);
            return find(connection, id)
                    .orElseThrow(() -> new IllegalArgumentException("There is no round [%s]".formatted(id)));
        });
    }

    /** Takes away a round that has done no step, as if it had never begun. @return whether it was there */
    public boolean withdraw(UUID id) {
        return database.inTransaction(connection -> Rows.change(
                        connection,
                        "DELETE FROM loop_round r WHERE r.id = ? AND r.ended IS NULL AND NOT EXISTS (SELECT FROM loop_step s WHERE s.round = r.id)",
                        id)
                > 0);
    }

    /** The round that goes on; empty when none does. */
    public Optional<Round> going(UUID useCase) {
        return database.inTransaction(connection -> going(connection, useCase));
    }

    private static Optional<Round> going(Connection connection, UUID useCase) throws SQLException {
        return Rows.first(connection, SELECT + "WHERE r.use_case = ? AND r.ended IS NULL", Loops::round, useCase);
    }

    public Optional<Round> find(UUID id) {
        return database.inTransaction(connection -> find(connection, id));
    }

    private static Optional<Round> find(Connection connection, UUID id) throws SQLException {
        return Rows.first(connection, SELECT + "WHERE r.id = ?", Loops::round, id);
    }

    /** The rounds of a use case, the newest first. */
    public List<Round> list(UUID useCase, int most) {
        return database.inTransaction(connection -> Rows.list(
                connection, SELECT + "WHERE r.use_case = ? ORDER BY r.id DESC LIMIT ?", Loops::round, useCase, most));
    }

    /** The rounds of a project, the newest first. */
    public List<Round> ofProject(String project, int most) {
        return database.inTransaction(connection -> Rows.list(
                connection, SELECT + "WHERE p.name = ? ORDER BY r.id DESC LIMIT ?", Loops::round, project, most));
    }

    /** The steps of a round that are done, in their order. */
    public List<Step> steps(UUID round) {
        return database.inTransaction(connection -> Rows.list(
                connection,
                "SELECT step, result, seconds, finished FROM loop_step WHERE round = ? ORDER BY finished, step",
                row -> new Step(row.getString(1), row.getString(2), row.getDouble(3), Rows.time(row, 4)),
                round));
    }

    /** The rounds of a project that began or ended within a time, in their order. */
    public List<Round> within(String project, Instant from, Instant to) {
        return database.inTransaction(connection -> new ArrayList<>(Rows.list(
                connection,
                SELECT
                        + "WHERE p.name = ? AND (r.begun >= ? AND r.begun < ? OR r.ended >= ? AND r.ended < ?) ORDER BY r.id",
                Loops::round,
                project,
                from,
                to,
                from,
                to)));
    }

    private static Round round(ResultSet row) throws SQLException {
        String outcome = row.getString(9);
        return new Round(
                Rows.id(row, 1),
                row.getString(2),
                row.getString(3),
                row.getString(4),
                row.getString(5),
                row.getString(6),
                Rows.time(row, 7),
                Rows.timeOrNull(row, 8),
                outcome == null ? null : Outcome.of(outcome),
                row.getString(10),
                row.getObject(11, Integer.class),
                row.getString(12),
                row.getDouble(13));
    }
}
