package dev.hone.store;

import dev.hone.record.CallUsage;
import dev.hone.record.CapturedCall;
import dev.hone.record.CapturedCall.Attempt;
import dev.hone.record.CapturedCall.End;
import dev.hone.record.CapturedCall.Origin;
import dev.hone.record.Ids;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * A chat call of a use case, for tests that need some: what a test is about is said, the rest is as usual. It was answered, unless its
 * last attempt had trouble.
 *
 * @param at when it began
 */
public record MadeCall(
        UUID id, Instant at, String useCase, Origin origin, List<Attempt> attempts, String request, String response) {

    /** Of now, of nobody in particular, asked nobody knows whom. */
    public static MadeCall of(String useCase) {
        return new MadeCall(Ids.next(), Instant.now(), useCase, Origin.NONE, List.of(), "{\"messages\":[]}", "{}");
    }

    public MadeCall id(UUID other) {
        return new MadeCall(other, at, useCase, origin, attempts, request, response);
    }

    /** With an id of that time. */
    public MadeCall at(Instant other) {
        return new MadeCall(
                Ids.of(other, UUID.randomUUID().toString()), other, useCase, origin, attempts, request, response);
    }

    public MadeCall in(String project, @Nullable String episode) {
        return of(new Origin(project, null, episode, null, Map.of(), null, origin.shadowOf()));
    }

    public MadeCall shadowOf(@Nullable UUID call) {
        return of(new Origin(origin.project(), null, origin.episode(), null, Map.of(), null, call));
    }

    public MadeCall asked(Attempt... others) {
        return new MadeCall(id, at, useCase, origin, List.of(others), request, response);
    }

    public MadeCall saying(String asked, String answered) {
        return new MadeCall(id, at, useCase, origin, attempts, asked, answered);
    }

    private MadeCall of(Origin other) {
        return new MadeCall(id, at, useCase, other, attempts, request, response);
    }

    public CapturedCall call() {
        Attempt last = attempts.isEmpty() ? null : attempts.getLast();
        boolean answered = last == null || last.trouble() == null;
        return new CapturedCall(
                new CapturedCall.Facts(
                        id,
                        at,
                        "/v1/chat/completions",
                        "use-case/" + useCase,
                        useCase,
                        true,
                        last == null ? "v" : last.variant(),
                        origin,
                        false,
                        answered ? 200 : 503,
                        answered ? End.ANSWERED : End.REFUSED,
                        null,
                        12.5,
                        CallUsage.UNKNOWN,
                        null,
                        attempts),
                request.getBytes(StandardCharsets.UTF_8),
                response.getBytes(StandardCharsets.UTF_8));
    }
}
