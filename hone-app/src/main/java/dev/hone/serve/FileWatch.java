package dev.hone.serve;

import java.io.IOException;
import java.time.Duration;
import java.util.function.Consumer;

/**
 * Looks again and again whether the files have changed, and has calls follow what they say now. As long as they cannot be followed,
 * calls follow what they said before.
 */
final class FileWatch implements AutoCloseable {
    private static final Duration INTERVAL = Duration.ofSeconds(1);

    private final ServeFiles files;
    private final Consumer<ServeFiles.Read> changed;
    private final Runnable each;
    private final Consumer<String> notices;
    private final Repeated repeated = new Repeated("hone-file-watch");
    private String seen;

    /**
     * @param seen hash of the files that are followed
     * @param each is done at every look
     */
    FileWatch(
            ServeFiles files, String seen, Consumer<ServeFiles.Read> changed, Runnable each, Consumer<String> notices) {
        this.files = files;
        this.seen = seen;
        this.changed = changed;
        this.each = each;
        this.notices = notices;
        repeated.start(INTERVAL, this::carryOut);
    }

    private Duration carryOut() {
        look();
        each.run();
        return INTERVAL;
    }

    /** A file that is being written is read again when it is whole. */
    private void look() {
        String now;
        try {
            now = files.hash();
        } catch (IOException e) {
            now = "unreadable: " + e.getMessage();
        }
        if (now.equals(seen)) {
            return;
        }
        seen = now;
        try {
            ServeFiles.Read next = files.read();
            changed.accept(next);
            notices.accept("The files have changed, and are followed from here on (%s)"
                    .formatted(next.configuration().hash()));
        } catch (IOException | RuntimeException e) {
            notices.accept("The files have changed and cannot be followed, so what they said before goes on: "
                    + e.getMessage());
        }
    }

    @Override
    public void close() {
        repeated.close();
    }
}
