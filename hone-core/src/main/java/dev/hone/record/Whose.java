package dev.hone.record;

import java.util.UUID;

/** Which traces are to be forgotten. Made by {@code hone forget}; carried out by the store. */
public sealed interface Whose {
    /** How the audit log calls it, which nothing is ever removed from: nobody's name. */
    String shown();

    /**
     * All calls of a user of the product.
     *
     * @param hash as the gateway keeps it
     */
    record OfEndUser(String project, String hash) implements Whose {
        @Override
        public String shown() {
            return "end user " + hash.substring(0, Math.min(12, hash.length()));
        }
    }

    /** One, with copies of it for shadows. */
    record OfTrace(UUID id) implements Whose {
        @Override
        public String shown() {
            return "trace " + id;
        }
    }

    /** All calls of an episode. */
    record OfEpisode(String project, String episode) implements Whose {
        @Override
        public String shown() {
            return "an episode of " + project;
        }
    }
}
