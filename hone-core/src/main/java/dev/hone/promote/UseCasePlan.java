package dev.hone.promote;

import dev.hone.capture.Serving;
import dev.hone.grade.GraderDefinition;

/**
 * A use case whose own versions come to its calls by themselves, as its charter says. Read from the files; followed by {@link RolloutControl}.
 *
 * @param serving as it is declared
 * @param good how an output is judged
 * @param currency of all prices
 */
public record UseCasePlan(Serving serving, Promotion promotion, GraderDefinition good, String currency) {
    String name() {
        return serving.route().name();
    }
}
