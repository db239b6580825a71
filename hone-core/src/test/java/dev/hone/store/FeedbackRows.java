package dev.hone.store;

import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;

/** Feedback as it stands in the database: kind, name, value, score. */
public final class FeedbackRows {
    private final Database database;

    public FeedbackRows(Database database) {
        this.database = database;
    }

    public List<String> of(UUID trace) {
        return rows("trace = ?::uuid", trace.toString());
    }

    public List<String> ofEpisode(String episode) {
        return rows("episode = ?", episode);
    }

    /** The hashes of the files by which it was judged. */
    public List<String> configurationsOf(UUID trace) {
        return database.inTransaction(connection -> Rows.list(
                connection,
                "SELECT configuration FROM feedback WHERE trace = ? ORDER BY id",
                row -> row.getString(1),
                trace));
    }

    private List<String> rows(String where, String value) {
        return database.inTransaction(connection -> {
            List<String> rows = new ArrayList<>();
            try (PreparedStatement select = connection.prepareStatement(
                    "SELECT kind, name, value, score FROM feedback WHERE " + where + " ORDER BY id")) {
                select.setString(1, value);
                try (ResultSet row = select.executeQuery()) {
                    while (row.next()) {
                        rows.add("%s %s %s %s"
                                .formatted(
                                        row.getString(1),
                                        row.getString(2),
                                        row.getString(3),
                                        row.getObject(4, Double.class)));
                    }
                }
            }
            return rows;
        });
    }
}
