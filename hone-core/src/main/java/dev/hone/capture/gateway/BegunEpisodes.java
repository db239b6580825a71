package dev.hone.capture.gateway;

import dev.hone.capture.route.Canary;
import dev.hone.capture.route.Route;
import dev.hone.capture.route.Variant;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.SequencedMap;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

/**
 * Episodes that began without the variant on trial: they go on without it, also when its share grows over them. Those that were not heard of for
 * longest are forgotten first, and all of them with the process: of these the draw decides alone. Threads share it.
 */
final class BegunEpisodes {
    static final int MOST = 100_000;
    private static final long LONGEST_NANOS = TimeUnit.DAYS.toNanos(1);

    private final LongSupplier nanos;
    private final SequencedMap<Begun, Long> heard = new LinkedHashMap<>(16, 0.75f, true);

    private record Begun(String trial, String episode) {}

    /** @param nanos a clock as {@link System#nanoTime} */
    BegunEpisodes(LongSupplier nanos) {
        this.nanos = nanos;
    }

    /** Who answers a call. @param episode that it belongs to */
    synchronized Variant choose(Route route, String episode) {
        Canary canary = route.canary();
        if (canary == null) {
            return route.choose(episode);
        }
        long now = nanos.getAsLong();
        Begun begun = new Begun(canary.trial(), episode);
        Long last = heard.get(begun);
        if (last != null && now - last < LONGEST_NANOS) {
            heard.put(begun, now);
            return route.chooseByWeight(episode);
        }
        Variant chosen = route.choose(episode);
        if (!chosen.name().equals(canary.variant())) {
            heard.put(begun, now);
            if (heard.size() > MOST) {
                Iterator<Begun> oldest = heard.sequencedKeySet().iterator();
                oldest.next();
                oldest.remove();
            }
        }
        return chosen;
    }
}
