package dev.hone.store;

import dev.hone.record.GateVerdict;
import dev.hone.record.ModelVersion;
import dev.hone.record.RolloutDecision;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Whether the last verdict of the gates lets a version have calls: it passed, of these weights, against the version that is live now, by the gates that the charter
 * declares now.
 */
public final class Standing {
    private final Database database;

    public Standing(Database database) {
        this.database = database;
    }

    /**
     * What stands against a version on its way to users, as it goes on after its reference; empty where nothing does.
     *
     * @param live the version that it would replace; null where none is live
     * @param gates hash of the gates that the charter declares; null where it declares none, or none is known here
     */
    public Optional<String> objection(UUID version, @Nullable UUID live, @Nullable String gates) {
        return database.inTransaction(connection -> {
            Optional<GateVerdict> last = last(connection, version);
            return last.isEmpty() ? passed(last) : against(last.get(), live).or(() -> byOthers(last.get(), gates));
        });
    }

    /** The same of a version that would replace what is live now, past all steps; nothing stands against that itself. */
    public Optional<String> objection(ModelVersion version, @Nullable String gates) {
        UUID live = database.inTransaction(
                        connection -> RolloutQueries.aliased(connection, version.useCaseId(), Rollouts.LIVE))
                .map(RolloutQueries.Known::id)
                .orElse(null);
        return version.id().equals(live)
                ? Optional.empty()
                : objection(version.id(), live, gates)
                        .or(() -> database.inTransaction(connection -> takenBack(connection, version.id())));
    }

    /**
     * A rollout that ended says more than the gates before that, and by what calls showed also more than gates that judge once more by a report of before that; one in which
     * it became live later says more still, whatever gates say afterwards. A verdict without a report is somebody's, who forced it.
     */
    private static Optional<String> takenBack(Connection connection, UUID version) throws SQLException {
        return Rows.first(
                        connection,
                        """
                        SELECT r.shown, u.name
                          FROM (SELECT o.*, EXISTS (SELECT 1 FROM rollout_decision d WHERE d.rollout = o.id AND d.action = ?) AS shown FROM rollout o) AS r
                          JOIN use_case u ON u.id = r.use_case
                         WHERE r.version = ? AND r.phase = 'rolled-back'
                           AND NOT EXISTS (SELECT 1
                                             FROM rollout p
                                            WHERE p.version = r.version AND p.phase = 'promoted' AND p.created > r.created)
                           AND NOT EXISTS (SELECT 1
                                             FROM gate_verdict v LEFT JOIN evaluation e ON e.id = v.evaluation
                                            WHERE v.version = r.version AND v.passed AND v.created > r.since
                                              AND (v.evaluation IS NULL OR NOT r.shown OR e.created > r.since))
                         ORDER BY r.shown DESC
                         LIMIT 1
                        """,
                        row -> new Ended(row.getBoolean(1), row.getString(2)),
                        RolloutDecision.ROLL_BACK,
                        version)
                .map(ended -> "was taken back by its rollout since its gates let it pass, so it must be judged again"
                        + (ended.shown()
                                ? " by a report that is newer than that (--report FILE), or another round must make another version (hone loop %s --again)"
                                        .formatted(ended.useCase())
                                : ""));
    }

    /** @param shown whether it ended by what calls showed */
    private record Ended(boolean shown, String useCase) {}

    /** The same of a version that has the calls, where it does not matter against whom it was judged. */
    public Optional<String> objection(UUID version) {
        return database.inTransaction(connection -> {
            Optional<String> passed = passed(last(connection, version));
            return passed.isPresent() ? passed : takenBack(connection, version);
        });
    }

    /**
     * The same of a version that is gone back to. Of one that was live before it is enough that it has ever passed, whatever it was judged by since: a comparison
     * with what shall be taken away may be unknown, and is no reason to keep that. What its own rollout took back stays where it is.
     */
    public Optional<String> objectionToReturn(UUID version) {
        return database.inTransaction(connection -> toReturn(connection, version));
    }

    private static Optional<String> toReturn(Connection connection, UUID version) throws SQLException {
        Optional<String> passed = passed(last(connection, version));
        return passed.isPresent() && !(wasLive(connection, version) && hasPassed(connection, version))
                ? passed
                : takenBack(connection, version);
    }

    /** Whether it was live by its alias, and something else was then; whether gateways followed, the alias does not know. */
    private static boolean wasLive(Connection connection, UUID version) throws SQLException {
        return Rows.first(connection, """
                SELECT 1
                  FROM alias_change c JOIN model_version v ON v.use_case = c.use_case AND v.number = c.number_before
                 WHERE v.id = ? AND c.name = 'live'
                 LIMIT 1
                """, row -> true, version).isPresent();
    }

