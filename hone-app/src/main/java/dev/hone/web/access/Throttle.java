package dev.hone.web.access;

import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;

/** How many attempts somebody has left: so many in a time that begins with the first. Forgets those longest unseen above a bound. */
final class Throttle {
    private static final int MOST_KNOWN = 10_000;

    private final int most;
    private final Duration time;
    private final Map<String, Count> counts = new LinkedHashMap<>(16, 0.75f, true) {
        private static final long serialVersionUID = 1;

        @Override
        protected boolean removeEldestEntry(Map.Entry<String, Count> eldest) {
            return size() > MOST_KNOWN;
        }
    };

    private record Count(Instant since, int attempts) {}

    Throttle(int most, Duration time) {
        this.most = most;
        this.time = time;
    }

    /** Takes an attempt; says how long to wait where none is left, else zero. */
    synchronized Duration take(String who, Instant now) {
        Count count = counts.get(who);
        if (count == null || !now.isBefore(count.since().plus(time))) {
            counts.put(who, new Count(now, 1));
            return Duration.ZERO;
        }
        if (count.attempts() >= most) {
            return Duration.between(now, count.since().plus(time));
        }
        counts.put(who, new Count(count.since(), count.attempts() + 1));
        return Duration.ZERO;
    }

    /** An attempt was right and does not count. */
    synchronized void giveBack(String who) {
        counts.computeIfPresent(who, (name, count) -> new Count(count.since(), Math.max(0, count.attempts() - 1)));
    }

    /** Forgets the attempts of somebody who has shown that they may. */
    synchronized void clear(String who) {
        counts.remove(who);
    }
}
