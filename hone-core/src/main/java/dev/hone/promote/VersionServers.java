package dev.hone.promote;

import dev.hone.capture.access.Secret;
import java.net.URI;
import java.util.Collection;
import org.jspecify.annotations.Nullable;

/** Servers of Hone's own versions, opened and closed while calls are answered. */
public interface VersionServers {
    /** How one of them is. */
    sealed interface State {
        /** It is being opened, or is about to be. */
        record Opening() implements State {}

        /**
         * @param base under which OpenAI's paths are
         * @param key that it wants to be shown; null where it wants none
         */
        record Answers(URI base, @Nullable Secret key) implements State {
            /** One that wants no key. */
            public Answers(URI base) {
                this(base, null);
            }
        }

        /** @param tries how often it was tried in vain */
        record Fails(String why, int tries) implements State {}
    }

    /**
     * Which versions of a use case are open from here on. Those that are not among them are closed when their calls have ended; it
     * waits for nothing.
     */
    void want(String useCase, Promotion.Computed computed, Collection<Served> versions);

    State state(Served version);
}
