package dev.hone.serve;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Work that is done again and again, on a thread of its own, until it is closed, which waits for what is being done. */
final class Repeated implements AutoCloseable {
    private final String name;
    private final CountDownLatch closing = new CountDownLatch(1);
    private @Nullable Thread thread;

    /** @param name of the thread */
    Repeated(String name) {
        this.name = name;
    }

    /**
     * Begins.
     *
     * @param first pause before the first time
     * @param work throws nothing, and says how long the pause before the next time is
     */
    void start(Duration first, Supplier<Duration> work) {
        thread = Thread.ofPlatform().name(name).daemon().start(() -> run(first, work));
    }

    private void run(Duration first, Supplier<Duration> work) {
        try {
            Duration pause = first;
            while (!closing.await(pause.toMillis(), TimeUnit.MILLISECONDS)) {
                pause = work.get();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    boolean isClosing() {
        return closing.getCount() == 0;
    }

    @Override
    public void close() {
        closing.countDown();
        Thread begun = thread;
        if (begun == null) {
            return;
        }
        try {
            begun.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
