package dev.hone.store;

import java.sql.SQLException;
import java.sql.SQLTransientConnectionException;
import org.jspecify.annotations.Nullable;

/** The database cannot be reached, started or written; the message names the remedy. */
public final class StoreException extends RuntimeException {
    private static final long serialVersionUID = 1;

    /** SQL state of a statement that was ended ({@code query_canceled}). */
    private static final String TOO_LONG = "57014";

    StoreException(String message) {
        super(message);
    }

    StoreException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }

    /** Whether what was to be stored cannot be, by its values or its size, and whoever tries again fails again. */
    public boolean isOfTheData() {
        String state = getCause() instanceof SQLException e && e.getSQLState() != null ? e.getSQLState() : "";
        return state.startsWith("22") || state.startsWith("23") || state.startsWith("54");
    }

    /** Whether a statement was ended because it took too long. */
    public boolean isTooLong() {
        return getCause() instanceof SQLException e && TOO_LONG.equals(e.getSQLState());
    }

    /** Whether this is why the database refused a statement. */
    boolean hasState(String state) {
        return getCause() instanceof SQLException e && state.equals(e.getSQLState());
    }

    /** @param where the database's name for messages */
    static StoreException of(SQLException e, String where) {
        if (e instanceof SQLTransientConnectionException && e.getCause() instanceof SQLException refused) {
            // The pool waited in vain; why, its cause knows.
            return of(refused, where);
        }
        String state = e.getSQLState() == null ? "" : e.getSQLState();
        String said = String.valueOf(e.getMessage()).lines().findFirst().orElse("");
        String remedy = switch (state) {
            case TOO_LONG -> "it took too long and was ended: ask for less at once";
            case "40P01", "55P03" -> "somebody else has what it waits for: nothing of it was written; run it again";
            case "53100" -> "make room on the disk of the database";
            case "28P01", "28000" -> "check user and password in HONE_DB_URL, if it is set";
            case "3D000" -> "create that database, or correct HONE_DB_URL";
            case "42501" -> "grant the user of HONE_DB_URL the right to create tables in this database";
            default ->
                state.startsWith("08") || state.startsWith("57P")
                        ? "the server ended or cannot be reached: run the command again; what was committed is kept"
                        : "if the disk is sound, report this (SQL state [%s])".formatted(state);
        };
        return new StoreException("The database [%s] failed: %s; %s".formatted(where, said, remedy), e);
    }
}
