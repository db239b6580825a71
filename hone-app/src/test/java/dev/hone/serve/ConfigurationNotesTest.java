package dev.hone.serve;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.hone.capture.ConfigurationCodec;
import dev.hone.record.ConfigurationText;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What the files said is not lost by a disk that was full when they said it. */
final class ConfigurationNotesTest {
    private static final ConfigurationText FIRST = new ConfigurationText("a".repeat(64), List.of());
    private static final ConfigurationText SECOND = new ConfigurationText("b".repeat(64), List.of());

    private final List<ConfigurationText> written = new ArrayList<>();
    private final List<String> trouble = new ArrayList<>();
    private boolean full;
    private long nanos = 7;

    private void append(byte[] record) throws IOException {
        if (full) {
            throw new IOException("No space left on device");
        }
        written.add(ConfigurationCodec.decode(record));
    }

    @Test
    void whatCouldNotBeWrittenIsWrittenLaterInOrderAndOnce() {
        ConfigurationNotes notes = new ConfigurationNotes(this::append, () -> nanos, trouble::add);
        full = true;
        notes.add(FIRST);
        notes.add(SECOND);
        notes.again();
        assertEquals(List.of(), written);
        assertEquals(2, trouble.size(), "one for each of the files, and none for each time");
        full = false;
        notes.again();
        notes.again();
        assertEquals(List.of(FIRST, SECOND), written);
    }

    /** The store takes a gateway for gone that says nothing for days. */
    @Test
    void whatIsStillFollowedIsSaidEveryHour() {
        ConfigurationNotes notes = new ConfigurationNotes(this::append, () -> nanos, trouble::add);
        notes.again();
        assertEquals(List.of(), written, "nothing is followed yet");
        notes.add(FIRST);
        notes.add(SECOND);
        nanos += Duration.ofMinutes(59).toNanos();
        notes.again();
        assertEquals(List.of(FIRST, SECOND), written);
        nanos += Duration.ofMinutes(2).toNanos();
        full = true;
        notes.again();
        notes.again();
        full = false;
        notes.again();
        notes.again();
        assertEquals(List.of(FIRST, SECOND, SECOND), written);
        assertEquals(List.of(), trouble);
    }
}
