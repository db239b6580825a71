package dev.hone.file;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

/** Puts what was written aside into its place, on the disk and whole, or not at all. */
public final class Durable {
    private Durable() {}

    /** Writes a file that is there whole or not at all, in place of an older one; a failure leaves nothing beside it. */
    public static void write(Path file, byte[] content) throws IOException {
        Path part = file.resolveSibling("." + file.getFileName() + ".part");
        try {
            Files.write(part, content);
            publish(part, file);
        } finally {
            Files.deleteIfExists(part);
        }
    }

    /** The same for what nobody else on the machine may read, from its first byte on. */
    public static void writePrivate(Path file, byte[] content) throws IOException {
        Path part = file.resolveSibling("." + file.getFileName() + ".part");
        try {
            Files.deleteIfExists(part);
            Files.createFile(part, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
            Files.write(part, content);
            publish(part, file);
        } finally {
            Files.deleteIfExists(part);
        }
    }

    /** Makes a folder, where it is missing, in which nobody else on the machine may read; one that there is, is closed to them. */
    public static void makePrivate(Path folder) throws IOException {
        Path parent = folder.toAbsolutePath().getParent();
        if (parent != null) {
            Files.createDirectories(parent);
        }
        Set<PosixFilePermission> owner = PosixFilePermissions.fromString("rwx------");
        try {
            Files.createDirectory(folder, PosixFilePermissions.asFileAttribute(owner));
        } catch (FileAlreadyExistsException e) {
            if (!Files.isDirectory(folder)) {
                throw e;
            }
            Files.setPosixFilePermissions(folder, owner);
        }
    }

    /** Forces a file to the disk (or a folder's names: its files are forced before) and gives it its name, in place of an older one. */
    public static void publish(Path part, Path target) throws IOException {
        force(part);
        Files.move(part, target, StandardCopyOption.ATOMIC_MOVE);
        force(target.toAbsolutePath().resolveSibling(""));
    }

    /**
     * Deletes a folder with all that is in it; links are deleted, not followed. Nothing happens where nothing is, and what
     * somebody else deletes meanwhile is gone too.
     */
    public static void delete(Path folder) throws IOException {
        List<Path> all;
        try (Stream<Path> files = Files.walk(folder)) {
            all = files.toList();
        } catch (NoSuchFileException e) {
            return;
        } catch (UncheckedIOException e) {
            throw e.getCause();
        }
        for (Path file : all.reversed()) {
            Files.deleteIfExists(file);
        }
    }

    /** Waits until a file, or the names in a folder, are on the disk. */
    public static void force(Path path) throws IOException {
        try (FileChannel channel = FileChannel.open(path, StandardOpenOption.READ)) {
            channel.force(true);
        }
    }
}
