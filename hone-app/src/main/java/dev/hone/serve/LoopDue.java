package dev.hone.serve;

import dev.hone.charter.Charter;
import dev.hone.improve.Trigger;
import dev.hone.loop.LoopWiring;
import dev.hone.loop.Rounds;
import dev.hone.store.Database;
import dev.hone.watch.Subject;
import dev.hone.watch.Waiting;
import dev.hone.watch.WatchState;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/**
 * A round is due when a trigger says so and nothing is against it, or when one was interrupted. It is asked in the gateway's process, every minute: nothing is read
 * but counts, and where something is against a round it is not asked again for a while.
 */
final class LoopDue implements LoopStarter.Due {
    private static final Duration REST = Duration.ofMinutes(30);

    private final Database database;
    private final Path home;
    private final InstantSource clock;
    private final Waiting waiting;
    private final Map<String, Instant> restingUntil = new HashMap<>();

    LoopDue(Database database, Path home, InstantSource clock) {
        this.database = database;
        this.home = home;
        this.clock = clock;
        this.waiting = new Waiting(database);
    }

    @Override
    public Optional<String> why(Charter charter) {
        Optional<Subject> subject = Subject.of(database, charter);
        if (subject.isEmpty()) {
            return Optional.empty();
        }
        Rounds rounds = LoopWiring.rounds(database, home, charter, null);
        try {
            if (rounds.isAtWork()) {
                return Optional.empty();
            }
            if (rounds.unfinished().isPresent()) {
                return Optional.of("the round that was interrupted goes on");
            }
            Instant now = clock.instant();
            if (restingUntil.getOrDefault(charter.name(), Instant.MIN).isAfter(now)) {
                return Optional.empty();
            }
            Trigger.Decision decision =
                    WatchState.of(database, subject.get(), waiting, now).decision();
            if (!decision.start()) {
                return Optional.empty();
            }
            if (!rounds.obstacle(LoopWiring.unattended(charter)).isEmpty()) {
                restingUntil.put(charter.name(), now.plus(REST));
                return Optional.empty();
            }
            return Optional.of(String.join("; ", decision.reasons()));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
