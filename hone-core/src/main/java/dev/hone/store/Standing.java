package dev.hone.store;

import dev.hone.record.GateVerdict;
import dev.hone.record.ModelVersion;
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

    /** A rollout that ended by what calls showed says more than the gates before it. */
    private static Optional<String> takenBack(Connection connection, UUID version) throws SQLException {
        return Rows.first(
                connection,
                """
                SELECT 1 FROM rollout r
                 WHERE r.version = ? AND r.phase = 'rolled-back'
                   AND r.created >= (SELECT max(v.created) FROM gate_verdict v WHERE v.version = r.version)
                 LIMIT 1
                """,
                row -> "was taken back by its rollout since its gates let it pass, so it must be judged again",
                version);
    }

    /** The same of a version that has the calls, or had them before, where it does not matter against whom it was judged. */
    public Optional<String> objection(UUID version) {
        return database.inTransaction(connection -> passed(last(connection, version)));
    }

    /** Whether gates have judged any version of a use case. */
    public boolean isJudged(UUID useCase) {
        return database.inTransaction(connection -> isJudged(connection, useCase));
    }

    private static boolean isJudged(Connection connection, UUID useCase) throws SQLException {
        return Rows.first(connection, "SELECT 1 FROM gate_verdict WHERE use_case = ? LIMIT 1", row -> true, useCase)
                .isPresent();
    }

    /** What stands against a version that is served since an alias says that it is live: gates said no, or were not asked although they have judged others of its use case. */
    public Optional<String> objectionToServed(ModelVersion version) {
        return database.inTransaction(connection -> {
            Optional<GateVerdict> last = last(connection, version.id());
            return last.isEmpty() && !isJudged(connection, version.useCaseId()) ? Optional.empty() : passed(last);
        });
    }

    /** @throws IllegalArgumentException when something stands against it, with how to mend it */
    static void require(Connection connection, RolloutQueries.Known version, String reference, @Nullable UUID live)
            throws SQLException {
        Optional<GateVerdict> last = last(connection, version.id());
        refuse(last.isEmpty() ? passed(last) : against(last.get(), live), reference);
    }

    /** @throws IllegalArgumentException when it did not pass, whomever it was compared with */
    static void requirePassed(Connection connection, UUID version, String reference) throws SQLException {
        refuse(passed(last(connection, version)), reference);
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
