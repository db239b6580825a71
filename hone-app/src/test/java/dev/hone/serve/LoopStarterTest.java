package dev.hone.serve;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.hone.charter.Charter;
import dev.hone.charter.CharterReader;
import dev.hone.loop.LoopFolder;
import dev.hone.loop.NotBegun;
import dev.hone.record.Project;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Rounds are begun one at a time, where a charter says so, as processes that end with whoever began them. */
@Timeout(240)
final class LoopStarterTest {
    @TempDir
    Path folder;

    private final List<String> notices = new CopyOnWriteArrayList<>();
    private final List<String> started = new CopyOnWriteArrayList<>();
    private final List<Process> processes = new CopyOnWriteArrayList<>();

    private Charter charter(String name, String loop) throws IOException {
        Path file = folder.resolve(name + ".yaml");
        Files.writeString(file, """
                name: %s
                owner: Ada
                job: Answers.
                good: {kind: string_check, operation: eq}
                viewers: [everyone]
                %s
                """.formatted(name, loop));
        return CharterReader.read(file);
    }

    private LoopStarter starter(List<Charter> charters, String command) {
        return starter(charters, command, charter -> new LoopStarter.Begin("it is time"));
    }

    private LoopStarter starter(List<Charter> charters, String command, LoopStarter.Due due) {
        return new LoopStarter(
                () -> charters,
                due,
                (useCase, why) -> {
                    started.add(useCase + ": " + why);
                    Process process = new ProcessBuilder("sh", "-c", command).start();
                    processes.add(process);
                    return process;
                },
                Duration.ofMillis(20),
                Duration.ofMinutes(30),
                new NotBegunNotes(folder, Instant::now, notices::add),
                notices::add);
    }

    private Optional<String> standing(String useCase) throws IOException {
        return NotBegun.read(folder, Project.DEFAULT, useCase).map(NotBegun::reason);
    }

    private void await(BooleanSupplier what) throws InterruptedException {
        for (int i = 0; i < 6_000 && !what.getAsBoolean(); i++) {
            Thread.sleep(10);
        }
        assertTrue(what.getAsBoolean(), notices.toString());
    }

    @Test
    void oneAtATimeWhereTheCharterSaysSo() throws Exception {
        List<Charter> charters = List.of(
                charter("asked", ""),
                charter("first", "loop: {unattended: true}"),
                charter("second", "loop: {unattended: true}"));
        try (LoopStarter starter = starter(charters, "sleep 60")) {
            await(() -> !processes.isEmpty());
            Thread.sleep(200);
            assertEquals(List.of("first: it is time"), started);
            starter.close();
            assertFalse(processes.getFirst().isAlive(), "it ends with whoever began it");
        }
    }

    /** One that fails is not begun again at once, and the next has its turn. */
    @Test
    void whatFailsRests() throws Exception {
        List<Charter> charters =
                List.of(charter("first", "loop: {unattended: true}"), charter("second", "loop: {unattended: true}"));
        Path log = LoopProcess.log(folder);
        Files.createDirectories(log.resolveSibling(""));
        Files.writeString(log, "y".repeat(20_000) + "\nStep 1 of 6\nhone: there is too little of it\n\n");
        try (LoopStarter starter = starter(charters, "exit 2")) {
            await(() -> notices.stream().filter(one -> one.contains("exit 2")).count() == 2);
            Thread.sleep(200);
            assertEquals(List.of("first: it is time", "second: it is time"), started);
            assertEquals(
                    Optional.of(
                            "the last did not end well (exit 2), and none is begun for 30min; its log [%s] ends with: hone: there is too little of it"
                                    .formatted(log)),
                    standing("first"));
        }
    }

    /** Whoever looks every few seconds asks again within a minute, and nobody later than in half an hour. */
    @Test
    void itRestsForThirtyLooksAndHalfAnHourAtMost() {
        assertEquals(Duration.ofSeconds(60), LoopStarter.rest(Duration.ofSeconds(2)));
        assertEquals(Duration.ofMinutes(30), LoopStarter.rest(Duration.ofMinutes(1)));
        assertEquals(Duration.ofMinutes(30), LoopStarter.rest(Duration.ofHours(1)));
    }

