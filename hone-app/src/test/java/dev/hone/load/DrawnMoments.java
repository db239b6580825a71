package dev.hone.load;

import dev.hone.load.KilledLoop.At;
import dev.hone.load.KilledLoop.Moment;
import dev.hone.loop.RoundStep;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Random;
import java.util.concurrent.ThreadLocalRandom;

/** Chance for tests that kill: another with each run, told as the run begins, and given again by {@code -Dhone.kill.seed=…}. */
final class DrawnMoments {
    private static final String SEED = "hone.kill.seed";

    /** Near the end of a step the next has begun as likely as not, and after the last there is nothing to kill. */
    private static final double MOST_WITHIN = 0.95;

    /** Steps that take longer are drawn more often. */
    private static final List<RoundStep> OFTEN = List.of(
            RoundStep.DATASET,
            RoundStep.TRAINING,
            RoundStep.TRAINING,
            RoundStep.REGISTRATION,
            RoundStep.EVALUATION,
            RoundStep.EVALUATION,
            RoundStep.GATES);

    private DrawnMoments() {}

    /** As soon as that is seen of each of some steps. */
    static List<Moment> seen(At at, RoundStep... steps) {
        return Arrays.stream(steps).map(step -> new Moment(step, at, 0, false)).toList();
    }

    static Random random() {
        long seed = Long.getLong(SEED, ThreadLocalRandom.current().nextInt(1_000_000));
        System.out.printf("moments of kill -9 are drawn by -D%s=%d%n", SEED, seed);
        return new Random(seed);
    }

    /**
     * Moments of a round, in its order.
     *
     * @param each steps that are in it once at least
     * @param more moments that are drawn beside
     * @param gateways moments, drawn of these, at which the gateway is killed as well
     * @param seen moments beside, at what is seen of a step
     */
    static List<Moment> of(Random random, Collection<RoundStep> each, int more, int gateways, Collection<Moment> seen) {
        List<RoundStep> steps = new ArrayList<>(each);
        for (int i = 0; i < more; i++) {
            steps.add(OFTEN.get(random.nextInt(OFTEN.size())));
        }
        List<Boolean> gateway = new ArrayList<>(Collections.nCopies(gateways, true));
        gateway.addAll(Collections.nCopies(steps.size() - gateways, false));
        Collections.shuffle(gateway, random);
        List<Moment> moments = new ArrayList<>();
        for (int i = 0; i < steps.size(); i++) {
            moments.add(new Moment(steps.get(i), At.DRAWN, MOST_WITHIN * random.nextDouble(), gateway.get(i)));
        }
        moments.addAll(seen);
        moments.sort(Comparator.comparing(Moment::step).thenComparing(Moment::at));
        return moments;
    }
}
