package dev.hone.fetch;

/** Hears how fetching goes; called on the fetching thread, or on one that watches a child process. */
public interface FetchListener {
    /** Hears nothing. */
    FetchListener SILENT = new FetchListener() {};

    /** A source is about to be asked for a file. */
    default void started(PinnedFile file, Source source) {}

    /**
     * Bytes have arrived.
     *
     * @param soFar bytes of the file, or of the archive around it
     * @param total expected bytes, or -1 when the source does not say
     */
    default void progress(PinnedFile file, long soFar, long total) {}

    /** Something that a user should read: a cached file was damaged, a source failed, another process is fetching. */
    default void notice(String message) {}
}
