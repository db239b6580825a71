package dev.hone.web.site;

import java.io.IOException;
import java.time.Duration;
import java.util.function.BooleanSupplier;

/** Somebody who hears events as long as they may: whether they still may is looked up every few seconds. */
final class Watched implements Answer.Listener {
    private static final Duration PAUSE = Duration.ofSeconds(3);

    private final Answer.Listener listener;
    private final BooleanSupplier may;
    private long looked = System.nanoTime();
    private boolean out;

    Watched(Answer.Listener listener, BooleanSupplier may) {
        this.listener = listener;
        this.may = may;
    }

    @Override
    public void event(String name, String id, String data) throws IOException {
        listener.event(name, id, data);
    }

    @Override
    public void beat() throws IOException {
        listener.beat();
    }

    @Override
    public boolean isEnding() {
        long now = System.nanoTime();
        if (!out && now - looked > PAUSE.toNanos()) {
            looked = now;
            out = !may.getAsBoolean();
        }
        return out || listener.isEnding();
    }

    /** Whether they may not any more. */
    boolean isOut() {
        return out;
    }
}
