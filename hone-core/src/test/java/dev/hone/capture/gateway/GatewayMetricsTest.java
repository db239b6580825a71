package dev.hone.capture.gateway;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.ref.WeakReference;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What Prometheus reads. */
final class GatewayMetricsTest {
    /** What is counted elsewhere is read for as long as there are metrics, not until memory is collected. */
    @Test
    @Timeout(60)
    void countersGoOnWhenMemoryWasCollected() {
        AtomicLong left = new AtomicLong();
        AtomicLong forgotten = new AtomicLong();
        GatewayMetrics metrics = new GatewayMetrics(() -> 0, left::get, forgotten::get);
        WeakReference<Object> collected = new WeakReference<>(new Object());
        while (collected.get() != null) {
            System.gc();
        }
        left.set(3);
        forgotten.set(4);
        String text = metrics.text();
        assertTrue(text.contains("\nhone_shadows_left_out_total 3.0\n"), text);
        assertTrue(text.contains("\nhone_episodes_forgotten_total 4.0\n"), text);
    }
}
