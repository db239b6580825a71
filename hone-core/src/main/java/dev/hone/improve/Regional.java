package dev.hone.improve;

import java.util.List;
import java.util.Optional;

/** How far a call is from what the reference asked. */
public final class Regional {
    private final Regions regions;

    private Regional(Regions regions) {
        this.regions = regions;
    }

    /** Empty where the reference is too small to say. */
    public static Optional<Regional> of(List<Sight> reference, long seed) {
        return reference.size() < Drift.LEAST
                ? Optional.empty()
                : Optional.of(new Regional(Regions.of(reference, seed)));
    }

    /** From 0, as far as the middle one of the reference or nearer, to 1, farther than all but some of it. */
    public double novelty(float[] input) {
        return regions.novelty(input);
    }
}
