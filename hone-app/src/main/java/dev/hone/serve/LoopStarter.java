package dev.hone.serve;

import dev.hone.charter.Charter;
import dev.hone.store.Database;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Begins rounds of the loop where a charter says {@code unattended}: as soon as a trigger says so, one at a time on this machine, as a process of its own that
 * gives way to calls. A round that was interrupted is gone on with.
 */
public final class LoopStarter implements AutoCloseable {
    private static final Duration END = Duration.ofSeconds(60);

    /** Looks, after which a round that did not end well, or could not begin, is asked for again; and the longest that this may be. */
    private static final int REST = 30;

    private static final Duration LONGEST_REST = Duration.ofMinutes(30);

    private final Supplier<List<Charter>> charters;
    private final Due due;
    private final Starting starting;
    private final Duration interval;
    private final Duration rest;
    private final NotBegunNotes notes;
    private final Consumer<String> notices;
    private final Repeated repeated = new Repeated("hone-loop-starter");
    private String told = "";

    /** Whether a round should begin. */
    interface Due {
        Answer look(Charter charter);
    }

    /** What there is to be said of it. */
    sealed interface Answer {}

    /** @param why one should begin, or go on, now */
    record Begin(String why) implements Answer {}

    /** None should. */
    record NotDue() implements Answer {}

    /** @param reason why none can, though one should */
    record Against(String reason) implements Answer {}

    /** Begins a round. */
    public interface Starting {
        Process start(String useCase, String why) throws IOException;
    }

    private final Map<String, Long> restingSinceNanos = new HashMap<>();
    private @Nullable Process running;
    private @Nullable Charter runningFor;

    /**
     * @param charters as they are at the moment
     * @param rest after a round that did not end well, before the next of its use case
     */
    LoopStarter(
            Supplier<List<Charter>> charters,
            Due due,
            Starting starting,
            Duration interval,
            Duration rest,
            NotBegunNotes notes,
            Consumer<String> notices) {
        this.charters = charters;
        this.due = due;
        this.starting = starting;
        this.interval = interval;
        this.rest = rest;
        this.notes = notes;
        this.notices = notices;
        repeated.start(interval, this::carryOut);
    }

    /** @param home where Hone keeps things */
    static LoopStarter of(
            Database database,
            Path home,
            Supplier<List<Charter>> charters,
            Starting starting,
            Duration interval,
            Consumer<String> notices) {
        Duration rest = rest(interval);
        return new LoopStarter(
                charters,
                new LoopDue(database, home, InstantSource.system(), rest),
                starting,
                interval,
                rest,
                new NotBegunNotes(home, InstantSource.system(), notices),
                notices);
    }

    /** Whoever looks more often asks again sooner. */
    static Duration rest(Duration interval) {
        Duration looks = interval.multipliedBy(REST);
        return looks.compareTo(LONGEST_REST) < 0 ? looks : LONGEST_REST;
    }

    private Duration carryOut() {
        try {
            look();
            told = "";
        } catch (IOException | RuntimeException e) {
            String message = String.valueOf(e.getMessage());
            if (!message.equals(told)) {
                notices.accept("Whether a loop should begin could not be told, and is asked again: " + message);
                told = message;
            }
        }
        return interval;
    }

    private void look() throws IOException {
        Process now = running;
        Charter ran = runningFor;
        if (now != null && ran != null) {
            if (now.isAlive()) {
                return;
            }
            running = null;
            if (now.exitValue() == 0) {
                notices.accept(
                        "The loop of [%s] came to its end: hone digest says what became of it".formatted(ran.name()));
            } else {
                restingSinceNanos.put(ran.name(), System.nanoTime());
                notes.ended(ran, now.exitValue(), rest);
            }
        }
        for (Charter charter : charters.get()) {
            if (!charter.loop().unattended()) {
                notes.nothing(charter);
            } else if (!rests(charter.name())) {
                switch (due.look(charter)) {
                    case Against(String reason) -> notes.against(charter, reason);
                    case NotDue() -> notes.nothing(charter);
                    case Begin(String why) -> {
                        notes.nothing(charter);
                        runningFor = charter;
                        running = starting.start(charter.name(), why);
                        notices.accept("A loop of [%s] begins: %s".formatted(charter.name(), why));
                        return;
                    }
                }
            }
        }
    }

    /** One that did not end well is not begun again at once. */
    private boolean rests(String useCase) {
        Long since = restingSinceNanos.get(useCase);
        return since != null && System.nanoTime() - since < rest.toNanos();
    }

    /** As by Ctrl-C: it leaves a checkpoint, and the next goes on. */
    private void end() {
        Process now = running;
        if (now == null || !now.isAlive()) {
            return;
        }
        now.destroy();
        try {
            if (!now.waitFor(END.toSeconds(), TimeUnit.SECONDS)) {
                now.destroyForcibly();
            }
        } catch (InterruptedException e) {
            now.destroyForcibly();
            Thread.currentThread().interrupt();
        }
    }

    @Override
    public void close() {
        repeated.close();
        end();
    }
}
