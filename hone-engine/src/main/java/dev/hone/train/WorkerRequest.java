package dev.hone.train;

import dev.hone.record.AdamParams;
import dev.hone.record.Datum;
import dev.hone.record.Loss;
import dev.hone.record.SampleRequest;
import dev.hone.record.SamplingMode;
import dev.hone.record.TrainingClient.Checkpoint;
import dev.hone.sample.BatchLimits;
import java.nio.file.Path;
import java.util.List;

/**
 * What the parent asks of its worker process. Made by {@link WorkerClient}, {@link WorkerSnapshot} and {@link WorkerBatch};
 * read by {@link WorkerServer}.
 */
sealed interface WorkerRequest {
    /** Loads a model to train. */
    record OpenTrainer(TrainerSpec spec) implements WorkerRequest {}

    /** Loads a model to generate with, without anything that training needs. */
    record OpenSampler(Path model, SamplingMode mode) implements WorkerRequest {}

    record Forward(List<Datum> data) implements WorkerRequest {}

    record ForwardBackward(List<Datum> data, Loss loss) implements WorkerRequest {}

    record CompareSharing(List<Datum> data) implements WorkerRequest {}

    record OptimStep(AdamParams params) implements WorkerRequest {}

    record TakeSnapshot(SamplingMode mode) implements WorkerRequest {}

    /** Generates; with {@code stream} every token is sent as it comes. */
    record Generate(long snapshot, List<SampleRequest> requests, boolean stream) implements WorkerRequest {}

    /** Asks what drawing tokens has taken so far. */
    record MeasureDecoding(long snapshot) implements WorkerRequest {}

    record CloseSnapshot(long snapshot) implements WorkerRequest {}

    record Save(Path folder) implements WorkerRequest {}

    record Load(Checkpoint checkpoint) implements WorkerRequest {}

    record Export(Path folder) implements WorkerRequest {}

    /** Measures what the machine reaches at most on a block's shapes. */
    record MeasureCeiling(BlockShape shape) implements WorkerRequest {}

    /** Opens a batch: from its answer to {@link Close} only {@link Submit} and {@link Cancel} follow, which have no answer. */
    record Serve(Path model, SamplingMode mode, BatchLimits limits) implements WorkerRequest {}

    /** Joins the batch. */
    record Submit(long number, SampleRequest request) implements WorkerRequest {}

    /** Leaves the batch: nothing more is said of the request. */
    record Cancel(long number) implements WorkerRequest {}

    /** Ends the worker in order. */
    record Close() implements WorkerRequest {}
}
