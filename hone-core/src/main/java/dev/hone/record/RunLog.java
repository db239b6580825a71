package dev.hone.record;

import java.util.List;

/**
 * What a run measured and tried on its way. Read from its folder, or from the store.
 *
 * @param metrics one of each step
 * @param samples answers that were tried, in order; none where there were only demonstrations
 */
public record RunLog(List<Metric> metrics, List<Tried> samples) {
    public RunLog {
        metrics = List.copyOf(metrics);
        samples = List.copyOf(samples);
    }

    /** @param figures of the step, as a JSON object */
    public record Metric(long step, String figures) {}

    /**
     * An answer that was drawn in training.
     *
     * @param task id of what was asked
     * @param reward what it was worth
     * @param reason why the grader did not give it all
     * @param tokens of the answer
     * @param end why it ended
     */
    public record Tried(long step, String task, String output, double reward, String reason, int tokens, String end) {}
}
