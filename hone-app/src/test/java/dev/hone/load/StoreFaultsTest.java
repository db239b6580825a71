package dev.hone.load;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.json.JsonMapper;

/** The gateway's own disk and database, taken away under load. */
@Tag("slow")
final class StoreFaultsTest {
    private static final String ONE = "variants:\n  only: {upstream: mock, model: mock-1}\n";
    private static final Answer CHAT = Answer.whole(200, "application/json", Answer.chat());
    private static final Answer STREAM = Answer.events(5, Duration.ofMillis(5));
    private static final Answer SLOW_CHAT =
            Answer.later(Duration.ofSeconds(15), 200, "application/json", Answer.chat());
    private static final Answer SLOW_STREAM = Answer.events(5, Duration.ofSeconds(3));
    private static final Duration PAUSE = Duration.ofMillis(20);

    /** How long the database is away; less, for trying out. */
    private static final int AWAY_SECONDS = Integer.getInteger("hone.away-seconds", 60);

    @TempDir
    private Path folder;

    private static Answer well(MockUpstream.Asked asked) {
        return asked.stream() ? STREAM : CHAT;
    }

    private Stage stage(String keys) throws Exception {
        Stage stage = new Stage(folder);
        stage.upstream("mock", StoreFaultsTest::well);
        stage.start(keys, "", ONE);
        return stage;
    }

    private static Path program(Stage stage) throws IOException {
        try (Stream<Path> files = Files.walk(stage.home().resolve("postgres").toRealPath())) {
            return files.filter(file -> file.endsWith("bin/postgres"))
                    .findFirst()
                    .orElseThrow();
        }
    }

    /** The database is killed, and cannot be started, until this is closed. */
    private static final class Away implements AutoCloseable {
        private final Path program;
        private final Path aside;

        Away(Stage stage) throws IOException, InterruptedException {
            program = program(stage);
            aside = program.resolveSibling("postgres.aside");
            Files.move(program, aside);
            signal(stage.stored().pid(), "KILL");
        }

        @Override
        public void close() throws IOException {
            Files.move(aside, program);
        }
    }

    private static void signal(long pid, String name) throws IOException, InterruptedException {
        assertEquals(
                0,
                new ProcessBuilder("kill", "-" + name, Long.toString(pid))
                        .inheritIO()
                        .start()
                        .waitFor());
    }

    /** Killed, and not to be started: its program is away. */
    @Test
    @Timeout(600)
    void withoutItsDatabaseTheGatewayGoesOn() throws Exception {
        try (Stage stage = stage("required")) {
            Callers callers = stage.callers(16, PAUSE);
            Thread.sleep(6_000);
            callers.slowestMillis();
            int before = callers.acknowledged().size();
            try (Away away = new Away(stage)) {
                Thread.sleep(AWAY_SECONDS * 1_000L);
            }
            double slowest = callers.slowestMillis();
            int meanwhile = callers.acknowledged().size() - before;
            Thread.sleep(1_000);
            callers.close();
            slowest = Math.max(slowest, callers.slowestMillis()); // of those that waited for it
            System.out.printf(
                    "database away for %d s: %d calls, the slowest %.0f ms, statuses %s%n",
                    AWAY_SECONDS, meanwhile, slowest, callers.statuses());
            assertEquals(Set.of(200), callers.statuses().keySet(), callers.lastRefusal());
            assertEquals(0, callers.broken());
            assertTrue(meanwhile > 10 * AWAY_SECONDS, meanwhile + " calls");
            assertTrue(slowest < 3_000, "a call waited %.0f ms for the database".formatted(slowest));
            stage.assertKept(callers.acknowledged(), Set.of());
        }
    }

