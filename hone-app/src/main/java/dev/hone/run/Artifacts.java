package dev.hone.run;

import dev.hone.fetch.Hashes;
import dev.hone.file.Durable;
import dev.hone.record.ModelVersion;
import dev.hone.tensor.DurableFiles;
import dev.hone.tensor.ModelFileException;
import dev.hone.train.StoredModel;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileTime;
import java.security.MessageDigest;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BooleanSupplier;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * Files of models that are never changed: {@code artifacts/SHA-256/} in Hone's home. The name of a folder is the SHA-256 of what
 * {@code LC_ALL=C sha256sum *} prints in it, so that a folder is whole, and the same content is there once.
 */
public final class Artifacts {
    private static final Pattern HASH = Pattern.compile("[0-9a-f]{64}");
    private static final String PART = ".part";

    /** What was kept within that is nobody's orphan for as long again. */
    private static final Duration NEW = Duration.ofHours(12);

    /** The kernel's lock is between processes; this one is between threads. */
    private static final ReentrantLock IN_PROCESS = new ReentrantLock();

    private final Path root;

    /** @param home where Hone keeps things */
    public Artifacts(Path home) {
        root = home.toAbsolutePath().normalize().resolve("artifacts");
    }

    /** A file to be kept. */
    sealed interface Content {
        String sha256() throws IOException;

        void writeTo(Path target) throws IOException;

        /** A copy of another. */
        record Copy(Path source) implements Content {
            @Override
            public String sha256() throws IOException {
                return Hashes.sha256(source);
            }

            @Override
            public void writeTo(Path target) throws IOException {
                Files.copy(source, target);
            }
        }

        /** A new one. */
        record Text(String text) implements Content {
            @Override
            public String sha256() {
                MessageDigest digest = Hashes.sha256();
                return HexFormat.of().formatHex(digest.digest(text.getBytes(StandardCharsets.UTF_8)));
            }

            @Override
            public void writeTo(Path target) throws IOException {
                Files.writeString(target, text);
            }
        }
    }

    /** How the files of an artifact, and of what it stands on, are found. */
    public enum State {
        /** As they were kept. */
        INTACT,
        /** Not as they were kept. */
        CHANGED,
        /** Not on this machine, all or some. */
        MISSING
    }

    /** Where an artifact is, or would be. */
    public Path folder(String hash) {
        return root.resolve(hash);
    }

    /** The artifact that a path is, or is in; empty when it is elsewhere. */
    Optional<String> hash(Path path) {
        Path absolute = path.toAbsolutePath().normalize();
        if (!absolute.startsWith(root) || absolute.equals(root)) {
            return Optional.empty();
        }
        String name = root.relativize(absolute).getName(0).toString();
        return HASH.matcher(name).matches() ? Optional.of(name) : Optional.empty();
    }

    /** Compares the files of an artifact, and of what it stands on, with their names: reads all of them. */
    public State state(String hash) throws IOException {
        Path folder = folder(hash);
        if (!Files.isDirectory(folder)) {
            return State.MISSING;
        }
        SortedMap<String, Content> files = new TreeMap<>();
        try (Stream<Path> inside = Files.list(folder)) {
            inside.forEach(file -> files.put(file.getFileName().toString(), new Content.Copy(file)));
        }
        if (!hash(files).equals(hash)) {
            return State.CHANGED;
        }
        try {
            Optional<String> below = StoredModel.below(folder).flatMap(this::hash);
            return below.isPresent() ? state(below.get()) : State.INTACT;
        } catch (ModelFileException e) {
            return State.MISSING;
        }
    }

    /**
     * The folder of a version's files.
     *
     * @throws IllegalArgumentException when it is not on this machine
     */
    public Path require(ModelVersion version) {
        Path folder = folder(version.artifact());
        if (!Files.isDirectory(folder)) {
            throw new IllegalArgumentException(
                    "The files of [%s] are not here: they belong in [%s]; copy [%s] from the machine that registered it, or set HONE_HOME"
                            .formatted(version.reference(), folder, root));
        }
        return folder;
    }

    /** Something that nobody else of this home does at the same time. */
    private interface Alone<T> {
        T carryOut() throws IOException;
    }

