package dev.hone.store;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.hone.record.CallUsage;
import dev.hone.record.CapturedCall;
import dev.hone.record.CapturedCall.End;
import dev.hone.record.Feedback;
import dev.hone.record.Ids;
import dev.hone.record.Money;
import dev.hone.store.Calls.Checkpoint;
import dev.hone.store.Usage.Asked;
import dev.hone.store.Usage.By;
import dev.hone.store.Usage.Judged;
import dev.hone.store.Usage.Key;
import dev.hone.store.Usage.Line;
import dev.hone.store.Usage.Sums;
import java.math.BigDecimal;
import java.sql.Statement;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.UUID;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

final class UsageTest {
    private static final LocalDate FIRST = LocalDate.of(2026, 3, 1);
    private static final LocalDate LAST = LocalDate.of(2026, 3, 3);

    private final Calls calls = new Calls(TestDatabase.database());
    private final Usage usage = new Usage(TestDatabase.database());
    private final UUID journal = UUID.randomUUID();
    private final Feedbacks.Ruling ruling = new Feedbacks.Ruling() {
        @Override
        public Optional<String> objection(Feedback feedback, @Nullable String useCase) {
            return Optional.empty();
        }

        @Override
        public void aside(Feedback feedback, String why) {}
    };

    private static CapturedCall call(Random random, String project, String useCase) {
        String route = random.nextInt(3) == 0 ? "openai/gpt" : useCase;
        boolean priced = random.nextInt(4) > 0;
        boolean counted = random.nextInt(4) > 0;
        List<CapturedCall.Attempt> attempts = new ArrayList<>();
        for (int i = random.nextInt(3); i >= 0; i--) {
            attempts.add(new CapturedCall.Attempt(attempts.size() + 1, "v", "u", "m", 200, null, 1, null));
        }
        return new CapturedCall(
                new CapturedCall.Facts(
                        Ids.next(),
                        FIRST.atStartOfDay(ZoneOffset.UTC).toInstant().plusMillis(random.nextInt(3 * 86_400_000)),
                        "/v1/chat/completions",
                        "m",
                        route,
                        route.equals(useCase),
                        random.nextBoolean() ? "incumbent" : "tuned",
                        new CapturedCall.Origin(
                                project, null, null, null, Map.of(), null, random.nextInt(4) == 0 ? Ids.next() : null),
                        false,
                        200,
                        End.values()[random.nextInt(4)],
                        random.nextBoolean() ? null : random.nextDouble() * 10,
                        Math.pow(10, random.nextDouble() * 8 - 1),
                        counted ? new CallUsage(random.nextLong(1_000), 3L, null) : CallUsage.UNKNOWN,
                        priced
                                ? new Money(
                                        new BigDecimal("0." + random.nextInt(1, 1_000_000)),
                                        random.nextBoolean() ? "USD" : "EUR")
                                : null,
                        attempts),
                new byte[0],
                new byte[0]);
    }

    private static Feedback feedback(Random random, String project, CapturedCall call) {
        boolean figure = random.nextInt(3) > 0;
        return new Feedback(
                Ids.next(),
                project,
                call.facts().id(),
                null,
                null,
                figure ? Feedback.Kind.FLOAT : Feedback.Kind.COMMENT,
                figure ? "stars" : "comment",
                figure ? "4.1" : "\"a\"",
                figure ? 4.1 : null,
                null,
                Instant.now(),
                Instant.now(),
                null,
                "a".repeat(64),
                null,
                true,
                null);
    }

    /** Whatever passed, in whatever batches, read once or again: the sums are those of a full scan. */
    @Property(tries = 20)
    void theSumsAreThoseOfAFullScan(@ForAll long seed) {
        Random random = new Random(seed);
        String project = "p" + Long.toHexString(Ids.next().getMostSignificantBits());
        List<CapturedCall> all = new ArrayList<>();
        List<Feedback> judged = new ArrayList<>();
        for (int batch = 0; batch < 4; batch++) {
            List<CapturedCall> fresh = new ArrayList<>();
            for (int i = random.nextInt(20); i > 0; i--) {
                fresh.add(call(random, project, "uses-" + project));
            }
            List<Feedback> said = new ArrayList<>();
            all.addAll(fresh);
            for (int i = all.isEmpty() ? 0 : random.nextInt(8); i > 0; i--) {
                said.add(feedback(random, project, all.get(random.nextInt(all.size()))));
            }
            judged.addAll(said);
            for (int again = random.nextInt(2); again >= 0; again--) {
                calls.add(journal, new Checkpoint(1, batch), fresh, said, ruling);
            }
        }
        for (Set<By> by : List.of(Set.of(By.values()), Set.<By>of(), Set.of(By.ROUTE), Set.of(By.VARIANT, By.DAY))) {
            check(usage.lines(new Asked(project, FIRST, LAST, null, by, Usage.Times.ALL)), all, judged, by);
        }
        List<CapturedCall> second = all.stream()
                .filter(call -> day(call).equals(FIRST.plusDays(1)))
                .filter(call -> call.facts().route().equals("openai/gpt"))
                .toList();
        check(
                usage.lines(new Asked(
                        project,
                        FIRST.plusDays(1),
                        FIRST.plusDays(1),
                        "openai/gpt",
                        Set.of(By.VARIANT),
                        Usage.Times.ALL)),
                second,
                judged.stream()
                        .filter(one -> second.stream()
                                .anyMatch(call -> call.facts().id().equals(one.trace())))
                        .toList(),
                Set.of(By.VARIANT));
        assertEquals(
                List.of(), usage.lines(new Asked("nobody-" + project, FIRST, LAST, null, Set.of(), Usage.Times.NONE)));
    }

