package dev.hone.store;

import dev.hone.record.Ids;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * What people said on the labelling page. The answers themselves are {@link Feedbacks}, which arrive by the journal; here stands who labelled what, when,
 * and a hash that tells whether two said the same. Nothing is removed: what is taken back says since when.
 */
public final class Labels {
    private static final String SELECT =
            "SELECT id, trace, person, kind, answer, feedback, shown, at, undone FROM label WHERE use_case = ?";

    /** How the id of what takes feedback back ends, before which is the id of that. */
    public static final String BACK = "-back";

    private final Database database;

    public Labels(Database database) {
        this.database = database;
    }

    /** What was said. */
    public enum Kind {
        DEMONSTRATION,
        PREFERENCE,
        /** Of two answers none is better. */
        TIE,
        /** Nothing. */
        SKIP;

        String word() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /**
     * A label.
     *
     * @param answer the same where the answer is the same
     * @param feedback the id under which the answer was given; null where there is none
     * @param shown what was hidden when it was said, by name
     * @param undone when it was taken back; null while it stands
     */
    public record Label(
            UUID id,
            UUID trace,
            String person,
            Kind kind,
            String answer,
            @Nullable String feedback,
            Map<String, String> shown,
            Instant at,
            @Nullable Instant undone) {
        public Label {
            shown = Map.copyOf(shown);
        }
    }

    /** The grade that stands on another's right answer goes, since the two may not say the same. @return whether it is new: a person's label on a trace stands once */
    public boolean add(UUID useCase, Label label) {
        return database.inTransaction(connection -> {
            if (label.kind() == Kind.DEMONSTRATION) {
                WatchedGrades.forgetDemonstrated(connection, label.trace());
            }
            return Rows.change(
                            connection,
                            """
                        INSERT INTO label (id, use_case, trace, person, kind, answer, feedback, shown, at)
                        VALUES (?, ?, ?, ?, ?, ?, ?, ?::jsonb, ?)
                        ON CONFLICT (trace, person) WHERE undone IS NULL DO NOTHING
                        """,
                            label.id(),
                            useCase,
                            label.trace(),
                            label.person(),
                            label.kind().word(),
                            label.answer(),
                            label.feedback(),
                            Documents.text(label.shown()),
                            label.at())
                    > 0;
        });
    }

    /** A new label of now. */
    public static Label of(
            UUID trace,
            String person,
            Kind kind,
            String answer,
            @Nullable String feedback,
            Map<String, String> shown,
            Instant at) {
        return new Label(Ids.next(), trace, person, kind, answer, feedback, shown, at, null);
    }

    /** The person's last label that stands; empty where there is none. */
    public Optional<Label> last(UUID useCase, String person) {
        return database.inTransaction(connection -> Rows.first(
                connection,
                SELECT + " AND person = ? AND undone IS NULL ORDER BY id DESC LIMIT 1",
                Labels::label,
                useCase,
                person));
    }

    /** Whether something that somebody said of a trace stands. */
    public boolean stands(UUID trace, String person) {
        return database.inTransaction(connection -> Rows.first(
                        connection,
                        "SELECT 1 FROM label WHERE trace = ? AND person = ? AND undone IS NULL",
                        row -> true,
                        trace,
                        person)
                .isPresent());
    }

    /** Whether something takes back what was, or will be, said of a trace under an id. */
    public boolean isWithdrawn(UUID trace, String id) {
        return database.inTransaction(connection -> Rows.first(
                        connection,
                        "SELECT 1 FROM feedback WHERE trace = ? AND caller_id = ?",
                        row -> true,
                        trace,
                        id + BACK)
                .isPresent());
    }

    /** How often somebody labelled a trace, with what they took back. */
    public int rounds(UUID trace, String person) {
        return database.inTransaction(connection -> Rows.first(
                        connection,
                        "SELECT count(*) FROM label WHERE trace = ? AND person = ?",
                        row -> row.getInt(1),
                        trace,
                        person)
                .orElse(0));
    }

    /** With it goes the grade that stands on it. @return whether it stood until now */
    public boolean undo(UUID label, Instant at) {
        return database.inTransaction(connection -> {
            Rows.change(
                    connection,
                    "DELETE FROM watched_grade WHERE grader = ? AND trace = (SELECT trace FROM label WHERE id = ?)",
                    WatchedGrades.DEMONSTRATION,
                    label);
            return Rows.change(connection, "UPDATE label SET undone = ? WHERE id = ? AND undone IS NULL", at, label)
                    > 0;
        });
    }

