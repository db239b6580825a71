package dev.hone.file;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What is left behind by processes that were killed, and what is not theirs. */
@Timeout(60)
final class TemporaryFoldersTest {
    private static final Instant LATER = Instant.now().plus(Duration.ofHours(2));

    @TempDir
    Path root;

    private final List<Process> started = new java.util.ArrayList<>();

    @AfterEach
    void end() throws InterruptedException {
        for (Process process : started) {
            process.destroyForcibly().waitFor();
        }
    }

    /** Makes a folder with something in it, says where it is, and lives on. */
    static final class Owner {
        public static void main(String[] arguments) throws Exception {
            Path folder = TemporaryFolders.make("warm-up");
            Files.writeString(Files.createDirectory(folder.resolve("inside")).resolve("segment"), "text");
            System.out.println(folder);
            Thread.sleep(Duration.ofMinutes(2));
        }
    }

    private Path owned() throws IOException {
        Process owner = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-XX:+UseSerialGC",
                        "-Xmx64m",
                        "-Djava.io.tmpdir=" + root,
                        "-cp",
                        System.getProperty("java.class.path"),
                        Owner.class.getName())
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        started.add(owner);
        BufferedReader out = owner.inputReader();
        return Path.of(out.readLine());
    }

    private List<String> left() throws IOException {
        try (Stream<Path> inside = Files.list(root)) {
            return inside.map(path -> path.getFileName().toString()).sorted().toList();
        }
    }

    @Test
    void whatAKilledProcessLeftGoesAndWhatALivingOneHasStays() throws Exception {
        Path killed = owned();
        Path living = owned();
        assertEquals(root, killed.getParent());
        assertEquals("rwx------", PosixFilePermissions.toString(Files.getPosixFilePermissions(killed)));
        TemporaryFolders.removeOrphans(root, LATER);
        assertEquals(2, left().size(), "both owners live");
        started.getFirst().destroyForcibly().waitFor();
        TemporaryFolders.removeOrphans(root, Instant.now());
        assertEquals(2, left().size(), "what is new may be another container's");
        TemporaryFolders.removeOrphans(root, LATER);
        assertEquals(List.of(living.getFileName().toString()), left());
    }

    /** The number of a process that has ended. */
    private static long gone() throws Exception {
        Process process = new ProcessBuilder("true").start();
        process.waitFor();
        return process.pid();
    }

    @Test
    void whatIsOfSomebodyElseStays() throws Exception {
        long gone = gone();
        for (String name : List.of("hone-worker-7", "hone-worker-" + gone, "other-" + gone + "-1", "hone-a-0-1")) {
            Files.createDirectory(root.resolve(name));
        }
        Files.writeString(root.resolve("hone-file-%d-1".formatted(gone)), "no folder");
        Path elsewhere = Files.createDirectory(root.resolve("elsewhere"));
        Files.writeString(elsewhere.resolve("precious"), "text");
        Files.createSymbolicLink(root.resolve("hone-link-%d-1".formatted(gone)), elsewhere);
        Path inside = Files.createDirectory(root.resolve("hone-worker-%d-1".formatted(gone)));
        Files.createSymbolicLink(inside.resolve("link"), elsewhere);
        TemporaryFolders.removeOrphans(root, LATER);
        assertEquals(
                Stream.of(
                                "elsewhere",
                                "hone-a-0-1",
                                "hone-file-%d-1".formatted(gone),
                                "hone-link-%d-1".formatted(gone),
                                "hone-worker-" + gone,
                                "hone-worker-7",
                                "other-%d-1".formatted(gone))
                        .sorted()
                        .toList(),
                left());
        assertTrue(Files.exists(elsewhere.resolve("precious")), "links are deleted, and not followed");
    }

    @Test
    void whatACrashWroteStaysForAWeek() throws Exception {
        long gone = gone();
        Path told = Files.createDirectory(root.resolve("hone-worker-%d-1".formatted(gone)));
        Files.writeString(told.resolve("worker.log"), "what went wrong");
        Path silent = Files.createDirectory(root.resolve("hone-worker-%d-2".formatted(gone)));
        Files.writeString(silent.resolve("worker.log"), "");
        TemporaryFolders.removeOrphans(root, LATER);
        assertEquals(List.of(told.getFileName().toString()), left());
        TemporaryFolders.removeOrphans(root, Instant.now().plus(Duration.ofDays(8)));
        assertEquals(List.of(), left());
    }
}
