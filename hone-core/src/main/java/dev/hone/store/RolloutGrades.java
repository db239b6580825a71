package dev.hone.store;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** What graders say of answers while a version is being rolled out, each once. */
public final class RolloutGrades {
    private final Database database;

    public RolloutGrades(Database database) {
        this.database = database;
    }

    /**
     * An answer that nobody has judged yet.
     *
     * @param metadata by name
     * @param demonstration what experts say is right, as a message; null where nobody has said, or two say otherwise
     */
    public record Answer(
            UUID trace,
            String request,
            String response,
            Map<String, String> metadata,
            @Nullable String demonstration) {
        public Answer {
            metadata = Map.copyOf(metadata);
        }
    }

    /** @param score null where it cannot be judged, which the reason says */
    public record Grade(UUID trace, @Nullable Double score, String reason) {}

    /**
     * Which answers are meant.
     *
     * @param from when the calls began
     * @param to before which they began
     * @param variant name of the candidate's
     * @param candidate whether the candidate's answers, or those of all others
     * @param copies whether the candidate answered copies, for nobody; of the others those that there is a copy of
     * @param shown whether only those are wanted of which an expert has said what is right
     */
    public record Asked(
            UUID rollout,
            UUID useCase,
            Instant from,
            Instant to,
            String variant,
            boolean candidate,
            boolean copies,
            boolean shown) {}

    /** Answers that were not judged yet, in the order of their calls. */
    public List<Answer> missing(Asked asked, int most) {
        String arm = asked.copies()
                ? asked.candidate()
                        ? "t.shadow_of IS NOT NULL AND t.variant = ?"
                        : "t.shadow_of IS NULL AND t.variant <> ? AND EXISTS (SELECT FROM trace s WHERE s.shadow_of = t.id)"
                : "t.shadow_of IS NULL AND t.variant %s ?".formatted(asked.candidate() ? "=" : "<>");
        return database.inTransaction(connection -> {
            RolloutTallies.bound(connection, RolloutTallies.LONGEST);
            return Rows.list(
                    connection,
                    """
                SELECT * FROM (
                    SELECT t.id, c.request, c.response, t.metadata::text AS metadata,
                           (SELECT (array_agg(f.value::text ORDER BY f.id DESC))[1] FROM demonstration_in_force f
                             WHERE f.trace = coalesce(t.shadow_of, t.id)
                            HAVING count(DISTINCT f.value::jsonb) = 1) AS shown
                      FROM trace t JOIN trace_content c ON c.id = t.id
                     WHERE t.use_case = ? AND t.id >= least_id(?) AND t.id < least_id(?) AND c.id >= least_id(?) AND c.id < least_id(?)
                       AND t.ended = 'answered' AND c.response IS NOT NULL AND %s
                       AND NOT EXISTS (SELECT FROM rollout_grade g WHERE g.rollout = ? AND g.trace = t.id)) AS answer
                 WHERE shown IS NOT NULL OR NOT ?
                 ORDER BY id
                 LIMIT ?
                """.formatted(arm),
                    row -> new Answer(
                            Rows.id(row, 1),
                            row.getString(2),
                            row.getString(3),
                            Documents.metadata(row.getString(4)),
                            row.getString(5)),
                    asked.useCase(),
                    asked.from(),
                    asked.to(),
                    asked.from(),
                    asked.to(),
                    asked.variant(),
                    asked.rollout(),
                    asked.shown(),
                    most);
        });
    }

    /** Keeps what was said, the first of it. */
    public void add(UUID rollout, List<Grade> grades) {
        if (grades.isEmpty()) {
            return;
        }
        database.inTransaction(connection -> {
            for (Grade grade : grades) {
                Rows.change(connection, """
                        INSERT INTO rollout_grade (rollout, trace, score, reason) VALUES (?, ?, ?, ?)
                        ON CONFLICT (rollout, trace) DO NOTHING
                        """, rollout, grade.trace(), grade.score(), Documents.storable(grade.reason()));
            }
            return grades;
        });
    }
}
