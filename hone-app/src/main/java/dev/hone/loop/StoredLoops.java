package dev.hone.loop;

import dev.hone.store.Database;
import dev.hone.store.Loops;
import dev.hone.watch.WatchState;
import java.time.Instant;
import java.util.Optional;
import java.util.UUID;

/** What whoever watches production asks of the loop. */
public final class StoredLoops implements WatchState.Loops {
    private final Loops loops;

    public StoredLoops(Database database) {
        this.loops = new Loops(database);
    }

    @Override
    public Optional<Instant> lastBegan(UUID useCase) {
        return loops.list(useCase, 1).stream().map(Loops.Round::begun).findFirst();
    }

    @Override
    public boolean isRunning(UUID useCase) {
        return loops.going(useCase).isPresent();
    }
}
