package dev.hone.web.access;

import dev.hone.capture.access.Secret;
import dev.hone.record.AuditEntry;
import dev.hone.record.Person;
import dev.hone.store.AuditLog;
import dev.hone.store.Sessions;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Map;
import java.util.Optional;

/** Who is signed in, by their cookies. */
public final class Visitors {
    /** After that somebody must sign in again. */
    public static final Duration LONGEST = Duration.ofDays(7);

    private static final Duration IDLE = Duration.ofHours(12);

    private final Sessions sessions;
    private final AuditLog audit;
    private final InstantSource clock;

    public Visitors(Sessions sessions, AuditLog audit, InstantSource clock) {
        this.sessions = sessions;
        this.audit = audit;
        this.clock = clock;
    }

    /**
     * Whose cookie it is; empty when it is nobody's, or no longer.
     *
     * @param seen whether somebody is there, and not just a page that renews itself
     */
    public Optional<Visitor> find(String cookie, boolean seen) {
        Secret session = new Secret(cookie);
        Optional<Person> person = seen
                ? sessions.find(session.hash(), clock.instant(), IDLE)
                : sessions.look(session.hash(), clock.instant(), IDLE);
        return person.map(one -> new Visitor(one, session));
    }

    /** Who somebody is by now; empty when their session is over. */
    public Optional<Person> look(Visitor visitor) {
        return sessions.look(visitor.session().hash(), clock.instant(), IDLE);
    }

    public void signOut(Visitor visitor) {
        sessions.end(visitor.session().hash());
        audit.add(AuditEntry.now(visitor.person().name(), null, "session.end", "", Map.of()));
    }
}
