package dev.hone.cli;

import dev.hone.algorithm.GrpoListener;
import dev.hone.algorithm.SftListener.Step;
import dev.hone.run.Manifest;
import dev.hone.run.TrainForecast;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/** What a person reads about a training job, on standard error. */
final class TrainReport {
    /** Most bars of a loss's or a reward's course. */
    static final int COURSE = 16;

    private TrainReport() {}

    static void print(TrainForecast forecast) {
        System.err.printf(
                "%d examples, %,d tokens an epoch (%,d without repeated beginnings), %d steps; %,d trained values%n",
                forecast.rows(),
                forecast.tokensPerEpoch(),
                forecast.computedPerEpoch(),
                forecast.steps(),
                forecast.trainedParameters());
        List<String> left = new ArrayList<>();
        count(left, forecast.badLines(), "bad lines left out");
        count(left, forecast.truncated(), "over-long examples truncated");
        count(left, forecast.dropped(), "over-long examples dropped");
        count(left, forecast.untrained(), "examples with nothing to learn left out");
        count(
                left,
                forecast.lastTurnOnly(),
                "examples trained on their last turn only: the chat template rewrites history");
        left.forEach(System.err::println);
        System.err.printf(
                "about %,d MiB of memory needed, %,d MiB available%n",
                forecast.memoryBytes() >> 20, forecast.availableBytes() >> 20);
        if (forecast.seconds() != null) {
            System.err.println("about " + Progress.format((long) (forecast.seconds() * 1e9)) + " of training");
        }
        System.err.println(forecast.settings().entrySet().stream()
                .map(setting -> setting.getKey() + " " + setting.getValue())
                .collect(Collectors.joining(", ")));
    }

    private static void count(List<String> lines, int count, String what) {
        if (count > 0) {
            lines.add(count + " " + what);
        }
    }

    static String detail(Step step) {
        double seconds = step.elapsed().toNanos() / 1e9;
        return "epoch %d  loss %.3f  norm %.2f  lr %.1e  %.0f tok/s"
                .formatted(
                        step.epoch(), step.loss(), step.gradientNorm(), step.learningRate(), step.tokens() / seconds);
    }

    static String detail(GrpoListener.Step step) {
        return "reward %.3f  right %2.0f %%  alike %2.0f %%  %.0f tokens  entropy %.2f  KL %.1e  %.0f + %.0f s"
                .formatted(
                        step.rewards().reward().mean(),
                        100 * step.rewards().passAt().getOrDefault(1, 0.0),
                        100 * step.rewards().alike(),
                        step.rewards().length(),
                        step.drift().entropy(),
                        step.drift().kl(),
                        step.sampling().toMillis() / 1e3,
                        step.training().toMillis() / 1e3);
    }

    /** What a person should look at in a step that has it. */
    static String alarm(GrpoListener.Step step) {
        return "Alarm in step %d: %s".formatted(step.step(), step.alarm());
    }

    static void print(Manifest manifest, Path out) {
        Manifest.Training training = manifest.training();
        System.err.printf(
                "%d steps, %,d tokens, %.0f tokens/s, final loss %.3f, %,d MiB at most%n",
                training.steps(),
                training.tokens(),
                training.tokensPerSecond(),
                training.finalLoss(),
                training.peakMemoryBytes() >> 20);
        if (training.finalReward() != null) {
            System.err.printf("mean reward of the last tenth of the steps %.3f%n", training.finalReward());
        }
        System.err.printf("Try it: hone chat --model %s%n", out);
    }
}
