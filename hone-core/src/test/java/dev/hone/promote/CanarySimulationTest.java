package dev.hone.promote;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.hone.charter.CharterReader;
import dev.hone.promote.CanarySimulation.Ends;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A thousand canaries of each kind: the figures of docs/results/wheel.md. */
@Tag("slow")
final class CanarySimulationTest {
    private static final int CANARIES = 1_000;

    /** Calls of a candidate that is 20 points worse until half of such are caught. */
    private static final int SOON = 200;

    @TempDir
    Path folder;

    /** What decides where a charter says no more than that there is a rollout: half of alpha is the copies'. */
    private CanaryPolicy shipped() throws IOException {
        Path file = Files.writeString(folder.resolve("job.yaml"), """
                name: job
                owner: Ada
                job: Answers.
                good: {kind: string_check, operation: eq}
                viewers: [everyone]
                variants: {big: {upstream: openai, model: gpt}}
                promote: {}
                """);
        return Objects.requireNonNull(CharterReader.read(file).promotion()).ofUsers();
    }

    private static void say(String what, Ends ends) {
        System.out.printf(
                "%s: %d of %d rolled back%s, %d promoted%n",
                what,
                ends.rolledBack().size(),
                ends.canaries(),
                ends.rolledBack().isEmpty()
                        ? ""
                        : " after %.0f calls of the candidate (median)".formatted(ends.median()),
                ends.promoted());
    }

    @Test
    void equalVersionsAreSeldomRolledBack() {
        for (double mean : new double[] {0.5, 0.8, 0.95}) {
            Ends equal = CanarySimulation.run(CANARIES, at -> mean, 0, CanarySimulation.policy(), 1);
            say("equal, " + mean, equal);
            assertTrue(equal.rolledBack().size() <= CANARIES / 100, equal.toString());
        }
        Ends peeking = CanarySimulation.run(CANARIES, at -> 0.8, 0, CanarySimulation.peeking(), 1);
        say("equal, 0.8, each look taken for the only one", peeking);
        assertTrue(peeking.rolledBack().size() > CANARIES / 50, peeking.toString());
    }

    @Test
    void callsThatGetHarderRollNobodyBack() {
        Ends apart = CanarySimulation.run(CANARIES, at -> 0.95 - 0.6 * at, 0, CanarySimulation.policy(), 3);
        say("equal, calls get harder", apart);
        assertTrue(apart.rolledBack().size() <= CANARIES / 100, apart.toString());
        Ends together = CanarySimulation.run(CANARIES, at -> 0.95 - 0.6 * at, 0, CanarySimulation.together(), 3);
        say("equal, calls get harder, steps not told apart", together);
        assertTrue(together.rolledBack().size() > CANARIES / 20, together.toString());
    }

    @Test
    void twentyPointsWorseIsCaughtSoon() {
        for (double mean : new double[] {0.5, 0.7, 0.9}) {
            Ends worse = CanarySimulation.run(CANARIES, at -> mean, -0.2, CanarySimulation.policy(), 2);
            say("20 points worse, " + mean, worse);
            assertEquals(CANARIES, worse.rolledBack().size());
            assertTrue(worse.median() <= SOON, worse.toString());
        }
    }

    /** With the chances that a charter gets which says no more than {@code promote: {}}, by the answer alone and with others beside; the bar is one of up to two measures. */
    @Test
    void whatIsShippedIsAsSeldomWrongAndAsSoonRight() throws IOException {
        CanaryPolicy shipped = shipped();
        assertEquals(0.005, shipped.alpha());
        for (int others = 0; others < 4; others++) {
            CanarySimulation.Judge judge = CanarySimulation.of(shipped, others);
            Ends equal = CanarySimulation.run(CANARIES, shipped.shares(), at -> 0.8, 0, judge, 1);
            say("shipped, measures %d, equal, 0.8".formatted(others + 1), equal);
            assertTrue(equal.rolledBack().size() <= CANARIES / 100, equal.toString());
            for (double mean : new double[] {0.5, 0.7, 0.9}) {
                Ends worse = CanarySimulation.run(CANARIES, shipped.shares(), at -> mean, -0.2, judge, 2);
                say("shipped, measures %d, 20 points worse, %s".formatted(others + 1, mean), worse);
                assertEquals(CANARIES, worse.rolledBack().size());
                assertTrue(others > 1 || worse.median() <= SOON, worse.toString());
            }
        }
    }

    /** Values that change while they are looked at: not proven, and seldom wrong all the same. */
    @Test
    void episodesThatGrowRollNobodyBack() {
        for (EpisodeSimulation.Kind kind : EpisodeSimulation.Kind.values()) {
            int back = EpisodeSimulation.rolledBack(CANARIES, kind, EpisodeSimulation.policy(), 5);
            System.out.printf("equal, episodes that grow, %s: %d of %d rolled back%n", kind, back, CANARIES);
            assertTrue(back <= CANARIES / 100, kind + ": " + back);
        }
        int peeking =
                EpisodeSimulation.rolledBack(CANARIES, EpisodeSimulation.Kind.ALIKE, EpisodeSimulation.peeking(), 5);
        System.out.printf("equal, episodes that grow, each look taken for the only one: %d%n", peeking);
        assertTrue(peeking > CANARIES / 50, "the check can fail: " + peeking);
    }

    @Test
    void theTruthIsWithinAtAllTimes() {
        for (double alpha : new double[] {0.2, 0.05}) {
            int covered = covered(new ConfidenceSequence(alpha), Double.NaN);
            int peeking = covered(new ConfidenceSequence(alpha), alpha == 0.2 ? 1.2816 : 1.96);
            System.out.printf(
                    "level %.2f: within at all of 4,000 times in %d of %d; the usual interval in %d%n",
                    1 - alpha, covered, CANARIES, peeking);
            assertTrue(covered >= (1 - alpha) * CANARIES, covered + " of " + CANARIES);
            assertTrue(peeking < (1 - alpha) * CANARIES, peeking + " of " + CANARIES);
        }
    }

    /** How often the difference is within the interval all the time. @param z of the usual interval; NaN for the sequence's */
    private static int covered(ConfidenceSequence sequence, double z) {
        Random random = new Random(4);
        int covered = 0;
        for (int i = 0; i < CANARIES; i++) {
            Tally live = Tally.NONE;
            Tally candidate = Tally.NONE;
            boolean within = true;
            for (int call = 0; call < 4_000 && within; call++) {
                boolean other = random.nextInt(4) == 0;
                double value = random.nextDouble() < (other ? 0.6 : 0.7) ? 1 : 0;
                live = other ? live : live.plus(value);
                candidate = other ? candidate.plus(value) : candidate;
                within = within(sequence, z, live, candidate);
            }
            covered += within ? 1 : 0;
        }
        return covered;
    }

    private static boolean within(ConfidenceSequence sequence, double z, Tally live, Tally candidate) {
        if (Double.isNaN(z)) {
            return sequence.has(List.of(new Split(live, candidate)), -0.1);
        }
        if (live.count() < 30 || candidate.count() < 30) {
            return true;
        }
        double error = Math.sqrt(live.mean() * (1 - live.mean()) / live.count()
                + candidate.mean() * (1 - candidate.mean()) / candidate.count());
        return Math.abs(candidate.mean() - live.mean() + 0.1) <= z * error;
    }
}
