package dev.hone.charter;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * How rounds of a use case's loop are run. Read from its charter by {@link LoopRulesReader}; carried out by {@code hone loop}, and by {@code hone serve}
 * where it begins rounds itself.
 *
 * @param unattended whether {@code hone serve} begins a round when a trigger says so
 * @param from what is trained from; of several the one counts that is best on the validation split
 * @param model base model
 * @param epochs passes over what is learned from
 * @param rate of learning at its highest
 * @param replay earlier tasks for each new one, where the training goes on from the live version
 * @param leastTasks to learn from, below which no round is begun
 * @param hours that rounds may take in a calendar month (UTC), whatever becomes of them; null for no bound
 * @param judge share of the watched calls, drawn by chance, that experts are asked about whatever they are worth, and that versions are judged by
 * @param coreHour price of a core-hour of the machine that serves, for the cost of a request
 */
public record LoopRules(
        boolean unattended,
        List<Start> from,
        String model,
        double epochs,
        double rate,
        double replay,
        int leastTasks,
        @Nullable Double hours,
        double judge,
        double coreHour) {
    /** Where the charter says nothing. */
    public static final LoopRules STANDARD = new LoopRules(
            false, List.of(Start.BASE, Start.LIVE), "smollm2-135m-instruct", 3, 1e-3, 1, 20, null, 0.2, 0.05);

    /** What a training begins with. */
    public enum Start {
        /** The base model, which learns from all tasks. */
        BASE,
        /** The live version, which learns from new tasks and some earlier ones. */
        LIVE
    }

    public LoopRules {
        from = List.copyOf(from);
    }
}
