package dev.hone.capture;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.hone.record.Retention;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class RejectedRecordsTest {
    private static final Instant NOW = Instant.parse("2026-06-01T00:00:00Z");

    @TempDir
    Path home;

    private final List<String> told = new ArrayList<>();
    private Path folder;
    private Retention retention = Retention.FOR_EVER;
    private Instant now = NOW;

    @BeforeEach
    void folder() {
        folder = home.resolve("rejected");
    }

    private RejectedRecords records(long mostBytes) {
        return new RejectedRecords(folder, () -> retention, mostBytes, () -> now, told::add);
    }

    private void add(RejectedRecords records, String name, int bytes, int days) throws IOException {
        records.add(name, new byte[bytes], "why");
        Files.setLastModifiedTime(folder.resolve(name + ".record"), FileTime.from(NOW.minus(Duration.ofDays(days))));
    }

    private List<String> names() throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.map(file -> file.getFileName().toString()).sorted().toList();
        }
    }

    @Test
    void whatIsOldGoesAndIsTold() throws IOException {
        RejectedRecords records = records(1_000);
        add(records, "old", 10, 91);
        add(records, "feedback-older", 10, 200);
        add(records, "young", 10, 89);
        Files.writeString(folder.resolve("notes.txt"), "somebody's own");
        Files.setLastModifiedTime(folder.resolve("notes.txt"), FileTime.from(NOW.minus(Duration.ofDays(900))));
        told.clear();
        records.retireWhenDue();
        assertEquals(List.of("notes.txt", "young.record"), names());
        assertEquals(2, records.removed());
        assertEquals(1, told.size(), told.toString());
        assertTrue(told.getFirst().contains("[2] records") && told.getFirst().contains("[90] days"), told.toString());
    }

    /** What calls say may not stay here longer than in the store. */
    @Test
    void theFilesDecideWhereTheyKeepLess() throws IOException {
        RejectedRecords records = records(1_000);
        add(records, "a", 10, 31);
        add(records, "b", 10, 29);
        retention = new Retention(null, 30);
        records.retireWhenDue();
        assertEquals(List.of("b.record"), names());
        retention = new Retention(20, 400);
        records.retireWhenDue();
        assertEquals(List.of("b.record"), names(), "it was looked at a moment ago");
        now = NOW.plus(Duration.ofHours(2));
        records.retireWhenDue();
        assertEquals(List.of(), names());
        assertEquals(2, records.removed());
    }

    @Test
    void ofTooManyBytesTheOldestGo() throws IOException {
        RejectedRecords records = records(1_000);
        for (int i = 0; i < 10; i++) {
            add(records, "r" + i, 100, 20 - i);
        }
        assertEquals(10, names().size());
        told.clear();
        records.add("r9a", new byte[100], "why");
        assertEquals(List.of("r2.record", "r3.record"), names().subList(0, 2));
        assertEquals(9, names().size());
        assertEquals(2, records.removed());
        assertTrue(told.getLast().contains("[2] records") && told.getLast().contains("the oldest"), told.toString());
    }

    /** Those of a process before count as well. */
    @Test
    void whatWasThereBeforeCounts() throws IOException {
        RejectedRecords before = records(10_000);
        for (int i = 0; i < 20; i++) {
            add(before, "r%02d".formatted(i), 100, 40 - i);
        }
        RejectedRecords records = records(1_000);
        records.retireWhenDue();
        assertEquals(9, names().size());
        assertEquals("r11.record", names().getFirst());
    }
}