    /** It is there, takes connections, and says nothing. */
    @Test
    @Timeout(600)
    void withADatabaseThatStandsStillTheGatewayGoesOn() throws Exception {
        try (Stage stage = stage("required")) {
            Callers callers = stage.callers(16, PAUSE);
            Thread.sleep(6_000);
            long server = stage.stored().pid();
            List<Long> processes = new ArrayList<>(List.of(server));
            ProcessHandle.of(server).orElseThrow().descendants().forEach(one -> processes.add(one.pid()));
            for (long pid : processes) {
                signal(pid, "STOP");
            }
            callers.slowestMillis();
            int before = callers.acknowledged().size();
            Thread.sleep(AWAY_SECONDS * 500L);
            double slowest = callers.slowestMillis();
            int meanwhile = callers.acknowledged().size() - before;
            for (long pid : processes) {
                signal(pid, "CONT");
            }
            callers.close();
            slowest = Math.max(slowest, callers.slowestMillis()); // of those that waited for it
            System.out.printf(
                    "database still for %d s: %d calls, the slowest %.0f ms, statuses %s%n",
                    AWAY_SECONDS / 2, meanwhile, slowest, callers.statuses());
            assertEquals(Set.of(200), callers.statuses().keySet(), callers.lastRefusal());
            assertEquals(0, callers.broken());
            assertTrue(meanwhile > 5 * AWAY_SECONDS, meanwhile + " calls while it stood still");
            assertTrue(slowest < 3_000, "a call waited %.0f ms for the database".formatted(slowest));
            stage.assertKept(callers.acknowledged(), Set.of());
        }
    }

    /** The journal's folder is a small disk of its own: first its reserve is used up, then its last byte. Needs root, to mount it. */
    @Test
    @Timeout(600)
    void aFullDiskRefusesCallsAndLosesNone() throws Exception {
        Path journal = ServedHone.home(folder).resolve("journal");
        Files.createDirectories(journal);
        Stage stage = new Stage(folder);
        MockUpstream mock = stage.upstream("mock", StoreFaultsTest::well);
        run("mount", "-t", "tmpfs", "-o", "size=320m", "tmpfs", journal.toString());
        try (stage) {
            stage.start("none", "", ONE);
            Callers callers = stage.callers(16, PAUSE);
            awaitCalls(callers, 100);
            Path filler = journal.resolve("filler");
            fill(filler, 100 << 20);
            awaitRefusal(callers, "journal_full");
            Files.delete(filler);
            awaitCalls(callers, callers.acknowledged().size() + 100);
            // All of it, while calls are being answered whose records it then cannot take.
            mock.behave(asked -> asked.stream() ? SLOW_STREAM : SLOW_CHAT);
            long asked = mock.asked();
            await(() -> mock.asked() >= asked + 16, callers);
            fill(filler, Long.MAX_VALUE);
            awaitRefusal(callers, "not_recorded");
            mock.behave(StoreFaultsTest::well);
            Files.delete(filler);
            awaitCalls(callers, callers.acknowledged().size() + 100);
            callers.close();
            System.out.printf("full disk: statuses %s, broken %d%n", callers.statuses(), callers.broken());
            assertEquals(Set.of(200, 503), callers.statuses().keySet());
            stage.assertKept(callers.acknowledged(), Set.of());
        } finally {
            run("umount", "-l", journal.toString());
        }
    }

    private static void run(String... command) throws Exception {
        assertEquals(0, new ProcessBuilder(command).inheritIO().start().waitFor(), String.join(" ", command));
    }

    /** @param most bytes; more than there are fills the disk */
    private static void fill(Path file, long most) throws IOException {
        byte[] block = new byte[1 << 20];
        long written = 0;
        try (var out = Files.newOutputStream(file, StandardOpenOption.CREATE, StandardOpenOption.APPEND)) {
            while (written < most) {
                out.write(block);
                written += block.length;
            }
        } catch (IOException e) {
            // The disk is full but for less than a block.
            while (true) {
                try {
                    Files.write(file, new byte[1], StandardOpenOption.APPEND);
                } catch (IOException full) {
                    return;
                }
            }
        }
    }

    private static void awaitCalls(Callers callers, int count) throws InterruptedException {
        await(() -> callers.acknowledged().size() >= count, callers);
    }

    private static void awaitRefusal(Callers callers, String code) throws InterruptedException {
        await(() -> callers.refusals().contains(code), callers);
    }

