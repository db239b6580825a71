package dev.hone.store;

import dev.hone.record.AnswerLogprob;
import dev.hone.record.CapturedCall.Attempt;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;
import java.util.UUID;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** The servers that were asked for each trace, in the table {@code attempt}. */
final class AskedServers {
    private AskedServers() {}

    /** One of a trace's attempts. */
    record Asked(UUID trace, Attempt attempt) {}

    static Stream<Asked> of(UUID trace, List<Attempt> attempts) {
        return attempts.stream().map(attempt -> new Asked(trace, attempt));
    }

    /** Stores what is new. */
    static void insert(Connection connection, List<Asked> asked) throws SQLException {
        try (PreparedStatement insert = connection.prepareStatement("""
                INSERT INTO attempt (trace, number, variant, upstream, model, status, trouble, ms, cost, logprob, answer_tokens)
                SELECT * FROM unnest(?::uuid[], ?::integer[], ?::text[], ?::text[], ?::text[], ?::integer[], ?::text[], ?::float8[],
                                     ?::numeric[], ?::float8[], ?::integer[])
                """)) {
            new Columns<>(connection, insert, asked)
                    .column("uuid", Asked::trace)
                    .integer(one -> one.attempt().number())
                    .text(one -> one.attempt().variant())
                    .text(one -> one.attempt().upstream())
                    .text(one -> one.attempt().model())
                    .integer(one -> one.attempt().status())
                    .text(one -> one.attempt().trouble())
                    .number(one -> one.attempt().millis())
                    .column("numeric", one -> one.attempt().cost())
                    .number(AskedServers::sum)
                    .integer(AskedServers::tokens);
            insert.executeUpdate();
        }
    }

    private static @Nullable Double sum(Asked one) {
        AnswerLogprob logprob = one.attempt().logprob();
        return logprob == null ? null : Double.valueOf(logprob.sum());
    }

    private static @Nullable Integer tokens(Asked one) {
        AnswerLogprob logprob = one.attempt().logprob();
        return logprob == null ? null : Integer.valueOf(logprob.tokens());
    }

    /** How probable an answer was, of two columns that follow each other; null where nobody said. */
    static @Nullable AnswerLogprob logprob(ResultSet row, int column) throws SQLException {
        Double sum = row.getObject(column, Double.class);
        return sum == null ? null : new AnswerLogprob(sum, row.getInt(column + 1));
    }
}
