package dev.hone.train;

import dev.hone.record.AdamParams;
import dev.hone.record.Datum;
import dev.hone.record.Loss;
import dev.hone.record.SampleRequest;
import dev.hone.record.SamplingMode;
import dev.hone.record.TrainingClient.Checkpoint;
import java.nio.file.Path;
import java.util.List;

/** What the parent asks of its worker process. Made by {@link WorkerClient} and {@link WorkerSnapshot}; read by {@link WorkerServer}. */
sealed interface WorkerRequest {
    /** Loads a model to train. */
    record OpenTrainer(TrainerSpec spec) implements WorkerRequest {}

    /** Loads a model to generate with, without anything that training needs. */
    record OpenSampler(Path model, SamplingMode mode) implements WorkerRequest {}

    record Forward(List<Datum> data) implements WorkerRequest {}

    record ForwardBackward(List<Datum> data, Loss loss) implements WorkerRequest {}

    record OptimStep(AdamParams params) implements WorkerRequest {}

    record TakeSnapshot(SamplingMode mode) implements WorkerRequest {}

    /** Generates; with {@code stream} every token is sent as it comes. */
    record Generate(long snapshot, List<SampleRequest> requests, boolean stream) implements WorkerRequest {}

    record CloseSnapshot(long snapshot) implements WorkerRequest {}

    record Save(Path folder) implements WorkerRequest {}

    record Load(Checkpoint checkpoint) implements WorkerRequest {}

    record Export(Path folder) implements WorkerRequest {}

    /** Measures what the machine reaches at most on a block's shapes. */
    record MeasureCeiling(BlockShape shape) implements WorkerRequest {}

    /** Ends the worker in order. */
    record Close() implements WorkerRequest {}
}
