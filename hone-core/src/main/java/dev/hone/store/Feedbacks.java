package dev.hone.store;

import dev.hone.record.Feedback;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** What came back on traces and episodes. */
public final class Feedbacks {
    private final Database database;

    public Feedbacks(Database database) {
        this.database = database;
    }

    /** An episode of a use case. */
    public record Episode(String useCase, String name) {}

    /**
     * A trace that is there.
     *
     * @param useCase null where its model is none
     * @param episode null for none
     */
    public record Target(@Nullable String useCase, @Nullable String episode) {}

    /**
     * What a project has of what was asked for.
     *
     * @param traces by their identifiers
     * @param fingerprints by what the caller calls the feedback
     */
    public record Found(Map<UUID, Target> traces, Set<Episode> episodes, Map<String, String> fingerprints) {
        public Found {
            traces = Map.copyOf(traces);
            episodes = Set.copyOf(episodes);
            fingerprints = Map.copyOf(fingerprints);
        }
    }

    /** What decides on feedback when it is stored. */
    public interface Ruling {
        /**
         * Why feedback on something that is there is not stored all the same; empty where it is.
         *
         * @param useCase null where its model is none
         */
        Optional<String> objection(Feedback feedback, @Nullable String useCase);

        /** Hears of feedback that is not stored, before anything is committed; hears it again where that fails. */
        void aside(Feedback feedback, String why);
    }

    /** Of a project; what others have is not there. */
    public Found find(
            String project, Collection<UUID> traces, Collection<Episode> episodes, Collection<String> callerIds) {
        return database.inTransaction(connection -> new Found(
                traces(connection, project, List.copyOf(traces)),
                episodes(connection, project, List.copyOf(episodes)),
                fingerprints(connection, project, List.copyOf(callerIds))));
    }

    private static Map<UUID, Target> traces(Connection connection, String project, List<UUID> ids) throws SQLException {
        Map<UUID, Target> found = new HashMap<>();
        if (ids.isEmpty()) {
            return found;
        }
        try (PreparedStatement select = connection.prepareStatement("""
                SELECT t.id, u.name, t.episode FROM trace t LEFT JOIN use_case u ON u.id = t.use_case
                 WHERE t.id = ANY (?) AND t.project = (SELECT id FROM project WHERE name = ?)
                """)) {
            select.setArray(1, Traces.array(connection, "uuid", ids, id -> id));
            select.setString(2, project);
            try (ResultSet row = select.executeQuery()) {
                while (row.next()) {
                    found.put(row.getObject(1, UUID.class), new Target(row.getString(2), row.getString(3)));
                }
            }
        }
        return found;
    }

    private static Set<Episode> episodes(Connection connection, String project, List<Episode> episodes)
            throws SQLException {
        Set<Episode> found = new HashSet<>();
        if (episodes.isEmpty()) {
            return found;
        }
        try (PreparedStatement select = connection.prepareStatement("""
                SELECT row.use_case, row.name, row.stored
                  FROM unnest(?::text[], ?::text[], ?::text[]) AS row (use_case, name, stored)
                  JOIN project p ON p.name = ?
                  JOIN use_case u ON u.name = row.use_case AND u.project = p.id
                 WHERE EXISTS (SELECT FROM trace t WHERE t.episode = row.stored AND t.use_case = u.id AND t.shadow_of IS NULL
                                  AND t.project = p.id)
                """)) {
            select.setArray(1, Traces.array(connection, "text", episodes, Episode::useCase));
            select.setArray(2, Traces.array(connection, "text", episodes, Episode::name));
            select.setArray(3, Traces.array(connection, "text", episodes, one -> Documents.storable(one.name())));
            select.setString(4, project);
            try (ResultSet row = select.executeQuery()) {
                while (row.next()) {
                    found.add(new Episode(row.getString(1), row.getString(2)));
                }
            }
        }
        return found;
    }

    private static Map<String, String> fingerprints(Connection connection, String project, List<String> callerIds)
            throws SQLException {
        Map<String, String> found = new HashMap<>();
        if (callerIds.isEmpty()) {
            return found;
        }
        try (PreparedStatement select = connection.prepareStatement("""
                SELECT caller_id, fingerprint FROM feedback
                 WHERE project = (SELECT id FROM project WHERE name = ?) AND caller_id = ANY (?)
                """)) {
            select.setString(1, project);
            select.setArray(2, Traces.array(connection, "text", callerIds, id -> id));
            try (ResultSet row = select.executeQuery()) {
                while (row.next()) {
                    found.put(row.getString(1), row.getString(2));
                }
            }
        }
        return found;
    }

    /**
     * Stores feedback, each once: what is there already is left alone, what is about nothing that is there is put aside, and so is
     * what a caller called like something else.
     */
    static void insert(Connection connection, List<Feedback> feedback, Ruling ruling) throws SQLException {
        Map<String, List<Feedback>> byProject = new HashMap<>();
        feedback.forEach(one -> byProject
                .computeIfAbsent(one.project(), project -> new ArrayList<>())
                .add(one));
        for (Map.Entry<String, List<Feedback>> project : byProject.entrySet()) {
            insert(connection, project.getKey(), project.getValue(), ruling);
        }
    }

