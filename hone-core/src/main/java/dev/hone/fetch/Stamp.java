package dev.hone.fetch;

import dev.hone.file.Durable;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/**
 * What is known about a cached file, kept beside it: while size and time agree, its hash need not be computed again.
 *
 * @param sha256 of the content
 * @param size in bytes
 * @param modifiedNanos time of last modification since the epoch
 * @param origin where it came from, in words
 */
public record Stamp(String sha256, long size, long modifiedNanos, String origin) {

    static Stamp of(Path file, String sha256, String origin) throws IOException {
        return new Stamp(
                sha256,
                Files.size(file),
                Files.getLastModifiedTime(file).to(TimeUnit.NANOSECONDS),
                origin.replace('\n', ' '));
    }

    static Path besides(Path file) {
        return file.resolveSibling(file.getFileName() + ".stamp");
    }

    /** Empty when there is none, or it does not make sense. */
    static Optional<Stamp> read(Path file) throws IOException {
        String text;
        try {
            text = Files.readString(besides(file));
        } catch (NoSuchFileException e) {
            return Optional.empty();
        }
        String[] fields = text.strip().split(" ", 4);
        if (fields.length < 4
                || !fields[0].matches("[0-9a-f]{64}")
                || !(fields[1] + fields[2]).matches("[0-9]{1,36}")) {
            return Optional.empty();
        }
        return Optional.of(new Stamp(fields[0], Long.parseLong(fields[1]), Long.parseLong(fields[2]), fields[3]));
    }

    void write(Path file) throws IOException {
        String line = "%s %d %d %s%n".formatted(sha256, size, modifiedNanos, origin);
        Durable.write(besides(file), line.getBytes(StandardCharsets.UTF_8));
    }

    boolean matches(Path file) throws IOException {
        return Files.size(file) == size && Files.getLastModifiedTime(file).to(TimeUnit.NANOSECONDS) == modifiedNanos;
    }
}
