package dev.hone.web.site;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.hone.store.StoreFixture;
import dev.hone.web.site.SiteTraces.Draft;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Pages whose statements do not end take nothing from those who store calls, and say what to do. */
@Timeout(60)
final class SlowPagesTest {
    private static final int PAGES = 12;
    private final SiteFixture site = SiteFixture.open();

    @Test
    void slowPagesAreEndedAndCallsAreStoredMeanwhile() throws Exception {
        Browser viewer = site.as("viewer");
        CountDownLatch held = new CountDownLatch(1);
        CountDownLatch done = new CountDownLatch(1);
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            // Pages of evaluations wait for it; calls do not.
            Future<?> holder = threads.submit(() -> StoreFixture.whileLocked(site.database, "evaluation", held, done));
            held.await();
            List<Future<Browser.Page>> pages = new ArrayList<>();
            for (int i = 0; i < PAGES; i++) {
                pages.add(threads.submit(() -> viewer.get("/p/shop/evals")));
            }
            Thread.sleep(500);
            long from = System.nanoTime();
            Draft draft = new Draft();
            new SiteTraces(site.database).add(draft);
            long millis = (System.nanoTime() - from) / 1_000_000;
            assertTrue(millis < 3_000, "stored after [%d] ms".formatted(millis));
            int ended = 0;
            for (Future<Browser.Page> one : pages) {
                Browser.Page page = one.get();
                assertEquals(503, page.status(), page.html());
                assertTrue(page.html().contains("<h1>Not now</h1>"), page.html());
                ended += page.html().contains("Ask for less: a shorter time, one use case") ? 1 : 0;
            }
            assertTrue(ended > 0, "at least those with a connection say what to narrow");
            done.countDown();
            holder.get();
        } finally {
            done.countDown();
        }
        assertEquals(200, viewer.get("/p/shop/evals").status(), "and it goes on");
    }
}
