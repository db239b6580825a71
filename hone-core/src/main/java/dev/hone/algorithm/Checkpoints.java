package dev.hone.algorithm;

import dev.hone.file.Durable;
import dev.hone.record.TrainingClient;
import dev.hone.record.TrainingClient.Checkpoint;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.json.JsonMapper;

/**
 * The checkpoints of a run: folders {@code step-0000000120} with the trainer's state, {@code run.json}
 * ({@link RunState}) and, written last, an empty {@code COMPLETE}. A folder gets its name by a rename after everything in
 * it was forced to disk; what a crash leaves behind is removed at the next save.
 */
public final class Checkpoints {
    private static final JsonMapper JSON = JsonMapper.builder().build();
    private static final String TRAINER = "trainer";
    private static final String STATE = "run.json";
    private static final String MARKER = "COMPLETE";

    private final Path folder;
    private final int keep;

    /**
     * @param folder where they are kept; made when needed
     * @param keep number of the newest that stay
     */
    public Checkpoints(Path folder, int keep) {
        if (keep < 1) {
            throw new IllegalArgumentException("At least one checkpoint must be kept, not [" + keep + "]");
        }
        this.folder = folder;
        this.keep = keep;
    }

    /** A complete checkpoint. */
    public record Found(Path folder, RunState state) {
        Checkpoint trainer() {
            return new Checkpoint(folder.resolve(TRAINER), state.step());
        }
    }

    /** Saves the trainer's state and the run's; then removes what is older than the last few. */
    void save(TrainingClient trainer, RunState state) {
        Path target = folder.resolve("step-%010d".formatted(state.step()));
        Path part = folder.resolve(target.getFileName() + ".part");
        boolean saved = false;
        try {
            Files.createDirectories(folder);
            removeParts();
            Files.createDirectory(part);
            trainer.save(part.resolve(TRAINER));
            Durable.write(part.resolve(STATE), JSON.writeValueAsBytes(state));
            Durable.write(part.resolve(MARKER), new byte[0]);
            delete(target);
            Durable.publish(part, target);
            saved = true;
            List<Path> complete = complete();
            for (Path old : complete.subList(0, Math.max(0, complete.size() - keep))) {
                delete(old);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(
                    "Cannot save a checkpoint in [%s]: %s; make room, then go on from the last one with --resume"
                            .formatted(folder, e.getMessage()),
                    e);
        } finally {
            if (!saved) {
                abandon(part);
            }
        }
    }

    /** Gives the room of what was not finished back, if that can be. */
    private static void abandon(Path part) {
        try {
            delete(part);
        } catch (IOException e) {
            // The failure that led here is the one to report; the next save removes what is left.
        }
    }

    /** The newest complete checkpoint. */
    public Optional<Found> last() {
        try {
            List<Path> complete = complete();
            if (complete.isEmpty()) {
                return Optional.empty();
            }
            Path newest = complete.getLast();
            return Optional.of(
                    new Found(newest, JSON.readValue(newest.resolve(STATE).toFile(), RunState.class)));
        } catch (IOException e) {
            throw new UncheckedIOException("Cannot read the checkpoints in [%s]: %s".formatted(folder, e), e);
        } catch (JacksonException e) {
            throw new IllegalArgumentException(
                    "A checkpoint in [%s] is damaged (%s): remove its folder to resume from an older one"
                            .formatted(folder, e.getOriginalMessage()));
        }
    }

    /** Removes all of them, when the run is finished. */
    public void clear() {
        try {
            delete(folder);
        } catch (IOException e) {
            throw new UncheckedIOException("Cannot remove the checkpoints in [%s]: %s".formatted(folder, e), e);
        }
    }

    private List<Path> complete() throws IOException {
        try (Stream<Path> all = Files.list(folder)) {
            return all.filter(path -> path.getFileName().toString().matches("step-\\d{10}"))
                    .filter(path -> Files.exists(path.resolve(MARKER)))
                    .sorted()
                    .toList();
        } catch (NoSuchFileException e) {
            return List.of();
        }
    }

    private void removeParts() throws IOException {
        List<Path> parts;
        try (Stream<Path> all = Files.list(folder)) {
            parts = all.filter(path -> path.getFileName().toString().endsWith(".part"))
                    .toList();
        }
        for (Path part : parts) {
            delete(part);
        }
    }

    private static void delete(Path tree) throws IOException {
        Files.deleteIfExists(tree.resolve(MARKER));
        Durable.delete(tree);
    }
}
