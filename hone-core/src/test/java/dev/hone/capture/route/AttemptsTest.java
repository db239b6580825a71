package dev.hone.capture.route;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.function.Function;
import org.junit.jupiter.api.Test;

final class AttemptsTest {
    private static final Retries TWICE = new Retries(
            1, Duration.ofMillis(100), Duration.ofSeconds(1), Duration.ofSeconds(10), Duration.ofSeconds(10));
    private static final Route ROUTE = new Route(
            "job",
            List.of(
                    new Variant("a", "one", "m", 1, false),
                    new Variant("b", "two", "m", 0, false),
                    new Variant("c", "three", "m", 0, false)),
            List.of("b", "a", "c"),
            List.of(),
            TWICE);
    private static final Outcome BROKEN = new Outcome.Unreachable("connection refused");

    private long now;
    private final Map<String, Breaker> breakers = new HashMap<>();

    private Attempts attempts() {
        return new Attempts(ROUTE, ROUTE.variant("a"), this::breaker, () -> now, new Random(1));
    }

    private Breaker breaker(Variant variant) {
        return breakers.computeIfAbsent(variant.upstream(), name -> new Breaker(() -> now));
    }

    /** Who is asked when every outcome is the same. */
    private List<String> asked(Attempts attempts, Function<Attempts.Attempt, Outcome> answer) {
        List<String> asked = new ArrayList<>();
        Outcome last = null;
        for (Optional<Attempts.Attempt> next = attempts.next(last); next.isPresent(); next = attempts.next(last)) {
            asked.add(next.get().variant().name());
            now += next.get().pause().toNanos();
            last = answer.apply(next.get());
            next.get().call().end(last);
        }
        return asked;
    }

    @Test
    void whoFailsIsAskedAgainAndThenTheNextInTheChain() {
        assertEquals(List.of("a", "a", "b", "b", "c", "c"), asked(attempts(), attempt -> BROKEN));
    }

    @Test
    void anAnswerAndARefusalOfTheRequestEndIt() {
        assertEquals(List.of("a"), asked(attempts(), attempt -> Outcome.of(200, null)));
        assertEquals(List.of("a"), asked(attempts(), attempt -> Outcome.of(400, null)));
        assertEquals(
                List.of("a", "a", "b"),
                asked(attempts(), attempt -> attempt.number() < 3 ? Outcome.of(503, null) : Outcome.of(200, null)));
    }

    /** Who let the time pass once is not given it again. */
    @Test
    void aTimeoutGoesToTheNextAtOnce() {
        assertEquals(List.of("a", "b", "c"), asked(attempts(), attempt -> new Outcome.TimedOut(Duration.ofSeconds(1))));
    }

    @Test
    void patienceThatIsAskedForIsKeptWhereItIsShort() {
        List<Duration> pauses = new ArrayList<>();
        List<String> asked = asked(attempts(), attempt -> {
            pauses.add(attempt.pause());
            return Outcome.of(429, attempt.variant().name().equals("a") ? Duration.ofMillis(700) : Duration.ofHours(1));
        });
        assertEquals(List.of("a", "a", "b", "c"), asked, "an hour is too long: the next in the chain is asked");
        assertEquals(Duration.ofMillis(700), pauses.get(1));
        assertEquals(Duration.ZERO, pauses.get(2));
    }

    @Test
    void allAttemptsAreUnderOneDeadline() {
        Attempts attempts = attempts();
        List<Duration> left = new ArrayList<>();
        asked(attempts, attempt -> {
            left.add(attempt.left());
            now += Duration.ofSeconds(4).toNanos();
            return BROKEN;
        });
        assertEquals(3, left.size());
        assertEquals(Duration.ofSeconds(10).dividedBy(3), left.getFirst(), "three share it");
        assertTrue(left.getLast().compareTo(Duration.ofSeconds(2)) <= 0, left.toString());
    }

    /** Also as it is where nobody sets anything. */
    @Test
    void whoSaysNothingLeavesTimeForTheOthers() {
        Route standard = new Route("job", ROUTE.variants(), ROUTE.fallback(), List.of(), Retries.STANDARD);
        Attempts attempts = new Attempts(standard, ROUTE.variant("a"), this::breaker, () -> now, new Random(1));
        List<Duration> left = new ArrayList<>();
        List<String> asked = asked(attempts, attempt -> {
            left.add(attempt.left());
            now += attempt.left().toNanos();
            return new Outcome.TimedOut(attempt.left());
        });
        assertEquals(List.of("a", "b", "c"), asked);
        assertEquals(List.of(Duration.ofMinutes(2), Duration.ofMinutes(2), Duration.ofMinutes(6)), left);
    }

    @Test
    void whoIsKnownToFailIsPassedOver() {
        for (int i = 0; i < 10; i++) {
            breaker(ROUTE.variant("a")).tryCall().orElseThrow().end(new Outcome.Busy(500, null));
        }
        assertEquals(List.of("b"), asked(attempts(), attempt -> Outcome.of(200, null)));
        now += Duration.ofSeconds(3).toNanos();
        assertEquals(List.of("a"), asked(attempts(), attempt -> Outcome.of(200, null)), "one may try");
        assertEquals(List.of("a"), asked(attempts(), attempt -> Outcome.of(200, null)));
    }

    @Test
    void pausesGrowAndAreCut() {
        Retries retries = new Retries(
                10, Duration.ofMillis(100), Duration.ofSeconds(1), Duration.ofSeconds(10), Duration.ofSeconds(10));
        Random random = new Random(7);
        for (int attempt = 1; attempt <= 10; attempt++) {
            double bound = Math.min(1000, 100 * Math.pow(2, attempt - 1));
            double sum = 0;
            for (int i = 0; i < 2000; i++) {
                double millis = retries.pause(attempt, random).toNanos() / 1e6;
                assertTrue(millis >= 0 && millis < bound, attempt + ": " + millis);
                sum += millis;
            }
            assertEquals(bound / 2, sum / 2000, 0.05 * bound, "evenly between 0 and the bound");
        }
    }
}
