package dev.hone.serve;

import dev.hone.capture.Looks;
import dev.hone.charter.Charter;
import dev.hone.improve.Finding;
import dev.hone.improve.Look;
import dev.hone.improve.Trigger;
import dev.hone.store.Database;
import dev.hone.watch.Eyes;
import dev.hone.watch.Subject;
import dev.hone.watch.Waiting;
import dev.hone.watch.Watch;
import dev.hone.watch.WatchState;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Predicate;
import java.util.function.Supplier;

/** Watches all use cases that have a charter, at the start and then again and again, one after the other on a thread of its own: no call waits for it. */
final class ProductionWatch implements AutoCloseable {

    private final Database database;
    private final Supplier<List<Charter>> charters;
    private final Watch watch;
    private final Duration period;
    private final Waiting waiting;
    private final InstantSource clock;
    private final Consumer<String> notices;
    private final Repeated repeated = new Repeated("hone-watch");
    /** What has drifted. */
    private final Told drifted = new Told();

    /** What has changed for the better. */
    private final Told better = new Told();

    /** @param charters as the files say now; throws {@link IllegalArgumentException} where they cannot be read */
    ProductionWatch(
            Database database,
            Supplier<List<Charter>> charters,
            Eyes eyes,
            Looks every,
            InstantSource clock,
            Consumer<String> notices) {
        this.database = database;
        this.charters = charters;
        this.watch = new Watch(database, eyes, every.settle(), repeated::isClosing);
        this.period = every.watch();
        this.waiting = new Waiting(database);
        this.clock = clock;
        this.notices = notices;
        repeated.start(Duration.ZERO, this::carryOut);
    }

    private Duration carryOut() {
        try {
            for (Charter charter : charters.get()) {
                if (!repeated.isClosing()) {
                    carryOut(charter);
                }
            }
        } catch (RuntimeException e) {
            notices.accept("Production could not be watched, and will be at the next look: " + e.getMessage());
        }
        return period;
    }

    private void carryOut(Charter charter) {
        try {
            Optional<Subject> subject = Subject.of(database, charter);
            if (subject.isPresent()) {
                Watch.Round round = watch.carryOut(subject.get(), clock.instant());
                if (round.reference()) {
                    drifted.forget(charter.name());
                    better.forget(charter.name());
                }
                Look look = round.look();
                if (look != null) {
                    tell(subject.get(), look);
                }
            }
        } catch (RuntimeException e) {
            notices.accept("The use case [%s] could not be watched, and will be at the next look: %s"
                    .formatted(charter.name(), e.getMessage()));
        }
    }

    private void tell(Subject subject, Look look) {
        String useCase = subject.name();
        if (drifted.isNews(useCase, changed(look, Finding::drifted))) {
            String changes = String.join("; ", look.changes());
            notices.accept("The use case [%s] has drifted: %s. %s. See hone watch %s"
                    .formatted(useCase, changes, follows(subject), useCase));
        }
        if (better.isNews(useCase, changed(look, finding -> !finding.drifted() && finding.better() != null))) {
            notices.accept("The use case [%s] has changed for the better: %s"
                    .formatted(useCase, String.join("; ", look.improvements())));
        }
    }

    /** What has changed, and not how far: that is other at each look. */
    private static List<String> changed(Look look, Predicate<Finding> changed) {
        return look.findings().stream().filter(changed).map(Finding::of).toList();
    }

    /** Whether a loop should begin, and what is against it: one that goes on, first of all. */
    private String follows(Subject subject) {
        Trigger.Decision decision =
                WatchState.of(database, subject, waiting, clock.instant()).decision();
        return decision.start() ? "A loop should begin" : "No loop begins: " + String.join("; ", decision.against());
    }

    @Override
    public void close() {
        repeated.close();
    }
}
