package dev.hone.store;

import dev.hone.record.AuditEntry;
import dev.hone.record.Ids;
import dev.hone.record.RolloutDecision;
import dev.hone.record.StoredRollout;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Versions on their way to the calls of users, one at a time in a use case, with all that was decided about each. */
public final class Rollouts {
    /** The alias of the version that has the calls. */
    public static final String LIVE = "live";

    /** The alias of the version that is being rolled out. */
    public static final String CANDIDATE = "candidate";

    /** The alias of the version that had the calls before. */
    public static final String PREVIOUS = "previous";

    private static final String HOLD = "hold";
    private static final String RESUME = "resume";

    private final Database database;

    public Rollouts(Database database) {
        this.database = database;
    }

    /** Where a rollout is. @param stages as JSON */
    public record Place(String phase, int step, boolean held, Instant since, String stages) {}

    /** The place that a decision was made on. */
    public record Origin(String phase, int step, Instant since) {}

    /** What was known at a moment. @param evidence as JSON */
    public record Look(Instant at, String evidence) {}

    /**
     * Begins one, which a running gateway finds; the alias {@code candidate} points at its version from here on.
     *
     * @throws IllegalArgumentException when the version did not pass its gates, has the calls already, or another is being rolled out
     */
    public StoredRollout begin(UUID useCase, UUID version, String who) {
        return database.inTransaction(connection -> {
            String name = RolloutQueries.lock(connection, useCase);
            RolloutQueries.Known candidate = RolloutQueries.version(connection, useCase, version)
                    .orElseThrow(() -> new IllegalArgumentException(
                            "The use case [%s] has no such version [%s]: see hone models list --use-case %s"
                                    .formatted(name, version, name)));
            String reference = name + "/" + candidate.number();
            Optional<StoredRollout> other = RolloutQueries.goingOn(connection, useCase);
            if (other.isPresent()) {
                throw new IllegalArgumentException(
                        "[%s] of [%s] is being rolled out (%s): wait for its end, or end it by hone canary back %s"
                                .formatted(
                                        other.get().reference(),
                                        name,
                                        other.get().phase(),
                                        name));
            }
            Optional<RolloutQueries.Known> live = RolloutQueries.aliased(connection, useCase, LIVE);
            if (live.filter(candidate::equals).isPresent()) {
                throw new IllegalArgumentException("[%s] has the calls of [%s] already".formatted(reference, name));
            }
            Standing.require(
                    connection,
                    candidate,
                    reference,
                    live.map(RolloutQueries.Known::id).orElse(null));
            UUID id = Ids.next();
            // Not the clock of whoever begins it, whose machine may be ahead of all gateways.
            Instant now = RolloutQueries.now(connection);
            RolloutQueries.Known baseline = live.orElse(null);
            Rows.change(
                    connection,
                    """
                    INSERT INTO rollout
                           (id, use_case, version, number, artifact, baseline, baseline_number, baseline_artifact, since, who)
                    VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
                    """,
                    id,
                    useCase,
                    candidate.id(),
                    candidate.number(),
                    candidate.artifact(),
                    baseline == null ? null : baseline.id(),
                    baseline == null ? null : baseline.number(),
                    baseline == null ? null : baseline.artifact(),
                    now,
                    Documents.storable(who));
            Aliases.point(connection, useCase, CANDIDATE, candidate.id(), candidate.number(), who);
            insert(
                    connection,
                    new RolloutDecision(
                            Ids.next(),
                            id,
                            now,
                            "waiting",
                            0,
                            "begin",
                            who,
                            baseline == null
                                    ? "compared with those whom the charter names"
                                    : "compared with [%s/%d]".formatted(name, baseline.number()),
                            "{}"));
            return RolloutQueries.find(connection, id).orElseThrow();
        });
    }

    /** The one that is not over; empty where there is none. */
    public Optional<StoredRollout> goingOn(UUID useCase) {
        return database.inTransaction(connection -> RolloutQueries.goingOn(connection, useCase));
    }

    /** Whether a version has the calls of a use case. */
    public boolean isLive(UUID useCase) {
        return database.inTransaction(
                connection -> RolloutQueries.aliased(connection, useCase, LIVE).isPresent());
    }

    public Optional<StoredRollout> find(UUID id) {
        return database.inTransaction(connection -> RolloutQueries.find(connection, id));
    }

    /** Of a use case, the newest first. */
    public List<StoredRollout> list(UUID useCase, int most) {
        return database.inTransaction(connection -> Rows.list(
                connection,
                RolloutQueries.ROLLOUTS + "WHERE r.use_case = ? ORDER BY r.id DESC LIMIT ?",
                RolloutQueries::rollout,
                useCase,
                most));
    }

