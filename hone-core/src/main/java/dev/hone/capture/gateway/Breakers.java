package dev.hone.capture.gateway;

import dev.hone.capture.route.Breaker;
import dev.hone.capture.route.Variant;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.SequencedMap;
import java.util.function.Predicate;

/**
 * A breaker for each model of a server, since another model of the same server may do well. Callers may name models as they like, so those that
 * were not asked for longest are forgotten; what keeps calls away stays as long as there is anything else to forget. Threads share it.
 */
final class Breakers {
    private static final int MOST = 1_000;

    private final SequencedMap<Asked, Breaker> breakers = new LinkedHashMap<>(16, 0.75f, true);

    private record Asked(String upstream, String model) {}

    synchronized Breaker of(Variant variant) {
        Asked asked = new Asked(variant.upstream(), variant.model());
        Breaker known = breakers.get(asked);
        if (known != null) {
            return known;
        }
        if (breakers.size() >= MOST) {
            forgetOne();
        }
        Breaker made = new Breaker(System::nanoTime);
        breakers.put(asked, made);
        return made;
    }

    private void forgetOne() {
        Iterator<Breaker> oldest = breakers.values().iterator();
        while (oldest.hasNext()) {
            if (!oldest.next().isOpen()) {
                oldest.remove();
                return;
            }
        }
        breakers.pollFirstEntry();
    }

    /** Nothing is known any more of some servers. */
    synchronized void forget(Predicate<String> upstreams) {
        breakers.keySet().removeIf(asked -> upstreams.test(asked.upstream()));
    }

    synchronized int size() {
        return breakers.size();
    }
}
