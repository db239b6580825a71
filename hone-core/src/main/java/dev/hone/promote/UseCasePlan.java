package dev.hone.promote;

import dev.hone.capture.Serving;
import dev.hone.grade.GraderDefinition;
import org.jspecify.annotations.Nullable;

/**
 * A use case whose own versions come to its calls by themselves, as its charter says. Read from the files; followed by {@link RolloutControl}.
 *
 * @param serving as it is declared
 * @param good how an output is judged
 * @param currency of all prices
 *
 * @param gates hash of the gates that it declares; null where it declares none
 */
public record UseCasePlan(
        Serving serving,
        Promotion promotion,
        GraderDefinition good,
        String currency,
        @Nullable String gates) {
    /** One that declares no gates. */
    public UseCasePlan(Serving serving, Promotion promotion, GraderDefinition good, String currency) {
        this(serving, promotion, good, currency, null);
    }

    String name() {
        return serving.route().name();
    }
}
