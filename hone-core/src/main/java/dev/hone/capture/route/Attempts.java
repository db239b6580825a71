package dev.hone.capture.route;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.LongSupplier;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/** The attempts of one call, one after the other, until somebody answers or nobody is left. On one thread. */
public final class Attempts {
    /** The longest that somebody is waited for where others can be asked after. */
    private static final Duration LONGEST_WHERE_OTHERS_FOLLOW = Duration.ofSeconds(120);

    private final List<Variant> chain;
    private final Retries retries;
    private final Function<Variant, Breaker> breakers;
    private final LongSupplier nanos;
    private final RandomGenerator random;
    private final long deadline;
    private int place;
    private int asked;
    private int made;

    /**
     * @param breakers of the server that has a variant's model
     * @param nanos a clock as {@link System#nanoTime}
     */
    public Attempts(
            Route route,
            Variant chosen,
            Function<Variant, Breaker> breakers,
            LongSupplier nanos,
            RandomGenerator random) {
        this.chain = route.chain(chosen);
        this.retries = route.retries();
        this.breakers = breakers;
        this.nanos = nanos;
        this.random = random;
        this.deadline = nanos.getAsLong() + route.retries().deadline().toNanos();
    }

    /**
     * Somebody to ask.
     *
     * @param number of the attempt, from 1
     * @param call to end with what came of it
     * @param pause to make before
     * @param left time for an answer to begin, after the pause: where others follow in the chain, an even share of all that is left
     */
    public record Attempt(int number, Variant variant, Breaker.Call call, Duration pause, Duration left) {}

    /**
     * Whom to ask next.
     *
     * @param last outcome of the attempt before; null at the beginning
     * @return empty when nobody is left, or no time: then the last outcome is the call's
     */
    public Optional<Attempt> next(@Nullable Outcome last) {
        Duration pause = Duration.ZERO;
        switch (last) {
            case null -> {}
            case Outcome.Final ignored -> {
                return Optional.empty();
            }
            case Outcome.Declined ignored -> forward();
            case Outcome.Busy busy -> pause = again(busy.retryAfter());
            case Outcome.Unreachable ignored -> pause = again(null);
            case Outcome.Full ignored -> forward();
            case Outcome.TimedOut ignored -> forward();
        }
        while (place < chain.size()) {
            long left = deadline - nanos.getAsLong() - pause.toNanos();
            if (left <= 0) {
                return Optional.empty();
            }
            Variant variant = chain.get(place);
            Optional<Breaker.Call> call = breakers.apply(variant).tryCall();
            if (call.isPresent()) {
                asked++;
                made++;
                return Optional.of(new Attempt(made, variant, call.get(), pause, share(left)));
            }
            forward();
            pause = Duration.ZERO;
        }
        return Optional.empty();
    }

    private Duration share(long left) {
        int others = chain.size() - place - 1;
        Duration even = Duration.ofNanos(left / (others + 1));
        return others > 0 && even.compareTo(LONGEST_WHERE_OTHERS_FOLLOW) > 0 ? LONGEST_WHERE_OTHERS_FOLLOW : even;
    }

    /** The same once more after a pause, unless it was asked often enough, or wants more patience than the next in the chain. */
    private Duration again(@Nullable Duration retryAfter) {
        Duration pause = retries.pause(asked, random);
        if (retryAfter != null && retryAfter.compareTo(pause) > 0) {
            pause = retryAfter;
        }
        boolean patient = pause.compareTo(retries.longest()) <= 0 && deadline - nanos.getAsLong() > pause.toNanos();
        if (asked > retries.again() || !patient) {
            forward();
            return Duration.ZERO;
        }
        return pause;
    }

    private void forward() {
        place++;
        asked = 0;
    }
}
