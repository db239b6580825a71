package dev.hone.api;

import dev.hone.record.SampleRequest;
import dev.hone.record.SamplingMode;
import dev.hone.run.LoadedModel;
import dev.hone.sample.BatchLimits;
import dev.hone.train.WorkerBatch;
import dev.hone.train.WorkerException;

/** The worker process behind a server: after its death the next request starts a new one. */
final class ModelWorker implements AutoCloseable {
    private final LoadedModel model;
    private final SamplingMode mode;
    private final BatchLimits limits;
    private WorkerBatch batch;

    ModelWorker(LoadedModel model, SamplingMode mode, BatchLimits limits) {
        this.model = model;
        this.mode = mode;
        this.limits = limits;
        batch = model.batch(mode, limits);
    }

    /** A request in the worker; closing takes it out, if it has not ended. */
    record Joined(WorkerBatch batch, long number) implements AutoCloseable {
        @Override
        public void close() {
            batch.cancel(number);
        }
    }

    /** @throws WorkerException when no worker can be started */
    Joined submit(SampleRequest request, Progress progress) {
        WorkerBatch living = living();
        return new Joined(living, living.submit(request, progress));
    }

    private synchronized WorkerBatch living() {
        if (batch.isBroken()) {
            batch = model.batch(mode, limits);
        }
        return batch;
    }

    synchronized long pid() {
        return batch.pid();
    }

    @Override
    public synchronized void close() {
        batch.close();
    }
}
