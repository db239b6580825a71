package dev.hone.promote;

import dev.hone.file.Durable;
import dev.hone.record.Ids;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * What people ask of a running gateway, each a file in {@code rollouts/asked} of Hone's home: no database stands between. What became of it
 * stands beside it until whoever asked has read it.
 */
public final class AskedFiles {
    private static final JsonMapper JSON = JsonMapper.shared();
    private static final String ASKED = ".asked";
    private static final String DONE = ".done";
    private static final Duration KEPT = Duration.ofHours(1);

    private final Path folder;

    /** @param home where Hone keeps things */
    public AskedFiles(Path home) {
        this.folder = home.resolve(TrafficFile.FOLDER).resolve("asked");
    }

    /**
     * What somebody asks for.
     *
     * @param rollout that is meant; null for whichever goes on
     */
    public record Asked(
            UUID id,
            String useCase,
            Command command,
            String who,
            @Nullable UUID rollout) {}

    /** What became of it. @param done whether it was carried out */
    public record Answer(boolean done, String said) {}

    /** Asks. @return by what the answer is found */
    public UUID ask(String useCase, Command command, String who, @Nullable UUID rollout) throws IOException {
        UUID id = Ids.next();
        Files.createDirectories(folder);
        Durable.write(
                folder.resolve(id + ASKED),
                JSON.createObjectNode()
                        .put("useCase", useCase)
                        .put("command", command.word())
                        .put("who", who)
                        .put("rollout", rollout == null ? null : rollout.toString())
                        .toString()
                        .getBytes(StandardCharsets.UTF_8));
        return id;
    }

    /** It is not asked any more, where nobody has carried it out yet. */
    public void withdraw(UUID id) throws IOException {
        Files.deleteIfExists(folder.resolve(id + ASKED));
    }

    /** What became of it; empty as long as nobody has looked. */
    public Optional<Answer> answer(UUID id) throws IOException {
        Path file = folder.resolve(id + DONE);
        try {
            JsonNode tree = JSON.readTree(Files.readAllBytes(file));
            Files.deleteIfExists(file);
            return Optional.of(
                    new Answer(tree.path("done").asBoolean(), tree.path("said").asString()));
        } catch (NoSuchFileException e) {
            return Optional.empty();
        }
    }

    /** What nobody has carried out yet, in the order in which it was asked. What cannot be read is set aside. */
    List<Asked> open() throws IOException {
        if (!Files.isDirectory(folder)) {
            return List.of();
        }
        List<Path> files;
        try (Stream<Path> all = Files.list(folder)) {
            files = all.filter(file -> file.toString().endsWith(ASKED)).sorted().toList();
        }
        List<Asked> open = new ArrayList<>();
        for (Path file : files) {
            String name = String.valueOf(file.getFileName());
            try {
                UUID id = UUID.fromString(name.substring(0, name.length() - ASKED.length()));
                JsonNode tree = JSON.readTree(Files.readAllBytes(file));
                JsonNode rollout = tree.path("rollout");
                open.add(new Asked(
                        id,
                        tree.path("useCase").asString(),
                        Command.of(tree.path("command").asString()),
                        tree.path("who").asString(),
                        rollout.isString() ? UUID.fromString(rollout.stringValue()) : null));
            } catch (NoSuchFileException e) {
                // Another has carried it out.
            } catch (JacksonException | IllegalArgumentException e) {
                Files.move(file, file.resolveSibling(name + ".bad"));
            }
        }
        return open;
    }

    /** It was carried out, or cannot be. */
    void done(Asked asked, Answer answer) throws IOException {
        Durable.write(
                folder.resolve(asked.id() + DONE),
                JSON.createObjectNode()
                        .put("done", answer.done())
                        .put("said", answer.said())
                        .toString()
                        .getBytes(StandardCharsets.UTF_8));
        Files.deleteIfExists(folder.resolve(asked.id() + ASKED));
    }

    /** Removes answers that nobody has read for long. */
    void tidy(Instant now) throws IOException {
        if (!Files.isDirectory(folder)) {
            return;
        }
        List<Path> files;
        try (Stream<Path> all = Files.list(folder)) {
            files = all.filter(file -> file.toString().endsWith(DONE)).toList();
        }
        for (Path file : files) {
            try {
                if (Files.getLastModifiedTime(file).toInstant().plus(KEPT).isBefore(now)) {
                    Files.deleteIfExists(file);
                }
            } catch (NoSuchFileException e) {
                // Whoever asked has read it.
            }
        }
    }
}
