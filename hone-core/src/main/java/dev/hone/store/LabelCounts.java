package dev.hone.store;

import java.util.UUID;

/** How much was labelled, counted in the store: what to ask before anybody reads labels. */
public final class LabelCounts {
    private final Database database;

    public LabelCounts(Database database) {
        this.database = database;
    }

    /** Traces of a use case with a demonstration that stands, and whose content is there. */
    public long labelled(UUID useCase) {
        return database.inTransaction(connection -> Rows.first(connection, """
                        SELECT count(DISTINCT t.id)
                          FROM trace t JOIN feedback_in_force f ON f.trace = t.id AND f.kind = 'demonstration'
                          JOIN trace_content c ON c.id = t.id
                         WHERE t.use_case = ? AND t.shadow_of IS NULL
                        """, row -> row.getLong(1), useCase))
                .orElse(0L);
    }

    /** Of these, those that versions may be judged by: imported rows, and calls that were drawn by chance and that somebody answered when they were asked. */
    public long judgeable(UUID useCase) {
        return database.inTransaction(connection -> Rows.first(connection, """
                        SELECT count(DISTINCT t.id)
                          FROM trace t JOIN feedback_in_force f ON f.trace = t.id AND f.kind = 'demonstration'
                          JOIN trace_content c ON c.id = t.id
                         WHERE t.use_case = ? AND t.shadow_of IS NULL
                           AND (EXISTS (SELECT FROM imported i WHERE i.trace = t.id)
                                OR EXISTS (SELECT FROM watched_call w JOIN label l ON l.trace = w.trace
                                            WHERE w.trace = t.id AND w.drawn AND l.undone IS NULL AND l.kind = 'demonstration'))
                        """, row -> row.getLong(1), useCase))
                .orElse(0L);
    }

    /**
     * Whether a demonstration may have come since the last dataset that a version has learned from: labels may be on their way for an hour, so those of the hour
     * before it count, too.
     */
    public boolean hasNews(UUID useCase) {
        return database.inTransaction(connection -> Rows.first(connection, """
                        SELECT 1
                          FROM feedback_in_force f
                         WHERE f.use_case = ? AND f.kind = 'demonstration' AND f.trace IS NOT NULL
                           AND f.created > coalesce((SELECT max(d.created)
                                                       FROM model_version v JOIN run r ON r.id = v.run JOIN dataset d ON d.id = r.dataset
                                                      WHERE v.use_case = ?) - interval '1 hour',
                                                    '-infinity')
                         LIMIT 1
                        """, row -> true, useCase, useCase))
                .orElse(false);
    }
}
