package dev.hone.store;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.hone.record.CapturedCall;
import dev.hone.record.FinishedRun;
import dev.hone.record.RunLog;
import dev.hone.store.Calls.Checkpoint;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The first calls of a month are stored, while others have locks on the tables that traces stand beside. */
@Timeout(60)
final class RoomTest {
    private static final Database DATABASE = TestDatabase.database();

    private final Calls calls = new Calls(DATABASE);
    private final UseCases useCases = new UseCases(DATABASE);

    private static String query(String sql) {
        return DATABASE.inTransaction(connection -> CallsTest.query(connection, sql));
    }

    private int store(CapturedCall call) {
        return calls.add(UUID.randomUUID(), new Checkpoint(1, 1), List.of(call));
    }

    private static ModelVersions.Candidate candidate(String hash) {
        FinishedRun run = new FinishedRun(
                hash.repeat(64), "data", 1, "tiny", "weights", "{}", "{}", "{}", Instant.parse("2026-01-31T12:00:00Z"));
        return new ModelVersions.Candidate(
                run, new RunLog(List.of(), List.of()), null, hash.repeat(64), null, "runs/" + hash);
    }

    /** Somebody waits for a lock on this table, or has what he wants. */
    private static void awaitWaiting(String table, Future<?> done) throws InterruptedException {
        String waiting =
                "SELECT count(*) FROM pg_locks WHERE NOT granted AND relation = '%s'::regclass".formatted(table);
        while (!done.isDone() && query(waiting).equals("0")) {
            Thread.sleep(5);
        }
    }

    /** Who stores them waits for a row that the other has, and must not have meanwhile what the other wants. */
    @Test
    void whoHasAUseCaseToHimselfMayChangeIt() throws Exception {
        UUID useCase = useCases.obtain("room-changed");
        CapturedCall first = MonthCalls.call("2031-03-01T00:00:00Z", "room-changed");
        CountDownLatch locked = new CountDownLatch(1);
        CountDownLatch change = new CountDownLatch(1);
        try (ExecutorService others = Executors.newCachedThreadPool()) {
            Future<Integer> changed = others.submit(() -> DATABASE.inTransaction(connection -> {
                Rows.first(connection, "SELECT 1 FROM use_case WHERE id = ? FOR UPDATE", row -> true, useCase);
                locked.countDown();
                try {
                    change.await();
                } catch (InterruptedException e) {
                    throw new IllegalStateException(e);
                }
                return Rows.change(connection, "UPDATE use_case SET versions = versions WHERE id = ?", useCase);
            }));
            locked.await();
            Future<Integer> stored = others.submit(() -> store(first));
            while (query("SELECT count(*) FROM pg_locks WHERE NOT granted AND locktype = 'transactionid'")
                    .equals("0")) {
                Thread.sleep(5);
            }
            assertFalse(stored.isDone());
            change.countDown();
            assertEquals(1, changed.get());
            assertEquals(1, stored.get());
        }
    }

    /** Who registers a version with all that its run drew takes a while. */
    @Test
    void callsAreStoredWhileAVersionOfTheirUseCaseIsRegistered() throws Exception {
        UUID useCase = useCases.obtain("room-registers");
        CapturedCall first = MonthCalls.call("2031-05-01T00:00:00Z", "room-registers");
        CountDownLatch held = new CountDownLatch(1);
        CountDownLatch done = new CountDownLatch(1);
        try (ExecutorService others = Executors.newCachedThreadPool()) {
            Future<?> holds = others.submit(() -> TestDatabase.whileLocked("run", held, done));
            held.await();
            Future<ModelVersions.Added> registered =
                    others.submit(() -> new ModelVersions(DATABASE).add(useCase, candidate("7")));
            awaitWaiting("run", registered);
            Future<Integer> stored = others.submit(() -> store(first));
            try {
                assertEquals(1, stored.get(20, TimeUnit.SECONDS));
                assertFalse(registered.isDone());
            } finally {
                done.countDown();
            }
            assertTrue(registered.get().fresh());
            holds.get();
        }
    }

    /** The database would end one of the two, and that may be the other one. */
    @Test
    void whoMakesRoomGivesWay() throws Exception {
        UUID useCase = useCases.obtain("room-gives-way");
        CapturedCall first = MonthCalls.call("2031-07-01T00:00:00Z", "room-gives-way");
        try (ExecutorService others = Executors.newCachedThreadPool()) {
            Future<Integer> stored = DATABASE.inTransaction(connection -> {
                Rows.change(connection, "UPDATE use_case SET versions = versions WHERE id = ?", useCase);
                Future<Integer> storing = others.submit(() -> store(first));
                try {
                    awaitWaiting("use_case", storing);
                    // Whoever waits longer than the database's own patience has been looked at, and is not the one that
                    // is ended.
                    Thread.sleep(1500);
                } catch (InterruptedException e) {
                    throw new IllegalStateException(e);
                }
                assertFalse(storing.isDone());
                Rows.first(connection, "SELECT count(*) FROM trace", row -> row.getLong(1));
                return storing;
            });
            assertEquals(1, stored.get());
        }
    }
}
