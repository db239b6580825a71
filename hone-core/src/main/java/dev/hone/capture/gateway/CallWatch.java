package dev.hone.capture.gateway;

import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** Looks after the calls that are being answered. */
final class CallWatch implements AutoCloseable {
    private final Set<WatchedCall> calls = ConcurrentHashMap.newKeySet();
    private final Thread thread;
    private volatile boolean closed;

    CallWatch() {
        thread = Thread.ofPlatform().name("hone-call-watch").daemon().start(this::look);
    }

    private void look() {
        while (!closed) {
            long now = System.nanoTime();
            calls.forEach(call -> look(call, now));
            try {
                Thread.sleep(Caller.interval());
            } catch (InterruptedException e) {
                return;
            }
        }
    }

    /** A fault with one call must not leave all the others to themselves. */
    private static void look(WatchedCall call, long now) {
        try {
            call.look(now);
        } catch (RuntimeException e) {
            call.fault();
        }
    }

    void begin(WatchedCall call) {
        calls.add(call);
    }

    void end(WatchedCall call) {
        calls.remove(call);
    }

    /** Calls that are being answered. */
    int size() {
        return calls.size();
    }

    @Override
    public void close() {
        closed = true;
        thread.interrupt();
    }
}
