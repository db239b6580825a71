package dev.hone.store;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.hone.record.AuditEntry;
import dev.hone.record.Person;
import dev.hone.record.Person.Membership;
import dev.hone.record.Role;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.junit.jupiter.api.Test;

final class PeopleTest {
    private static final String HASH = "$argon2id$v=19$m=1,t=1,p=1$c2FsdA$aGFzaA";
    private static final Database DATABASE = TestDatabase.database();
    private static final Duration IDLE = Duration.ofHours(12);
    private static final Instant NOW = Instant.parse("2026-05-01T10:00:00Z");

    private final People people = new People(DATABASE);
    private final Sessions sessions = new Sessions(DATABASE);
    private final AuditLog audit = new AuditLog(DATABASE);

    private static UUID project(String name) {
        return new Projects(DATABASE).add(name).id();
    }

    private Person named(String name) {
        return people.all().stream()
                .filter(person -> person.name().equals(name))
                .findFirst()
                .orElseThrow();
    }

    private List<String> actions(UUID project) {
        return audit.page(project, null, 100).stream()
                .map(entry -> entry.who() + " " + entry.action() + " " + entry.subject())
                .toList();
    }

    @Test
    void aPersonHasARoleInEachProjectAndEveryChangeIsWrittenDown() {
        UUID one = project("people-one");
        UUID two = project("people-two");
        people.add("ada@example.com", HASH, "people-one", Role.VIEWER, "root");
        people.grant("ada@example.com", "people-two", Role.OWNER, "root");
        people.grant("ada@example.com", "people-one", Role.EXPERT, "root");
        assertEquals(
                List.of(new Membership(one, "people-one", Role.EXPERT), new Membership(two, "people-two", Role.OWNER)),
                named("ada@example.com").memberships());
        assertEquals(
                List.of(new Membership(two, "people-two", Role.OWNER)),
                people.members(two).getFirst().memberships(),
                "what somebody is elsewhere is not told");
        assertEquals(List.of("root person.role ada@example.com"), actions(two));
        people.remove("ada@example.com", "people-two", "root");
        assertEquals(List.of(), people.members(two));
        assertEquals(List.of("root person.remove ada@example.com", "root person.role ada@example.com"), actions(two));
        assertThrows(IllegalArgumentException.class, () -> people.remove("ada@example.com", "people-two", "root"));
    }

    @Test
    void namesAndProjectsThatCannotBeAreRefused() {
        project("people-names");
        people.add("bob", HASH, "people-names", Role.OWNER, "root");
        for (String name : List.of("bob", "Bob", "", "a b", "a\n", "x".repeat(101))) {
            String message = assertThrows(
                            IllegalArgumentException.class,
                            () -> people.add(name, HASH, "people-names", Role.OWNER, "root"))
                    .getMessage();
            assertTrue(message.contains("[" + name + "]"), message);
        }
        String message = assertThrows(
                        IllegalArgumentException.class, () -> people.add("eve", HASH, "nowhere", Role.OWNER, "root"))
                .getMessage();
        assertTrue(message.contains("[nowhere]") && message.contains("people-names"), message);
        assertEquals(Optional.empty(), people.credentials("eve"), "wholly or not at all");
    }

    @Test
    void aSessionEndsByItsTimeByIdlenessAndByItsHand() {
        project("people-sessions");
        people.add("cy", HASH, "people-sessions", Role.VIEWER, "root");
        UUID cy = people.credentials("cy").orElseThrow().person();
        String hash = "c".repeat(64);
        sessions.begin(hash, cy, NOW, NOW.plus(Duration.ofDays(7)));
        assertEquals("cy", sessions.find(hash, NOW, IDLE).orElseThrow().name());
        Instant later = NOW.plus(Duration.ofHours(11));
        assertTrue(sessions.find(hash, later, IDLE).isPresent());
        assertTrue(sessions.find(hash, later.plus(Duration.ofHours(11)), IDLE).isPresent(), "seen in between");
        assertEquals(Optional.empty(), sessions.find(hash, NOW.plus(Duration.ofHours(35)), IDLE), "idle");
        assertEquals(Optional.empty(), sessions.find("d".repeat(64), NOW, IDLE));
        assertEquals(Optional.empty(), sessions.find(hash, NOW.plus(Duration.ofDays(7)), Duration.ofDays(30)), "over");
        sessions.end(hash);
        assertEquals(Optional.empty(), sessions.find(hash, NOW, IDLE));
    }

    @Test
    void whoIsDisabledOrHasANewPasswordIsSignedOut() {
        project("people-ends");
        people.add("dan", HASH, "people-ends", Role.VIEWER, "root");
        UUID dan = people.credentials("dan").orElseThrow().person();
        String hash = "e".repeat(64);
        sessions.begin(hash, dan, NOW, NOW.plus(Duration.ofDays(7)));
        people.disable("dan", NOW, "root");
        assertEquals(Optional.empty(), sessions.find(hash, NOW, IDLE));
        assertTrue(people.credentials("dan").orElseThrow().disabled());
        assertThrows(IllegalArgumentException.class, () -> people.disable("dan", NOW, "root"));
        people.password("dan", HASH + "x", "root");
        assertEquals(
                new People.Credentials(dan, HASH + "x", false),
                people.credentials("dan").orElseThrow());
        sessions.begin(hash, dan, NOW, NOW.plus(Duration.ofDays(7)));
        people.password("dan", HASH, "root");
        assertEquals(Optional.empty(), sessions.find(hash, NOW, IDLE));
    }

    @Test
    void theAuditLogIsPagedKeptApartAndNeverChanged() {
        UUID mine = project("audit-mine");
        UUID other = project("audit-other");
        people.add("fay", HASH, "audit-mine", Role.VIEWER, "root");
        AuditEntry first = AuditEntry.now("fay", mine, "trace.read", "t1", Map.of("k", "v\0"));
        audit.add(first);
        audit.add(AuditEntry.now("gus", other, "trace.read", "t2", Map.of()));
        audit.add(AuditEntry.now("fay", null, "session.begin", "127.0.0.1", Map.of()));
        assertEquals(List.of("fay session.begin 127.0.0.1", "fay trace.read t1", "root person.add fay"), actions(mine));
        assertEquals(List.of("gus trace.read t2"), actions(other));
        assertEquals(
                List.of("root person.add fay"),
                audit.page(mine, first.id(), 100).stream()
                        .map(entry -> entry.who() + " " + entry.action() + " " + entry.subject())
                        .toList());
        assertEquals(1, audit.page(mine, null, 1).size());
        for (String change : List.of("UPDATE audit SET who = 'x'", "DELETE FROM audit", "TRUNCATE audit")) {
            String message = assertThrows(
                            StoreException.class,
                            () -> DATABASE.inTransaction(connection -> Rows.change(connection, change)))
                    .getMessage();
            assertTrue(message.contains("[audit] are never"), message);
        }
    }
}
