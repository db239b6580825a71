package dev.hone.algorithm;

import dev.hone.record.TrainingClient;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import java.util.function.LongConsumer;

/** Steps with checkpoints between them: what a run does, whatever a step is. */
final class Resumable {
    private final TrainingClient trainer;
    private final Checkpoints checkpoints;
    private final Duration checkpointEvery;
    private final Map<String, String> settings;

    /** Hears of a checkpoint: its folder, the steps taken, and the wall time that it took. */
    @FunctionalInterface
    interface Saved {
        void saved(Path folder, long step, Duration took);
    }

    /**
     * @param checkpointEvery wall time between checkpoints; they do not change the result
     * @param settings what decides the result, by name; a run is resumed only under the same
     */
    Resumable(TrainingClient trainer, Checkpoints checkpoints, Duration checkpointEvery, Map<String, String> settings) {
        this.trainer = trainer;
        this.checkpoints = checkpoints;
        this.checkpointEvery = checkpointEvery;
        this.settings = settings;
    }

    /** Restores the newest complete checkpoint and gives its step; 0 when there is none. */
    long restore() {
        Optional<Checkpoints.Found> found = checkpoints.last();
        if (found.isEmpty()) {
            return 0;
        }
        found.get().state().requireSame(settings);
        trainer.load(found.get().trainer());
        return found.get().state().step();
    }

    /**
     * Takes steps until the end or until told to stop; in both cases a checkpoint is left.
     *
     * @param take takes a step, counted from 0
     * @param saved hears of each checkpoint
     * @return steps taken in all
     */
    long run(long from, long steps, LongConsumer take, Saved saved, BooleanSupplier stop) {
        long savedStep = from;
        long savedAt = System.nanoTime();
        long step = from;
        while (step < steps && !stop.getAsBoolean()) {
            take.accept(step);
            step++;
            if (System.nanoTime() - savedAt >= checkpointEvery.toNanos()) {
                save(step, saved);
                savedStep = step;
                savedAt = System.nanoTime();
            }
        }
        if (savedStep != step) {
            save(step, saved);
        }
        return step;
    }

    /** Ends a run whose loss is no number any more. */
    static void requireFinite(double loss, long step, double learningRate) {
        if (!Double.isFinite(loss)) {
            throw new ArithmeticException(
                    "The loss of step [%d] is [%s]: the rate [%s] is too high, or the weights are damaged"
                            .formatted(step + 1, loss, learningRate));
        }
    }

    private void save(long step, Saved saved) {
        long start = System.nanoTime();
        checkpoints.save(trainer, new RunState(step, settings));
        Duration took = Duration.ofNanos(System.nanoTime() - start);
        checkpoints.last().ifPresent(found -> saved.saved(found.folder(), step, took));
    }
}
