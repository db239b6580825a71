package dev.hone.capture;

import dev.hone.capture.feedback.FeedbackCodec;
import dev.hone.capture.feedback.Judging;
import dev.hone.capture.gateway.CallCodec;
import dev.hone.capture.gateway.StreamAssembly;
import dev.hone.capture.journal.Batch;
import dev.hone.capture.journal.Journal;
import dev.hone.capture.journal.Position;
import dev.hone.fetch.Hashes;
import dev.hone.file.Durable;
import dev.hone.record.CapturedCall;
import dev.hone.record.Feedback;
import dev.hone.record.Retention;
import dev.hone.store.Calls;
import dev.hone.store.Configurations;
import dev.hone.store.Feedbacks;
import dev.hone.store.StoreException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Takes what the journal has over into the database, in its order, and remembers there how far it came, in one transaction: nothing is lost
 * or doubled, whenever either of them dies. As long as the database does not answer, the journal grows. A record that the
 * database refuses is put aside as a file, and told.
 */
public final class JournalDrain implements AutoCloseable {
    private static final long BATCH_BYTES = 4L << 20;

    /** Between readings of what is less than a batch: the database's work for a batch hardly grows with the calls in it. */
    private static final Duration GATHERING = Duration.ofMillis(200);

    private static final Duration LONGEST_PAUSE = Duration.ofSeconds(5);

    private final Journal journal;
    private final UUID id;
    private final RejectedRecords rejected;
    private final Calls calls;
    private final Configurations configurations;
    private final Supplier<Judging> judging;
    private final Consumer<String> trouble;
    private final CountDownLatch closing = new CountDownLatch(1);
    private final Thread thread;
    private volatile Position position = Position.START;
    private final AtomicLong rejections = new AtomicLong();
    private volatile long levelNanos = System.nanoTime();
    private final AtomicLong feedbackAside = new AtomicLong();

    /**
     * @param folder of the journal, which also has its name and what was rejected
     * @param judging what use cases take as feedback, as the charters say now
     * @param trouble hears of what is not well, never of what stands in a call
     */
    public JournalDrain(
            Journal journal,
            Path folder,
            Calls calls,
            Configurations configurations,
            Supplier<Judging> judging,
            Consumer<String> trouble)
            throws IOException {
        this(journal, folder, calls, configurations, judging, () -> Retention.FOR_EVER, trouble);
    }

    /** The same. @param retention of traces, longer than which nothing is kept that was put aside */
    public JournalDrain(
            Journal journal,
            Path folder,
            Calls calls,
            Configurations configurations,
            Supplier<Judging> judging,
            Supplier<Retention> retention,
            Consumer<String> trouble)
            throws IOException {
        this.journal = journal;
        this.id = identity(folder);
        this.rejected = new RejectedRecords(
                folder.resolve("rejected"), retention, RejectedRecords.MOST_BYTES, InstantSource.system(), trouble);
        this.calls = calls;
        this.configurations = configurations;
        this.judging = judging;
        this.trouble = trouble;
        this.thread = Thread.ofPlatform().name("hone-journal-drain").daemon().start(this::run);
    }

    /** The journal's name in the database, made with its folder. */
    private static UUID identity(Path folder) throws IOException {
        Path file = folder.resolve("id");
        if (Files.exists(file)) {
            try {
                return UUID.fromString(Files.readString(file).strip());
            } catch (IllegalArgumentException e) {
                throw new IOException(
                        "[%s] does not hold the journal's name: put back the one that it had".formatted(file), e);
            }
        }
        UUID made = UUID.randomUUID();
        Files.createDirectories(folder);
        Durable.write(file, made.toString().getBytes(StandardCharsets.UTF_8));
        return made;
    }

    /** Everything before is in the database. */
    public Position position() {
        return position;
    }

    private void run() {
        boolean known = false;
        Duration pause = GATHERING;
        String told = "";
        while (true) {
            try {
                rejected.retireWhenDue();
                if (!known) {
                    position = calls.checkpoint(id)
                            .map(checkpoint -> new Position(checkpoint.segment(), checkpoint.offset()))
                            .orElse(Position.START);
                    known = true;
                }
                boolean more = step();
                if (!more) {
                    levelNanos = System.nanoTime();
                }
                pause = GATHERING;
                if (!told.isEmpty()) {
                    trouble.accept("The database takes calls again");
                    told = "";
                }
                if (!more && await(GATHERING)) {
                    return;
                }
            } catch (RuntimeException | IOException | OutOfMemoryError | StackOverflowError e) {
                // A database that is away, a heap that calls fill for the moment, and whatever else: this goes on as
                // long as there is a gateway.
                String message = String.valueOf(e.getMessage());
                if (!message.equals(told)) {
                    trouble.accept("Calls stay in the journal: " + message);
                    told = message;
                }
                if (await(pause)) {
                    return;
                }
                pause = pause.multipliedBy(2).compareTo(LONGEST_PAUSE) > 0 ? LONGEST_PAUSE : pause.multipliedBy(2);
            }
        }
    }

    /** @return whether it should end */
    private boolean await(Duration duration) {
        try {
            return closing.await(duration.toNanos(), TimeUnit.NANOSECONDS);
        } catch (InterruptedException e) {
            return true;
        }
    }

