package dev.hone.capture.route;

import java.util.List;
import java.util.function.ToDoubleFunction;

/**
 * A variant on trial: it gets a share of all episodes, always the same ones, and more of them when the share grows. Which they are does
 * not depend on anybody's weight, and is another drawing in each trial.
 *
 * @param variant on trial
 * @param share of episodes, from 0 to below 1
 * @param trial name of the trial, by which episodes are drawn
 * @param fallback who is asked, in this order, when it does not answer
 */
public record Canary(String variant, double share, String trial, List<String> fallback) {
    public Canary {
        fallback = List.copyOf(fallback);
        if (!(share >= 0 && share < 1)) {
            throw new IllegalArgumentException(
                    "The share of [%s] on trial is from 0 to below 1, not [%s]".formatted(variant, share));
        }
    }

    /** @param place of a text in [0, 1), evenly */
    boolean takes(String key, ToDoubleFunction<String> place) {
        return place.applyAsDouble(trial + "\0trial\0" + key) < share;
    }
}