    private static LocalDate day(CapturedCall call) {
        return call.facts().started().atOffset(ZoneOffset.UTC).toLocalDate();
    }

    private static Key key(CapturedCall call, Set<By> by, boolean shadow) {
        return new Key(
                by.contains(By.DAY) ? day(call) : null,
                by.contains(By.ROUTE) ? call.facts().route() : null,
                by.contains(By.VARIANT) ? call.facts().variant() : null,
                shadow);
    }

    private static void check(List<Line> lines, List<CapturedCall> all, List<Feedback> judged, Set<By> by) {
        Map<Key, List<CapturedCall>> byKey = new HashMap<>();
        all.forEach(call -> byKey.computeIfAbsent(
                        key(call, by, call.facts().origin().shadowOf() != null), one -> new ArrayList<>())
                .add(call));
        Map<Key, Map<String, Judged>> said = new HashMap<>();
        for (Feedback one : judged) {
            CapturedCall about = all.stream()
                    .filter(call -> call.facts().id().equals(one.trace()))
                    .findFirst()
                    .orElseThrow();
            said.computeIfAbsent(key(about, by, false), key -> new TreeMap<>())
                    .merge(
                            one.name(),
                            new Judged(
                                    one.name(),
                                    one.kind().word(),
                                    1,
                                    one.score() == null ? BigDecimal.ZERO : new BigDecimal("4.1")),
                            (a, b) -> new Judged(
                                    a.name(),
                                    a.kind(),
                                    a.given() + b.given(),
                                    a.score().add(b.score())));
        }
        for (Line line : lines) {
            List<CapturedCall> its = byKey.getOrDefault(line.key(), List.of());
            assertEquals(sums(its), line.sums(), line.key().toString());
            Map<String, BigDecimal> spend = new TreeMap<>();
            its.stream()
                    .map(call -> call.facts().cost())
                    .filter(cost -> cost != null)
                    .forEach(cost -> spend.merge(cost.currency(), cost.amount(), BigDecimal::add));
            assertEquals(plain(spend), plain(line.spend()), line.key().toString());
            assertEquals(its.size(), line.whole().count());
            assertEquals(
                    its.stream()
                            .filter(call -> call.facts().firstByteMillis() != null)
                            .count(),
                    line.firstByte().count());
            double[] times = its.stream()
                    .mapToDouble(call -> call.facts().millis())
                    .sorted()
                    .toArray();
            for (double share : new double[] {0.01, 0.5, 0.95, 1}) {
                if (times.length > 0) {
                    double exact = times[(int) Math.ceil(share * times.length) - 1];
                    double read = line.whole().quantile(share).orElseThrow();
                    assertTrue(
                            Math.abs(read - exact) <= 0.045 * exact + (exact < 1 ? 0.5 : 0) || exact >= 1 << 20,
                            "%s of %s: %s".formatted(share, Arrays.toString(times), read));
                }
            }
            assertEquals(
                    said.getOrDefault(line.key(), Map.of()).values().stream()
                            .map(Object::toString)
                            .toList(),
                    line.judged().stream()
                            .map(one -> new Judged(
                                            one.name(),
                                            one.kind(),
                                            one.given(),
                                            one.score().signum() == 0 ? BigDecimal.ZERO : one.score())
                                    .toString())
                            .toList());
        }
        Set<Key> keys = new HashSet<>(byKey.keySet());
        keys.addAll(said.keySet());
        assertEquals(keys.size(), lines.size());
    }

