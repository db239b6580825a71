package dev.hone.train;

import dev.hone.record.AdamParams;
import dev.hone.record.Datum;
import dev.hone.record.Loss;
import dev.hone.record.SamplingMode;
import dev.hone.record.Snapshot;
import dev.hone.record.TrainingClient;
import java.nio.file.Path;
import java.util.List;

/**
 * A model trained in a child process, so that a native crash or a lack of memory there is an exception here. Every method
 * throws {@link WorkerException}; after one with {@link WorkerException.Reason#DIED} only {@link #close} is of use.
 */
public final class WorkerClient implements TrainingClient {
    private final WorkerConnection connection;

    private WorkerClient(WorkerConnection connection) {
        this.connection = connection;
    }

    /** Starts a worker and loads the model in it. */
    public static WorkerClient open(TrainerSpec spec) {
        return open(spec, WorkerSettings.forThisMachine(WorkerMain.class));
    }

    static WorkerClient open(TrainerSpec spec, WorkerSettings settings) {
        WorkerConnection connection = new WorkerConnection(settings);
        try {
            connection.call(new WorkerRequest.OpenTrainer(spec), WorkerReply.Done.class);
            return new WorkerClient(connection);
        } catch (WorkerException e) {
            connection.close();
            throw e;
        }
    }

    @Override
    public Forward forward(List<Datum> data) {
        return connection
                .call(new WorkerRequest.Forward(data), WorkerReply.Forwarded.class)
                .forward();
    }

    @Override
    public Backward forwardBackward(List<Datum> data, Loss loss) {
        return connection
                .call(new WorkerRequest.ForwardBackward(data, loss), WorkerReply.BackwardDone.class)
                .backward();
    }

    @Override
    public Sharing sharing(List<Datum> data) {
        return connection
                .call(new WorkerRequest.CompareSharing(data), WorkerReply.SharingCompared.class)
                .sharing();
    }

    @Override
    public OptimStep optimStep(AdamParams params) {
        return connection
                .call(new WorkerRequest.OptimStep(params), WorkerReply.Stepped.class)
                .step();
    }

    /** The snapshot lives in this worker: it ends with it. */
    @Override
    public Snapshot snapshot(SamplingMode mode) {
        return WorkerSnapshot.of(
                connection,
                connection.call(new WorkerRequest.TakeSnapshot(mode), WorkerReply.SnapshotTaken.class),
                false);
    }

    @Override
    public Checkpoint save(Path folder) {
        return connection
                .call(new WorkerRequest.Save(folder), WorkerReply.Saved.class)
                .checkpoint();
    }

    @Override
    public void load(Checkpoint checkpoint) {
        connection.call(new WorkerRequest.Load(checkpoint), WorkerReply.Done.class);
    }

    @Override
    public void export(Path folder) {
        connection.call(new WorkerRequest.Export(folder), WorkerReply.Done.class);
    }

    /** The library that multiplies matrices in this installation's workers. */
    public static String blas() {
        return WorkerSettings.mklAvailable() ? "MKL" : "OpenBLAS";
    }

    /** Largest resident memory of the worker so far, in bytes; 0 where the system does not say. */
    public long peakMemoryBytes() {
        return connection.process().peakMemoryBytes();
    }

    /** What this worker's machine reaches at most on a model's shapes. */
    public MachineCeiling ceiling(BlockShape shape) {
        return connection
                .call(new WorkerRequest.MeasureCeiling(shape), WorkerReply.CeilingMeasured.class)
                .ceiling();
    }

    long pid() {
        return connection.process().pid();
    }

    /** The folder of the worker's socket and log. */
    Path folder() {
        return connection.process().folder();
    }

    @Override
    public void close() {
        connection.close();
    }
}
