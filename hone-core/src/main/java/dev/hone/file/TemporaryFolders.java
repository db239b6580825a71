package dev.hone.file;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Folders that a process needs while it runs: {@code hone-PURPOSE-PID-RANDOM} in the system's folder for such, closed to everybody else. Who makes one deletes it; what
 * processes that were killed left there goes when a later one makes its first.
 */
public final class TemporaryFolders {
    private static final Pattern NAME = Pattern.compile("hone-[a-z-]+-([1-9][0-9]{0,9})-[0-9]+");

    /** A process that does not see the owner, since it runs in another container that shares the folder, leaves what is new alone. */
    private static final Duration NEW = Duration.ofHours(1);

    /** What a crash wrote was told to somebody: it stays for so long. */
    private static final Duration TOLD = Duration.ofDays(7);

    private static final AtomicBoolean SWEPT = new AtomicBoolean();

    private TemporaryFolders() {}

    /** A new one of this process. @param purpose in small letters */
    public static Path make(String purpose) throws IOException {
        Path root = Path.of(System.getProperty("java.io.tmpdir"));
        if (SWEPT.compareAndSet(false, true)) {
            removeOrphans(root, Instant.now());
        }
        return Files.createTempDirectory(
                root,
                "hone-%s-%d-".formatted(purpose, ProcessHandle.current().pid()),
                PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
    }

    /** Removes those of one's own whose process is gone. That some cannot be removed keeps nobody from what they were about to do. */
    static void removeOrphans(Path root, Instant now) {
        try (DirectoryStream<Path> inside = Files.newDirectoryStream(root, "hone-*")) {
            for (Path folder : inside) {
                remove(folder, now);
            }
        } catch (IOException | UncheckedIOException | DirectoryIteratorException e) {
            // Tried again by the next process.
        }
    }

    private static void remove(Path folder, Instant now) {
        try {
            if (isOrphan(folder, now)) {
                Durable.delete(folder);
            }
        } catch (IOException | UncheckedIOException e) {
            // Somebody else removes it at the same time, or it is not ours to remove.
        }
    }

    private static boolean isOrphan(Path folder, Instant now) throws IOException {
        Matcher name = NAME.matcher(folder.getFileName().toString());
        if (!name.matches() || ProcessHandle.of(Long.parseLong(name.group(1))).isPresent()) {
            return false;
        }
        BasicFileAttributes attributes =
                Files.readAttributes(folder, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS);
        Instant changed = attributes.lastModifiedTime().toInstant();
        return attributes.isDirectory()
                && Files.getOwner(folder, LinkOption.NOFOLLOW_LINKS).getName().equals(System.getProperty("user.name"))
                && changed.isBefore(now.minus(NEW))
                && (changed.isBefore(now.minus(TOLD)) || !hasLog(folder));
    }

    private static boolean hasLog(Path folder) throws IOException {
        for (String file : new String[] {"worker.log", "crash.txt"}) {
            if (Files.exists(folder.resolve(file)) && Files.size(folder.resolve(file)) > 0) {
                return true;
            }
        }
        return false;
    }
}
