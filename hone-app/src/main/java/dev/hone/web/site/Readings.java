package dev.hone.web.site;

import dev.hone.record.AuditEntry;
import dev.hone.store.AuditLog;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;

/** Who read what, in the audit log: a page that renews itself is one reading, written down again when it goes on for long. */
final class Readings {
    private static final Duration ONE = Duration.ofMinutes(15);
    private static final int MOST_KNOWN = 10_000;

    private final AuditLog audit;
    private final Map<String, Instant> written = new LinkedHashMap<>() {
        private static final long serialVersionUID = 1;

        @Override
        protected boolean removeEldestEntry(Map.Entry<String, Instant> eldest) {
            return size() > MOST_KNOWN;
        }
    };

    Readings(AuditLog audit) {
        this.audit = audit;
    }

    void add(AuditEntry entry) {
        if (isNew(
                "%s\0%s\0%s\0%s".formatted(entry.who(), entry.project(), entry.action(), entry.subject()),
                entry.at())) {
            audit.add(entry);
        }
    }

    private synchronized boolean isNew(String reading, Instant now) {
        Instant last = written.get(reading);
        if (last != null && now.isBefore(last.plus(ONE))) {
            return false;
        }
        written.remove(reading);
        written.put(reading, now);
        return true;
    }
}
