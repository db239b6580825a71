package dev.hone.promote;

import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * How a candidate gets calls of users, step by step, and what ends that. It may be asked after every call: the chance that a candidate that is not worse is ever
 * rolled back, by whatever measure, is {@code alpha} at most, and so is the chance that one is promoted that is worse by more than
 * {@code loss} ({@link ConfidenceSequence}, divided among the measures by Bonferroni). What is missing neither promotes nor rolls back.
 *
 * @param shares of calls that the candidate gets, rising
 * @param calls of the candidate, and of those that it is compared with, that every measure must have in a step before the next one
 * @param loss how much worse a candidate may be to be promoted
 * @param beyond how much worse it must surely be to be rolled back
 * @param promotes whether it is promoted without a person
 */
public record CanaryPolicy(
        List<Double> shares, long calls, double alpha, double loss, double beyond, boolean promotes) {
    public CanaryPolicy {
        shares = List.copyOf(shares);
        double before = 0;
        for (double share : shares) {
            if (!(share > before && share < 1)) {
                throw new IllegalArgumentException(
                        "The shares %s do not rise from above 0 to below 1".formatted(shares));
            }
            before = share;
        }
        if (shares.isEmpty()) {
            throw new IllegalArgumentException("A canary needs a share of calls, such as 0.05");
        }
        if (!(alpha > 0 && alpha < 1)) {
            throw new IllegalArgumentException("[%s] is no probability between 0 and 1".formatted(alpha));
        }
        if (calls < 1) {
            throw new IllegalArgumentException("[%d] calls are none to learn from".formatted(calls));
        }
        if (!(loss > 0 && loss < 1)) {
            throw new IllegalArgumentException(
                    "A loss of [%s] is not above 0 and below 1: that a candidate is not worse at all can never be shown"
                            .formatted(loss));
        }
        if (!(beyond >= 0 && beyond < 1)) {
            throw new IllegalArgumentException("[%s] is no difference from 0 to below 1".formatted(beyond));
        }
    }

    /**
     * What is to be done now.
     *
     * @param step number of the share that the candidate has
     * @param measures all that the use case asks for, also those of which nothing is known yet
     */
    public Decision decide(int step, List<Compared> measures) {
        if (step < 0 || step >= shares.size()) {
            throw new IllegalArgumentException("There is no step [%d] of the shares %s".formatted(step, shares));
        }
        if (measures.isEmpty()) {
            return new Decision.Hold("nothing is measured: a candidate is promoted by what is known of it");
        }
        ConfidenceSequence sequence = new ConfidenceSequence(alpha / measures.size());
        Optional<Decision> worse = worse(sequence, measures, beyond);
        if (worse.isPresent()) {
            return worse.get();
        }
        for (Compared compared : measures) {
            if (compared.candidates() < calls) {
                return new Decision.Hold("%s of %d of %d calls of this step"
                        .formatted(named(compared.measure()), compared.candidates(), calls));
            }
            if (compared.others() < calls) {
                return new Decision.Hold("%s of %d of %d calls of this step that it is compared with"
                        .formatted(named(compared.measure()), compared.others(), calls));
            }
        }
        if (step + 1 < shares.size()) {
            return new Decision.Advance(step + 1, shares.get(step + 1));
        }
        for (Compared compared : measures) {
            if (!sequence.isNotWorse(compared.splits(), loss)) {
                return new Decision.Hold(
                        "%s may still be worse by more than %s".formatted(named(compared.measure()), loss));
            }
        }
        return promotes ? new Decision.Promote() : new Decision.Ready();
    }

    /** That it goes back, by the first measure by which it is surely worse. */
    static Optional<Decision> worse(ConfidenceSequence sequence, List<Compared> measures, double beyond) {
        return measures.stream()
                .filter(compared -> sequence.isWorse(compared.splits(), beyond))
                .findFirst()
                .map(compared -> new Decision.RollBack(compared.measure(), sequence.difference(compared.splits())));
    }

    private static String named(Measure measure) {
        return measure.name().toLowerCase(Locale.ROOT).replace('_', ' ');
    }
}
