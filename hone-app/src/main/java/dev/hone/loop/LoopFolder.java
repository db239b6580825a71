package dev.hone.loop;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.Stream;

/** The rounds of a use case in Hone's home: {@code loops/PROJECT/USE_CASE/}, a folder each, called by its id. */
public record LoopFolder(Path path) {
    /** @param home where Hone keeps things */
    public static LoopFolder of(Path home, String project, String useCase) {
        return new LoopFolder(home.toAbsolutePath()
                .normalize()
                .resolve("loops")
                .resolve(project)
                .resolve(useCase));
    }

    RoundFolder round(UUID id) {
        return new RoundFolder(path.resolve(id.toString()));
    }

    Path lock() {
        return path.resolve("lock");
    }

    /** Says whose the lock is; a file of its own, since a process that has read a locked one loses the lock. */
    Path holder() {
        return path.resolve("holder");
    }

    /** All rounds, the oldest first. */
    public List<RoundFolder> rounds() throws IOException {
        if (!Files.isDirectory(path)) {
            return List.of();
        }
        try (Stream<Path> inside = Files.list(path)) {
            return inside.filter(Files::isDirectory)
                    .sorted()
                    .map(RoundFolder::new)
                    .toList();
        }
    }

    /** The round that was begun and has not ended; empty when there is none. */
    Optional<RoundFolder> unfinished() throws IOException {
        Optional<RoundFolder> found = Optional.empty();
        for (RoundFolder round : rounds()) {
            if (round.begun().isPresent() && round.ended().isEmpty()) {
                found = Optional.of(round);
            }
        }
        return found;
    }

    /**
     * Takes away rounds whose first file was never written: they never began.
     *
     * @param held without which such a folder may be one that somebody is just making
     */
    void sweep(LoopLock held) throws IOException {
        if (!held.isHeld()) {
            throw new IllegalStateException("The lock of [%s] is not held".formatted(path));
        }
        for (RoundFolder round : rounds()) {
            if (round.begun().isEmpty()) {
                round.delete();
            }
        }
    }
}
