package dev.hone.capture.journal;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
final class JournalTest {
    private static final Journal.Options SMALL = new Journal.Options(400, Duration.ofMillis(1), 1000);
    private static final Journal.Options SELDOM = new Journal.Options(400, Duration.ofHours(1), 1000);

    private final ForgetfulFiles files = new ForgetfulFiles();

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private static List<String> read(Journal journal) throws IOException {
        return texts(journal.read(Position.START, Long.MAX_VALUE));
    }

    private static List<String> texts(Batch batch) {
        return batch.records().stream()
                .map(one -> new String(one, StandardCharsets.UTF_8))
                .toList();
    }

    private static List<String> numbered(int count) {
        return IntStream.range(0, count).mapToObj(i -> "record " + i).toList();
    }

    @Test
    void whatIsAppendedIsReadInOrderOverSegmentsAndStarts() throws IOException {
        try (Journal journal = new Journal(files, SMALL)) {
            for (String one : numbered(30)) {
                journal.append(bytes(one));
            }
            assertEquals(numbered(30), read(journal));
            assertTrue(files.files.size() > 1, "one segment shows nothing");
        }
        try (Journal journal = new Journal(files, SMALL)) {
            journal.append(bytes("later"));
            List<String> all = new ArrayList<>(numbered(30));
            all.add("later");
            assertEquals(all, read(journal));
        }
    }

    /** By every number of bytes, each batch going on where the last one ended. */
    @Test
    void batchesGoOnWhereTheLastOneEnded() throws IOException {
        try (Journal journal = new Journal(files, SMALL)) {
            for (String one : numbered(40)) {
                journal.append(bytes(one));
            }
            for (int most = 1; most < 100; most++) {
                List<String> all = new ArrayList<>();
                Position at = Position.START;
                for (Batch batch = journal.read(at, most); !batch.records().isEmpty(); batch = journal.read(at, most)) {
                    all.addAll(texts(batch));
                    at = batch.next();
                }
                assertEquals(numbered(40), all, "" + most);
                assertEquals(journal.end(), at);
            }
        }
    }

    @Test
    void whatOneReadsWhileOthersAppendIsWhole() throws Exception {
        ConcurrentLinkedQueue<String> appended = new ConcurrentLinkedQueue<>();
        try (Journal journal = new Journal(files, SMALL)) {
            List<Thread> threads = IntStream.range(0, 8)
                    .mapToObj(thread -> Thread.ofVirtual().start(() -> {
                        for (int i = 0; i < 200; i++) {
                            String text = thread + "/" + i + "x".repeat(i);
                            try {
                                Position end = journal.append(bytes(text));
                                if (i % 50 == 0) {
                                    journal.force(end);
                                }
                                appended.add(text);
                            } catch (IOException e) {
                                throw new AssertionError(e);
                            }
                        }
                    }))
                    .toList();
            List<String> seen = new ArrayList<>();
            Position at = Position.START;
            while (threads.stream().anyMatch(Thread::isAlive) || !at.equals(journal.end())) {
                Batch batch = journal.read(at, 5_000);
                assertEquals(List.of(), batch.damaged());
                seen.addAll(texts(batch));
                at = batch.next();
            }
            assertEquals(1600, appended.size());
            assertEquals(new HashSet<>(appended), new HashSet<>(seen));
            assertEquals(1600, seen.size());
        }
    }

    /** Of 200 power failures, each after some records, half of them waited for. */
    @Test
    void afterAPowerFailureForcedRecordsAreThereAndNothingElseThanRecords() throws IOException {
        for (int seed = 0; seed < 200; seed++) {
            Random random = new Random(seed);
            ForgetfulFiles before = new ForgetfulFiles();
            List<String> forced = new ArrayList<>();
            List<String> all = new ArrayList<>();
            ForgetfulFiles after;
            try (Journal journal = new Journal(before, SELDOM)) {
                int count = 1 + random.nextInt(40);
                for (int i = 0; i < count; i++) {
                    all.add(i + "y".repeat(random.nextInt(60)));
                    Position end = journal.append(bytes(all.getLast()));
                    if (random.nextInt(4) == 0) {
                        journal.force(end);
                        forced = List.copyOf(all);
                    }
                }
                after = before.afterPowerFailure(random);
            }
            try (Journal journal = new Journal(after, SELDOM)) {
                List<String> read = read(journal);
                assertEquals(forced, read.subList(0, Math.min(forced.size(), read.size())), "seed " + seed);
                assertTrue(all.containsAll(read), "seed " + seed + ": " + read);
                assertEquals(read.size(), new HashSet<>(read).size());
                journal.append(bytes("new"));
                assertEquals("new", read(journal).getLast());
            }
        }
    }

