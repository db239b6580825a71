package dev.hone.record;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A model version that a dataset went into. Read from the store.
 *
 * @param through reference of the version that it began with, by which it came to the rows; empty where it was trained on them itself
 * @param aliases that point at it now
 * @param rollout phase of its newest rollout; null where it had none
 */
public record Saw(
        String version,
        String through,
        List<String> aliases,
        @Nullable String rollout) {
    public Saw {
        aliases = List.copyOf(aliases);
    }
}
