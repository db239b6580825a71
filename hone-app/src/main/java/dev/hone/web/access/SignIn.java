package dev.hone.web.access;

import dev.hone.capture.access.Secret;
import dev.hone.record.AuditEntry;
import dev.hone.record.Person;
import dev.hone.store.AuditLog;
import dev.hone.store.People;
import dev.hone.store.People.Credentials;
import dev.hone.store.Sessions;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Semaphore;

/**
 * Lets people in by name and password. A name that there is not takes as long as a wrong password, and is told apart by nothing.
 * Wrong attempts are counted by address, and by name at an address, in memory: nobody elsewhere is kept out by them. Those for a name from
 * everywhere are counted, too: after many, addresses that its person has not signed in from share one attempt a minute.
 */
public final class SignIn {
    private static final Duration TIME = Duration.ofMinutes(15);
    private static final int OF_A_NAME_THERE = 10;
    private static final int OF_AN_ADDRESS = 100;

    /** Of a name, from all addresses. */
    private static final int OF_A_NAME = 30;

    private static final Duration TIME_OF_A_NAME = Duration.ofHours(1);
    private static final Duration PAUSE = Duration.ofMinutes(1);

    /** Passwords that are tried at the same time: each takes a core and 19 MiB. */
    private static final int AT_ONCE = 2;

    private final People people;
    private final Sessions sessions;
    private final AuditLog audit;
    private final InstantSource clock;
    private final Throttle names = new Throttle(OF_A_NAME_THERE, TIME);
    private final Throttle addresses = new Throttle(OF_AN_ADDRESS, TIME);
    private final Throttle everywhere = new Throttle(OF_A_NAME, TIME_OF_A_NAME);
    private final Throttle slowly = new Throttle(1, PAUSE);
    private final FamiliarAddresses familiar;
    private final Semaphore trying = new Semaphore(AT_ONCE, true);
    private final String nobody = Passwords.hash(Passwords.random());

    public SignIn(People people, Sessions sessions, AuditLog audit, InstantSource clock) {
        this.people = people;
        this.sessions = sessions;
        this.audit = audit;
        this.clock = clock;
        this.familiar = new FamiliarAddresses(audit);
    }

    /** What comes of an attempt. */
    public sealed interface Outcome {
        /** @param session for the cookie */
        record In(Secret session) implements Outcome {}

        /** The name or the password is wrong, or the person is disabled. */
        record Wrong() implements Outcome {}

        /** There were too many attempts. */
        record Wait(Duration time) implements Outcome {}
    }

    /** @param address that the attempt comes from */
    public Outcome attempt(String name, String password, String address) throws InterruptedException {
        String called = name.strip().toLowerCase(Locale.ROOT);
        Instant now = clock.instant();
        Duration byAddress = addresses.take(address, now);
        if (byAddress.isPositive()) {
            return new Outcome.Wait(byAddress);
        }
        if (!Person.isName(called)) {
            return new Outcome.Wrong();
        }
        String there = called + " " + address;
        Duration byName = names.take(there, now);
        if (byName.isPositive()) {
            return new Outcome.Wait(byName);
        }
        boolean counted = everywhere.take(called, now).isZero();
        if (!counted && !familiar.has(called, address, now)) {
            Duration bySiege = slowly.take(called, now);
            if (bySiege.isPositive()) {
                return new Outcome.Wait(bySiege);
            }
        }
        Optional<Credentials> found = people.credentials(called);
        boolean right = matches(password, found.map(Credentials::hash).orElse(nobody));
        if (found.isEmpty()) {
            return new Outcome.Wrong();
        }
        if (!right || found.get().disabled()) {
            audit.add(AuditEntry.now(called, null, "session.refuse", address, Map.of()));
            return new Outcome.Wrong();
        }
        names.clear(there);
        addresses.giveBack(address);
        if (counted) {
            everywhere.giveBack(called);
        }
        familiar.add(called, address);
        Secret session = Secret.random();
        sessions.begin(session.hash(), found.get().person(), now, now.plus(Visitors.LONGEST));
        audit.add(AuditEntry.now(called, null, "session.begin", address, Map.of()));
        return new Outcome.In(session);
    }

    /**
     * Gives somebody the password that they want, and ends their sessions.
     *
     * @return false when the one that they have is wrong
     * @throws IllegalArgumentException when the new one cannot be, or there were too many attempts
     */
    public boolean change(Visitor visitor, String current, String wanted) throws InterruptedException {
        String name = visitor.person().name();
        if (names.take(name, clock.instant()).isPositive()) {
            throw new IllegalArgumentException("There were too many attempts: try again in 15 min");
        }
        if (!matches(current, people.credentials(name).map(Credentials::hash).orElse(nobody))) {
            return false;
        }
        names.clear(name);
        people.password(name, Passwords.hash(wanted), name);
        return true;
    }

    private boolean matches(String password, String kept) throws InterruptedException {
        trying.acquire();
        try {
            return Passwords.matches(password, kept);
        } finally {
            trying.release();
        }
    }
}
