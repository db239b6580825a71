package dev.hone.web.access;

import dev.hone.store.AuditLog;
import java.time.Duration;
import java.time.Instant;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;

/**
 * From where people signed in before, as the audit log has it. It is looked up once in a while for a name, however often that is asked for,
 * and is in memory for those asked for last.
 */
final class FamiliarAddresses {
    private static final Duration REMEMBERED = Duration.ofDays(90);
    private static final Duration LOOKED_UP = Duration.ofMinutes(10);
    private static final int MOST_NAMES = 1_000;
    private static final int MOST_ADDRESSES = 100;

    private final AuditLog audit;
    private final Map<String, Known> known = new LinkedHashMap<>(16, 0.75f, true) {
        private static final long serialVersionUID = 1;

        @Override
        protected boolean removeEldestEntry(Map.Entry<String, Known> eldest) {
            return size() > MOST_NAMES;
        }
    };

    private record Known(Instant since, Set<String> addresses) {}

    FamiliarAddresses(AuditLog audit) {
        this.audit = audit;
    }

    /** Whether somebody called so has signed in from there. */
    boolean has(String name, String address, Instant now) {
        synchronized (this) {
            Known found = known.get(name);
            if (found != null && now.isBefore(found.since().plus(LOOKED_UP))) {
                return found.addresses().contains(address);
            }
        }
        Set<String> addresses =
                new HashSet<>(audit.subjects(name, "session.begin", now.minus(REMEMBERED), MOST_ADDRESSES));
        synchronized (this) {
            known.put(name, new Known(now, addresses));
            return addresses.contains(address);
        }
    }

    /** Somebody has just signed in. */
    synchronized void add(String name, String address) {
        Known found = known.get(name);
        if (found != null) {
            found.addresses().add(address);
        }
    }
}