    /** The test above sees a disk that lies. */
    @Test
    void aLyingDiskLosesForcedRecords() throws IOException {
        int lost = 0;
        for (int seed = 0; seed < 20; seed++) {
            ForgetfulFiles lying = new ForgetfulFiles();
            lying.forceLies = true;
            ForgetfulFiles after;
            try (Journal journal = new Journal(lying, SELDOM)) {
                journal.force(journal.append(bytes("lost")));
                after = lying.afterPowerFailure(new Random(seed));
            }
            try (Journal journal = new Journal(after, SELDOM)) {
                lost += read(journal).isEmpty() ? 1 : 0;
            }
        }
        assertTrue(lost > 5, "" + lost);
    }

    @Test
    void withinItsTimeEverythingIsForcedByItself() throws Exception {
        try (Journal journal = new Journal(files, SMALL)) {
            journal.append(bytes("soon"));
            ForgetfulFiles.File file = files.files.lastEntry().getValue();
            for (int i = 0; i < 3_000 && file.forced < file.size; i++) {
                Thread.sleep(10);
            }
            assertEquals(file.size, file.forced);
        }
    }

    @Test
    void afterKillEverythingAppendedIsThere() throws IOException {
        ForgetfulFiles after;
        try (Journal journal = new Journal(files, SELDOM)) {
            for (String one : numbered(20)) {
                journal.append(bytes(one));
            }
            after = files.afterKill();
        }
        try (Journal journal = new Journal(after, SELDOM)) {
            assertEquals(numbered(20), read(journal));
        }
    }

    /** A write that failed in the middle leaves a broken end, which is told once and passed over. */
    @Test
    void aFullDiskRefusesAndALaterRecordIsRead() throws IOException {
        try (Journal journal = new Journal(files, SELDOM)) {
            journal.append(bytes("first"));
            files.writable = 10;
            assertThrows(IOException.class, () -> journal.append(bytes("does not fit")));
            assertThrows(IOException.class, () -> journal.append(bytes("nor does this")));
            files.writable = Long.MAX_VALUE;
            journal.append(bytes("second"));
            assertEquals(List.of("first", "second"), read(journal));
        }
        try (Journal journal = new Journal(files.afterKill(), SELDOM)) {
            Batch batch = journal.read(Position.START, Long.MAX_VALUE);
            assertEquals(List.of("first", "second"), texts(batch));
            assertFalse(batch.damaged().isEmpty());
            assertEquals(List.of(), journal.read(batch.next(), Long.MAX_VALUE).damaged());
        }
    }

    @Test
    void aDiskThatDoesNotForceIsToldToWhoWaits() throws IOException {
        try (Journal journal = new Journal(files, SELDOM)) {
            Position good = journal.append(bytes("good"));
            journal.force(good);
            files.forceFails = true;
            Position bad = journal.append(bytes("bad"));
            assertTrue(assertThrows(IOException.class, () -> journal.force(bad))
                    .getMessage()
                    .contains("Input/output error"));
            journal.force(good);
            files.forceFails = false;
            Position again = journal.append(bytes("again"));
            journal.force(again);
            assertTrue(again.segment() > bad.segment(), "the file that failed is written no more");
            assertThrows(IOException.class, () -> journal.force(bad));
            assertEquals(List.of("good", "bad", "again"), read(journal));
        }
    }

    /** Each byte of a segment flipped: every record that is read was written, and those before the byte are all there. */
    @Test
    void noBrokenByteMakesARecord() throws IOException {
        try (Journal journal = new Journal(files, SELDOM)) {
            for (String one : numbered(5)) {
                journal.append(bytes(one));
            }
        }
        ForgetfulFiles.File file = files.files.firstEntry().getValue();
        Set<String> written = new HashSet<>(numbered(5));
        for (int i = 0; i < file.size; i++) {
            file.bytes[i] ^= 0x10;
            try (Journal journal = new Journal(files.afterKill(), SELDOM)) {
                Batch batch = journal.read(Position.START, Long.MAX_VALUE);
                assertTrue(written.containsAll(texts(batch)), "byte " + i);
                assertEquals(numbered(5).subList(0, batch.records().size()), texts(batch));
                assertEquals(1, batch.damaged().size(), "byte " + i);
            }
            file.bytes[i] ^= 0x10;
        }
    }

