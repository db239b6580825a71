package dev.hone.loop;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * What a step has taken so far, with all attempts at it that were killed or stopped: written down as it begins, and every second while it goes on, so that
 * {@code kill -9} loses no more than that.
 */
final class SpentTime implements AutoCloseable {
    static final Duration BETWEEN = Duration.ofSeconds(1);

    private final RoundFolder folder;
    private final RoundStep step;
    private final double before;
    private final long start = System.nanoTime();
    private final CountDownLatch ended = new CountDownLatch(1);
    private final Thread thread;

    private SpentTime(RoundFolder folder, RoundStep step, Duration between) throws IOException {
        this.folder = folder;
        this.step = step;
        this.before = folder.spent(step);
        folder.spend(step, before);
        this.thread = Thread.ofVirtual().name("hone-loop-time").start(() -> run(between));
    }

    /** Begins to count. @param between two times that it is written down */
    static SpentTime begin(RoundFolder folder, RoundStep step, Duration between) throws IOException {
        return new SpentTime(folder, step, between);
    }

    private void run(Duration between) {
        try {
            while (!ended.await(between.toNanos(), TimeUnit.NANOSECONDS)) {
                folder.spend(step, seconds());
            }
        } catch (IOException e) {
            // A disk that takes nothing stops the step itself, and says so there.
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Of all attempts. */
    double seconds() {
        return before + (System.nanoTime() - start) / 1e9;
    }

    /** Also where the step was stopped, or failed. */
    @Override
    public void close() {
        ended.countDown();
        try {
            thread.join();
            folder.spend(step, seconds());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
