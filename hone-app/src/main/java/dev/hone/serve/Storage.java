package dev.hone.serve;

import dev.hone.store.Database;
import dev.hone.store.StoreException;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** The database, as soon as it answers: what serves calls does not wait for it. */
public final class Storage implements AutoCloseable {
    private static final Duration PAUSE = Duration.ofSeconds(5);

    private final Supplier<Database> opening;
    private final Consumer<Database> opened;
    private final Consumer<String> trouble;
    private final CountDownLatch closing = new CountDownLatch(1);
    private final Thread thread =
            Thread.ofPlatform().name("hone-storage").daemon().unstarted(this::run);
    private volatile @Nullable Database database;

    /**
     * @param opening throws {@link StoreException} while it does not answer
     * @param opened called once, when it does
     */
    Storage(Supplier<Database> opening, Consumer<Database> opened, Consumer<String> trouble) {
        this.opening = opening;
        this.opened = opened;
        this.trouble = trouble;
    }

    /** Begins to ask it. */
    void start() {
        thread.start();
    }

    private void run() {
        String told = "";
        while (closing.getCount() > 0) {
            try {
                Database found = opening.get();
                // What is being drained while the process ends goes into it.
                found.leaveToOwner();
                database = found;
                opened.accept(found);
                return;
            } catch (RuntimeException e) {
                String message = String.valueOf(e.getMessage());
                if (!message.equals(told)) {
                    trouble.accept("The database does not answer yet, calls stay in the journal: " + message);
                    told = message;
                }
            }
            try {
                if (closing.await(PAUSE.toMillis(), TimeUnit.MILLISECONDS)) {
                    return;
                }
            } catch (InterruptedException e) {
                return;
            }
        }
    }

    /** Empty as long as it has never answered. */
    public Optional<Database> find() {
        return Optional.ofNullable(database);
    }

    /** @throws IllegalStateException as long as it has never answered */
    public Database require() {
        return find().orElseThrow(() -> new IllegalStateException("The database has not answered yet"));
    }

    @Override
    public void close() {
        closing.countDown();
        try {
            thread.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        Database found = database;
        if (found != null) {
            found.close();
        }
    }
}
