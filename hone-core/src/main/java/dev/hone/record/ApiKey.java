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
        if (!bounds.useCases().isEmpty() && (scopes.contains(Scope.READ) || scopes.contains(Scope.ADMIN))) {
            throw new IllegalArgumentException(
                    "The key [%s] is bound to use cases %s, and reading is of a whole project: give it the scopes [call] and [feedback] alone"
                            .formatted(name, bounds.useCases().stream().sorted().toList()));
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
     * @param useCases whose calls it makes, and of which it says what came; none for all of the project, and for servers' models
     */
    public record Bounds(
            @Nullable BigDecimal monthlyBudget, @Nullable Integer callsPerMinute, Set<String> useCases) {
        public static final Bounds NONE = new Bounds(null, null);

        public Bounds {
            // Of keys that were kept in a file before there was this bound.
            useCases = useCases == null ? Set.of() : Set.copyOf(useCases);
            for (String useCase : useCases) {
                if (!useCase.matches("[a-z0-9][a-z0-9-]{0,62}")) {
                    throw new IllegalArgumentException(
                            "[%s] is no name of a use case: they have small letters, digits and [-], 63 at most"
                                    .formatted(useCase));
                }
            }
            if (monthlyBudget != null && monthlyBudget.signum() < 0) {
                throw new IllegalArgumentException("A budget is 0 or more, not [%s]".formatted(monthlyBudget));
            }
            if (callsPerMinute != null && callsPerMinute < 1) {
                throw new IllegalArgumentException(
                        "Calls per minute are 1 or more, not [%d]".formatted(callsPerMinute));
            }
        }

        /** Of money and time alone. */
        public Bounds(@Nullable BigDecimal monthlyBudget, @Nullable Integer callsPerMinute) {
            this(monthlyBudget, callsPerMinute, Set.of());
        }
    }

    /** Whether its holder may have to do with a use case, or a server's model. */
    public boolean mayUse(@Nullable String route) {
        return bounds.useCases().isEmpty() || route != null && bounds.useCases().contains(route);
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
