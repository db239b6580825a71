package dev.hone.capture;

import dev.hone.file.Durable;
import dev.hone.record.Retention;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import java.util.function.Supplier;
import java.util.stream.Stream;

/**
 * Records of the journal that cannot be stored, each a file, for somebody to look at. They say what calls say: none stays longer than those may,
 * and than a bound; and of more than a number of bytes the oldest go. On one thread, but for what is counted.
 */
final class RejectedRecords {
    static final int MOST_DAYS = 90;
    static final long MOST_BYTES = 1L << 30;

    /** What is left when there were too many bytes, so that not each record that comes removes one. */
    private static final double LEFT = 0.9;

    private static final Duration EVERY = Duration.ofHours(1);
    private static final String END = ".record";
    private static final String UNFINISHED = ".part";

    private final Path folder;
    private final Supplier<Retention> retention;
    private final long mostBytes;
    private final InstantSource clock;
    private final Consumer<String> trouble;
    private final AtomicLong removed = new AtomicLong();
    private long bytes;
    private Instant next = Instant.MIN;

    /**
     * @param retention of what calls say
     * @param mostBytes of all of them
     * @param trouble hears of each that comes, and of those that go
     */
    RejectedRecords(
            Path folder, Supplier<Retention> retention, long mostBytes, InstantSource clock, Consumer<String> trouble) {
        this.folder = folder;
        this.retention = retention;
        this.mostBytes = mostBytes;
        this.clock = clock;
        this.trouble = trouble;
    }

    private record Aside(Path file, Instant at, long bytes) {}

    boolean has(String name) {
        return Files.exists(folder.resolve(name + END));
    }

    /** Puts one aside, in the place of another of its name. @param why it cannot be stored */
    void add(String name, byte[] record, String why) throws IOException {
        Files.createDirectories(folder);
        Path file = folder.resolve(name + END);
        Durable.write(file, record);
        trouble.accept("A record of the journal cannot be stored and is put aside as [%s]: %s".formatted(file, why));
        bytes += record.length;
        if (bytes > mostBytes) {
            retire();
        }
    }

    /** Removes what may not stay, where it is time to look again. */
    void retireWhenDue() {
        Instant now = clock.instant();
        if (now.isBefore(next) && next.isBefore(now.plus(EVERY.multipliedBy(2)))) {
            return;
        }
        next = now.plus(EVERY);
        retire();
    }

    private void retire() {
        int days = days();
        int old = 0;
        int many = 0;
        try {
            List<Aside> all = all();
            long left = all.stream().mapToLong(Aside::bytes).sum();
            Instant oldest = clock.instant().minus(Duration.ofDays(days));
            long most = left > mostBytes ? (long) (LEFT * mostBytes) : mostBytes;
            for (Aside one : all) {
                boolean over = one.at().isBefore(oldest);
                if (over || left > most) {
                    Files.deleteIfExists(one.file());
                    left -= one.bytes();
                    old += over ? 1 : 0;
                    many += over ? 0 : 1;
                }
            }
            bytes = left;
        } catch (IOException | UncheckedIOException e) {
            trouble.accept(
                    "Records that were put aside in [%s] could not be removed: %s".formatted(folder, e.getMessage()));
        }
        removed.addAndGet(old + many);
        if (old > 0) {
            trouble.accept("[%d] records that were put aside in [%s] for more than [%d] days are removed"
                    .formatted(old, folder, days));
        }
        if (many > 0) {
            trouble.accept(
                    "[%d] records that were put aside in [%s] are removed, the oldest: there may be [%d] MiB of them"
                            .formatted(many, folder, mostBytes >> 20));
        }
    }

    private int days() {
        Retention now = retention.get();
        Integer said = now.contentDays() == null ? now.factsDays() : now.contentDays();
        return said == null ? MOST_DAYS : Math.min(said, MOST_DAYS);
    }

    /** The oldest first. */
    private List<Aside> all() throws IOException {
        if (!Files.isDirectory(folder)) {
            return List.of();
        }
        List<Aside> all = new ArrayList<>();
        try (Stream<Path> files = Files.list(folder)) {
            for (Path file : files.toList()) {
                String name = String.valueOf(file.getFileName());
                if (name.endsWith(END) || name.endsWith(UNFINISHED)) {
                    add(all, file);
                }
            }
        }
        all.sort(Comparator.comparing(Aside::at).thenComparing(Aside::file));
        return all;
    }

    private static void add(List<Aside> all, Path file) throws IOException {
        try {
            BasicFileAttributes known = Files.readAttributes(file, BasicFileAttributes.class);
            if (known.isRegularFile()) {
                all.add(new Aside(file, known.lastModifiedTime().toInstant(), known.size()));
            }
        } catch (NoSuchFileException e) {
            // Somebody has looked at it, and removed it.
        }
    }

    /** How many went since the start. */
    long removed() {
        return removed.get();
    }
}