    /** Of a project, the newest first. */
    public List<StoredRollout> ofProject(UUID project, int most) {
        return database.inTransaction(connection -> Rows.list(
                connection,
                RolloutQueries.ROLLOUTS + "WHERE u.project = ? ORDER BY r.id DESC LIMIT ?",
                RolloutQueries::rollout,
                project,
                most));
    }

    /** What was decided about one, in its order. */
    public List<RolloutDecision> decisions(UUID rollout) {
        return database.inTransaction(connection -> Rows.list(
                connection,
                """
                SELECT id, rollout, at, phase, step, action, who, reason, evidence
                  FROM rollout_decision WHERE rollout = ? ORDER BY at, id
                """,
                row -> new RolloutDecision(
                        Rows.id(row, 1),
                        Rows.id(row, 2),
                        Rows.time(row, 3),
                        row.getString(4),
                        row.getInt(5),
                        row.getString(6),
                        row.getString(7),
                        row.getString(8),
                        row.getString(9)),
                rollout));
    }

    /** What was known of one, in its order. */
    public List<Look> looks(UUID rollout) {
        return database.inTransaction(connection -> Rows.list(
                connection,
                "SELECT at, evidence FROM rollout_look WHERE rollout = ? ORDER BY at",
                row -> new Look(Rows.time(row, 1), row.getString(2)),
                rollout));
    }

    /** Keeps what was known at a moment. */
    public void look(UUID rollout, Look look) {
        database.inTransaction(connection -> Rows.change(
                connection,
                "INSERT INTO rollout_look (rollout, at, evidence) VALUES (?, ?, ?::json) ON CONFLICT DO NOTHING",
                rollout,
                look.at(),
                look.evidence()));
    }

    /** Says what somebody should look at. @param alarms as JSON */
    public void alarms(UUID rollout, String alarms) {
        database.inTransaction(connection ->
                Rows.change(connection, "UPDATE rollout SET alarms = ?::json WHERE id = ?", alarms, rollout));
    }

    /** The same, whatever it was decided on. */
    public void record(RolloutDecision decision, @Nullable Place place) {
        record(decision, place, null);
    }

    /**
     * Keeps a decision that calls follow already, once, and where it led to. One that is over stays what it is, but for one that
     * was ended before calls followed its promotion: that is undone. What moves a candidate on does so from the place that it was decided on alone: where another
     * gateway has moved or held it meanwhile, the decision is kept, and nothing moves. A hold stays until somebody takes it back.
     *
     * @param place null where nothing moved
     * @param from that it was decided on; null where that does not matter
     */
    public void record(RolloutDecision decision, @Nullable Place place, @Nullable Origin from) {
        database.inTransaction(connection -> {
            StoredRollout rollout =
                    RolloutQueries.find(connection, decision.rollout()).orElse(null);
            if (rollout == null) {
                return decision;
            }
            RolloutQueries.lock(connection, rollout.useCaseId());
            if (!insert(connection, decision)) {
                return decision;
            }
            StoredRollout now =
                    RolloutQueries.find(connection, decision.rollout()).orElseThrow();
            if (place != null) {
                boolean ends = place.phase().equals("stopped") || place.phase().equals("rolled-back");
                if (ends && now.phase().equals("promoted")) {
                    undo(connection, now, decision.who());
                    move(connection, now, place);
                } else if (isGoingOn(connection, now)) {
                    if (ends) {
                        move(connection, now, place);
                        dropCandidate(connection, now, decision.who());
                    } else if (decision.action().equals(HOLD)
                            || decision.action().equals(RESUME)) {
                        Rows.change(connection, "UPDATE rollout SET held = ? WHERE id = ?", place.held(), rollout.id());
                    } else if (from == null || stands(now, from, place.held())) {
                        move(connection, now, place);
                    }
                }
            }
            return decision;
        });
    }

    private static boolean isGoingOn(Connection connection, StoredRollout rollout) throws SQLException {
        return Rows.first(
                        connection,
                        "SELECT 1 FROM rollout WHERE id = ? AND " + RolloutQueries.GOING_ON,
                        row -> true,
                        rollout.id())
                .isPresent();
    }

    private static boolean stands(StoredRollout now, Origin from, boolean held) {
        return now.phase().equals(from.phase())
                && now.step() == from.step()
                && now.since().equals(from.since())
                && now.held() == held;
    }

    static void move(Connection connection, StoredRollout rollout, Place place) throws SQLException {
        Rows.change(
                connection,
                "UPDATE rollout SET phase = ?, step = ?, held = ?, since = ?, stages = ?::json WHERE id = ?",
                place.phase(),
                place.step(),
                place.held(),
                place.since(),
                place.stages(),
                rollout.id());
    }

