package dev.hone.train;

import dev.hone.record.DecodeTime;
import dev.hone.record.Sample;
import dev.hone.record.TrainingClient.Backward;
import dev.hone.record.TrainingClient.Checkpoint;
import dev.hone.record.TrainingClient.Forward;
import dev.hone.record.TrainingClient.OptimStep;
import dev.hone.record.TrainingClient.Sharing;
import java.util.List;

/**
 * What the worker process answers. Made by {@link WorkerServer}; read by {@link WorkerConnection}. Every request has one
 * answer; {@link Token} may come any number of times before it. Of an open batch, any number of {@link Drawn} and then one
 * {@link Ended} or {@link Refused} for each request that joined; read by {@link WorkerBatch}.
 */
sealed interface WorkerReply {
    record Done() implements WorkerReply {}

    record Forwarded(Forward forward) implements WorkerReply {}

    record BackwardDone(Backward backward) implements WorkerReply {}

    record SharingCompared(Sharing sharing) implements WorkerReply {}

    record Stepped(OptimStep step) implements WorkerReply {}

    record SnapshotTaken(long snapshot, long version) implements WorkerReply {}

    record Token(int request, int index, int token) implements WorkerReply {}

    record Generated(List<List<Sample>> samples) implements WorkerReply {}

    record DecodingMeasured(DecodeTime time) implements WorkerReply {}

    record Drawn(long number, int index, int token, float logprob) implements WorkerReply {}

    record Ended(long number, List<Sample> samples) implements WorkerReply {}

    record Refused(long number, WorkerException.Reason reason, String message) implements WorkerReply {}

    record Saved(Checkpoint checkpoint) implements WorkerReply {}

    record CeilingMeasured(MachineCeiling ceiling) implements WorkerReply {}

    record Failed(WorkerException.Reason reason, String message) implements WorkerReply {}
}