    private static void insert(Connection connection, String project, List<Feedback> feedback, Ruling ruling)
            throws SQLException {
        Map<UUID, Target> traces = traces(
                connection,
                project,
                feedback.stream()
                        .map(Feedback::trace)
                        .filter(trace -> trace != null)
                        .distinct()
                        .toList());
        Set<Episode> episodes = episodes(
                connection,
                project,
                feedback.stream()
                        .map(Feedbacks::episode)
                        .flatMap(Optional::stream)
                        .distinct()
                        .toList());
        List<Feedback> good = new ArrayList<>();
        for (Feedback one : feedback) {
            Target target = one.trace() == null ? null : traces.get(one.trace());
            if (target == null && !episode(one).map(episodes::contains).orElse(false)) {
                ruling.aside(one, "there is no such trace or episode in its project");
                continue;
            }
            Optional<String> objection = ruling.objection(one, target == null ? one.useCase() : target.useCase());
            objection.ifPresentOrElse(why -> ruling.aside(one, why), () -> good.add(one));
        }
        insertRows(connection, good);
        asideConflicts(connection, project, good, ruling);
    }

    private static Optional<Episode> episode(Feedback feedback) {
        return feedback.episode() == null || feedback.useCase() == null
                ? Optional.empty()
                : Optional.of(new Episode(feedback.useCase(), feedback.episode()));
    }

    private static void insertRows(Connection connection, List<Feedback> feedback) throws SQLException {
        try (PreparedStatement insert = connection.prepareStatement("""
                INSERT INTO feedback
                       (id, project, trace, use_case, episode, kind, name, value, score, author, occurred, created, caller_id,
                        fingerprint, api_key, configuration, day, route, variant)
                SELECT row.id, p.id, row.trace, coalesce(t.use_case, u.id), row.episode, kind, row.name, value::json, score, author,
                       row.occurred::timestamptz, row.created::timestamptz, caller_id, fingerprint, row.api_key,
                       row.configuration,
                       trace_day(t.id, t.occurred), coalesce(t.route, of.name, ''), coalesce(t.variant, '')
                  FROM unnest(?::uuid[], ?::text[], ?::uuid[], ?::text[], ?::text[], ?::text[], ?::text[], ?::text[], ?::float8[],
                              ?::text[], ?::text[], ?::text[], ?::text[], ?::text[], ?::uuid[], ?::text[])
                    AS row (id, project, trace, use_case, episode, kind, name, value, score, author, occurred, created, caller_id,
                            fingerprint, api_key, configuration)
                  JOIN project p ON p.name = row.project
                  LEFT JOIN use_case u ON u.name = row.use_case AND u.project = p.id
                  JOIN trace t ON t.id = coalesce(row.trace, (SELECT first.id FROM trace first
                                                               WHERE first.episode = row.episode AND first.use_case = u.id
                                                                 AND first.project = p.id AND first.shadow_of IS NULL
                                                               ORDER BY first.id LIMIT 1))
                  LEFT JOIN use_case of ON of.id = t.use_case
                 ORDER BY row.id
                ON CONFLICT DO NOTHING
                RETURNING id
                """)) {
            new Columns<>(connection, insert, feedback)
                    .column("uuid", Feedback::id)
                    .text(Feedback::project)
                    .column("uuid", Feedback::trace)
                    .text(Feedback::useCase)
                    .text(Feedback::episode)
                    .text(one -> one.kind().word())
                    .text(Feedback::name)
                    .text(Feedback::value)
                    .number(Feedback::score)
                    .text(Feedback::author)
                    .text(one -> one.at().toString())
                    .text(one -> one.received().toString())
                    .text(Feedback::callerId)
                    .text(Feedback::fingerprint)
                    .column("uuid", Feedback::key)
                    .text(Feedback::configuration);
            List<UUID> added = new ArrayList<>();
            try (ResultSet row = insert.executeQuery()) {
                while (row.next()) {
                    added.add(row.getObject(1, UUID.class));
                }
            }
            Usage.bookFeedback(connection, added);
        }
    }

    /** Two gateways may both have taken the same name, each before it saw the other's. */
    private static void asideConflicts(Connection connection, String project, List<Feedback> feedback, Ruling ruling)
            throws SQLException {
        Map<String, String> stored = fingerprints(
                connection,
                project,
                feedback.stream()
                        .map(Feedback::callerId)
                        .filter(id -> id != null)
                        .distinct()
                        .toList());
        for (Feedback one : feedback) {
            if (one.callerId() != null && !one.fingerprint().equals(stored.get(one.callerId()))) {
                ruling.aside(one, "something else has been given with its id [%s]".formatted(one.callerId()));
            }
        }
    }
}
