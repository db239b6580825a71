package dev.hone.train;

import dev.hone.model.Weights;

/** A model with the part of it that is trained. */
sealed interface Tuning extends AutoCloseable permits LoraTuning, FullTuning {

    /** The computation. */
    Network network();

    /** What is trained. */
    Parameters parameters();

    /** Probability that an adapter's input is dropped. */
    double dropout();

    /** A copy of the weights as they are now, adapters merged in. The caller owns its tensors. */
    Weights merged();

    @Override
    void close();
}
