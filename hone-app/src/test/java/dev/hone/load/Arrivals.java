package dev.hone.load;

import java.time.Duration;

/** When requests are meant to be sent, whatever became of those before. */
sealed interface Arrivals {
    /** Nanoseconds after the beginning at which a request is meant to be sent. */
    long at(long number);

    /** One by one, evenly. */
    record Steady(double perSecond) implements Arrivals {
        @Override
        public long at(long number) {
            return (long) (number / perSecond * 1e9);
        }
    }

    /** So many at once, again and again. */
    record Bursts(int size, Duration every) implements Arrivals {
        @Override
        public long at(long number) {
            return number / size * every.toNanos();
        }
    }

    /** As fast as answers come: each connection sends when it has its answer. Times count from sending. */
    record Saturated() implements Arrivals {
        @Override
        public long at(long number) {
            return 0;
        }
    }
}