    /** Why none begins is said once, and again when it is something else; it stands until one begins, or none is due. */
    @Test
    void whyNoneBeginsIsSaidOnceAndStands() throws Exception {
        Charter charter = charter("first", "loop: {unattended: true}");
        new NotBegun(Instant.EPOCH, "of a process that is gone").write(folder, Project.DEFAULT, "first");
        AtomicReference<LoopStarter.Answer> answer = new AtomicReference<>(new LoopStarter.NotDue());
        AtomicInteger looks = new AtomicInteger();
        try (LoopStarter starter = starter(List.of(charter), "sleep 60", one -> {
            looks.incrementAndGet();
            return answer.get();
        })) {
            await(() -> looks.get() > 3);
            assertEquals(Optional.empty(), standing("first"), "none is due");
            answer.set(new LoopStarter.Against("too few labels"));
            int before = looks.get();
            await(() -> looks.get() > before + 4);
            String said = "No loop of [first] begins: ";
            assertEquals(List.of(said + "too few labels"), notices);
            assertEquals(Optional.of("too few labels"), standing("first"));
            answer.set(new LoopStarter.Against("no gates"));
            await(() -> notices.size() == 2);
            assertEquals(said + "no gates", notices.get(1));
            assertEquals(Optional.of("no gates"), standing("first"));
            answer.set(new LoopStarter.Begin("it is time"));
            await(() -> notices.size() == 3);
            assertEquals("A loop of [first] begins: it is time", notices.get(2));
            assertEquals(Optional.empty(), standing("first"));
            starter.close();
        }
    }

    /** A use case whose charter lets nobody but a person begin rounds has nothing standing. */
    @Test
    void whatIsNotUnattendedAnyMoreStandsNoLonger() throws Exception {
        new NotBegun(Instant.EPOCH, "too few labels").write(folder, Project.DEFAULT, "first");
        try (LoopStarter starter = starter(List.of(charter("first", "")), "sleep 60")) {
            Path file = LoopFolder.of(folder, Project.DEFAULT, "first").path().resolve("not-begun.json");
            await(() -> !Files.exists(file));
            starter.close();
        }
        assertEquals(List.of(), started);
    }

    /** What rounds say is appended; where that is more than eight MiB the log begins anew, and the one before stays beside it. */
    @Test
    void theLogOfRoundsIsBounded() throws Exception {
        LoopProcess process = new LoopProcess(folder, folder.resolve("use-cases"), Map.of());
        Path log = LoopProcess.log(folder);
        Files.createDirectories(log.resolveSibling(""));
        Files.writeString(log, "what the first said\n");
        assertEquals(2, process.start("support", "new queues").waitFor());
        String appended = Files.readString(log);
        assertTrue(appended.startsWith("what the first said\n") && appended.contains("There is no charter"), appended);
        assertFalse(Files.exists(log.resolveSibling("loop.log.1")));
        byte[] long1 = "x".repeat((8 << 20) + 1).getBytes(StandardCharsets.UTF_8);
        Files.write(log, long1);
        Files.writeString(log.resolveSibling("loop.log.1"), "older still");
        assertEquals(2, process.start("support", "new queues").waitFor());
        assertArrayEquals(long1, Files.readAllBytes(log.resolveSibling("loop.log.1")), "the one before, whole");
        String anew = Files.readString(log);
        assertTrue(anew.contains("There is no charter") && anew.length() < 100_000, anew);
    }

    @Test
    void theProcessIsHoneLoopAtALowPriority() {
        LoopProcess process =
                new LoopProcess(folder, folder.resolve("use-cases"), Map.of("HONE_DB_URL", "postgresql://here/hone"));
        List<String> command = process.command("support", "new queues");
        int main = command.indexOf("dev.hone.Main");
        assertEquals(
                List.of(
                        "loop",
                        "support",
                        "--use-cases",
                        folder.resolve("use-cases").toString(),
                        "--unattended",
                        "--why",
                        "new queues"),
                command.subList(main + 1, command.size()));
        assertTrue(!Files.isExecutable(Path.of("/usr/bin/nice"))
                || command.getFirst().endsWith("nice"));
        assertTrue(command.subList(0, main).contains("-Xmx2g"), "its memory is bounded");
        Map<String, String> own = new HashMap<>(
                Map.of("HONE_HOME", "/elsewhere", "HONE_DB_URL", "postgresql://elsewhere/hone", "PATH", "/bin"));
        process.settle(own);
        assertEquals(
                Map.of(
                        "HONE_HOME",
                        folder.toAbsolutePath().toString(),
                        "HONE_DB_URL",
                        "postgresql://here/hone",
                        "PATH",
                        "/bin"),
                own);
        new LoopProcess(folder, folder, Map.of()).settle(own);
        assertEquals(Set.of("HONE_HOME", "PATH"), own.keySet(), "a bundled database is found in the home");
    }
}