    private <T> T alone(Alone<T> work) throws IOException {
        IN_PROCESS.lock();
        try (FileChannel channel =
                        FileChannel.open(root.resolve(".lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
                FileLock lock = channel.lock()) {
            assert lock.isValid();
            return work.carryOut();
        } finally {
            IN_PROCESS.unlock();
        }
    }

    /**
     * Keeps files, wholly or not at all, unless they are there already: then they are as if they were new, and whoever is about to delete what nobody has leaves them to
     * whoever registers them.
     *
     * @param files by name
     * @return the artifact's hash
     * @throws dev.hone.tensor.ModelFileException when they cannot be written
     */
    String keep(SortedMap<String, Content> files) throws IOException {
        String hash = hash(files);
        if (!Files.isDirectory(root)) {
            Files.createDirectories(root);
            Durable.force(root.resolveSibling(""));
        }
        return alone(() -> {
            if (Files.isDirectory(folder(hash))) {
                renew(hash);
            } else {
                removeLeftovers();
                DurableFiles.writeFolder(folder(hash), part -> write(files, part, hash));
            }
            return hash;
        });
    }

    /**
     * Keeps what is here, with all that it stands on, as {@link #keep} does.
     *
     * @throws ModelFileException when it is not here any more
     */
    void keepOn(String hash) throws IOException {
        if (!Files.isDirectory(root)) {
            throw missing(hash);
        }
        alone(() -> {
            Set<String> needed = new HashSet<>();
            need(hash, needed);
            for (String one : needed) {
                renew(one);
            }
            return hash;
        });
    }

    private void renew(String hash) throws IOException {
        Path folder = folder(hash);
        if (!Files.isDirectory(folder)) {
            throw missing(hash);
        }
        Instant before = Files.getLastModifiedTime(folder).toInstant();
        Instant now = Instant.now();
        try {
            // Later than before also where the clock was set back.
            Files.setLastModifiedTime(folder, FileTime.from(now.isAfter(before) ? now : before.plusMillis(1)));
        } catch (FileSystemException e) {
            requireNew(folder, before, now, e);
        }
    }

    /**
     * Of a folder that is another user's of the same home, who alone can make it new.
     *
     * @throws ModelFileException where it is so old that whoever deletes what nobody has may take it before it is registered
     */
    static void requireNew(Path folder, Instant kept, Instant now, FileSystemException why) {
        if (kept.isBefore(now.minus(NEW))) {
            throw new ModelFileException(
                    folder,
                    "cannot be kept again: %s".formatted(why.getMessage()),
                    "let its owner register the run, or say [touch] of it, or make it yours");
        }
    }

    private ModelFileException missing(String hash) {
        return new ModelFileException(
                folder(hash), "is not here any more", "register the run again, or copy it from where it is");
    }

    private static void write(SortedMap<String, Content> files, Path part, String hash) throws IOException {
        SortedMap<String, Content> written = new TreeMap<>();
        for (Map.Entry<String, Content> file : files.entrySet()) {
            Path target = part.resolve(file.getKey());
            file.getValue().writeTo(target);
            target.toFile().setReadOnly();
            written.put(file.getKey(), new Content.Copy(target));
        }
        if (!hash(written).equals(hash)) {
            throw new IOException("the model was changed while it was read; run the command again");
        }
    }

    private static String hash(SortedMap<String, Content> files) throws IOException {
        MessageDigest digest = Hashes.sha256();
        for (Map.Entry<String, Content> file : files.entrySet()) {
            String line = file.getValue().sha256() + "  " + file.getKey() + "\n";
            digest.update(line.getBytes(StandardCharsets.UTF_8));
        }
        return HexFormat.of().formatHex(digest.digest());
    }

    /** Whether an artifact is here, when whoever was about to delete it has done so, or not: what is here and has a version by then stays. */
    boolean isHere(String hash) throws IOException {
        return Files.isDirectory(root) && alone(() -> Files.isDirectory(folder(hash)));
    }

    /** When somebody kept an artifact last; empty where it is not here. */
    public Optional<Instant> kept(String hash) throws IOException {
        Path folder = folder(hash);
        return Files.isDirectory(folder)
                ? Optional.of(Files.getLastModifiedTime(folder).toInstant())
                : Optional.empty();
    }

    /**
     * Deletes an artifact that no version has any more, unless somebody has kept it meanwhile, and may be about to register it.
     *
     * @param last when it may have been kept at the latest
     * @return whether it was there, and is gone
     */
    public boolean delete(String hash, Instant last) throws IOException {
        return delete(hash, last, () -> false);
    }

    /** The same, unless a version has it. @param used whether one has: asked while nobody keeps anything, and nobody sees {@link #isHere} */
    public boolean delete(String hash, Instant last, BooleanSupplier used) throws IOException {
        if (!HASH.matcher(hash).matches()) {
            throw new IllegalArgumentException("[%s] is no artifact".formatted(hash));
        }
        if (!Files.isDirectory(folder(hash))) {
            return false;
        }
        return alone(() -> {
            if (kept(hash).filter(at -> !at.isAfter(last)).isEmpty() || used.getAsBoolean()) {
                return false;
            }
            // Under its name it is whole or gone.
            Path part = root.resolve(hash + PART);
            Durable.delete(part);
            Files.move(folder(hash), part, StandardCopyOption.ATOMIC_MOVE);
            Durable.delete(part);
            return true;
        });
    }

    /**
     * Artifacts that nothing has or stands on, by their names: what is left where somebody was killed while they deleted a version, and base models of which the last
     * version is gone.
     *
     * @param used by versions
     * @param last what was kept later may be about to be registered
     */
    public List<String> orphans(Set<String> used, Instant last) throws IOException {
        Set<String> needed = new HashSet<>();
        for (String hash : used) {
            need(hash, needed);
        }
        List<String> orphans = new ArrayList<>();
        for (String hash : all()) {
            if (!needed.contains(hash)
                    && kept(hash).filter(at -> !at.isAfter(last)).isPresent()) {
                orphans.add(hash);
            }
        }
        return orphans;
    }

    /** Hashes of all that are here. */
    public List<String> all() throws IOException {
        if (!Files.isDirectory(root)) {
            return List.of();
        }
        try (Stream<Path> inside = Files.list(root)) {
            return inside.map(folder -> folder.getFileName().toString())
                    .filter(name -> HASH.matcher(name).matches())
                    .sorted()
                    .toList();
        }
    }

    /** With all that it stands on, as far as that is here. */
    private void need(String hash, Set<String> needed) {
        if (!needed.add(hash) || !Files.isDirectory(folder(hash))) {
            return;
        }
        StoredModel.below(folder(hash)).flatMap(this::hash).ifPresent(below -> need(below, needed));
    }

    /** How much room an artifact takes. */
    public long bytes(String hash) throws IOException {
        long bytes = 0;
        try (Stream<Path> files = Files.list(folder(hash))) {
            for (Path file : files.toList()) {
                bytes += Files.size(file);
            }
        }
        return bytes;
    }

    /** What killed processes left. */
    private void removeLeftovers() throws IOException {
        List<Path> parts;
        try (Stream<Path> inside = Files.list(root)) {
            parts = inside.filter(path -> path.getFileName().toString().endsWith(PART))
                    .toList();
        }
        for (Path part : parts) {
            Durable.delete(part);
        }
    }
}
