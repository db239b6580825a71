package dev.hone.load;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Models' servers that fail, behind the real gateway. */
@Tag("slow")
final class UpstreamFaultsTest {
    private static final Answer CHAT = Answer.whole(200, "application/json", Answer.chat());
    private static final Answer STREAM = Answer.events(5, Duration.ofMillis(2));
    private static final Answer BUSY = Answer.whole(429, "application/json", "{\"error\":{\"message\":\"slow down\"}}");
    private static final Answer FAULT = Answer.whole(500, "application/json", "{\"error\":{\"message\":\"fault\"}}");
    private static final int CALLS = Integer.getInteger("hone.calls", 20_000);

    @TempDir
    private Path folder;

    private static Answer well(MockUpstream.Asked asked) {
        return asked.stream() ? STREAM : CHAT;
    }

    private static void await(Callers callers, int calls) throws InterruptedException {
        while (callers.statuses().values().stream().mapToLong(count -> count).sum() < calls) {
            Thread.sleep(20);
        }
    }

    /** 30 of 100 requests of the first server fail, each way alike; another one does well. */
    @Test
    @Timeout(600)
    void oneFallbackAnswersForAServerThatFailsInThirtyOfAHundredCases() throws Exception {
        Random random = new Random(1);
        try (Stage stage = new Stage(folder)) {
            MockUpstream first = stage.upstream("first", asked -> switch (random.nextInt(10)) {
                case 0 -> FAULT;
                case 1 -> BUSY;
                case 2 -> Answer.reset();
                default -> well(asked);
            });
            MockUpstream second = stage.upstream("second", UpstreamFaultsTest::well);
            stage.start("none", "", """
                    variants:
                      first: {upstream: first, model: mock-1}
                      second: {upstream: second, model: mock-2, weight: 0}
                    fallback: [second]
                    retries: {again: 1, first-pause: 10ms}
                    """);
            Callers callers = stage.callers(16, Duration.ZERO);
            await(callers, CALLS);
            callers.close();
            long all = callers.statuses().values().stream()
                            .mapToLong(count -> count)
                            .sum()
                    + callers.broken();
            double well = (double) callers.count(200) / all;
            System.out.printf(
                    "30 %% failing: %d calls, %.4f %% answered, %s; first asked %d times, second %d%n",
                    all, 100 * well, callers.statuses(), first.asked(), second.asked());
            assertTrue(well >= 0.999, "%.4f of %d calls were answered: %s".formatted(well, all, callers.lastRefusal()));
            assertTrue(first.asked() > CALLS / 4 && second.asked() > CALLS / 50, "both were needed");
            stage.assertKept(callers.acknowledged(), Set.of());
        }
    }

    /** A server takes requests and never says a word. */
    @Test
    @Timeout(600)
    void aBlackHoleIsPassedOver() throws Exception {
        Duration silence = Duration.ofSeconds(1);
        try (Stage stage = new Stage(folder)) {
            MockUpstream hole = stage.upstream("first", asked -> Answer.silence());
            stage.upstream("second", UpstreamFaultsTest::well);
            stage.startWith("  %s: {url: \"%s\", connect: 1s, silence: 1s}\n", "none", """
                    variants:
                      first: {upstream: first, model: mock-1}
                      second: {upstream: second, model: mock-2, weight: 0}
                    fallback: [second]
                    retries: {deadline: 3s}
                    """);
            Callers callers = stage.callers(8, Duration.ZERO);
            await(callers, 8);
            double first = callers.slowestMillis();
            await(callers, 200);
            // One call tries whether the server is back, every few seconds: all others go past it at once.
            Thread.sleep(5_000);
            callers.close();
            System.out.printf(
                    "black hole: the first calls took up to %.0f ms; %s, %d asked the hole%n",
                    first, callers.statuses(), hole.asked());
            assertEquals(Set.of(200), callers.statuses().keySet(), callers.lastRefusal());
            assertEquals(0, callers.broken());
            assertTrue(first >= silence.toMillis() && first < 3_000, first + " ms");
            assertTrue(callers.slowestMillis() < 3_000, "the deadline was not kept");
            assertTrue(hole.asked() <= 8 + 5, hole.asked() + " calls asked the hole: its breaker does not open");
            stage.assertKept(callers.acknowledged(), Set.of());
        }
    }

    /** Nobody else is there: within its deadline the call ends with a refusal. */
    @Test
    @Timeout(600)
    void aBlackHoleAloneEndsAtTheDeadline() throws Exception {
        try (Stage stage = new Stage(folder)) {
            stage.upstream("first", asked -> Answer.silence());
            stage.start("none", "", "variants:\n  first: {upstream: first, model: mock-1}\nretries: {deadline: 2s}\n");
            Callers callers = stage.callers(2, Duration.ZERO);
            await(callers, 2);
            double slowest = callers.slowestMillis();
            callers.close();
            assertTrue(slowest < 3_000, slowest + " ms");
            assertTrue(callers.count(504) >= 1, callers.statuses() + " " + callers.lastRefusal());
        }
    }
}
