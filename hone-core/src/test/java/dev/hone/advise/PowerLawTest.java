package dev.hone.advise;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Objects;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

final class PowerLawTest {
    @Test
    void anExactLawIsFound() {
        List<Double> volumes = new ArrayList<>(IntStream.rangeClosed(1, 20)
                .mapToObj(rank -> 1e6 * Math.pow(rank - 0.5, -1.3))
                .toList());
        Collections.shuffle(volumes, new java.util.Random(1));
        PowerLaw law = Objects.requireNonNull(PowerLaw.of(volumes));
        assertEquals(1.3, law.exponent(), 1e-9);
        assertEquals(1.3 / (1 + 1.959963984540054 * Math.sqrt(0.1)), law.low(), 1e-9);
        assertEquals(1.3 / (1 - 1.959963984540054 * Math.sqrt(0.1)), Objects.requireNonNull(law.high()), 1e-9);
    }

    /** The interval has the exponent of the distribution that volumes are drawn from about as often as it says. */
    @Test
    void theIntervalCovers() {
        SplittableRandom random = new SplittableRandom(5);
        int within = 0;
        int times = 2_000;
        for (int i = 0; i < times; i++) {
            List<Double> volumes = IntStream.range(0, 60)
                    .mapToObj(j -> Math.pow(1 - random.nextDouble(), -0.8))
                    .toList();
            PowerLaw law = Objects.requireNonNull(PowerLaw.of(volumes));
            within += law.low() <= 0.8 && (law.high() == null || law.high() >= 0.8) ? 1 : 0;
        }
        assertTrue(within > 0.92 * times && within < 0.99 * times, within + " of " + times);
    }

    @Test
    void fewUseCasesBoundNothingAndTwoAreNoLaw() {
        PowerLaw law = Objects.requireNonNull(PowerLaw.of(List.of(100.0, 10.0, 1.0)));
        assertNull(law.high());
        assertEquals(100.0 / 111, law.first(), 1e-12);
        assertNull(PowerLaw.of(List.of(100.0, 10.0)));
        assertNull(PowerLaw.of(List.of(7.0, 7.0, 7.0, 7.0)));
        assertNull(PowerLaw.of(List.of(5.0, 0.0, 3.0)));
        assertNotNull(PowerLaw.of(List.of(3.0, 2.0, 1.0)));
    }
}
