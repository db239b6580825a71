package dev.hone.loop;

import dev.hone.charter.LoopRules.Start;
import dev.hone.record.SamplingMode;
import dev.hone.train.Precision;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * What a round was begun with: the file with which it begins, which all of its steps follow, whatever aliases say later. Beside it stands what the charter said.
 *
 * @param id of the round, a UUID of version 7
 * @param why it was begun, in a sentence
 * @param who began it
 * @param seed of adapters, order and chance
 * @param from what is trained from
 * @param model base model
 * @param epochs passes over what is learned from
 * @param rate of learning at its highest
 * @param replay earlier tasks for each new one, where the training goes on from the live version
 * @param precision of the training's products with frozen weights
 * @param live number of the version that was live; null where none was
 * @param price of a core-hour, for the cost of a request
 * @param rollout whether a rollout is asked for when the version has passed
 * @param mode in which the version would be served, and is judged
 */
public record Begun(
        int schemaVersion,
        String id,
        String useCase,
        String project,
        String why,
        String who,
        long seed,
        List<Start> from,
        String model,
        double epochs,
        double rate,
        double replay,
        Precision precision,
        @Nullable Integer live,
        double price,
        boolean rollout,
        SamplingMode mode) {
    static final int SCHEMA = 1;

    public Begun {
        from = List.copyOf(from);
        // Rounds that were begun before there was a choice were judged so.
        mode = Objects.requireNonNullElse(mode, SamplingMode.EXACT);
    }
}
