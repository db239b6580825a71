package dev.hone.cli;

import dev.hone.record.CapturedCall.Facts;
import dev.hone.record.Money;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.Locale;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.json.JsonMapper;

/** What {@code hone serve} says while it runs: never what stands in a call, nor a key. */
final class ServeLog {
    private static final int LONGEST_ROUTE = 200;

    private final Form form;

    /** How it is said. */
    enum Form {
        /** To people: what is not well. */
        TEXT,
        /** To programs: that, and each call, as an object a line. */
        JSON
    }

    ServeLog(Form form) {
        this.form = form;
    }

    private record Notice(Instant at, String event, String message) {}

    private record Call(
            Instant at,
            String event,
            UUID trace,
            String project,
            String path,
            String route,
            String variant,
            int status,
            String ended,
            int attempts,
            @Nullable Double firstByteMs,
            double ms,
            @Nullable Long promptTokens,
            @Nullable Long completionTokens,
            @Nullable BigDecimal cost,
            @Nullable UUID key,
            @Nullable UUID shadowOf) {}

    /** Something that is not well, or is well again. */
    void notice(String message) {
        System.err.println(
                switch (form) {
                    case TEXT -> "hone: " + message;
                    case JSON -> JsonMapper.shared().writeValueAsString(new Notice(Instant.now(), "notice", message));
                });
    }

    /** A call that has been written down. */
    void call(Facts facts) {
        if (form == Form.TEXT) {
            return;
        }
        Money cost = facts.cost();
        String route = facts.route();
        System.err.println(JsonMapper.shared()
                .writeValueAsString(new Call(
                        facts.started(),
                        "call",
                        facts.id(),
                        facts.origin().project(),
                        facts.path(),
                        route.length() <= LONGEST_ROUTE ? route : route.substring(0, LONGEST_ROUTE),
                        facts.useCase() ? facts.variant() : "",
                        facts.status(),
                        facts.end().name().toLowerCase(Locale.ROOT),
                        facts.attempts().size(),
                        facts.firstByteMillis(),
                        facts.millis(),
                        facts.usage().prompt(),
                        facts.usage().completion(),
                        cost == null ? null : cost.amount(),
                        facts.origin().key(),
                        facts.origin().shadowOf())));
    }
}