    /** @return whether there was a whole batch */
    private boolean step() throws IOException {
        Batch batch = journal.read(position, BATCH_BYTES);
        if (batch.next().equals(position)) {
            return false;
        }
        for (Batch.Damage damage : batch.damaged()) {
            trouble.accept(
                    "[%d] bytes of segment [%d] of the journal, from [%d] on, are no whole records: the end of what was written when the machine stopped, or a broken disk"
                            .formatted(
                                    damage.bytes(),
                                    damage.from().segment(),
                                    damage.from().offset()));
        }
        List<CapturedCall> read = new ArrayList<>();
        List<Feedback> feedback = new ArrayList<>();
        for (byte[] record : batch.records()) {
            try {
                if (ConfigurationCodec.isConfiguration(record)) {
                    store(record);
                } else if (FeedbackCodec.isFeedback(record)) {
                    feedback.addAll(FeedbackCodec.decode(record));
                } else {
                    read.add(StreamAssembly.whole(CallCodec.decode(record)));
                }
            } catch (StoreException e) {
                throw e;
            } catch (RuntimeException e) {
                reject(record, String.valueOf(e.getMessage()));
            } catch (StackOverflowError e) {
                reject(record, "it is deeper than it can be read");
            }
        }
        store(
                read,
                feedback,
                new Calls.Checkpoint(batch.next().segment(), batch.next().offset()));
        position = batch.next();
        journal.release(position);
        return batch.bytes() >= BATCH_BYTES;
    }

    /** What the files said, which this gateway follows from here on; in a transaction of its own, since it is there once however often it is written. */
    private void store(byte[] record) throws IOException {
        try {
            configurations.followed(id, ConfigurationCodec.decode(record));
        } catch (StoreException e) {
            requireOfTheData(e);
            reject(record, String.valueOf(e.getMessage()));
        }
    }

    /** Feedback comes after the calls that it may be about: that they are in one batch changes nothing else. */
    private void store(List<CapturedCall> read, List<Feedback> feedback, Calls.Checkpoint checkpoint)
            throws IOException {
        try {
            add(checkpoint, read, feedback);
        } catch (StoreException e) {
            if (!e.isOfTheData()) {
                throw e;
            }
            Calls.Checkpoint before = calls.checkpoint(id).orElse(new Calls.Checkpoint(0, 0));
            if (read.isEmpty() && feedback.isEmpty()) {
                throw e;
            }
            for (CapturedCall call : read) {
                try {
                    add(before, List.of(call), List.of());
                } catch (StoreException refused) {
                    requireOfTheData(refused);
                    reject(CallCodec.encode(call), String.valueOf(refused.getMessage()));
                }
            }
            for (Feedback one : feedback) {
                try {
                    add(before, List.of(), List.of(one));
                } catch (StoreException refused) {
                    requireOfTheData(refused);
                    aside(one, String.valueOf(refused.getMessage()));
                }
            }
            add(checkpoint, List.of(), List.of());
        }
    }

    /** A database that is away, full or read-only says nothing about what it was given. */
    private static void requireOfTheData(StoreException refused) {
        if (!refused.isOfTheData()) {
            throw refused;
        }
    }

    private void add(Calls.Checkpoint checkpoint, List<CapturedCall> read, List<Feedback> feedback) throws IOException {
        AtomicLong refused = new AtomicLong();
        Calls.Added added;
        try {
            added = calls.add(id, checkpoint, read, feedback, new Feedbacks.Ruling() {
                @Override
                public Optional<String> objection(Feedback one, @Nullable String useCase) {
                    // What was checked was acknowledged: what a charter says since does not take that back.
                    return one.checked() ? Optional.empty() : judging.get().objection(one, useCase);
                }

                @Override
                public void aside(Feedback one, String why) {
                    refused.incrementAndGet();
                    try {
                        JournalDrain.this.aside(one, why);
                    } catch (IOException e) {
                        throw new UncheckedIOException(e);
                    }
                }
            });
        } catch (UncheckedIOException e) {
            throw new IOException(String.valueOf(e.getMessage()), e);
        }
        feedbackAside.addAndGet(refused.get());
        if (!added.over().isEmpty()) {
            trouble.accept(
                    "[%d] calls that were told of are left out: retention has dropped those of %s, and their sums by day stay as they are"
                            .formatted(added.over().size(), added.overMonths()));
        }
    }

    /** Under the hash of what it says: where nothing is committed after this, it is there once. */
    private void reject(byte[] record, String why) throws IOException {
        String hash = HexFormat.of().formatHex(Hashes.sha256().digest(record));
        if (!rejected.has(hash)) {
            rejections.incrementAndGet();
            rejected.add(hash, record, why);
        }
    }

    /** Under a name of its own: where nothing is committed after this, it is put aside again, and there once. */
    private void aside(Feedback feedback, String why) throws IOException {
        rejected.add("feedback-" + feedback.id(), FeedbackCodec.encode(List.of(feedback)), why);
    }

    /** How long it has been since everything was in the database that the journal had. */
    public Duration behind() {
        return position.equals(journal.end()) ? Duration.ZERO : Duration.ofNanos(System.nanoTime() - levelNanos);
    }

    /** How many records this process put aside: calls that the database does not take, or that nobody can read. */
    public long recordsAside() {
        return rejections.get();
    }

    /** How much feedback this process put aside: it is about nothing that is there, or is not taken. */
    public long feedbackAside() {
        return feedbackAside.get();
    }

    /** How many files that were put aside this process removed, since they were old, or too many. */
    public long removedAside() {
        return rejected.removed();
    }

    /** Ends after what it is doing; what is left stays in the journal. */
    @Override
    public void close() {
        closing.countDown();
        try {
            thread.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