    private static Map<String, String> plain(Map<String, BigDecimal> amounts) {
        Map<String, String> plain = new TreeMap<>();
        amounts.forEach((currency, amount) ->
                plain.put(currency, amount.stripTrailingZeros().toPlainString()));
        return plain;
    }

    private static Sums sums(List<CapturedCall> calls) {
        return new Sums(
                calls.size(),
                ended(calls, End.REFUSED),
                ended(calls, End.BROKEN),
                ended(calls, End.ABANDONED),
                calls.stream()
                        .mapToLong(call -> call.facts().attempts().size() - 1)
                        .sum(),
                calls.stream()
                        .filter(call -> call.facts().usage().prompt() != null)
                        .count(),
                calls.stream()
                        .map(call -> call.facts().usage().prompt())
                        .filter(t -> t != null)
                        .mapToLong(t -> t)
                        .sum(),
                calls.stream()
                        .map(call -> call.facts().usage().cached())
                        .filter(t -> t != null)
                        .mapToLong(t -> t)
                        .sum(),
                0,
                calls.stream().filter(call -> call.facts().cost() != null).count());
    }

    private static long ended(List<CapturedCall> calls, End end) {
        return calls.stream().filter(call -> call.facts().end() == end).count();
    }

    /** Rows of the fifth version's tables are summed by the sixth. */
    @Test
    void whatWasThereBeforeIsSummed() {
        TestDatabase.database().inTransaction(connection -> {
            try (Statement statement = connection.createStatement()) {
                statement.execute("CREATE SCHEMA unsummed");
                statement.execute("SET LOCAL search_path TO unsummed");
                for (String name : List.of(
                        "V1__traces_and_datasets",
                        "V2__runs_and_versions",
                        "V3__calls",
                        "V4__keys",
                        "V5__projects",
                        "V6__feedback")) {
                    statement.execute(CallsTest.script(name + ".sql"));
                }
                UUID first =
                        new UUID((FIRST.atStartOfDay(ZoneOffset.UTC).toEpochSecond() * 1000 << 16) | 0x7000, 1L << 63);
                UUID second = Ids.next();
                UUID useCase = Ids.next();
                statement.execute("INSERT INTO use_case (id, name) VALUES ('%s', 'old')".formatted(useCase));
                for (UUID id : List.of(first, second)) {
                    statement.execute("SELECT make_room(id_time('%s'))".formatted(id));
                    statement.execute("""
                            INSERT INTO trace (id, use_case, occurred, route, variant, episode, ended, ms, cost, currency)
                            VALUES ('%s', '%s', '2026-03-01T23:59:59Z', 'old', 'v', 'e', 'refused', 3, 0.1, 'USD')
                            """.formatted(id, useCase));
                }
                statement.execute(
                        "INSERT INTO attempt (trace, number, variant, upstream, model, ms) VALUES ('%1$s', 1, '', '', '', 1), ('%1$s', 2, '', '', '', 1)"
                                .formatted(first));
                statement.execute("""
                        INSERT INTO feedback (id, trace, use_case, episode, kind, name, value, score)
                        VALUES ('%s', '%s', '%s', NULL, 'float', 'stars', '4', 4), ('%s', NULL, '%s', 'e', 'float', 'stars', '1', 1)
                        """.formatted(Ids.next(), first, useCase, Ids.next(), useCase));
                statement.execute(CallsTest.script("V6_1__usage.sql"));
                assertEquals(
                        "2026-03-01 old v 2 2 1",
                        CallsTest.query(
                                connection,
                                "SELECT concat_ws(' ', day, route, variant, calls, refused, retries) FROM usage_day"));
                assertEquals("0.2", CallsTest.query(connection, "SELECT amount FROM spend_day"));
                assertEquals("13 2", CallsTest.query(connection, "SELECT bucket || ' ' || calls FROM time_day"));
                assertEquals(
                        "2026-03-01 old v stars 2 5",
                        CallsTest.query(
                                connection,
                                "SELECT concat_ws(' ', day, route, variant, name, given, score) FROM feedback_day"));
                statement.execute("DROP SCHEMA unsummed CASCADE");
            }
            return 0;
        });
    }

    @Test
    void quantilesOfNothingAreNone() {
        TimeHistogram none = TimeHistogram.of(null);
        assertTrue(none.quantile(0.5).isEmpty());
        long[] counts = new long[TimeHistogram.BUCKETS];
        counts[TimeHistogram.BUCKETS - 1] = 1;
        assertEquals(1 << 20, TimeHistogram.of(counts).quantile(0.5).orElseThrow());
        assertEquals(
                Collections.emptyList(),
                usage.lines(new Asked("nobody", FIRST, LAST, null, Set.of(), Usage.Times.NONE)));
    }
}
