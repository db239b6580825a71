package dev.hone.capture.access;

import dev.hone.capture.journal.Position;
import dev.hone.record.ApiKey;
import dev.hone.record.Money;
import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.YearMonth;
import java.time.ZoneOffset;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * What the keys with a budget have spent this month (UTC): what the database has, of all gateways, and what this one wrote to its
 * journal and the database does not have yet. While the database is away the first is what it was. A call that ends over the budget
 * is answered, since its cost is known when it has ended; the next one is not.
 */
public final class Budgets {
    private final Function<YearMonth, Map<UUID, BigDecimal>> stored;
    private final Supplier<Position> drained;
    private final InstantSource clock;
    private final Consumer<String> trouble;
    private final Reload reload = new Reload();
    private final Set<UUID> bounded = ConcurrentHashMap.newKeySet();
    private final Deque<Booking> pending = new ArrayDeque<>();
    private final Map<UUID, BigDecimal> pendingSums = new HashMap<>();
    private Map<UUID, BigDecimal> known = Map.of();
    private volatile @Nullable YearMonth month;
    private volatile @Nullable Instant loaded;
    private boolean failing;

    private record Booking(Position end, UUID key, BigDecimal amount) {}

    /**
     * @param stored amounts by key, of a month; throws while it cannot answer
     * @param drained how far the journal is in the database
     */
    public Budgets(
            Function<YearMonth, Map<UUID, BigDecimal>> stored,
            Supplier<Position> drained,
            InstantSource clock,
            Consumer<String> trouble) {
        this.stored = stored;
        this.drained = drained;
        this.clock = clock;
        this.trouble = trouble;
    }

    /** What is left of a key's budget, negative when it is spent; null for one without bound. */
    public @Nullable BigDecimal left(ApiKey key) {
        BigDecimal budget = key.bounds().monthlyBudget();
        if (budget == null) {
            return null;
        }
        bounded.add(key.id());
        refresh();
        synchronized (pending) {
            return budget.subtract(known.getOrDefault(key.id(), BigDecimal.ZERO))
                    .subtract(pendingSums.getOrDefault(key.id(), BigDecimal.ZERO));
        }
    }

    /** The time at which a new month, and a new budget, begins. */
    public Duration untilNextMonth() {
        Instant now = clock.instant();
        return Duration.between(now, now().plusMonths(1).atDay(1).atStartOfDay().toInstant(ZoneOffset.UTC));
    }

    private YearMonth now() {
        return YearMonth.from(clock.instant().atOffset(ZoneOffset.UTC));
    }

    /** A call has been written down. Of keys without a budget, which nobody ever asks about, nothing is kept. @param end of its record */
    public void book(UUID key, Money cost, Position end) {
        if (bounded.contains(key)) {
            add(key, cost, end);
        }
    }

    private void add(UUID key, Money cost, Position end) {
        synchronized (pending) {
            pending.add(new Booking(end, key, cost.amount()));
            pendingSums.merge(key, cost.amount(), BigDecimal::add);
        }
    }

    /**
     * A call that an earlier process has written down, perhaps not in the database yet. Of other months nothing counts.
     *
     * @param end of its record, or of others behind it
     */
    public void recall(UUID key, Money cost, Instant started, Position end) {
        if (YearMonth.from(started.atOffset(ZoneOffset.UTC)).equals(now())) {
            add(key, cost, end);
        }
    }

    private void refresh() {
        Instant last = loaded;
        boolean fresh = last != null && Reload.isFresh(last, clock.instant()) && now().equals(month);
        if (!fresh) {
            reload.run(this::load);
        }
    }

    /** What is drained before the database is asked is in its answer; the rest is still pending, perhaps counted twice for a while. */
    private void load() {
        YearMonth current = now();
        try {
            Position done = drained.get();
            Map<UUID, BigDecimal> found = Map.copyOf(stored.apply(current));
            synchronized (pending) {
                known = found;
                month = current;
                while (!pending.isEmpty() && pending.peek().end().compareTo(done) <= 0) {
                    Booking booked = pending.remove();
                    pendingSums.merge(booked.key(), booked.amount().negate(), BigDecimal::add);
                }
            }
            if (failing) {
                failing = false;
                trouble.accept("What keys have spent can be read again");
            }
        } catch (RuntimeException e) {
            synchronized (pending) {
                if (!current.equals(month)) {
                    known = Map.of();
                    month = current;
                }
            }
            if (!failing) {
                failing = true;
                trouble.accept("What keys have spent cannot be read, calls from here on are counted here alone: "
                        + e.getMessage());
            }
        } finally {
            loaded = clock.instant();
        }
    }
}
