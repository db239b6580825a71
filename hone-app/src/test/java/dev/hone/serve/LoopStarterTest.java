package dev.hone.serve;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.hone.charter.Charter;
import dev.hone.charter.CharterReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Rounds are begun one at a time, where a charter says so, as processes that end with whoever began them. */
@Timeout(60)
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
        return new LoopStarter(
                () -> charters,
                charter -> Optional.of("it is time"),
                (useCase, why) -> {
                    started.add(useCase + ": " + why);
                    Process process = new ProcessBuilder("sh", "-c", command).start();
                    processes.add(process);
                    return process;
                },
                Duration.ofMillis(20),
                notices::add);
    }

    private void await(BooleanSupplier what) throws InterruptedException {
        for (int i = 0; i < 1000 && !what.getAsBoolean(); i++) {
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
        try (LoopStarter starter = starter(charters, "exit 2")) {
            await(() -> started.size() == 2);
            Thread.sleep(200);
            assertEquals(List.of("first: it is time", "second: it is time"), started);
            assertTrue(notices.toString().contains("exit 2"), notices.toString());
        }
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
