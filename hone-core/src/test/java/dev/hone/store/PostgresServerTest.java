package dev.hone.store;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The bundled server when processes are killed, and when its folder is not what it should be. */
@Timeout(300)
final class PostgresServerTest {
    @TempDir
    Path folder;

    @AfterEach
    void forgetPrograms() throws Exception {
        Files.deleteIfExists(folder.resolve("postgres"));
    }

    private static Database open(Path home) {
        return Database.open(Map.of(), home, text -> {});
    }

    private static long traces(Database database) {
        return new Traces(database).count(new UseCases(database).require("held"));
    }

    /** As by {@code kill -9}; a killed process may stay a zombie, when its adopter does not bury it. */
    private static void kill(Path home) throws Exception {
        ServerFolder server = ServerFolder.in(home);
        ProcessHandle.of(server.running().orElseThrow().pid()).orElseThrow().destroyForcibly();
        while (server.running().isPresent()) {
            Thread.sleep(5);
        }
    }

    @Test
    void theServerOfAKilledProcessIsTakenOverAndEndedByTheLastUser() throws Exception {
        Path home = TestDatabase.home(folder);
        Process holder = DatabaseHolder.start(home);
        long server = ServerFolder.in(home).running().orElseThrow().pid();
        try (Database second = open(home)) {
            assertEquals(server, second.pid().orElseThrow(), "two processes, one server");
        }
        assertTrue(ServerFolder.in(home).running().isPresent(), "the first still uses it");
        String message = assertThrows(
                        IllegalArgumentException.class, () -> new BundledDatabase(home).stop(false, text -> {}))
                .getMessage();
        assertTrue(message.contains("--force"), message);
        holder.destroyForcibly().waitFor();
        assertEquals(
                BundledDatabase.State.RUNNING,
                new BundledDatabase(home).status().state());
        try (Database heir = open(home)) {
            assertEquals(server, heir.pid().orElseThrow());
            assertEquals(1, traces(heir));
            assertTrue(assertThrows(StoreException.class, () -> open(home))
                    .getMessage()
                    .contains("already"));
        }
        assertEquals(
                BundledDatabase.State.STOPPED,
                new BundledDatabase(home).status().state());
        assertTrue(ServerFolder.in(home).processes().isEmpty());
        assertFalse(new BundledDatabase(home).stop(false, text -> {}));
    }

    @Test
    void afterServerAndParentAreKilledNothingCommittedIsLost() throws Exception {
        Path home = TestDatabase.home(folder);
        Process holder = DatabaseHolder.start(home);
        holder.destroyForcibly().waitFor();
        ServerFolder server = ServerFolder.in(home);
        kill(home);
        assertTrue(Files.exists(server.pidFile()), "a killed server leaves its pid file");
        List<String> lines = Files.readAllLines(server.pidFile());
        lines.set(0, Long.toString(ProcessHandle.current().pid()));
        Files.write(server.pidFile(), lines);
        assertTrue(server.running().isEmpty(), "another process has got its number");
        try (Database again = open(home)) {
            assertEquals(1, traces(again));
        }
        damage(home);
    }

    private void damage(Path home) throws Exception {
        Path control = ServerFolder.in(home).data().resolve("global/pg_control");
        byte[] sound = Files.readAllBytes(control);
        Files.write(control, new byte[sound.length]);
        String message = assertThrows(StoreException.class, () -> open(home)).getMessage();
        assertTrue(message.contains("does not start") && message.contains("Restore a back-up"), message);
        assertTrue(message.contains("FATAL") && message.contains("server.log"), message);
        Files.write(control, sound);
        Path version = ServerFolder.in(home).data().resolve("PG_VERSION");
        Files.writeString(version, "12\n");
        assertTrue(assertThrows(StoreException.class, () -> open(home))
                .getMessage()
                .contains("pg_dump"));
        Files.writeString(version, "18\n");
        open(home).close();
    }

    /** A server that has much to say for months fills no disk with it. */
    @Test
    void theLogIsBoundedWhileTheServerRuns() throws Exception {
        Database database = TestDatabase.database();
        ServerFolder server = ServerFolder.in(TestDatabase.home());
        for (int i = 0; i < 2; i++) {
            say(database, "long " + i, "repeat('x', 1000000)", 18);
            for (int tries = 0; tries < 1_200 && Files.size(server.log()) > PostgresServer.MOST_LOG; tries++) {
                Thread.sleep(50);
            }
            assertTrue(Files.size(server.log()) <= PostgresServer.MOST_LOG, Files.size(server.log()) + " bytes");
            assertTrue(Files.size(server.olderLog()) > PostgresServer.MOST_LOG);
            assertEquals(Files.getPosixFilePermissions(server.log()), Files.getPosixFilePermissions(server.olderLog()));
        }
        say(database, "after", "'the beginning of another'", 1);
        String log = Files.readString(server.log());
        assertTrue(log.contains("after the beginning of another") && log.indexOf(0) < 0, "no hole, nothing lost");
    }

    private static void say(Database database, String what, String text, int times) {
        database.inTransaction(connection -> {
            try (var statement = connection.createStatement()) {
                return statement.execute("DO $$ BEGIN FOR i IN 1..%d LOOP RAISE LOG '%%', '%s ' || %s; END LOOP; END $$"
                        .formatted(times, what, text));
            }
        });
    }

    @Test
    void aServerThatDiesIsStartedAgainUnderItsUsers() throws Exception {
        Database database = TestDatabase.database();
        UUID useCase = new UseCases(database).obtain("survivor");
        Traces traces = new Traces(database);
        assertEquals(1, traces.add(useCase, List.of(SampleTraces.labelled("before", "{}"))));
        long first = database.pid().orElseThrow();
        kill(TestDatabase.home());
        long count = -1;
        for (int attempt = 0; count < 0; attempt++) {
            try {
                count = traces.count(useCase);
            } catch (StoreException e) {
                assertTrue(attempt < 600, "it does not come back: " + e.getMessage());
                Thread.sleep(100);
            }
        }
        assertEquals(1, count);
        assertNotEquals(first, database.pid().orElseThrow());
        assertEquals(1, traces.add(useCase, List.of(SampleTraces.labelled("after", "{}"))));
    }

    @Test
    void aFolderThatCannotBeWrittenIsNamed() throws Exception {
        Path file = Files.writeString(folder.resolve("file"), "");
        String message = assertThrows(Exception.class, () -> open(file)).getMessage();
        assertTrue(message.contains(file.toString()), message);
    }
}
