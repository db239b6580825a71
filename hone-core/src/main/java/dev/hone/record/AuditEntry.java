package dev.hone.record;

import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * That somebody did something. Made by pages and commands, kept for ever.
 *
 * @param who their name
 * @param project in which; null for the whole installation
 * @param action such as {@code key.revoke}
 * @param subject what it was done to
 * @param detail what else is worth knowing
 */
public record AuditEntry(
        UUID id,
        Instant at,
        String who,
        @Nullable UUID project,
        String action,
        String subject,
        Map<String, String> detail) {
    public AuditEntry {
        detail = Map.copyOf(detail);
    }

    /** One of now. */
    public static AuditEntry now(
            String who, @Nullable UUID project, String action, String subject, Map<String, String> detail) {
        return new AuditEntry(
                Ids.next(), Instant.now().truncatedTo(ChronoUnit.MICROS), who, project, action, subject, detail);
    }
}
