package dev.hone.web.site;

import java.io.IOException;

/** What somebody gets. */
sealed interface Answer {
    /** A page, or a part of one. */
    record Html(int status, String html) implements Answer {}

    /** Text that is no page. */
    record Plain(String text) implements Answer {}

    /** Another page, to be fetched anew. */
    record See(String path) implements Answer {}

    /** A file that never changes under its name. */
    record Asset(String type, byte[] bytes) implements Answer {}

    /** Events, until there are no more or nobody listens. */
    record Events(Source source) implements Answer {}

    /** Speaks events. */
    interface Source {
        void speak(Listener listener) throws IOException, InterruptedException;
    }

    /** Who hears events. */
    interface Listener {
        /**
         * @param id for whoever comes back to go on after it
         * @param data of one line
         */
        void event(String name, String id, String data) throws IOException;

        /** Shows that somebody speaks still. */
        void beat() throws IOException;

        /** Whether to end, since the server does. */
        boolean isEnding();
    }
}