    private static boolean hasPassed(Connection connection, UUID version) throws SQLException {
        return Rows.first(
                        connection,
                        "SELECT 1 FROM gate_verdict WHERE version = ? AND passed LIMIT 1",
                        row -> true,
                        version)
                .isPresent();
    }

    /** Whether calls may come to the version that the alias of the live one points at: somebody went back to it, also where nobody has gates, or made it live by force. */
    public boolean mayBeLive(ModelVersion live) {
        return database.inTransaction(
                connection -> toReturn(connection, live.id()).isEmpty()
                        || Aliases.isForced(connection, live.useCaseId(), Rollouts.LIVE)
                        || isWithoutGates(connection, live.id(), live.useCaseId()) && wasLive(connection, live.id()));
    }

    /** Whether gates have judged any version of a use case. */
    public boolean isJudged(UUID useCase) {
        return database.inTransaction(connection -> isJudged(connection, useCase));
    }

    private static boolean isJudged(Connection connection, UUID useCase) throws SQLException {
        return Rows.first(connection, "SELECT 1 FROM gate_verdict WHERE use_case = ? LIMIT 1", row -> true, useCase)
                .isPresent();
    }

    /**
     * What stands against a version that is served since an alias says that it is live: gates said no, or were not asked although they have judged others of its use
     * case, and nobody went back to it or made it live by force.
     */
    public Optional<String> objectionToServed(ModelVersion version) {
        return database.inTransaction(connection -> {
            boolean mayBe = isWithoutGates(connection, version.id(), version.useCaseId())
                    || Aliases.isForced(connection, version.useCaseId(), Rollouts.LIVE);
            return mayBe ? Optional.empty() : toReturn(connection, version.id());
        });
    }

    /** Whether gates have judged neither a version nor any other of its use case. */
    private static boolean isWithoutGates(Connection connection, UUID version, UUID useCase) throws SQLException {
        return last(connection, version).isEmpty() && !isJudged(connection, useCase);
    }

    /** @throws IllegalArgumentException when something stands against it, with how to mend it */
    static void require(Connection connection, RolloutQueries.Known version, String reference, @Nullable UUID live)
            throws SQLException {
        Optional<GateVerdict> last = last(connection, version.id());
        refuse(last.isEmpty() ? passed(last) : against(last.get(), live), reference);
    }

    /** @throws IllegalArgumentException when calls must not go back to it, with what takes them away from the live version all the same */
    static void requireReturn(Connection connection, RolloutQueries.Known version, UUID useCase, String name)
            throws SQLException {
        if (isWithoutGates(connection, version.id(), useCase)) {
            return;
        }
        Optional<String> objection = toReturn(connection, version.id());
        if (objection.isPresent()) {
            throw new IllegalArgumentException(
                    "[%1$s/%2$d] %3$s; hone gate %1$s/%2$d judges it. To go back all the same: hone models alias %1$s/%2$d live --force. To go to those whom the charter names: hone canary stop %1$s --live"
                            .formatted(name, version.number(), objection.get()));
        }
    }

    private static void refuse(Optional<String> objection, String reference) {
        if (objection.isPresent()) {
            throw new IllegalArgumentException(
                    "[%s] %s: hone gate %s".formatted(reference, objection.get(), reference));
        }
    }

    private static Optional<GateVerdict> last(Connection connection, UUID version) throws SQLException {
        return GateVerdicts.last(connection, version);
    }

    private static Optional<String> passed(Optional<GateVerdict> last) {
        if (last.isEmpty()) {
            return Optional.of("has not been judged by its gates");
        }
        return last.get().passed() ? Optional.empty() : Optional.of("did not pass its gates");
    }

    private static Optional<String> against(GateVerdict verdict, @Nullable UUID live) {
        Optional<String> passed = passed(Optional.of(verdict));
        if (passed.isPresent()) {
            return passed;
        }
        if (!verdict.isBound()) {
            return Optional.of("was judged before verdicts said of which weights they are, so it must be judged again");
        }
        return Objects.equals(verdict.baseline(), live)
                ? Optional.empty()
                : Optional.of(
                        "passed its gates against another version than the one that is live now, so it must be judged again");
    }

    private static Optional<String> byOthers(GateVerdict verdict, @Nullable String gates) {
        return gates == null || gates.equals(verdict.gates())
                ? Optional.empty()
                : Optional.of("passed other gates than its charter declares now, so it must be judged again");
    }
}
