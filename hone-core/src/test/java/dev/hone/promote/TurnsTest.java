package dev.hone.promote;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(120)
final class TurnsTest {
    private final Map<String, AtomicInteger> taken = new ConcurrentHashMap<>();
    private final CountDownLatch slow = new CountDownLatch(1);

    private void take(String useCase) {
        taken.computeIfAbsent(useCase, name -> new AtomicInteger()).incrementAndGet();
        if (useCase.startsWith("slow")) {
            try {
                slow.await();
            } catch (InterruptedException e) {
                throw new IllegalStateException(e);
            }
        }
    }

    private int taken(String useCase) {
        AtomicInteger count = taken.get(useCase);
        return count == null ? 0 : count.get();
    }

    /** One that takes long has one turn, and keeps no other waiting. */
    @Test
    void oneThatTakesLongKeepsNoOtherWaiting() throws InterruptedException {
        List<String> useCases = List.of("slow", "slow too", "quick");
        try (Turns turns = new Turns(Duration.ofMillis(10), this::take)) {
            while (taken("quick") < 5) {
                turns.begin(useCases);
                Thread.sleep(5);
            }
            assertEquals(1, taken("slow"));
            assertEquals(1, taken("slow too"));
            slow.countDown();
            while (taken("slow") < 2) {
                turns.begin(useCases);
                Thread.sleep(5);
            }
        }
    }

    /** As many as want all of the database's connections wait for each other; and whoever closes waits for those that have begun alone. */
    @Test
    void aFewHaveTheirTurnAtOnce() throws InterruptedException {
        Turns turns = new Turns(Duration.ofMillis(10), this::take);
        List<String> useCases = List.of("slow 1", "slow 2", "slow 3", "slow 4", "slow 5", "slow 6", "slow 7");
        turns.begin(useCases);
        while (taken.size() < 4) {
            Thread.sleep(5);
        }
        Thread.sleep(200);
        assertEquals(4, taken.size());
        Thread closing = Thread.ofPlatform().start(turns::close);
        Thread.sleep(200);
        assertTrue(closing.isAlive(), "four have begun");
        slow.countDown();
        closing.join();
        assertEquals(4, taken.size(), "what waited is not begun any more");
        turns.close();
    }
}
