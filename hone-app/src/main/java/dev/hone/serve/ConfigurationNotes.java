package dev.hone.serve;

import dev.hone.capture.ConfigurationCodec;
import dev.hone.record.ConfigurationText;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * What the files say goes the way of the calls that follow it, before them: into the journal. What cannot be written there, since the disk is full, waits
 * until it can. It is said again every hour, so that the store knows who still follows it. Threads share it.
 */
final class ConfigurationNotes {
    private static final Duration STILL = Duration.ofHours(1);

    /** Where records go. */
    interface Records {
        void append(byte[] record) throws IOException;
    }

    private final Records journal;
    private final LongSupplier nanos;
    private final Consumer<String> trouble;
    private final Deque<ConfigurationText> waiting = new ArrayDeque<>();
    private @Nullable ConfigurationText followed;
    private long saidNanos;

    /** @param nanos of a clock that never goes back */
    ConfigurationNotes(Records journal, LongSupplier nanos, Consumer<String> trouble) {
        this.journal = journal;
        this.nanos = nanos;
        this.trouble = trouble;
    }

    /** Calls follow it from now on. */
    synchronized void add(ConfigurationText text) {
        followed = text;
        waiting.add(text);
        try {
            write();
        } catch (IOException | IllegalArgumentException e) {
            trouble.accept("What the files say could not be written down beside its calls, and is tried again: "
                    + e.getMessage());
        }
    }

    /** Tries again what could not be written, and says again what has been followed for long. */
    synchronized void again() {
        ConfigurationText still = followed;
        if (still != null && waiting.isEmpty() && nanos.getAsLong() - saidNanos >= STILL.toNanos()) {
            waiting.add(still);
        }
        try {
            write();
        } catch (IOException | IllegalArgumentException ignored) {
            // Told when it was added; it still waits.
        }
    }

    private void write() throws IOException {
        while (!waiting.isEmpty()) {
            journal.append(ConfigurationCodec.encode(waiting.getFirst()));
            waiting.removeFirst();
            saidNanos = nanos.getAsLong();
        }
    }
}
