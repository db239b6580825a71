package dev.hone.serve;

import dev.hone.charter.Charter;
import java.io.IOException;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
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
    private static final Duration REST = Duration.ofMinutes(30);

    private final Supplier<List<Charter>> charters;
    private final Due due;
    private final Starting starting;
    private final Duration interval;
    private final Consumer<String> notices;
    private final Repeated repeated = new Repeated("hone-loop-starter");
    private String told = "";

    /** Whether a round should begin. */
    public interface Due {
        /** Why one should begin, or go on, now; empty where none should. */
        Optional<String> why(Charter charter);
    }

    /** Begins a round. */
    public interface Starting {
        Process start(String useCase, String why) throws IOException;
    }

    private final Map<String, Long> restingSinceNanos = new HashMap<>();
    private @Nullable Process running;
    private String runningFor = "";

    /** @param charters as they are at the moment */
    public LoopStarter(
            Supplier<List<Charter>> charters, Due due, Starting starting, Duration interval, Consumer<String> notices) {
        this.charters = charters;
        this.due = due;
        this.starting = starting;
        this.interval = interval;
        this.notices = notices;
        repeated.start(interval, this::carryOut);
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
        if (now != null) {
            if (now.isAlive()) {
                return;
            }
            if (now.exitValue() != 0) {
                restingSinceNanos.put(runningFor, System.nanoTime());
            }
            notices.accept(
                    switch (now.exitValue()) {
                        case 0 ->
                            "The loop of [%s] came to its end: hone digest says what became of it"
                                    .formatted(runningFor);
                        case 1 ->
                            "The loop of [%s] ended without a rollout, or failed: hone digest and its log say why"
                                    .formatted(runningFor);
                        default ->
                            "The loop of [%s] did not end well (exit %d), its log says why"
                                    .formatted(runningFor, now.exitValue());
                    });
            running = null;
        }
        for (Charter charter : charters.get()) {
            if (charter.loop().unattended() && !rests(charter.name())) {
                Optional<String> why = due.why(charter);
                if (why.isPresent()) {
                    running = starting.start(charter.name(), why.get());
                    runningFor = charter.name();
                    notices.accept("A loop of [%s] begins: %s".formatted(runningFor, why.get()));
                    return;
                }
            }
        }
    }

    /** One that did not end well is not begun again at once. */
    private boolean rests(String useCase) {
        Long since = restingSinceNanos.get(useCase);
        return since != null && System.nanoTime() - since < REST.toNanos();
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
