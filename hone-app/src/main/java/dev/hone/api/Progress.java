package dev.hone.api;

import dev.hone.record.Sample;
import dev.hone.train.WorkerBatch;
import dev.hone.train.WorkerException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** What the worker tells of one request, for the thread that answers it. */
final class Progress implements WorkerBatch.Listener {
    private final BlockingQueue<Event> events = new LinkedBlockingQueue<>();

    /** Something that the worker told. */
    sealed interface Event {}

    record Drawn(int index, int token, float logprob) implements Event {}

    record Ended(List<Sample> samples) implements Event {}

    record Failed(WorkerException reason) implements Event {}

    @Override
    public void drawn(int index, int token, float logprob) {
        events.add(new Drawn(index, token, logprob));
    }

    @Override
    public void ended(List<Sample> samples) {
        events.add(new Ended(samples));
    }

    @Override
    public void failed(WorkerException reason) {
        events.add(new Failed(reason));
    }

    /** The next event; null when none comes for so long. */
    @Nullable
    Event next(Duration atMost) throws InterruptedException {
        return events.poll(atMost.toNanos(), TimeUnit.NANOSECONDS);
    }
}
