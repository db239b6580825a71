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
        Integer most = upstream.mostCalls();
        return enter(upstream, most == null ? Integer.MAX_VALUE : most);
    }

    /** The same for a copy, for whose answer nobody waits: half of the places are kept from it. */
    boolean enterAsCopy(Upstream upstream) {
        Integer most = upstream.mostCalls();
        return enter(upstream, most == null ? Integer.MAX_VALUE : most / 2);
    }

    private boolean enter(Upstream upstream, int most) {
        AtomicInteger calls = taken.computeIfAbsent(upstream.name(), name -> new AtomicInteger());
        if (calls.incrementAndGet() <= most) {
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
