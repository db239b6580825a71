package dev.hone.algorithm;

import dev.hone.record.AdamParams;
import dev.hone.record.Datum;
import dev.hone.record.Loss;
import dev.hone.record.TrainingClient;
import dev.hone.record.TrainingClient.Backward;
import dev.hone.record.TrainingClient.OptimStep;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.function.BooleanSupplier;

/** Carries out supervised fine-tuning: can be stopped or killed at any step, and goes on to the same weights. */
public final class SftRun {
    private final Sft sft;
    private final TrainingClient trainer;
    private final Resumable resumable;

    /**
     * @param checkpointEvery wall time between checkpoints; they do not change the result
     * @param settings what decides the result, by name; a run is resumed only under the same
     */
    public SftRun(
            Sft sft,
            TrainingClient trainer,
            Checkpoints checkpoints,
            Duration checkpointEvery,
            Map<String, String> settings) {
        this.sft = sft;
        this.trainer = trainer;
        this.resumable = new Resumable(trainer, checkpoints, checkpointEvery, settings);
    }

    /**
     * Restores the newest complete checkpoint.
     *
     * @return steps that it has seen; 0 when there is none
     * @throws IllegalArgumentException when its settings are others
     */
    public long restore() {
        return resumable.restore();
    }

    /**
     * Trains from a step on, until the end or until told to stop; in both cases a checkpoint is left.
     *
     * @param from steps already taken
     * @return steps taken in all
     */
    public long run(long from, SftListener listener, BooleanSupplier stop) {
        long steps = sft.steps();
        return resumable.run(
                from,
                steps,
                step -> listener.stepped(take(step, steps)),
                (folder, step, took) -> listener.saved(folder, step),
                stop);
    }

    private SftListener.Step take(long step, long steps) {
        long start = System.nanoTime();
        List<Datum> batch = sft.batch(step);
        AdamParams adam = sft.plan().adam(step, steps);
        Backward backward = trainer.forwardBackward(batch, new Loss.CrossEntropy());
        Resumable.requireFinite(backward.loss(), step, sft.plan().learningRate());
        OptimStep done = trainer.optimStep(adam);
        if (done.step() != step + 1) {
            throw new IllegalStateException(
                    "The trainer has taken [%d] steps, the run [%d]".formatted(done.step(), step + 1));
        }
        return new SftListener.Step(
                step + 1,
                steps,
                Math.toIntExact(step / sft.batchesPerEpoch()) + 1,
                backward.loss(),
                done.gradientNorm(),
                adam.learningRate(),
                batch.stream().mapToLong(Datum::length).sum(),
                batch.stream().mapToLong(Datum::trained).sum(),
                Duration.ofNanos(System.nanoTime() - start));
    }
}
