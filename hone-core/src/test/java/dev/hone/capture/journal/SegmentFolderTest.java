package dev.hone.capture.journal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import jdk.jfr.Recording;
import jdk.jfr.consumer.RecordedEvent;
import jdk.jfr.consumer.RecordingFile;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What the journal has the system force to the disk, as the JVM records it: no power failure can be had in a test, but its calls can be seen. */
@Timeout(60)
final class SegmentFolderTest {
    /** Nothing is forced before somebody asks. */
    private static final Journal.Options ASKED = new Journal.Options(400, Duration.ofHours(1), 1);

    private static final Journal.Options SOON = new Journal.Options(64L << 20, Duration.ofMillis(20), 1);

    @TempDir
    Path folder;

    private Path journals() {
        return folder.resolve("journal");
    }

    private static byte[] record(int number) {
        return ("record " + number).getBytes(StandardCharsets.UTF_8);
    }

    private interface Work {
        void run() throws Exception;
    }

    /** Paths that were forced before something returned, in their order; of it alone, since nobody else works in the folder. */
    private List<Path> forced(Work work) throws Exception {
        Path file = folder.resolve("events.jfr");
        try (Recording recording = new Recording()) {
            recording.enable("jdk.FileForce").withoutThreshold().with("throttle", "off");
            recording.start();
            work.run();
            recording.stop();
            recording.dump(file);
        }
        List<Path> forced = new ArrayList<>();
        for (RecordedEvent event : RecordingFile.readAllEvents(file)) {
            Path path = Path.of(String.valueOf(event.getString("path")));
            if (event.getEventType().getName().equals("jdk.FileForce") && path.startsWith(journals())) {
                forced.add(path);
            }
        }
        return forced;
    }

    private List<Path> segments() throws IOException {
        try (Stream<Path> files = Files.list(journals())) {
            return files.filter(file -> file.toString().endsWith(".journal"))
                    .sorted()
                    .toList();
        }
    }

    @Test
    void aSegmentIsForcedBeforeForceReturns() throws Exception {
        try (Journal journal = Journal.open(journals(), ASKED)) {
            Position end = journal.append(record(1));
            List<Path> forced = forced(() -> journal.force(end));
            assertTrue(forced.contains(segments().getFirst()), forced.toString());
        }
    }

    /** Also those that were full before: a record of the last one is after all of theirs. */
    @Test
    void everySegmentThatWasWrittenIsForced() throws Exception {
        try (Journal journal = Journal.open(journals(), ASKED)) {
            Position end = Position.START;
            for (int i = 0; i < 100; i++) {
                end = journal.append(record(i));
            }
            Position last = end;
            List<Path> forced = forced(() -> journal.force(last));
            assertTrue(segments().size() > 2, "one segment shows nothing");
            assertTrue(forced.containsAll(segments()), forced + " of " + segments());
        }
    }

    /** A file whose name is lost is lost. */
    @Test
    void theNameOfASegmentIsForcedBeforeItIsWrittenTo() throws Exception {
        try (Journal journal = Journal.open(journals(), ASKED)) {
            List<Path> forced = forced(() -> journal.append(record(1)));
            assertEquals(List.of(journals()), forced);
        }
    }

    /** Without anybody asking, within the stated window: here ten times of it, and of a few times once, since the machine may be busy. */
    @Test
    void whatNobodyAsksForIsForcedSoon() throws Exception {
        try (Journal journal = Journal.open(journals(), SOON)) {
            List<Path> forced = List.of();
            for (int i = 0; i < 8 && forced.isEmpty(); i++) {
                // What an earlier time left is not taken for this one's.
                journal.force(journal.append(record(1)));
                forced = forced(() -> {
                    journal.append(record(2));
                    Thread.sleep(SOON.forceWithin().multipliedBy(10));
                });
            }
            assertTrue(forced.contains(segments().getFirst()), forced.toString());
        }
    }
}
