package dev.hone.capture.feedback;

import dev.hone.store.StoreException;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;
import java.util.function.Supplier;

/** Asks the database, for a bounded time: where it does not answer, nobody waits for it again for a while. */
final class PatientLook implements AutoCloseable {
    private static final Duration PATIENCE = Duration.ofSeconds(2);
    private static final Duration PAUSE = Duration.ofSeconds(5);
    private static final int THREADS = 4;
    private static final int WAITING = 256;

    private final LongSupplier nanoTime;
    private final AtomicLong again;
    private final ThreadPoolExecutor threads = new ThreadPoolExecutor(
            THREADS,
            THREADS,
            10,
            TimeUnit.SECONDS,
            new ArrayBlockingQueue<>(WAITING),
            Thread.ofPlatform().name("hone-feedback-look-", 0).daemon().factory());

    PatientLook(LongSupplier nanoTime) {
        this.nanoTime = nanoTime;
        this.again = new AtomicLong(nanoTime.getAsLong());
        threads.allowCoreThreadTimeOut(true);
    }

    /** Empty where the database is away. */
    <T> Optional<T> ask(Supplier<T> question) throws InterruptedException {
        if (nanoTime.getAsLong() - again.get() < 0) {
            return Optional.empty();
        }
        Future<T> answer;
        try {
            answer = threads.submit(question::get);
        } catch (RejectedExecutionException e) {
            return Optional.empty();
        }
        try {
            return Optional.of(answer.get(PATIENCE.toMillis(), TimeUnit.MILLISECONDS));
        } catch (TimeoutException | CancellationException e) {
            answer.cancel(true);
        } catch (ExecutionException e) {
            if (!(e.getCause() instanceof StoreException)) {
                throw new IllegalStateException("A question to the database went wrong", e.getCause());
            }
        }
        again.set(nanoTime.getAsLong() + PAUSE.toNanos());
        return Optional.empty();
    }

    @Override
    public void close() {
        threads.shutdownNow();
    }
}
