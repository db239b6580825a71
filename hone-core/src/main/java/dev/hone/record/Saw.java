package dev.hone.record;

import java.util.List;

/**
 * A model version that a dataset went into. Read from the store.
 *
 * @param through reference of the version that it began with, by which it came to the rows; empty where it was trained on them itself
 * @param aliases that point at it now
 */
public record Saw(String version, String through, List<String> aliases) {
    public Saw {
        aliases = List.copyOf(aliases);
    }
}
