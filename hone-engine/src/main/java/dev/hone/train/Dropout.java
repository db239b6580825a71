package dev.hone.train;

import dev.hone.record.Seeds;
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
        Generator generator = torch.make_generator_cpu(Seeds.mix(place, drawn++));
        return torch.empty(rows, columns)
                .bernoulli_(1 - probability, new GeneratorOptional(generator))
                .mul_(new Scalar(1 / (1 - probability)));
    }
}