    /** All that stand, but for what was skipped; in their order. */
    public List<Label> standing(UUID useCase) {
        return database.inTransaction(connection -> Rows.list(
                connection, SELECT + " AND undone IS NULL AND kind <> 'skip' ORDER BY id", Labels::label, useCase));
    }

    /** What somebody says is right of a trace. @param person empty where it is nobody's, but known @param value an assistant's message, as JSON */
    public record Answer(UUID trace, String person, String value) {}

    /**
     * Right answers that people gave on the page and that stand, with what is known to be right of their traces: what nobody gave a name to.
     *
     * @param most labels, the newest
     */
    public List<Answer> answers(UUID useCase, int most) {
        return database.inTransaction(connection -> Rows.list(
                connection,
                """
                WITH newest AS (
                    SELECT id, trace, person, feedback FROM label
                     WHERE use_case = ? AND undone IS NULL AND kind = 'demonstration' ORDER BY id DESC LIMIT ?),
                known AS (
                    SELECT DISTINCT ON (f.trace) f.trace, f.value FROM feedback_in_force f
                     WHERE f.kind = 'demonstration' AND f.author IS NULL AND f.trace IN (SELECT trace FROM newest)
                     ORDER BY f.trace, f.id DESC)
                SELECT n.trace, n.person, f.value::text AS value FROM newest n JOIN feedback_in_force f ON f.trace = n.trace AND f.caller_id = n.feedback
                 UNION ALL
                SELECT k.trace, '', k.value::text FROM known k
                 ORDER BY 1, 2
                """,
                row -> new Answer(Rows.id(row, 1), row.getString(2), row.getString(3)),
                useCase,
                most));
    }

    /** How many votes stand for each: the live version's answers, those of the others, and none. */
    public record Votes(int live, int other, int none) {}

    public Votes votes(UUID useCase) {
        return database.inTransaction(connection -> Rows.first(
                        connection, """
                        SELECT count(*) FILTER (WHERE kind = 'preference' AND answer = 'live'),
                               count(*) FILTER (WHERE kind = 'preference' AND answer = 'other'),
                               count(*) FILTER (WHERE kind = 'tie')
                          FROM label WHERE use_case = ? AND undone IS NULL
                        """, row -> new Votes(row.getInt(1), row.getInt(2), row.getInt(3)), useCase))
                .orElse(new Votes(0, 0, 0));
    }

    /** How many of a person stand since a time, but for what was skipped. */
    public int count(UUID useCase, String person, Instant since) {
        return database.inTransaction(
                connection -> Rows.first(connection, """
                        SELECT count(*) FROM label
                         WHERE use_case = ? AND person = ? AND at >= ? AND undone IS NULL AND kind <> 'skip'
                        """, row -> row.getInt(1), useCase, person, since)
                        .orElse(0));
    }

    /**
     * Traces of a use case with a demonstration that stands and came after a time, from wherever it came; each trace counts once. Votes are not counted:
     * nobody learns from them alone.
     *
     * @param since null for all
     */
    public int labelledSince(UUID useCase, @Nullable Instant since) {
        return database.inTransaction(connection -> Rows.first(connection, """
                        SELECT count(DISTINCT f.trace) FROM feedback_in_force f
                         WHERE f.use_case = ? AND f.kind = 'demonstration'
                           AND f.created > coalesce(?::timestamptz, '-infinity')
                        """, row -> row.getInt(1), useCase, since)
                .orElse(0));
    }

    /** When the first demonstration that stands was given; empty where there is none. */
    public Optional<Instant> firstLabelled(UUID useCase) {
        return database.inTransaction(connection -> Rows.first(
                connection,
                "SELECT created FROM feedback_in_force WHERE use_case = ? AND kind = 'demonstration' ORDER BY created LIMIT 1",
                row -> Rows.time(row, 1),
                useCase));
    }

    /** When the newest dataset of a use case was made; empty where there is none. */
    public Optional<Instant> lastDataset(UUID useCase) {
        return database.inTransaction(connection -> Rows.first(
                connection,
                "SELECT created FROM dataset WHERE use_case = ? ORDER BY id DESC LIMIT 1",
                row -> Rows.time(row, 1),
                useCase));
    }

    private static Label label(ResultSet row) throws SQLException {
        return new Label(
                Rows.id(row, 1),
                Rows.id(row, 2),
                row.getString(3),
                Kind.valueOf(row.getString(4).toUpperCase(Locale.ROOT)),
                row.getString(5),
                row.getString(6),
                Documents.metadata(row.getString(7)),
                Rows.time(row, 8),
                Rows.timeOrNull(row, 9));
    }
}
