package dev.hone.serve;

import dev.hone.capture.ConfigurationCodec;
import dev.hone.record.ConfigurationText;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.function.Consumer;

/**
 * What the files say goes the way of the calls that follow it, before them: into the journal. What cannot be written there, since the disk is full, waits
 * until it can. Threads share it.
 */
final class ConfigurationNotes {
    /** Where records go. */
    interface Records {
        void append(byte[] record) throws IOException;
    }

    private final Records journal;
    private final Consumer<String> trouble;
    private final Deque<ConfigurationText> waiting = new ArrayDeque<>();

    ConfigurationNotes(Records journal, Consumer<String> trouble) {
        this.journal = journal;
        this.trouble = trouble;
    }

    /** Calls follow it from now on. */
    synchronized void add(ConfigurationText text) {
        waiting.add(text);
        try {
            write();
        } catch (IOException | IllegalArgumentException e) {
            trouble.accept("What the files say could not be written down beside its calls, and is tried again: "
                    + e.getMessage());
        }
    }

    /** Tries again what could not be written. */
    synchronized void again() {
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
        }
    }
}