    /** What was live before is live again, unless somebody has moved the alias since. */
    private static void undo(Connection connection, StoredRollout rollout, String who) throws SQLException {
        Optional<RolloutQueries.Known> live = RolloutQueries.aliased(connection, rollout.useCaseId(), LIVE);
        if (live.isEmpty() || !live.get().id().equals(rollout.version())) {
            return;
        }
        StoredRollout.Baseline baseline = rollout.baseline();
        if (baseline == null
                || RolloutQueries.version(connection, rollout.useCaseId(), baseline.version())
                        .isEmpty()) {
            Aliases.drop(connection, rollout.useCaseId(), LIVE, rollout.number(), who);
        } else {
            Aliases.point(connection, rollout.useCaseId(), LIVE, baseline.version(), baseline.number(), who);
        }
    }

    static void dropCandidate(Connection connection, StoredRollout rollout, String who) throws SQLException {
        Optional<RolloutQueries.Known> candidate = RolloutQueries.aliased(connection, rollout.useCaseId(), CANDIDATE);
        if (candidate.isPresent() && candidate.get().id().equals(rollout.version())) {
            Aliases.drop(connection, rollout.useCaseId(), CANDIDATE, rollout.number(), who);
        }
    }

    /** Once, with an entry in the audit log where a person decided. @return whether it is new */
    static boolean insert(Connection connection, RolloutDecision decision) throws SQLException {
        int fresh = Rows.change(
                connection,
                """
                INSERT INTO rollout_decision (id, rollout, at, phase, step, action, who, reason, evidence)
                VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?::json)
                ON CONFLICT (id) DO NOTHING
                """,
                decision.id(),
                decision.rollout(),
                decision.at(),
                decision.phase(),
                decision.step(),
                decision.action(),
                Documents.storable(decision.who()),
                Documents.storable(decision.reason()),
                decision.evidence());
        if (fresh == 1 && decision.isOfPerson()) {
            StoredRollout rollout =
                    RolloutQueries.find(connection, decision.rollout()).orElseThrow();
            UUID project = Rows.first(
                            connection,
                            "SELECT project FROM use_case WHERE id = ?",
                            row -> Rows.id(row, 1),
                            rollout.useCaseId())
                    .orElseThrow();
            AuditLog.add(
                    connection,
                    AuditEntry.now(
                            decision.who(),
                            project,
                            "rollout." + decision.action(),
                            rollout.reference(),
                            Map.of("reason", decision.reason(), "phase", decision.phase())));
        }
        return fresh == 1;
    }

    /**
     * The candidate becomes live, and what was live becomes previous: wholly or not at all.
     *
     * @throws IllegalArgumentException when it is over, did not pass its gates, or something else has become live since it began
     */
    public void promote(RolloutDecision decision, Place place) {
        database.inTransaction(connection -> {
            StoredRollout rollout = RolloutQueries.find(connection, decision.rollout())
                    .orElseThrow(() -> new IllegalArgumentException(
                            "There is no rollout [%s] any more".formatted(decision.rollout())));
            UUID useCase = rollout.useCaseId();
            RolloutQueries.lock(connection, useCase);
            StoredRollout now = RolloutQueries.find(connection, rollout.id()).orElseThrow();
            if (!now.phase().equals("canary") && !now.phase().equals("ready")) {
                throw new IllegalArgumentException(
                        "[%s] is [%s], and cannot be promoted: what users have not seen is not known"
                                .formatted(now.reference(), now.phase()));
            }
            RolloutQueries.Known candidate = RolloutQueries.version(connection, useCase, now.version())
                    .orElseThrow(() -> new IllegalArgumentException(
                            "[%s] has been deleted, and cannot be promoted".formatted(now.reference())));
            Optional<RolloutQueries.Known> live = RolloutQueries.aliased(connection, useCase, LIVE);
            StoredRollout.Baseline baseline = now.baseline();
            UUID expected = baseline == null ? null : baseline.version();
            UUID found = live.map(RolloutQueries.Known::id).orElse(null);
            if (found == null ? expected != null : !found.equals(expected)) {
                throw new IllegalArgumentException(
                        "[%s] was compared with another version than the one that is live now: roll it out anew"
                                .formatted(now.reference()));
            }
            Standing.require(connection, candidate, now.reference(), found);
            if (live.isPresent()) {
                Aliases.point(
                        connection,
                        useCase,
                        PREVIOUS,
                        live.get().id(),
                        live.get().number(),
                        decision.who());
            }
            Aliases.point(connection, useCase, LIVE, candidate.id(), candidate.number(), decision.who());
            dropCandidate(connection, now, decision.who());
            insert(connection, decision);
            move(connection, now, place);
            return decision;
        });
    }
}
