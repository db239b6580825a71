package dev.hone.tensor;

import dev.hone.file.Durable;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Comparator;
import java.util.List;
import java.util.UUID;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Files and folders that appear whole or not at all: written aside in the same folder, synced to the disk, renamed, the
 * rename synced too. After a failure nothing is left behind; after a crash at worst something named {@code .*.part}.
 */
public final class DurableFiles {

    /** Writes the content of a file. */
    @FunctionalInterface
    public interface FileContent {
        void writeTo(FileChannel channel) throws IOException;
    }

    /** Fills an empty folder. */
    @FunctionalInterface
    public interface FolderContent {
        void writeTo(Path folder) throws IOException;
    }

    private DurableFiles() {}

    /**
     * Writes a file, in place of an older one if there is one.
     *
     * @throws ModelFileException if it cannot be written (disk full, no permission …)
     */
    public static void write(Path file, FileContent content) {
        Path part = aside(file);
        try {
            try (FileChannel channel =
                    FileChannel.open(part, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
                content.writeTo(channel);
            }
            Durable.publish(part, file);
        } catch (IOException e) {
            throw unwritable(file, e);
        } catch (UncheckedIOException e) {
            throw unwritable(file, e.getCause());
        } finally {
            delete(part);
        }
    }

    /**
     * Writes a folder with everything in it.
     *
     * @throws ModelFileException if it exists already, or cannot be written
     */
    public static void writeFolder(Path folder, FolderContent content) {
        Path part = aside(folder);
        try {
            if (Files.exists(folder)) {
                throw new FileAlreadyExistsException(folder.toString());
            }
            Files.createDirectories(part);
            content.writeTo(part);
            for (Path path : tree(part)) {
                Durable.force(path);
            }
            Durable.publish(part, folder);
        } catch (FileAlreadyExistsException e) {
            throw new ModelFileException(folder, "exists already", "choose another name, or remove it first", e);
        } catch (ModelFileException e) {
            // A file of the folder: its path aside means nothing to the user.
            throw e.getCause() instanceof IOException cause ? unwritable(folder, cause) : e;
        } catch (IOException e) {
            throw unwritable(folder, e);
        } catch (UncheckedIOException e) {
            throw unwritable(folder, e.getCause());
        } finally {
            delete(part);
        }
    }

    private static Path aside(Path target) {
        Path absolute = target.toAbsolutePath().normalize();
        return absolute.resolveSibling("." + absolute.getFileName() + "." + UUID.randomUUID() + ".part");
    }

    /** A folder and all in it, the deepest first. */
    private static List<Path> tree(Path root) throws IOException {
        try (Stream<Path> paths = Files.walk(root)) {
            return paths.sorted(Comparator.reverseOrder()).toList();
        }
    }

    private static void delete(Path part) {
        try {
            Durable.delete(part);
        } catch (IOException e) {
            throw new ModelFileException(part, "cannot be removed: " + e, "remove it by hand", e);
        }
    }

    private static ModelFileException unwritable(Path path, @Nullable Throwable e) {
        return new ModelFileException(path, "cannot be written: " + e, "make room on the disk, or write elsewhere", e);
    }
}