    private static void await(java.util.function.BooleanSupplier there, Callers callers) throws InterruptedException {
        for (int i = 0; i < 3_000 && !there.getAsBoolean(); i++) {
            Thread.sleep(10);
        }
        assertTrue(there.getAsBoolean(), () -> callers.statuses() + " " + callers.lastRefusal());
    }

    /** A record in a segment: where it ends, and whose it is. */
    private record Written(long end, String id) {}

    /** The last segment, of which the database has nothing yet, is cut, garbled or goes on with something else. */
    @Test
    @Timeout(600)
    void aTornTailLosesNothingBeforeItAndIsTold() throws Exception {
        Random random = new Random();
        try (Stage stage = stage("none")) {
            for (Damage damage : Damage.values()) {
                stage.stored().awaitDrained(Duration.ofMinutes(1));
                Callers callers = stage.callers(8, Duration.ZERO);
                awaitCalls(callers, 50);
                try (Away away = new Away(stage)) {
                    awaitCalls(callers, callers.acknowledged().size() + 300);
                    stage.served().kill();
                }
                callers.close();
                Path segment = lastSegment(stage.journal());
                List<Written> written = records(segment);
                assertTrue(written.size() > 100, written.size() + " records in the last segment");
                long from = damage.apply(segment, written, random);
                Set<String> gone = new HashSet<>();
                written.stream().filter(one -> one.end() > from).forEach(one -> gone.add(one.id()));
                stage.served().start();
                stage.assertKept(callers.acknowledged(), gone);
                System.out.printf(
                        "%s from byte %d: %d of %d records of the segment gone%n",
                        damage, from, gone.size(), written.size());
                assertTrue(
                        stage.served().said().contains("of segment [%d]".formatted(number(segment))),
                        stage.served().said());
            }
        }
    }

    private enum Damage {
        CUT,
        GARBLED,
        LONGER;

        /** @return where it begins */
        long apply(Path segment, List<Written> written, Random random) throws IOException {
            long size = Files.size(segment);
            long last = written.get(written.size() - 20).end();
            long from = last + 1 + random.nextLong(size - last - 1);
            byte[] noise = new byte[64 + random.nextInt(5_000)];
            random.nextBytes(noise);
            switch (this) {
                case CUT -> Files.write(segment, java.util.Arrays.copyOf(Files.readAllBytes(segment), (int) from));
                case GARBLED -> {
                    byte[] all = Files.readAllBytes(segment);
                    all[(int) from] ^= (byte) (1 << random.nextInt(8));
                    Files.write(segment, all);
                }
                case LONGER -> {
                    Files.write(segment, noise, StandardOpenOption.APPEND);
                    return size;
                }
            }
            return from;
        }
    }

    private static Path lastSegment(Path journal) throws IOException {
        try (Stream<Path> files = Files.list(journal)) {
            return files.filter(file -> file.toString().endsWith(".journal"))
                    .max(Path::compareTo)
                    .orElseThrow();
        }
    }

    private static long number(Path segment) {
        String name = segment.getFileName().toString();
        return Long.parseLong(name.substring(0, name.indexOf('.')));
    }

    /** Calls, read without Hone's own reader: 8 bytes, then length, sum and content of each record. */
    private static List<Written> records(Path segment) throws IOException {
        ByteBuffer bytes = ByteBuffer.wrap(Files.readAllBytes(segment)).position(8);
        List<Written> written = new ArrayList<>();
        while (bytes.remaining() > 8) {
            byte[] content = new byte[bytes.getInt(bytes.position())];
            if (content.length > bytes.remaining() - 8) {
                break;
            }
            bytes.position(bytes.position() + 8).get(content);
            ByteBuffer record = ByteBuffer.wrap(content);
            if (record.get() != 'c') { // a configuration
                continue;
            }
            byte[] facts = new byte[record.getInt()];
            record.get(facts);
            written.add(new Written(
                    bytes.position(),
                    JsonMapper.shared().readValue(facts, Map.class).get("id").toString()));
        }
        return written;
    }
}
