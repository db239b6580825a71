package dev.hone.loop;

import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;

/** A day of a digest, in UTC. */
record Day(LocalDate date) {
    Instant from() {
        return date.atStartOfDay(ZoneOffset.UTC).toInstant();
    }

    Instant to() {
        return date.plusDays(1).atStartOfDay(ZoneOffset.UTC).toInstant();
    }

    boolean has(Instant time) {
        return !time.isBefore(from()) && time.isBefore(to());
    }

    static String shown(Instant time) {
        return time.truncatedTo(ChronoUnit.SECONDS).toString();
    }
}
