package dev.hone.promote;

import dev.hone.record.SamplingMode;
import java.math.BigDecimal;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * How a use case's own versions come to its calls. Read from its charter by {@link PromotionReader}; followed by {@link RolloutControl}.
 *
 * @param computed how the versions are computed
 * @param shadowCalls copies that a candidate must have answered before users are asked; 0 for none
 * @param policy of the shares that follow
 * @param measures by which it is compared
 * @param silentAfter how long a measure may bring nothing before that is an alarm
 * @param within longest that a call may take; null where nothing is said
 * @param mostCost of a call; null where nothing is said
 * @param feedback metrics that count, as values from 0 to 1
 */
public record Promotion(
        Computed computed,
        long shadowCalls,
        CanaryPolicy policy,
        List<Measure> measures,
        Duration silentAfter,
        @Nullable Duration within,
        @Nullable BigDecimal mostCost,
        List<Scale> feedback) {
    public Promotion {
        measures = List.copyOf(measures);
        feedback = List.copyOf(feedback);
        if (shadowCalls < 0) {
            throw new IllegalArgumentException("[%d] copies are less than none".formatted(shadowCalls));
        }
    }

    /**
     * As a model in {@code hone.yaml}.
     *
     * @param bestOf answers that are drawn where one without chance is asked for
     * @param rows answers that are computed at once
     */
    public record Computed(SamplingMode mode, int bestOf, int rows) {}

    /**
     * A metric of feedback.
     *
     * @param low that becomes 0
     * @param high that becomes 1
     * @param fewer whether less is better, so that it is the other way round
     */
    public record Scale(String metric, double low, double high, boolean fewer) {}

    /** Whether anything by which it is compared says how good an answer is, and not just that there was one. */
    public boolean isByAnswers() {
        return measures.contains(Measure.QUALITY) || measures.contains(Measure.FEEDBACK);
    }

    /** Half of the chance to be wrong is the copies', where there are any: the other half is the users'. */
    double alphaOfEach() {
        return shadowCalls == 0 ? policy.alpha() : policy.alpha() / 2;
    }

    /** What decides while users are asked. */
    CanaryPolicy ofUsers() {
        return new CanaryPolicy(
                policy.shares(), policy.calls(), alphaOfEach(), policy.loss(), policy.beyond(), policy.promotes());
    }

    /** What decides while it answers copies. */
    ShadowPolicy ofCopies() {
        return new ShadowPolicy(Math.max(1, shadowCalls), alphaOfEach(), policy.beyond());
    }
}
