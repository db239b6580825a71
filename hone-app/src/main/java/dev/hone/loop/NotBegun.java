package dev.hone.loop;

import dev.hone.run.JsonFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Optional;

/**
 * Why no round of a use case begins by itself, where one is due or the last did not end well: a file beside its rounds. Written by {@code hone serve}, and taken away when a round begins or none
 * is due any more; read by the pages.
 *
 * @param since when whoever wrote it found that
 * @param reason in a sentence or more, with how to mend it
 */
public record NotBegun(Instant since, String reason) {
    private static final String FILE = "not-begun.json";

    private static Path file(Path home, String project, String useCase) {
        return LoopFolder.of(home, project, useCase).path().resolve(FILE);
    }

    /** As it stands; empty where nothing does. */
    public static Optional<NotBegun> read(Path home, String project, String useCase) throws IOException {
        return JsonFile.read(file(home, project, useCase), NotBegun.class);
    }

    /** Lets it stand, in place of what stood. */
    public void write(Path home, String project, String useCase) throws IOException {
        Path file = file(home, project, useCase);
        Files.createDirectories(file.resolveSibling(""));
        JsonFile.write(file, this);
    }

    /** Nothing stands against a round any more. */
    public static void clear(Path home, String project, String useCase) throws IOException {
        Files.deleteIfExists(file(home, project, useCase));
    }
}
