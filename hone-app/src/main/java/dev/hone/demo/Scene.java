package dev.hone.demo;

import dev.hone.charter.Charter;
import dev.hone.loop.RoundListener;
import dev.hone.store.Database;
import dev.hone.store.UseCases;
import dev.hone.watch.Subject;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Locale;
import java.util.SplittableRandom;
import java.util.UUID;
import java.util.function.BooleanSupplier;

/**
 * What everybody in the demo shares, and how it is told as it goes on.
 *
 * @param charter of the world's use case
 * @param first the same for its first version
 * @param home of the gateway
 * @param random of whoever is simulated; one thread at a time draws
 */
record Scene(
        Plan plan,
        World world,
        Charter charter,
        Charter first,
        Database database,
        Path home,
        RoundListener listener,
        Timeline timeline,
        Users users,
        SplittableRandom random) {
    /** Who does what the demo does itself. */
    static final String WHO = "hone demo --loop";

    private static final Duration PATIENCE = Duration.ofMinutes(5);

    String name() {
        return world.useCase().data().name();
    }

    UUID useCase() {
        return new UseCases(database).require(name());
    }

    Subject subject() {
        return Subject.of(database, charter)
                .orElseThrow(() -> new IllegalStateException("The store has nothing of [%s]".formatted(name())));
    }

    /** Tells an event. @param kind a word, such as {@code drift} */
    void say(String kind, String words) {
        timeline.event(kind, words);
        listener.stage(String.format(Locale.ROOT, "%6.1f s  %s", timeline.now(), words));
    }

    static void requireGoing(BooleanSupplier stop) {
        if (stop.getAsBoolean()) {
            throw new IllegalStateException("The demo was interrupted: its folder can be removed");
        }
    }

    interface Condition {
        boolean holds() throws IOException, InterruptedException;
    }

    /** Until something is so; that it never is ends the demo. */
    static void await(String what, Condition condition, BooleanSupplier stop) throws IOException, InterruptedException {
        long end = System.nanoTime() + PATIENCE.toNanos();
        while (!condition.holds()) {
            requireGoing(stop);
            if (System.nanoTime() > end) {
                throw new IllegalStateException("It took more than five minutes until " + what);
            }
            Thread.sleep(500);
        }
    }
}
