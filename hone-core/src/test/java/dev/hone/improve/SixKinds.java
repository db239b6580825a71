package dev.hone.improve;

import dev.hone.record.Ids;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;

/** Calls of a product, of six kinds: what is asked, what answers are called, how long they are and which tools are offered follow from the kind. */
final class SixKinds {
    private static final int PLACES = 24;

    /** The last kind never comes. */
    static final double[] USUAL = {0.3, 0.25, 0.2, 0.15, 0.1, 0};

    /** Three of ten are of it. */
    static final double[] SHIFTED = {0.3, 0.1, 0.1, 0.1, 0.1, 0.3};

    final SplittableRandom random;
    private final List<float[]> centres = new ArrayList<>();
    private long position;

    SixKinds(long seed) {
        this.random = new SplittableRandom(seed);
        for (int i = 0; i < USUAL.length; i++) {
            centres.add(gaussian(new float[PLACES], 1));
        }
    }

    private float[] gaussian(float[] around, double spread) {
        float[] vector = new float[PLACES];
        for (int i = 0; i < PLACES; i++) {
            vector[i] = (float) (around[i] + spread * random.nextGaussian());
        }
        return Vectors.unit(vector);
    }

    /** @param mix shares of the kinds */
    Sight call(double[] mix) {
        double drawn = random.nextDouble();
        int kind = 0;
        while (kind < mix.length - 1 && drawn >= mix[kind]) {
            drawn -= mix[kind++];
        }
        return new Sight(
                Ids.next(),
                position++,
                gaussian(centres.get(kind), 0.08),
                "tool-" + kind,
                20 + 10 * kind + random.nextInt(15),
                kind == 5 ? Set.of("tool-0", "tool-5") : Set.of("tool-0"));
    }

    List<Sight> calls(double[] mix, int count) {
        List<Sight> calls = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            calls.add(call(mix));
        }
        return calls;
    }
}
