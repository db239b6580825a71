package dev.hone.capture.gateway;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** Gives up what is asked for callers that have gone: their threads wait for a server, and do not look. */
final class CallerWatch implements AutoCloseable {
    private final Map<Caller, UpstreamClient.Asking> waiting = new ConcurrentHashMap<>();
    private final Thread thread;
    private volatile boolean closed;

    CallerWatch() {
        thread = Thread.ofPlatform().name("hone-caller-watch").daemon().start(this::look);
    }

    private void look() {
        while (!closed) {
            waiting.forEach((caller, asking) -> {
                if (caller.isGone()) {
                    asking.abort();
                }
            });
            try {
                Thread.sleep(Caller.interval());
            } catch (InterruptedException e) {
                return;
            }
        }
    }

    void begin(Caller caller, UpstreamClient.Asking asking) {
        waiting.put(caller, asking);
    }

    void end(Caller caller) {
        waiting.remove(caller);
    }

    @Override
    public void close() {
        closed = true;
        thread.interrupt();
    }
}
