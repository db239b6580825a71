package dev.hone.train;

import dev.hone.record.Sample;
import dev.hone.sample.BatchLimits;
import dev.hone.sample.Generator;
import dev.hone.sample.OpenBatch;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.BlockingQueue;

/** The worker's side of an open batch: between two steps it takes in what has been asked meanwhile. */
final class BatchServer implements OpenBatch.Listener {
    private final Generator generator;
    private final BatchLimits limits;
    private final Frames frames;
    private final BlockingQueue<WorkerRequest> requests;
    private final Set<Long> joined = new LinkedHashSet<>();
    private OpenBatch batch;

    BatchServer(Generator generator, BatchLimits limits, Frames frames, BlockingQueue<WorkerRequest> requests) {
        this.generator = generator;
        this.limits = limits;
        this.frames = frames;
        this.requests = requests;
        batch = generator.open(limits, this);
    }

    /** Serves until it is told to close. */
    void run() throws IOException, InterruptedException {
        try {
            while (true) {
                WorkerRequest request = batch.isIdle() ? requests.take() : requests.poll();
                switch (request) {
                    case null -> step();
                    case WorkerRequest.Submit submit -> add(submit);
                    case WorkerRequest.Cancel cancel -> {
                        joined.remove(cancel.number());
                        batch.cancel(cancel.number());
                    }
                    case WorkerRequest.Close close -> {
                        return;
                    }
                    case WorkerRequest other -> throw WorkerServer.outOfPlace(other);
                }
            }
        } catch (UncheckedIOException e) {
            throw e.getCause();
        } finally {
            batch.close();
        }
    }

    private void add(WorkerRequest.Submit submit) {
        try {
            batch.add(submit.number(), submit.request());
            joined.add(submit.number());
        } catch (RuntimeException e) {
            refuse(submit.number(), WorkerServer.failed(e));
        }
    }

    /** A step that fails says nothing about whose fault it is: all that joined are refused, and a new batch begins. */
    private void step() {
        try {
            batch.step();
        } catch (UncheckedIOException e) {
            throw e;
        } catch (RuntimeException e) {
            WorkerReply.Failed failed = WorkerServer.failed(e);
            joined.forEach(number -> refuse(number, failed));
            joined.clear();
            batch.close();
            batch = generator.open(limits, this);
        }
    }

    private void refuse(long number, WorkerReply.Failed failed) {
        send(new WorkerReply.Refused(number, failed.reason(), failed.message()));
    }

    @Override
    public void drawn(long request, int index, int token, float logprob) {
        send(new WorkerReply.Drawn(request, index, token, logprob));
    }

    @Override
    public void ended(long request, List<Sample> samples) {
        joined.remove(request);
        send(new WorkerReply.Ended(request, samples));
    }

    private void send(WorkerReply reply) {
        try {
            frames.write(WorkerReply.class, reply);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
