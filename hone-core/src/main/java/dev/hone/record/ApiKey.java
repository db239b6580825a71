package dev.hone.record;

import java.math.BigDecimal;
import java.time.Instant;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * What a caller shows to be let in. Made by {@code hone keys add}; looked up by the gateway for every call.
 *
 * @param name for people, unique among those that are in force
 * @param hash SHA-256 of the key, in hexadecimal; the key itself is kept nowhere
 * @param hint its first letters
 * @param project whose calls it makes
 * @param bounds of these calls
 * @param maker who made it
 * @param expires null for never
 * @param revoked null while it is not
 */
public record ApiKey(
        UUID id,
        String name,
        String hash,
        String hint,
        Set<Scope> scopes,
        String project,
        Bounds bounds,
        String maker,
        Instant created,
        @Nullable Instant expires,
        @Nullable Instant revoked) {
    public ApiKey {
        scopes = Set.copyOf(scopes);
        if (scopes.isEmpty()) {
            throw new IllegalArgumentException("The key [%s] may do nothing: give it a scope".formatted(name));
        }
    }

    /** What a key lets its holder do. */
    public enum Scope {
        /** Have models answer. */
        CALL,
        /** Say what came of calls. */
        FEEDBACK,
        /** Read traces and figures. */
        READ,
        /** All of these. */
        ADMIN
    }

    /**
     * How much a key's holder may ask for.
     *
     * @param monthlyBudget what the calls of a calendar month (UTC) may cost, in the configuration's currency; null for no bound
     * @param callsPerMinute null for no bound
     */
    public record Bounds(
            @Nullable BigDecimal monthlyBudget, @Nullable Integer callsPerMinute) {
        public static final Bounds NONE = new Bounds(null, null);

        public Bounds {
            if (monthlyBudget != null && monthlyBudget.signum() < 0) {
                throw new IllegalArgumentException("A budget is 0 or more, not [%s]".formatted(monthlyBudget));
            }
            if (callsPerMinute != null && callsPerMinute < 1) {
                throw new IllegalArgumentException(
                        "Calls per minute are 1 or more, not [%d]".formatted(callsPerMinute));
            }
        }
    }

    /** Whether its holder may do something. */
    public boolean allows(Scope scope) {
        return scopes.contains(scope) || scopes.contains(Scope.ADMIN);
    }

    /** Whether it counts at a time. */
    public boolean isValid(Instant now) {
        return revoked == null && (expires == null || now.isBefore(expires));
    }
}
