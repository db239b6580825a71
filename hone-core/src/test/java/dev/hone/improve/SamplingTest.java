package dev.hone.improve;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.hone.improve.Sampling.Purpose;
import dev.hone.record.Ids;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

final class SamplingTest {
    private static final List<UUID> IDS =
            Stream.generate(Ids::next).limit(20_000).toList();

    private static long count(Purpose purpose, double share) {
        return IDS.stream().filter(id -> Sampling.isIn(id, purpose, share)).count();
    }

    @Test
    void aShareIsThatOfTheCalls() {
        // Four standard deviations of a binomial.
        assertTrue(Math.abs(count(Purpose.WATCH, 0.05) - 1_000) < 4 * 31, "" + count(Purpose.WATCH, 0.05));
        assertEquals(0, count(Purpose.WATCH, 0));
        assertEquals(IDS.size(), count(Purpose.WATCH, 1));
    }

    /** Who is asked again says the same; a larger share has all of a smaller one; two purposes have nothing to do with each other. */
    @Test
    void itIsAFunctionOfTheCall() {
        List<UUID> small = IDS.stream()
                .filter(id -> Sampling.isIn(id, Purpose.WATCH, 0.05))
                .toList();
        assertTrue(small.stream().allMatch(id -> Sampling.isIn(id, Purpose.WATCH, 0.06)));
        long both = small.stream()
                .filter(id -> Sampling.isIn(id, Purpose.SECOND_LABEL, 0.1))
                .count();
        assertTrue(Math.abs(both - small.size() / 10.0) < 4 * Math.sqrt(small.size() * 0.09), "" + both);
    }

    @Test
    void aDaysBoundIsSpreadOverTheDay() {
        Improving improving = new Improving(0.1, 100, Improving.STANDARD.drift(), 1, 1, 0, null, Duration.ofHours(1));
        assertEquals(0.1, Sampling.share(improving, 0));
        assertEquals(0.1, Sampling.share(improving, 1_000));
        assertEquals(0.01, Sampling.share(improving, 10_000));
    }
}
