package dev.hone.tensor;

import static dev.hone.tensor.GgufFileTest.assertMessage;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DurableFilesTest {

    @TempDir
    private Path root;

    @Test
    void aFolderAppearsWhole() throws IOException {
        Path folder = root.resolve("new/model");
        DurableFiles.writeFolder(folder, part -> {
            Files.createDirectory(part.resolve("inner"));
            Files.writeString(part.resolve("inner/file"), "text");
            assertFalse(Files.exists(folder));
        });
        assertEquals("text", Files.readString(folder.resolve("inner/file")));
        assertEquals(List.of("model"), names(root.resolve("new")));
    }

    @Test
    void aFailureLeavesNothing() throws IOException {
        assertMessage(
                "cannot be written: java.io.IOException: disk full; make room",
                () -> DurableFiles.writeFolder(root.resolve("model"), part -> {
                    Files.writeString(part.resolve("file"), "text");
                    throw new IOException("disk full");
                }));
        assertMessage(
                "cannot be written: java.io.IOException: disk full",
                () -> DurableFiles.write(root.resolve("file"), channel -> {
                    throw new IOException("disk full");
                }));
        assertMessage(
                "/model] cannot be written: java.io.IOException: disk full",
                () -> DurableFiles.writeFolder(
                        root.resolve("model"),
                        part -> DurableFiles.write(part.resolve("file"), channel -> {
                            throw new IOException("disk full");
                        })));
        assertEquals(List.of(), names(root));
    }

    @Test
    void aFolderIsNeverReplaced() throws IOException {
        Files.writeString(Files.createDirectory(root.resolve("model")).resolve("file"), "old");
        assertMessage(
                "model] exists already; choose another name",
                () -> DurableFiles.writeFolder(root.resolve("model"), part -> {}));
        assertEquals("old", Files.readString(root.resolve("model/file")));
        assertEquals(List.of("model"), names(root));
    }

    private static List<String> names(Path folder) throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.map(file -> file.getFileName().toString()).toList();
        }
    }
}
