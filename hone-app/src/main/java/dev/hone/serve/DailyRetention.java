package dev.hone.serve;

import dev.hone.record.Retention;
import dev.hone.store.TraceRetention;
import java.time.Duration;
import java.time.InstantSource;
import java.util.function.Consumer;
import java.util.function.Supplier;

/** Drops traces whose time is over, at the start and then every day, by what the files say then. */
final class DailyRetention implements AutoCloseable {
    private static final Duration DAY = Duration.ofDays(1);
    private static final Duration AGAIN = Duration.ofMinutes(10);

    private final TraceRetention traces;
    private final Supplier<Retention> retention;
    private final InstantSource clock;
    private final Consumer<String> notices;
    private final Repeated repeated = new Repeated("hone-retention");

    DailyRetention(
            TraceRetention traces, Supplier<Retention> retention, InstantSource clock, Consumer<String> notices) {
        this.traces = traces;
        this.retention = retention;
        this.clock = clock;
        this.notices = notices;
        repeated.start(Duration.ZERO, this::carryOut);
    }

    /** @return when to do it again */
    private Duration carryOut() {
        try {
            for (TraceRetention.Month month : traces.carryOut(retention.get(), clock.instant(), false)) {
                notices.accept("The %s of [%d] traces of [%s] went, [%d] stay"
                        .formatted(
                                month.part() == TraceRetention.Part.CONTENT ? "content" : "facts",
                                month.dropped(),
                                month.month(),
                                month.kept()));
            }
            return DAY;
        } catch (RuntimeException e) {
            notices.accept(
                    "Traces whose time is over could not be dropped, and will be tried again: " + e.getMessage());
            return AGAIN;
        }
    }

    @Override
    public void close() {
        repeated.close();
    }
}
