package dev.hone.store;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.hone.record.ApiKey;
import dev.hone.record.Ids;
import dev.hone.record.Project;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

final class ApiKeysTest {
    private final ApiKeys keys = new ApiKeys(TestDatabase.database());
    private final Projects projects = new Projects(TestDatabase.database());

    private static ApiKey key(String name, String digit, @Nullable Instant expires, String project) {
        return new ApiKey(
                Ids.next(),
                name,
                digit.repeat(64),
                "hone_abcd…",
                Set.of(ApiKey.Scope.CALL, ApiKey.Scope.FEEDBACK),
                project,
                new ApiKey.Bounds(new BigDecimal("12.50"), 600, Set.of("support", "search")),
                "ada",
                Instant.parse("2026-02-03T04:05:06Z"),
                expires,
                null);
    }

    private List<ApiKey> named(String name) {
        return keys.all().stream().filter(key -> key.name().equals(name)).toList();
    }

    @Test
    void aKeyComesBackAsItWasAndItsNameIsFreeOnceItIsRevoked() {
        ApiKey made = key("shop", "a", Instant.parse("2030-01-01T00:00:00Z"), "keys-project");
        String unknown = assertThrows(IllegalArgumentException.class, () -> keys.add(made))
                .getMessage();
        assertTrue(unknown.contains("[keys-project]") && unknown.contains("default"), unknown);
        assertEquals("keys-project", projects.add("keys-project").name());
        assertThrows(IllegalArgumentException.class, () -> projects.add("keys-project"));
        keys.add(made);
        assertEquals(List.of(made), named("shop"));
        String message = assertThrows(
                        IllegalArgumentException.class, () -> keys.add(key("shop", "b", null, "keys-project")))
                .getMessage();
        assertTrue(message.contains("[shop]") && message.contains("[keys-project]"), message);
        Instant when = Instant.parse("2026-06-01T00:00:00Z");
        keys.revoke("shop", null, when, "ada");
        assertEquals(when, named("shop").getFirst().revoked());
        assertFalse(named("shop").getFirst().isValid(Instant.parse("2026-06-02T00:00:00Z")));
        keys.add(key("shop", "c", null, Project.DEFAULT));
        assertEquals(2, named("shop").size());
        assertThrows(IllegalArgumentException.class, () -> keys.revoke("nobody", null, when, "ada"));
    }

    /** What a project calls its keys says nothing of another's. */
    @Test
    void twoProjectsMayHaveKeysOfOneName() {
        projects.add("keys-one");
        projects.add("keys-two");
        ApiKey one = key("nightly", "d", null, "keys-one");
        ApiKey two = key("nightly", "e", null, "keys-two");
        keys.add(one);
        keys.add(two);
        assertEquals(List.of(one, two), named("nightly"));
        Instant when = Instant.parse("2026-06-01T00:00:00Z");
        String message = assertThrows(IllegalArgumentException.class, () -> keys.revoke("nightly", null, when, "ada"))
                .getMessage();
        assertTrue(message.contains("[keys-one, keys-two]") && message.contains("--project"), message);
        assertThrows(IllegalArgumentException.class, () -> keys.revoke("nightly", "default", when, "ada"));
        keys.revoke("nightly", "keys-two", when, "ada");
        assertEquals(
                List.of("keys-two"),
                named("nightly").stream()
                        .filter(key -> key.revoked() != null)
                        .map(ApiKey::project)
                        .toList());
        keys.revoke("nightly", null, when, "ada");
        assertTrue(named("nightly").stream().allMatch(key -> key.revoked() != null));
    }
}
