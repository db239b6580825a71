package dev.hone.run;

import dev.hone.algorithm.GrpoListener;
import dev.hone.algorithm.Judgment;
import dev.hone.algorithm.Rewards;
import dev.hone.algorithm.Rollouts;
import dev.hone.algorithm.Spread;
import dev.hone.record.Sample;
import dev.hone.record.Task;
import dev.hone.record.TrainingClient.Sharing;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.function.LongSupplier;

/**
 * Writes each step of a {@link ReinforcementRun} ({@code metrics.jsonl}) and each of its samples ({@code samples.jsonl}) down before
 * somebody else hears of it. What a step does not have, such as the length of answers that were cut where none was, is left out of its line. The fields:
 * docs/cli.md.
 */
final class ReinforcementLog implements GrpoListener {
    private final MetricsFile metrics;
    private final StepLines samples;
    private final Function<Rollouts, Task> task;
    private final Function<Sample, String> text;
    private final LongSupplier memory;
    private final GrpoListener listener;

    /**
     * @param task what a group of answers is to
     * @param text of an answer
     * @param memory largest resident memory of the workers so far, in bytes
     * @param listener hears each step after it was written
     */
    ReinforcementLog(
            MetricsFile metrics,
            StepLines samples,
            Function<Rollouts, Task> task,
            Function<Sample, String> text,
            LongSupplier memory,
            GrpoListener listener) {
        this.metrics = metrics;
        this.samples = samples;
        this.task = task;
        this.text = text;
        this.memory = memory;
        this.listener = listener;
    }

    @Override
    public void stepped(Step step, List<Rollouts> rollouts) {
        List<Map<String, Object>> drawn = new ArrayList<>();
        for (Rollouts group : rollouts) {
            Task asked = task.apply(group);
            for (int i = 0; i < group.samples().size(); i++) {
                drawn.add(line(
                        step.step(),
                        asked,
                        group.samples().get(i),
                        group.judgments().get(i)));
            }
        }
        samples.append(drawn);
        metrics.append(line(step));
        listener.stepped(step, rollouts);
    }

    @Override
    public void saved(Path folder, long step) {
        listener.saved(folder, step);
    }

    private Map<String, Object> line(long step, Task asked, Sample sample, Judgment judgment) {
        Map<String, Object> line = new LinkedHashMap<>();
        line.put("step", step);
        line.put("task", asked.id());
        line.put("output", text.apply(sample));
        line.put("reward", judgment.reward());
        line.put("score", judgment.grade().score());
        line.put("parts", new TreeMap<>(judgment.grade().parts()));
        line.put("reason", judgment.grade().reason());
        line.put("tokens", sample.tokens().length);
        line.put("end", sample.stopReason());
        return line;
    }

    private Map<String, Object> line(Step step) {
        Map<String, Object> line = new LinkedHashMap<>();
        line.put("step", step.step());
        rewards(line, step.rewards());
        advantages(line, step.advantages());
        line.put("entropy", step.drift().entropy());
        line.put("kl", step.drift().kl());
        line.put("mostDifference", step.drift().most());
        line.put("leastWeight", step.drift().leastWeight());
        line.put("meanWeight", step.drift().meanWeight());
        line.put("mostWeight", step.drift().mostWeight());
        line.put("effective", step.drift().effective());
        line.put("alarm", step.alarm().isEmpty() ? 0 : 1);
        line.put("klToReference", step.klToReference());
        line.put("loss", step.loss());
        line.put("gradientNorm", step.gradientNorm());
        line.put("clipped", step.clipped().total());
        line.put("clippedLow", step.clipped().low());
        line.put("clippedHigh", step.clipped().high());
        line.put("learningRate", step.learningRate());
        Sharing sharing = step.sharing();
        if (sharing != null) {
            line.put("sharedDifference", sharing.logprobs());
            line.put("sharedGradientDifference", sharing.gradient());
        }
        double tokens = step.rewards().length() * step.rewards().samples();
        double seconds = seconds(step.sampling()) + seconds(step.training());
        line.put("tokens", Math.round(tokens));
        line.put("samplingSeconds", seconds(step.sampling()));
        line.put("trainingSeconds", seconds(step.training()));
        line.put("seconds", seconds);
        line.put("tokensPerSecond", tokens / seconds);
        line.put("checkpointSeconds", seconds(step.checkpoint()));
        line.put("memoryBytes", memory.getAsLong());
        return line;
    }

    /** Of a part of the grades. */
    private record Part(double mean, double deviation) {}

    private static void rewards(Map<String, Object> line, Rewards rewards) {
        line.put("reward", rewards.reward().mean());
        line.put("rewardDeviation", rewards.reward().deviation());
        Map<String, Object> parts = new LinkedHashMap<>();
        rewards.parts().forEach((name, part) -> parts.put(name, new Part(part.mean(), part.deviation())));
        line.put("parts", parts);
        line.put("best", rewards.best());
        line.put("passAt", rewards.passAt());
        line.put("alike", rewards.alike());
        line.put("solved", rewards.solved());
        line.put("failed", rewards.failed());
        line.put("missing", rewards.missing());
        line.put("length", rewards.length());
        known(line, "endedLength", rewards.endedLength());
        known(line, "cutLength", rewards.cutLength());
        line.put("cut", rewards.cut());
    }

    private static void advantages(Map<String, Object> line, Spread advantages) {
        line.put("advantage", advantages.mean());
        line.put("advantageDeviation", advantages.deviation());
        line.put("leastAdvantage", advantages.least());
        line.put("mostAdvantage", advantages.most());
    }

    private static void known(Map<String, Object> line, String name, double value) {
        if (!Double.isNaN(value)) {
            line.put(name, value);
        }
    }

    private static double seconds(Duration time) {
        return time.toNanos() / 1e9;
    }
}
