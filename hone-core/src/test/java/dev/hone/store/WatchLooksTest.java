package dev.hone.store;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.junit.jupiter.api.Test;

final class WatchLooksTest {
    private static final Database DATABASE = TestDatabase.database();

    @Test
    void looksAreKept() {
        UUID useCase = new UseCases(DATABASE).obtain("watch-looks");
        WatchLooks looks = new WatchLooks(DATABASE);
        assertEquals(Optional.empty(), looks.reference(useCase));
        Instant now = Instant.parse("2026-03-01T00:00:00Z");
        looks.take(useCase, 1, 5, null, now, "hone", "the first");
        WatchLooks.Reference second = looks.take(useCase, 6, 9, "live a/2", now, "ada", "asked for");
        assertEquals(Optional.of(second), looks.reference(useCase));
        looks.add(useCase, second.id(), now, false, "{\"a\":1}");
        looks.add(useCase, second.id(), now, true, "{\"a\":2}");
        assertEquals(
                List.of("{\"a\":2}", "{\"a\":1}"),
                looks.looks(useCase, second.id(), 9).stream()
                        .map(WatchLooks.Stored::found)
                        .toList());
        assertTrue(looks.looks(useCase, second.id(), 1).getFirst().drifted());
        looks.add(useCase, second.id(), now.plusSeconds(1), false, "{\"a\":3}");
        assertEquals(
                "{\"a\":2}", looks.drifted(useCase, second.id()).orElseThrow().found(), "what was found stays");
    }

    /** Each thing once, with its newest words, also where another reference was taken on the same day; what became better by itself. */
    @Test
    void whatLooksFoundIsMergedByWhatItIs() {
        UUID useCase = new UseCases(DATABASE).obtain("watch-merged");
        WatchLooks looks = new WatchLooks(DATABASE);
        Instant now = Instant.parse("2026-03-01T00:00:00Z");
        String found = "{\"findings\":[%s]}";
        String one = "{\"of\":\"%s\",\"drifted\":%s,\"change\":\"%s\",\"better\":%s}";
        UUID first = looks.take(useCase, 1, 5, null, now, "hone", "the first").id();
        for (int i = 0; i < 7; i++) {
            looks.add(
                    useCase,
                    first,
                    now.plusSeconds(i),
                    true,
                    found.formatted(one.formatted("a", true, "a" + i, "null")));
        }
        UUID second = looks.take(useCase, 6, 9, null, now, "hone", "a version is live")
                .id();
        looks.add(
                useCase,
                second,
                now.plusSeconds(60),
                true,
                found.formatted(
                        one.formatted("b", true, "b0", "\"gained\"") + "," + one.formatted("a", true, "a7", "null")
                                + "," + one.formatted("c", false, "c0", "\"c better\"")));
        looks.add(useCase, second, now.plusSeconds(70), true, found.formatted(one.formatted("b", true, "b1", "null")));
        looks.add(
                useCase, second, now.plusSeconds(80), false, found.formatted(one.formatted("c", false, "c1", "null")));
        assertEquals(
                List.of(
                        new WatchLooks.Changed("b", "b1", now.plusSeconds(60), now.plusSeconds(70), 2),
                        new WatchLooks.Changed("a", "a7", now, now.plusSeconds(60), 8)),
                looks.driftedWithin(useCase, now, now.plusSeconds(99)));
        assertEquals(
                List.of(new WatchLooks.Changed("c", "c better", now.plusSeconds(60), now.plusSeconds(60), 1)),
                looks.improvedWithin(useCase, now, now.plusSeconds(99)));
        assertEquals(List.of(), looks.driftedWithin(useCase, now.plusSeconds(71), now.plusSeconds(99)));
    }
}
