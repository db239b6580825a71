package dev.hone.train;

import dev.hone.record.DecodeTime;
import dev.hone.record.Sample;
import dev.hone.record.SampleRequest;
import dev.hone.record.SamplingMode;
import dev.hone.record.Snapshot;
import dev.hone.sample.Generator;
import java.nio.file.Path;
import java.util.List;

/** A sampler in a worker process; throws {@link WorkerException} like {@link WorkerClient}. */
public final class WorkerSnapshot implements Snapshot {
    /** Samples in flight at once, at most: more of them wait. */
    public static final int MOST_ROWS = Generator.DEFAULT_ROWS;

    private final WorkerConnection connection;
    private final long id;
    private final long version;
    private final boolean owner;

    private WorkerSnapshot(WorkerConnection connection, long id, long version, boolean owner) {
        this.connection = connection;
        this.id = id;
        this.version = version;
        this.owner = owner;
    }

    static WorkerSnapshot of(WorkerConnection connection, WorkerReply.SnapshotTaken taken, boolean owner) {
        return new WorkerSnapshot(connection, taken.snapshot(), taken.version(), owner);
    }

    /**
     * Starts a worker and loads a model in it to generate with.
     *
     * @param model a Hugging Face folder, a GGUF file, or what {@code TrainingClient.export} wrote
     */
    public static WorkerSnapshot open(Path model, SamplingMode mode) {
        return open(model, mode, WorkerSettings.forThisMachine(WorkerMain.class));
    }

    static WorkerSnapshot open(Path model, SamplingMode mode, WorkerSettings settings) {
        WorkerConnection connection = new WorkerConnection(settings);
        try {
            return of(
                    connection,
                    connection.call(new WorkerRequest.OpenSampler(model, mode), WorkerReply.SnapshotTaken.class),
                    true);
        } catch (WorkerException e) {
            connection.close();
            throw e;
        }
    }

    @Override
    public long version() {
        return version;
    }

    @Override
    public List<List<Sample>> sample(List<SampleRequest> requests, SampleListener listener) {
        return connection
                .call(
                        new WorkerRequest.Generate(id, requests, true),
                        WorkerReply.Generated.class,
                        token -> listener.onToken(token.request(), token.index(), token.token()))
                .samples();
    }

    @Override
    public List<List<Sample>> sample(List<SampleRequest> requests) {
        return connection
                .call(new WorkerRequest.Generate(id, requests, false), WorkerReply.Generated.class)
                .samples();
    }

    @Override
    public DecodeTime decodeTime() {
        return connection
                .call(new WorkerRequest.MeasureDecoding(id), WorkerReply.DecodingMeasured.class)
                .time();
    }

    /** What this worker's machine reaches at most on a model's shapes. */
    public MachineCeiling ceiling(BlockShape shape) {
        return connection
                .call(new WorkerRequest.MeasureCeiling(shape), WorkerReply.CeilingMeasured.class)
                .ceiling();
    }

    /** Largest resident memory of the worker so far, in bytes; 0 where the system does not say. */
    public long peakMemoryBytes() {
        return connection.process().peakMemoryBytes();
    }

    @Override
    public void close() {
        if (owner) {
            connection.close();
        } else {
            connection.call(new WorkerRequest.CloseSnapshot(id), WorkerReply.Done.class);
        }
    }
}
