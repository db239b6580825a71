package dev.hone.promote;

import dev.hone.file.Durable;
import dev.hone.record.Ids;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFileAttributeView;
import java.nio.file.attribute.PosixFileAttributes;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * What people ask of a running gateway, each a file in {@code rollouts/asked} of Hone's home: no database stands between. What became of it
 * stands beside it until whoever asked has read it. One file that cannot be read, written or removed is in nobody else's way. Threads share it.
 */
public final class AskedFiles {
    private static final JsonMapper JSON = JsonMapper.shared();
    private static final String ASKED = ".asked";
    private static final String DONE = ".done";
    private static final String BAD = ".bad";
    private static final Duration KEPT = Duration.ofHours(1);
    private static final Duration SETTLING = Duration.ofSeconds(2);

    /** Whoever asks, and whoever carries it out, may be two users of the machine. */
    private static final Set<PosixFilePermission> SHARED = PosixFilePermissions.fromString("rw-r--r--");

    /** What takes calls away comes first, then in the order in which it was asked. */
    private static final Comparator<Asked> ORDER = Comparator.<Asked, Boolean>comparing(
                    asked -> !asked.command().takesAway())
            .thenComparing(asked -> asked.id().toString());

    private final Path folder;
    private final Path home;

    /** What was carried out, and whose file is there still. */
    private final Map<UUID, Answer> carriedOut = new ConcurrentHashMap<>();

    private final Set<String> told = ConcurrentHashMap.newKeySet();

    /** @param home where Hone keeps things */
    public AskedFiles(Path home) {
        this.home = home;
        this.folder = home.resolve(TrafficFile.FOLDER).resolve("asked");
    }

    /**
     * What somebody asks for.
     *
     * @param project whose use case; null for whichever is served under the name
     * @param rollout that is meant; null for whichever goes on
     */
    public record Asked(
            UUID id,
            String useCase,
            Command command,
            String who,
            @Nullable UUID rollout,
            @Nullable String project) {
        Asked(UUID id, String useCase, Command command, String who, @Nullable UUID rollout) {
            this(id, useCase, command, who, rollout, null);
        }
    }

    /**
     * What became of it.
     *
     * @param done whether it was carried out
     * @param followed whether the gateway brings versions of the use case to its calls at all
     */
    public record Answer(boolean done, String said, boolean followed) {
        public Answer(boolean done, String said) {
            this(done, said, true);
        }
    }

    /** Asks about whatever is served under a name. @return by what the answer is found */
    public UUID ask(String useCase, Command command, String who, @Nullable UUID rollout) throws IOException {
        return ask(useCase, command, who, rollout, null);
    }

    /** Asks. @return by what the answer is found */
    public UUID ask(String useCase, Command command, String who, @Nullable UUID rollout, @Nullable String project)
            throws IOException {
        UUID id = Ids.next();
        make();
        Path file = folder.resolve(id + ASKED);
        try {
            Durable.write(
                    file,
                    JSON.createObjectNode()
                            .put("useCase", useCase)
                            .put("command", command.word())
                            .put("who", who)
                            .put("rollout", rollout == null ? null : rollout.toString())
                            .put("project", project)
                            .toString()
                            .getBytes(StandardCharsets.UTF_8));
        } catch (AccessDeniedException e) {
            throw new IOException(
                    "[%s] takes no files from this user: run this as the user of hone serve, who owns [%s]"
                            .formatted(folder, home),
                    e);
        }
        share(file);
        return id;
    }

    /**
     * The folder, of the owner of Hone's home, whoever comes first.
     *
     * @throws IOException when it cannot be made
     */
    void make() throws IOException {
        for (Path one : List.of(folder.resolveSibling(""), folder)) {
            if (!Files.isDirectory(one)) {
                Files.createDirectories(one);
                own(one);
            }
        }
    }

    /** As Hone's home is owned and closed to others, as far as this user may do that. */
    private void own(Path made) {
        try {
            PosixFileAttributeView view = Files.getFileAttributeView(made, PosixFileAttributeView.class);
            if (view != null) {
                PosixFileAttributes like = Files.readAttributes(home, PosixFileAttributes.class);
                view.setPermissions(like.permissions());
                view.setGroup(like.group());
                view.setOwner(like.owner());
            }
        } catch (IOException e) {
            // Who may not give it away has made it for themselves.
        }
    }

