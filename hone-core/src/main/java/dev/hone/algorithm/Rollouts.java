package dev.hone.algorithm;

import dev.hone.record.Sample;
import java.util.List;

/**
 * The samples of one prompt with their rewards. Made by {@link GrpoRun} from a snapshot and a reward; read by {@link Grpo}.
 *
 * @param rewards of each sample; NaN where nobody could judge
 */
public record Rollouts(Prompt prompt, List<Sample> samples, double[] rewards) {
    public Rollouts {
        samples = List.copyOf(samples);
        if (samples.size() != rewards.length) {
            throw new IllegalArgumentException(
                    "A prompt has [%d] samples but [%d] rewards".formatted(samples.size(), rewards.length));
        }
    }
}
