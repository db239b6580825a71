package dev.hone.cli;

import dev.hone.fetch.FetchListener;
import dev.hone.fetch.PinnedFile;
import dev.hone.fetch.Source;
import org.jspecify.annotations.Nullable;

/** Shows downloads. */
final class FetchProgress implements FetchListener {
    private @Nullable Progress progress;

    @Override
    public void started(PinnedFile file, Source source) {
        System.err.println("Fetching [" + file.name() + "] from " + source.describe());
        progress = new Progress("fetching");
    }

    @Override
    public void progress(PinnedFile file, long soFar, long total) {
        if (progress != null && total > 0) {
            progress.update(soFar >> 10, total >> 10, "KiB");
            if (soFar >= total) {
                progress.close();
                progress = null;
            }
        }
    }

    @Override
    public void notice(String message) {
        System.err.println(message);
    }
}