    private static void share(Path file) {
        try {
            PosixFileAttributeView view = Files.getFileAttributeView(file, PosixFileAttributeView.class);
            if (view != null) {
                view.setPermissions(SHARED);
            }
        } catch (IOException e) {
            // It was carried out already, or belongs to somebody else, who wrote it in one's place.
        }
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
            try {
                Files.deleteIfExists(file);
            } catch (AccessDeniedException e) {
                // Whoever wrote it removes it when nobody needs it any more.
            }
            return Optional.of(new Answer(
                    tree.path("done").asBoolean(),
                    tree.path("said").asString(),
                    tree.path("followed").asBoolean(true)));
        } catch (NoSuchFileException e) {
            return Optional.empty();
        }
    }

    /**
     * What nobody has carried out yet: what takes calls away first, else in the order in which it was asked. What cannot be read is set aside, and whoever asked is
     * told.
     *
     * @param notices for a person, once for each file
     */
    List<Asked> open(Consumer<String> notices) throws IOException {
        List<Asked> open = new ArrayList<>();
        for (Path file : files(ASKED)) {
            String name = String.valueOf(file.getFileName());
            UUID id = id(name);
            Answer before = id == null ? null : carriedOut.get(id);
            if (id != null && before != null) {
                finish(id, before, notices);
                continue;
            }
            try {
                open.add(read(id, file));
            } catch (NoSuchFileException e) {
                // Another has carried it out.
            } catch (AccessDeniedException e) {
                // Whoever writes one opens it to others a moment later.
                if (isOld(file)) {
                    setAside(id, file, e, notices);
                }
            } catch (IOException | JacksonException | IllegalArgumentException e) {
                setAside(id, file, e, notices);
            }
        }
        open.sort(ORDER);
        return open;
    }

    private static boolean isOld(Path file) {
        try {
            return Files.getLastModifiedTime(file).toInstant().plus(SETTLING).isBefore(Instant.now());
        } catch (IOException e) {
            return false;
        }
    }

    private static @Nullable UUID id(String name) {
        try {
            return UUID.fromString(name.substring(0, name.length() - ASKED.length()));
        } catch (IllegalArgumentException e) {
            return null;
        }
    }

    private static Asked read(@Nullable UUID id, Path file) throws IOException {
        JsonNode tree = JSON.readTree(Files.readAllBytes(file));
        if (id == null || !tree.isObject()) {
            throw new IllegalArgumentException("it is none of hone canary's");
        }
        JsonNode rollout = tree.path("rollout");
        JsonNode project = tree.path("project");
        return new Asked(
                id,
                tree.path("useCase").asString(),
                Command.of(tree.path("command").asString()),
                tree.path("who").asString(),
                rollout.isString() ? UUID.fromString(rollout.stringValue()) : null,
                project.isString() ? project.stringValue() : null);
    }

    private void setAside(@Nullable UUID id, Path file, Exception fault, Consumer<String> notices) {
        String name = String.valueOf(file.getFileName());
        String said = "[%s] cannot be read, and was not carried out: %s".formatted(file, fault);
        if (told.add(name)) {
            notices.accept(said);
        }
        try {
            if (id != null) {
                say(id, new Answer(false, said));
            }
            Files.move(file, file.resolveSibling(name + BAD));
            told.remove(name);
        } catch (IOException e) {
            // It stays, and is in nobody's way.
        }
    }

    private List<Path> files(String end) throws IOException {
        if (!Files.isDirectory(folder)) {
            return List.of();
        }
        try (Stream<Path> all = Files.list(folder)) {
            return all.filter(file -> file.toString().endsWith(end)).sorted().toList();
        }
    }

    /** It was carried out, or cannot be: it is never done again by this process, whatever becomes of its file. */
    void done(Asked asked, Answer answer, Consumer<String> notices) {
        carriedOut.put(asked.id(), answer);
        finish(asked.id(), answer, notices);
    }

    private void finish(UUID id, Answer answer, Consumer<String> notices) {
        Path file = folder.resolve(id + ASKED);
        try {
            say(id, answer);
            Files.deleteIfExists(file);
            carriedOut.remove(id);
        } catch (IOException e) {
            if (told.add(id.toString())) {
                notices.accept("[%s] was carried out (%s), and cannot be removed: %s; make [%s] writable for hone serve"
                        .formatted(file, answer.said(), e, folder));
            }
        }
    }

    private void say(UUID id, Answer answer) throws IOException {
        Path file = folder.resolve(id + DONE);
        Durable.write(
                file,
                JSON.createObjectNode()
                        .put("done", answer.done())
                        .put("said", answer.said())
                        .put("followed", answer.followed())
                        .toString()
                        .getBytes(StandardCharsets.UTF_8));
        share(file);
    }

    /** Removes answers that nobody has read for long. */
    void tidy(Instant now) throws IOException {
        for (Path file : files(DONE)) {
            try {
                if (Files.getLastModifiedTime(file).toInstant().plus(KEPT).isBefore(now)) {
                    Files.deleteIfExists(file);
                }
            } catch (IOException e) {
                // Whoever asked has read it, or it stays.
            }
        }
    }
}
