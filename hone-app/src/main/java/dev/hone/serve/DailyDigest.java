package dev.hone.serve;

import dev.hone.loop.DigestFiles;
import dev.hone.loop.DigestReader;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Writes what happened each day, when it is over. */
public final class DailyDigest implements AutoCloseable {
    private final DigestFiles files;
    private final Supplier<@Nullable DigestReader> reader;
    private final Duration interval;
    private final Consumer<String> notices;
    private final Repeated repeated = new Repeated("hone-digest");
    private String told = "";

    /** @param reader null while the database has not answered */
    public DailyDigest(
            Path home, Supplier<@Nullable DigestReader> reader, Duration interval, Consumer<String> notices) {
        this.files = new DigestFiles(home);
        this.reader = reader;
        this.interval = interval;
        this.notices = notices;
        repeated.start(Duration.ZERO, this::carryOut);
    }

    private Duration carryOut() {
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
                notices.accept("What happened yesterday could not be written, and will be tried again: " + message);
                told = message;
            }
        }
        return interval;
    }

    @Override
    public void close() {
        repeated.close();
    }
}
