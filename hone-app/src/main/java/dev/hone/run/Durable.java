package dev.hone.run;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;

/** Moves finished files into place. */
final class Durable {
    private Durable() {}

    /** Forces a file to disk and gives it its name, in place of an older one. */
    static void publish(Path part, Path target) throws IOException {
        force(part);
        Files.move(part, target, StandardCopyOption.ATOMIC_MOVE);
        force(target.toAbsolutePath().resolveSibling(""));
    }

    private static void force(Path path) throws IOException {
        try (FileChannel channel = FileChannel.open(path, StandardOpenOption.READ)) {
            channel.force(true);
        }
    }
}
