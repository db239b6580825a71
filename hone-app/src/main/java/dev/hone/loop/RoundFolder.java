package dev.hone.loop;

import dev.hone.charter.Charter;
import dev.hone.charter.CharterReader;
import dev.hone.file.Durable;
import dev.hone.run.JsonFile;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Optional;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * The files of a round: what it was begun with, the result of each step that is done, what the steps work on, and how it ended. Every one is there whole
 * or not at all.
 */
public record RoundFolder(Path path) {
    private static final String BEGUN = "round.json";
    private static final String ENDED = "ended.json";
    private static final String CHARTER = "charter.yaml";

    /** A step that is done. */
    record Done(double seconds, JsonNode result) {}

    /** @param seconds that it took, with the attempts that were killed or stopped */
    public record Finished<T extends Record>(double seconds, T result) {}

    public Optional<Begun> begun() throws IOException {
        return JsonFile.read(path.resolve(BEGUN), Begun.class);
    }

    /** @param charter which it follows to its end */
    void begin(Begun begun, Charter charter) throws IOException {
        Files.createDirectories(path);
        Durable.force(path.toAbsolutePath().resolveSibling(""));
        Durable.write(path.resolve(CHARTER), charter.text().getBytes(StandardCharsets.UTF_8));
        JsonFile.write(path.resolve(BEGUN), begun);
    }

    /** What the charter said when it began; empty where it began before that was kept. */
    Optional<Charter> charter(String useCase) throws IOException {
        Path file = path.resolve(CHARTER);
        if (!Files.exists(file)) {
            return Optional.empty();
        }
        try {
            return Optional.of(CharterReader.read(useCase + CharterReader.END, Files.readString(file)));
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException(
                    "The charter that the round was begun with, in [%s], cannot be followed any more: %s. End the round by --abandon"
                            .formatted(file, e.getMessage()),
                    e);
        }
    }

    public Optional<Ended> ended() throws IOException {
        return JsonFile.read(path.resolve(ENDED), Ended.class);
    }

    void end(Ended ended) throws IOException {
        JsonFile.write(path.resolve(ENDED), ended);
    }

    /** The result of a step; empty when it is not done. */
    public <T extends Record> Optional<Finished<T>> finished(RoundStep step, Class<T> type) throws IOException {
        return JsonFile.read(path.resolve(step.file()), Done.class)
                .map(done -> new Finished<>(done.seconds(), JsonMapper.shared().treeToValue(done.result(), type)));
    }

    /** The result of a step, whatever it is; empty when it is not done. */
    public Optional<? extends Finished<?>> finished(RoundStep step) throws IOException {
        return finished(step, step.type());
    }

    void finish(RoundStep step, Record result, double seconds) throws IOException {
        JsonFile.write(
                path.resolve(step.file()), new Done(seconds, JsonMapper.shared().valueToTree(result)));
    }

    /** What a step has taken so far; 0 where it was not begun. */
    double spent(RoundStep step) throws IOException {
        Path file = spentFile(step);
        if (!Files.exists(file)) {
            return 0;
        }
        try {
            return Math.max(0, Double.parseDouble(Files.readString(file).strip()));
        } catch (NumberFormatException e) {
            // The machine stopped before it was on the disk.
            return 0;
        }
    }

    /** There whole or not at all; not forced to the disk, as it is written every second. */
    void spend(RoundStep step, double seconds) throws IOException {
        Path part = path.resolve("." + step.word() + ".spent.part");
        Files.writeString(part, String.valueOf(seconds));
        Files.move(part, spentFile(step), StandardCopyOption.ATOMIC_MOVE);
    }

    private Path spentFile(RoundStep step) {
        return path.resolve(step.word() + ".spent");
    }

    /** Where something of a round lies. */
    Path file(String name) {
        return path.resolve(name);
    }

    /** Takes away a round that never began. */
    void delete() throws IOException {
        Durable.delete(path);
    }
}
