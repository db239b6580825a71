package dev.hone.algorithm;

import dev.hone.record.Sample;
import java.util.List;

/**
 * The samples of one prompt with what they are worth. Made by {@link GrpoRun} from a snapshot and a reward; read by {@link Grpo}.
 *
 * @param judgments of each sample
 */
public record Rollouts(Prompt prompt, List<Sample> samples, List<Judgment> judgments) {
    public Rollouts {
        samples = List.copyOf(samples);
        judgments = List.copyOf(judgments);
        if (samples.size() != judgments.size()) {
            throw new IllegalArgumentException(
                    "A prompt has [%d] samples but [%d] judgments".formatted(samples.size(), judgments.size()));
        }
    }

    /** The reward of each sample; NaN where nobody could judge. */
    public double[] rewards() {
        return judgments.stream().mapToDouble(Judgment::reward).toArray();
    }
}
