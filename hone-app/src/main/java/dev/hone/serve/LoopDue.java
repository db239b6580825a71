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
    private final Database database;
    private final Path home;
    private final InstantSource clock;
    private final Duration rest;
    private final Waiting waiting;
    private final Map<String, Resting> resting = new HashMap<>();

    /** @param obstacle that was found */
    private record Resting(Instant until, LoopStarter.Against obstacle) {}

    /** @param rest in which nobody looks again whether what was against a round still is */
    LoopDue(Database database, Path home, InstantSource clock, Duration rest) {
        this.database = database;
        this.home = home;
        this.clock = clock;
        this.rest = rest;
        this.waiting = new Waiting(database);
    }

    @Override
    public LoopStarter.Answer look(Charter charter) {
        Optional<Subject> subject = Subject.of(database, charter);
        if (subject.isEmpty()) {
            return new LoopStarter.NotDue();
        }
        Rounds rounds = LoopWiring.rounds(database, home, charter, null);
        try {
            if (rounds.isAtWork()) {
                return new LoopStarter.NotDue();
            }
            if (rounds.unfinished().isPresent()) {
                return new LoopStarter.Begin("the round that was interrupted goes on");
            }
            Instant now = clock.instant();
            Resting found = resting.get(charter.name());
            if (found != null && found.until().isAfter(now)) {
                return found.obstacle();
            }
            Trigger.Decision decision =
                    WatchState.of(database, subject.get(), waiting, now).decision();
            if (!decision.start()) {
                return new LoopStarter.NotDue();
            }
            String obstacle = rounds.obstacle(LoopWiring.unattended(charter));
            if (obstacle.isEmpty()) {
                return new LoopStarter.Begin(String.join("; ", decision.reasons()));
            }
            LoopStarter.Against against = new LoopStarter.Against(obstacle);
            resting.put(charter.name(), new Resting(now.plus(rest), against));
            return against;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