    @Test
    void releasedSegmentsAreGoneAndTheirNumbersNeverComeAgain() throws IOException {
        Position end;
        try (Journal journal = new Journal(files, SMALL)) {
            for (String one : numbered(30)) {
                journal.append(bytes(one));
            }
            end = journal.read(Position.START, Long.MAX_VALUE).next();
            journal.release(end);
            assertEquals(1, files.files.size());
            assertEquals(List.of(), journal.read(end, Long.MAX_VALUE).records());
            journal.append(bytes("after"));
            assertEquals(List.of("after"), texts(journal.read(end, Long.MAX_VALUE)));
        }
        while (System.currentTimeMillis() <= end.segment()) {
            // Numbers are times, one a millisecond: so many segments at once are ahead of the clock.
            Thread.onSpinWait();
        }
        try (Journal journal = new Journal(new ForgetfulFiles(), SMALL)) {
            assertTrue(journal.append(bytes("in an emptied folder")).compareTo(end) > 0);
        }
    }

    /** Two gateways on one folder would take over, and away, what the other writes. */
    @Test
    void aFolderIsOneJournalsAtATime(@TempDir Path folder) throws IOException {
        try (Journal journal = Journal.open(folder, SMALL)) {
            journal.append(bytes("mine"));
            String message = assertThrows(IllegalArgumentException.class, () -> Journal.open(folder, SMALL))
                    .getMessage();
            assertTrue(message.contains("HONE_HOME") && message.contains(folder.toString()), message);
        }
        try (Journal journal = Journal.open(folder, SMALL)) {
            assertEquals(List.of("mine"), read(journal));
        }
    }

    @Test
    void aDiskBelowItsReserveHasNoRoom() throws Exception {
        try (Journal journal = new Journal(files, SMALL)) {
            assertTrue(journal.hasRoom());
            files.usable = 999;
            journal.force(journal.append(bytes("still taken")));
            assertFalse(journal.hasRoom());
            files.usable = 1000;
            journal.force(journal.append(bytes("more")));
            assertTrue(journal.hasRoom());
        }
    }

    @Test
    void recordsHaveASize() throws IOException {
        try (Journal journal = new Journal(files, SMALL)) {
            assertThrows(IllegalArgumentException.class, () -> journal.append(new byte[0]));
            byte[] large = new byte[3 << 20];
            new Random(1).nextBytes(large);
            journal.append(large);
            journal.append(bytes("small"));
            Batch batch = journal.read(Position.START, Long.MAX_VALUE);
            assertArrayEquals(large, batch.records().getFirst());
            assertEquals(2, batch.records().size());
        }
    }

    @Test
    void afterItsEndNothingIsTaken() throws IOException {
        Journal journal = new Journal(files, SELDOM);
        journal.append(bytes("last"));
        journal.close();
        assertEquals(
                files.files.firstEntry().getValue().size,
                files.files.firstEntry().getValue().forced);
        assertThrows(IOException.class, () -> journal.append(bytes("too late")));
        journal.close();
    }

    @Test
    void realFilesDoTheSame(@TempDir Path folder) throws IOException {
        Path made = folder.resolve("a/journal");
        Position end;
        try (Journal journal = Journal.open(made, SMALL)) {
            for (String one : numbered(30)) {
                end = journal.append(bytes(one));
                journal.force(end);
            }
            assertEquals(numbered(30), read(journal));
        }
        Set<PosixFilePermission> owner = PosixFilePermissions.fromString("rwx------");
        assertEquals(owner, Files.getPosixFilePermissions(made), "it has what calls say");
        Files.setPosixFilePermissions(made, PosixFilePermissions.fromString("rwxr-xr-x"));
        Files.writeString(made.resolve("notes.txt"), "not a segment");
        try (Journal journal = Journal.open(made, SMALL)) {
            assertEquals(owner, Files.getPosixFilePermissions(made), "as an earlier version left it");
            journal.append(bytes("later"));
            Batch batch = journal.read(Position.START, Long.MAX_VALUE);
            assertEquals(31, batch.records().size());
            assertEquals(0, journal.bytesFrom(batch.next()));
            assertTrue(
                    journal.bytesFrom(Position.START) > batch.bytes(),
                    "with the heads of records, and of an earlier process, too");
            assertEquals(List.of(), batch.damaged());
            journal.release(batch.next());
            try (var left = Files.list(made)) {
                assertEquals(
                        1,
                        left.filter(file -> file.toString().endsWith(".journal"))
                                .count());
            }
        }
    }
}
