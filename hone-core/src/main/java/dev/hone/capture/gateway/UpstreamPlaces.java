package dev.hone.capture.gateway;

import dev.hone.capture.upstream.Upstream;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;

/** How many calls each server answers now, so that none gets more at once than it may. Threads share it. */
final class UpstreamPlaces {
    private final Map<String, AtomicInteger> taken = new ConcurrentHashMap<>();

    /** Takes a place. @return whether there is one; then it is given back by {@link #leave} */
    boolean enter(Upstream upstream) {
        AtomicInteger calls = taken.computeIfAbsent(upstream.name(), name -> new AtomicInteger());
        Integer most = upstream.mostCalls();
        if (calls.incrementAndGet() <= (most == null ? Integer.MAX_VALUE : most)) {
            return true;
        }
        calls.decrementAndGet();
        return false;
    }

    void leave(Upstream upstream) {
        AtomicInteger calls = taken.get(upstream.name());
        if (calls != null) {
            calls.decrementAndGet();
        }
    }
}
