package dev.hone.serve;

import dev.hone.loop.DigestFiles;
import dev.hone.loop.DigestReader;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Writes what happened each day, when it is over. */
public final class DailyDigest implements AutoCloseable {
    private final DigestFiles files;
    private final Supplier<@Nullable DigestReader> reader;
    private final Duration interval;
    private final Consumer<String> notices;
    private final CountDownLatch closing = new CountDownLatch(1);
    private final Thread thread;

    /** @param reader null while the database has not answered */
    public DailyDigest(
            Path home, Supplier<@Nullable DigestReader> reader, Duration interval, Consumer<String> notices) {
        this.files = new DigestFiles(home);
        this.reader = reader;
        this.interval = interval;
        this.notices = notices;
        this.thread = Thread.ofPlatform().name("hone-digest").daemon().start(this::run);
    }

    private void run() {
        try {
            String told = "";
            do {
                try {
                    DigestReader found = reader.get();
                    if (found != null) {
                        files.writeYesterday(found)
                                .forEach(file -> notices.accept("What happened yesterday is in [%s]".formatted(file)));
                    }
                    told = "";
                } catch (IOException | RuntimeException e) {
                    String message = String.valueOf(e.getMessage());
                    if (!message.equals(told)) {
                        notices.accept(
                                "What happened yesterday could not be written, and will be tried again: " + message);
                        told = message;
                    }
                }
            } while (!closing.await(interval.toMillis(), TimeUnit.MILLISECONDS));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @Override
    public void close() {
        closing.countDown();
        try {
            thread.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
