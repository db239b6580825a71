package dev.hone.promote;

import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;

/**
 * When a candidate has answered enough copies for users to be asked, and when these are enough to see that it is worse. It may be asked after every
 * call, as {@link CanaryPolicy}.
 *
 * @param calls of the candidate, and of those that it is compared with, that every measure must have that is awaited
 * @param alpha chance that a candidate that is not worse is ever rolled back
 * @param beyond how much worse it must surely be to be rolled back
 */
record ShadowPolicy(long calls, double alpha, double beyond) {
    /**
     * @param measures that copies can say something about
     * @param awaited which of them must have said it
     */
    Decision decide(List<Compared> measures, Predicate<Measure> awaited) {
        if (measures.isEmpty()) {
            return new Decision.Hold("nothing is measured: a candidate is promoted by what is known of it");
        }
        ConfidenceSequence sequence = new ConfidenceSequence(alpha / measures.size());
        Optional<Decision> worse = CanaryPolicy.worse(sequence, measures, beyond);
        if (worse.isPresent()) {
            return worse.get();
        }
        for (Compared compared : measures) {
            if (awaited.test(compared.measure()) && compared.candidates() < calls) {
                return new Decision.Hold(
                        "%s of %d of %d copies".formatted(compared.measure().word(), compared.candidates(), calls));
            }
            if (awaited.test(compared.measure()) && compared.others() < calls) {
                return new Decision.Hold("%s of %d of %d calls that copies are compared with"
                        .formatted(compared.measure().word(), compared.others(), calls));
            }
        }
        return new Decision.Advance(0, 0);
    }
}
