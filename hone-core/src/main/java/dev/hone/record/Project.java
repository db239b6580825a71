package dev.hone.record;

import java.time.Instant;
import java.util.UUID;

/**
 * A part of an installation whose rows no other part sees: use cases, keys and calls belong to one.
 *
 * @param name unique
 */
public record Project(UUID id, String name, Instant created) {
    /** The one that every installation has. */
    public static final String DEFAULT = "default";
}
