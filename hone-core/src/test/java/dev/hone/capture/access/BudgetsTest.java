package dev.hone.capture.access;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;

import dev.hone.capture.journal.Position;
import dev.hone.record.ApiKey;
import dev.hone.record.Ids;
import dev.hone.record.Money;
import dev.hone.record.Project;
import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.time.YearMonth;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

final class BudgetsTest {
    private final Map<YearMonth, Map<UUID, BigDecimal>> stored = new HashMap<>();
    private final List<String> troubles = new ArrayList<>();
    private Instant now = Instant.parse("2026-11-30T23:59:00Z");
    private Position drained = Position.START;
    private boolean down;

    private final Budgets budgets = new Budgets(
            month -> {
                if (down) {
                    throw new IllegalStateException("no database");
                }
                return stored.getOrDefault(month, Map.of());
            },
            () -> drained,
            () -> now,
            troubles::add);

    private static ApiKey key(@Nullable String budget) {
        return new ApiKey(
                Ids.next(),
                "key",
                "0".repeat(64),
                "hone_…",
                Set.of(ApiKey.Scope.CALL),
                Project.DEFAULT,
                new ApiKey.Bounds(budget == null ? null : new BigDecimal(budget), null),
                "me",
                Instant.EPOCH,
                null,
                null);
    }

    private void book(ApiKey key, String amount, long at) {
        budgets.book(key.id(), new Money(new BigDecimal(amount), "USD"), new Position(1, at));
    }

    private void later() {
        now = now.plusSeconds(5);
    }

    private void assertLeft(String expected, ApiKey key) {
        BigDecimal left = budgets.left(key);
        assertEquals(0, new BigDecimal(expected).compareTo(left), () -> expected + " but " + left);
    }

    @Test
    void whatIsWrittenHereCountsAtOnceAndOnceOnly() {
        ApiKey key = key("10");
        ApiKey free = key(null);
        assertNull(budgets.left(free));
        assertLeft("10", key);
        book(free, "7", 50);
        book(key, "1.5", 100);
        book(key, "2", 200);
        assertLeft("6.5", key);
        // The first is in the database now.
        drained = new Position(1, 100);
        stored.put(YearMonth.of(2026, 11), Map.of(key.id(), new BigDecimal("1.5")));
        later();
        assertLeft("6.5", key);
        drained = new Position(1, 200);
        stored.put(YearMonth.of(2026, 11), Map.of(key.id(), new BigDecimal("3.5")));
        later();
        assertLeft("6.5", key);
        // Another gateway's calls count when they are in the database.
        stored.put(YearMonth.of(2026, 11), Map.of(key.id(), new BigDecimal("11")));
        assertLeft("6.5", key);
        later();
        assertLeft("-1", key);
    }

    @Test
    void aNewMonthIsANewBudget() {
        ApiKey key = key("10");
        stored.put(YearMonth.of(2026, 11), Map.of(key.id(), new BigDecimal("10")));
        now = Instant.parse("2026-11-30T23:59:58Z");
        assertLeft("0", key);
        assertEquals(Duration.ofSeconds(2), budgets.untilNextMonth());
        now = Instant.parse("2026-12-01T00:00:00Z");
        assertLeft("10", key);
        assertEquals(Duration.ofDays(31), budgets.untilNextMonth());
    }

    @Test
    void withoutTheDatabaseCallsAreCountedHereAndSettledLater() {
        ApiKey key = key("10");
        stored.put(YearMonth.of(2026, 11), Map.of(key.id(), new BigDecimal("4")));
        assertLeft("6", key);
        down = true;
        book(key, "5", 300);
        later();
        assertLeft("1", key);
        later();
        book(key, "1", 400);
        assertLeft("0", key);
        assertEquals(1, troubles.size());
        down = false;
        drained = new Position(1, 400);
        stored.put(YearMonth.of(2026, 11), Map.of(key.id(), new BigDecimal("10")));
        later();
        assertLeft("0", key);
        assertEquals(2, troubles.size());
    }

    /** Else what was spent elsewhere would not be seen until the clock is where it was. */
    @Test
    void aClockThatIsSetBackMakesWhatIsKnownOld() {
        ApiKey key = key("10");
        assertLeft("10", key);
        stored.put(YearMonth.of(2026, 11), Map.of(key.id(), new BigDecimal("4")));
        now = now.minus(Duration.ofHours(3));
        assertLeft("6", key);
    }
}
