package dev.hone.promote;

import java.time.Duration;
import java.util.Collection;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;
import java.util.function.Consumer;

/**
 * Whose turn it is to be judged: each use case in its own time, a few at once, so that one of which much has to be read keeps no other waiting. A use case has one
 * turn at a time, and rests for longer where its turns take long.
 */
final class Turns implements AutoCloseable {
    /** Less than the database's connections, which others want as well. */
    private static final int AT_ONCE = 4;

    /** What asking the database may take of the time. */
    private static final int REST = 9;

    /** Nobody waits longer for the next look, however long the last one took. */
    private static final Duration LONGEST_REST = Duration.ofSeconds(60);

    private final Duration tick;
    private final Consumer<String> turn;
    private final Semaphore free = new Semaphore(AT_ONCE, true);
    private final Set<String> going = ConcurrentHashMap.newKeySet();
    private final Map<String, Long> due = new ConcurrentHashMap<>();
    private volatile boolean closed;

    /**
     * @param tick least rest of a use case
     * @param turn what is done for a use case, which throws nothing
     */
    Turns(Duration tick, Consumer<String> turn) {
        this.tick = tick;
        this.turn = turn;
    }

    /** Begins the turns that are due; one for which nobody is free begins when somebody is. */
    void begin(Collection<String> useCases) {
        due.keySet().retainAll(useCases);
        for (String useCase : useCases) {
            if (due.getOrDefault(useCase, System.nanoTime()) - System.nanoTime() <= 0 && going.add(useCase)) {
                Thread.ofVirtual().name("hone-rollout-" + useCase).start(() -> take(useCase));
            }
        }
    }

    private void take(String useCase) {
        free.acquireUninterruptibly();
        long from = System.nanoTime();
        try {
            if (!closed) {
                turn.accept(useCase);
            }
        } finally {
            Duration took = Duration.ofNanos(System.nanoTime() - from);
            due.put(useCase, System.nanoTime() + rest(tick, took).toNanos());
            free.release();
            going.remove(useCase);
        }
    }

    /** @param took the last turn */
    static Duration rest(Duration tick, Duration took) {
        Duration rest = took.multipliedBy(REST);
        Duration bounded = rest.compareTo(LONGEST_REST) > 0 ? LONGEST_REST : rest;
        return bounded.compareTo(tick) > 0 ? bounded : tick;
    }

    /** Waits for those that are going on; no other is taken after this. It may be closed again. */
    @Override
    public void close() {
        closed = true;
        free.acquireUninterruptibly(AT_ONCE);
        free.release(AT_ONCE);
    }
}
