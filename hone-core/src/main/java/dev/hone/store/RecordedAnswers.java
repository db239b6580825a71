package dev.hone.store;

import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;

/** What production answered, as long as the store has it. */
public final class RecordedAnswers {
    private final Database database;

    public RecordedAnswers(Database database) {
        this.database = database;
    }

    /**
     * An answer.
     *
     * @param response of an imported row an assistant's message in OpenAI's form; of a call that passed, as its server wrote it
     */
    public record Answer(String response, boolean imported) {}

    /** By trace; those whose answer was not recorded, or is gone, are missing. */
    public Map<UUID, Answer> of(Collection<UUID> traces) {
        return database.inTransaction(connection -> {
            Map<UUID, Answer> answers = new HashMap<>();
            try (PreparedStatement select = connection.prepareStatement("""
                    SELECT c.id, c.response, EXISTS (SELECT FROM imported i WHERE i.trace = c.id)
                      FROM trace_content c
                     WHERE c.id = ANY (?) AND coalesce(c.response, '') <> ''
                    """)) {
                select.setArray(1, Traces.array(connection, "uuid", List.copyOf(traces), trace -> trace));
                try (ResultSet row = select.executeQuery()) {
                    while (row.next()) {
                        answers.put(row.getObject(1, UUID.class), new Answer(row.getString(2), row.getBoolean(3)));
                    }
                }
            }
            return answers;
        });
    }
}
