package dev.hone.train;

import dev.hone.record.Sample;
import dev.hone.record.SampleRequest;
import dev.hone.record.SamplingMode;
import dev.hone.sample.BatchLimits;
import dev.hone.train.Frames.FrameException;
import java.io.IOException;
import java.lang.System.Logger.Level;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A model in a worker process that answers many requests together; they come and go at any time, from any thread. After the
 * worker's death every request fails with {@link WorkerException.Reason#DIED}, and only {@link #close} is of use.
 */
public final class WorkerBatch implements AutoCloseable {
    private static final System.Logger LOG = System.getLogger(WorkerBatch.class.getName());

    private final WorkerConnection connection;
    private final Frames frames;
    private final Thread reader;
    private final Map<Long, Listener> joined = new HashMap<>();
    private long next;
    private boolean closing;
    private @Nullable WorkerException broken;

    /** Hears of one request, on the thread that reads the worker's answers: it must not block. */
    public interface Listener {
        /**
         * Called once a token.
         *
         * @param index which of the request's samples
         * @param logprob as in {@link Sample#logprobs}
         */
        void drawn(int index, int token, float logprob);

        /** The end: all samples are drawn. */
        void ended(List<Sample> samples);

        /** The end: the request cannot be answered. */
        void failed(WorkerException reason);
    }

    private WorkerBatch(WorkerConnection connection) {
        this.connection = connection;
        this.frames = connection.frames();
        reader = Thread.ofPlatform().daemon().name("hone-batch-reader").unstarted(this::read);
    }

    /**
     * Starts a worker and loads a model in it.
     *
     * @param model a Hugging Face folder, a GGUF file, or what {@code TrainingClient.export} wrote
     */
    public static WorkerBatch open(Path model, SamplingMode mode, BatchLimits limits) {
        WorkerConnection connection = new WorkerConnection(WorkerSettings.forThisMachine(WorkerMain.class));
        try {
            connection.call(new WorkerRequest.Serve(model, mode, limits), WorkerReply.Done.class);
        } catch (WorkerException e) {
            connection.close();
            throw e;
        }
        WorkerBatch batch = new WorkerBatch(connection);
        batch.reader.start();
        return batch;
    }

    /** Lets a request join; returns its number, for {@link #cancel}. */
    public long submit(SampleRequest request, Listener listener) {
        long number;
        synchronized (this) {
            if (broken != null || closing) {
                throw broken == null ? new IllegalStateException("The worker is closed") : again(broken);
            }
            number = next++;
            joined.put(number, listener);
        }
        send(new WorkerRequest.Submit(number, request));
        return number;
    }

    /** Takes a request out, if it has not ended yet: its listener hears nothing more. */
    public void cancel(long number) {
        synchronized (this) {
            if (joined.remove(number) == null || broken != null) {
                return;
            }
        }
        send(new WorkerRequest.Cancel(number));
    }

    /** Whether the worker has died. */
    public synchronized boolean isBroken() {
        return broken != null;
    }

    /** Largest resident memory of the worker so far, in bytes; 0 where the system does not say. */
    public long peakMemoryBytes() {
        return connection.process().peakMemoryBytes();
    }

    /** The worker's process. */
    public long pid() {
        return connection.process().pid();
    }

    /** What cannot be sent is answered by the reader, which finds the same connection broken. */
    private void send(WorkerRequest request) {
        try {
            frames.write(WorkerRequest.class, request);
        } catch (IOException e) {
            LOG.log(Level.DEBUG, "The worker's connection broke", e);
        }
    }

    private void read() {
        try {
            while (true) {
                switch (frames.read(WorkerReply.class)) {
                    case null -> {
                        die(connection.process().died("while it answered requests"));
                        return;
                    }
                    case WorkerReply.Drawn drawn -> {
                        Listener listener = listener(drawn.number(), false);
                        if (listener != null) {
                            listener.drawn(drawn.index(), drawn.token(), drawn.logprob());
                        }
                    }
                    case WorkerReply.Ended ended -> {
                        Listener listener = listener(ended.number(), true);
                        if (listener != null) {
                            listener.ended(ended.samples());
                        }
                    }
                    case WorkerReply.Refused refused -> {
                        Listener listener = listener(refused.number(), true);
                        if (listener != null) {
                            listener.failed(new WorkerException(refused.reason(), refused.message()));
                        }
                    }
                    case WorkerReply.Done done -> {
                        return;
                    }
                    case WorkerReply other ->
                        throw new FrameException("An open batch does not answer with [%s]"
                                .formatted(other.getClass().getSimpleName()));
                }
            }
        } catch (FrameException e) {
            die(connection.process().brokeProtocol(e));
        } catch (IOException e) {
            die(connection.process().died("while it answered requests"));
        }
    }

    private synchronized @Nullable Listener listener(long number, boolean last) {
        return last ? joined.remove(number) : joined.get(number);
    }

    private void die(WorkerException reason) {
        List<Listener> orphans;
        synchronized (this) {
            broken = reason;
            orphans = List.copyOf(joined.values());
            joined.clear();
        }
        orphans.forEach(listener -> listener.failed(again(reason)));
    }

    private static WorkerException again(WorkerException reason) {
        return new WorkerException(reason.reason(), String.valueOf(reason.getMessage()), reason);
    }

    /** Ends the worker; requests that have not ended fail. */
    @Override
    public void close() {
        synchronized (this) {
            if (closing) {
                return;
            }
            closing = true;
        }
        if (!isBroken()) {
            send(new WorkerRequest.Close());
            try {
                reader.join();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
            die(new WorkerException(WorkerException.Reason.DIED, "The worker was closed"));
            connection.process().close();
        }
    }
}
