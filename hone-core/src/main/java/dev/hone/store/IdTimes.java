package dev.hone.store;

import dev.hone.record.Ids;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * The times in identifiers, by which calls of a time are walked to. They are those of the calls, about; but identifiers of a process never go back, and
 * where its clock is set back, they are ahead until it has caught up. How far they are apart at most is written down for each such day, with the calls.
 */
final class IdTimes {
    /** Within which they are apart as a rule. */
    private static final Duration USUAL = Duration.ofSeconds(60);

    /** They have milliseconds since 1970, in 48 bits. */
    private static final Instant LAST = Instant.ofEpochMilli((1L << 48) - 1);

    private IdTimes() {}

    /** A call: its identifier, and when it began. */
    record Began(UUID id, Instant at) {}

    /** Of calls that are stored, in the same transaction. */
    static void note(Connection connection, List<Began> calls) throws SQLException {
        Map<LocalDate, Long> most = new TreeMap<>();
        for (Began call : calls) {
            long apart = Math.abs(Ids.time(call.id()).toEpochMilli() - call.at().toEpochMilli());
            if (apart > USUAL.toMillis()) {
                most.merge(call.at().atOffset(ZoneOffset.UTC).toLocalDate(), apart, Math::max);
            }
        }
        if (most.isEmpty()) {
            return;
        }
        try (PreparedStatement insert = connection.prepareStatement("""
                INSERT INTO id_time_apart (day, most_ms)
                SELECT day::date, most_ms FROM unnest(?::text[], ?::bigint[]) AS row (day, most_ms)
                ON CONFLICT (day) DO UPDATE SET most_ms = excluded.most_ms WHERE id_time_apart.most_ms < excluded.most_ms
                """)) {
            new Columns<>(connection, insert, List.copyOf(most.entrySet()))
                    .text(day -> day.getKey().toString())
                    .bigint(Map.Entry::getValue);
            insert.executeUpdate();
        }
    }

    /**
     * Narrows a walk to where calls of a time are.
     *
     * @param column of identifiers
     * @param from null for no bound, as {@code to}
     */
    static void within(
            Connection connection, Conditions walk, String column, @Nullable Instant from, @Nullable Instant to)
            throws SQLException {
        if (from == null && to == null) {
            return;
        }
        Duration apart = apart(connection, from, to);
        if (from != null) {
            walk.and(column + " >= least_id(?)", time(inside(inside(from).minus(apart))));
        }
        if (to != null) {
            walk.and(column + " < least_id(?)", time(inside(inside(to).plus(apart))));
        }
    }

    private static Duration apart(Connection connection, @Nullable Instant from, @Nullable Instant to)
            throws SQLException {
        long most = Rows.first(
                        connection,
                        "SELECT coalesce(max(most_ms), 0) FROM id_time_apart WHERE day BETWEEN ? AND ?",
                        row -> row.getLong(1),
                        day(from == null ? Instant.EPOCH : inside(from)),
                        day(to == null ? LAST : inside(to)))
                .orElse(0L);
        return most > USUAL.toMillis() ? Duration.ofMillis(most) : USUAL;
    }

    private static LocalDate day(Instant at) {
        return at.atOffset(ZoneOffset.UTC).toLocalDate();
    }

    private static OffsetDateTime time(Instant at) {
        return at.atOffset(ZoneOffset.UTC);
    }

    private static Instant inside(Instant at) {
        return at.isBefore(Instant.EPOCH) ? Instant.EPOCH : at.isAfter(LAST) ? LAST : at;
    }
}
