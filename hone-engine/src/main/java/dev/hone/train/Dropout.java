package dev.hone.train;

import org.bytedeco.pytorch.Generator;
import org.bytedeco.pytorch.GeneratorOptional;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;

/**
 * Inverted dropout whose masks are a function of their place alone (run, step, micro-batch, layer), so that recomputing and
 * resuming see the same masks without any random state being saved.
 */
final class Dropout {
    private final double probability;
    private final long place;
    private long drawn;

    /** @param place seed that no other layer, micro-batch or step of the run uses */
    Dropout(double probability, long place) {
        this.probability = probability;
        this.place = place;
    }

    /** The next mask of this place: 0 where dropped, {@code 1/(1-p)} where kept. Shape: (rows, columns) */
    Tensor mask(long rows, long columns) {
        Generator generator = torch.make_generator_cpu(mix(place, drawn++));
        return torch.empty(rows, columns)
                .bernoulli_(1 - probability, new GeneratorOptional(generator))
                .mul_(new Scalar(1 / (1 - probability)));
    }

    /** A seed for a place within a place (SplitMix64's finaliser, Steele et al. 2014). */
    static long mix(long seed, long place) {
        long z = seed * 0x9E3779B97F4A7C15L + place + 0x9E3779B97F4A7C15L;
        z = (z ^ (z >>> 30)) * 0xBF58476D1CE4E5B9L;
        z = (z ^ (z >>> 27)) * 0x94D049BB133111EBL;
        return z ^ (z >>> 31);
    }
}
