package dev.hone.capture.gateway;

import dev.hone.capture.gateway.ClientAnswer.ClientGone;
import dev.hone.capture.gateway.WatchedCall.Trouble;
import dev.hone.capture.route.Attempts;
import dev.hone.capture.route.Outcome;
import dev.hone.capture.route.Variant;
import dev.hone.capture.upstream.Upstream;
import dev.hone.capture.upstream.UpstreamClient;
import dev.hone.record.CapturedCall;
import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ThreadLocalRandom;
import org.jspecify.annotations.Nullable;

/** One call on its way: asked of whom the route says until somebody answers, passed back, and written down. On one thread. */
final class CallRelay {
    private static final byte[] NOTHING = {};
    private static final int PIECE_BYTES = 16 << 10;

    /** When a place may be free, of a server that has as many calls as it may. */
    private static final Duration AGAIN = Duration.ofSeconds(1);

    private static final int MOST_REFUSAL_BYTES = 64 << 10;

    /** How long a server may take to end a stream that it has said is done. */
    private static final Duration AFTER_THE_END = Duration.ofSeconds(1);

    private final Gateway gateway;
    private final IncomingCall call;
    private final ClientAnswer client;
    private final WatchedCall watched;
    private final CallLog log;
    private @Nullable Refused refused;
    private boolean answered;

    /** What servers see of the request that see no more than its trace has: the same whoever is asked. */
    private byte @Nullable [] kept;

    /** What the last server said that did not answer. */
    private record Refused(int status, Map<String, String> headers, byte[] body) {}

    CallRelay(Gateway gateway, IncomingCall call, ClientAnswer client, WatchedCall watched, CallMemory.Share share) {
        this.gateway = gateway;
        this.call = call;
        this.client = client;
        this.watched = watched;
        this.log = new CallLog(gateway, call, share);
    }

    /**
     * Answers the call.
     *
     * @throws GatewayRefusal when nobody answers it, and nothing has left
     * @throws ClientGone when the client is gone, which is written down
     */
    void run() throws IOException, InterruptedException {
        Attempts attempts = new Attempts(
                call.serving().route(),
                gateway.choose(call),
                gateway::breaker,
                System::nanoTime,
                ThreadLocalRandom.current());
        Outcome last = null;
        while (true) {
            Optional<Attempts.Attempt> next = attempts.next(last);
            if (next.isEmpty()) {
                giveUp(last);
                return;
            }
            try {
                if (!next.get().pause().isZero()) {
                    Thread.sleep(next.get().pause());
                }
                last = attempt(next.get());
            } finally {
                // Whatever went wrong before anybody was asked: the next call may try.
                next.get().call().abandon();
            }
            if (last instanceof Outcome.Final) {
                if (answered) {
                    gateway.shadows().copy(call);
                }
                return;
            }
        }
    }

    /** Asks one server, where that has a place. @return final where the client has its answer */
    private Outcome attempt(Attempts.Attempt attempt) throws IOException {
        Upstream upstream = call.configuration().upstream(attempt.variant().upstream());
        if (!gateway.places().enter(upstream)) {
            Outcome full = new Outcome.Full();
            log.attempt(attempt.number(), attempt.variant(), null, OutcomeWords.trouble(full), System.nanoTime());
            return full;
        }
        try {
            return ask(attempt, upstream);
        } finally {
            gateway.places().leave(upstream);
        }
    }

    private Outcome ask(Attempts.Attempt attempt, Upstream upstream) throws IOException {
        long from = System.nanoTime();
        Variant variant = attempt.variant();
        byte[] body;
        try {
            body = bodyFor(variant, upstream);
        } catch (GatewayRefusal fault) {
            refuse(fault);
            return new Outcome.Final(fault.status());
        }
        UpstreamClient server = gateway.client(upstream);
        UpstreamClient.Asking asking =
                server.prepare(Gateway.CALLS.getOrDefault(call.path(), ""), call.headers(), body, Duration.ZERO);
        watched.asks(asking, shorter(attempt.left(), upstream.silence()));
        boolean begun = false;
        try (UpstreamClient.Answer answer = server.ask(asking)) {
            begun = true;
            Duration retryAfter = RetryAfter.of(answer.header("retry-after"));
            Outcome outcome = variant.isOwn()
                    ? Outcome.ofOwn(answer.status(), retryAfter)
                    : Outcome.of(answer.status(), retryAfter);
            if (outcome instanceof Outcome.Final) {
                outcome = passed(answer, attempt, upstream, from);
            } else {
                boolean busy = outcome instanceof Outcome.Busy;
                if (refuses(outcome)) {
                    refused = new Refused(
                            answer.status(), answer.headers(), answer.body().readNBytes(MOST_REFUSAL_BYTES));
                }
                log.attempt(
                        attempt.number(),
                        variant,
                        answer.status(),
                        busy ? "busy" : OutcomeWords.trouble(outcome),
                        from);
                answer.abort();
            }
            attempt.call().end(outcome);
            return outcome;
        } catch (ClientGone e) {
            throw e;
        } catch (IOException e) {
            if (watched.isClientGone()) {
                log.attempt(attempt.number(), variant, null, Trouble.CLIENT_GONE.text(), from);
                log.record(499, CapturedCall.End.ABANDONED);
                throw new ClientGone(e);
            }
            Duration waited = Duration.ofNanos(System.nanoTime() - from);
            Outcome outcome = watched.trouble() == null ? outcome(e, waited, begun) : new Outcome.TimedOut(waited);
            attempt.call().end(outcome);
            log.attempt(attempt.number(), variant, null, OutcomeWords.trouble(outcome), from);
            if (outcome instanceof Outcome.TimedOut) {
                log.silent(variant);
            }
            return outcome;
        } finally {
            watched.rests();
            attempt.call().abandon();
        }
    }

    /** @param begun whether the head of an answer came before */
    private static Outcome outcome(IOException e, Duration waited, boolean begun) {
        if (e instanceof NoAnswerException none) {
            return Outcome.Unreachable.said(String.valueOf(none.getMessage()));
        }
        Outcome outcome = UpstreamClient.outcome(e, waited);
        return begun && outcome instanceof Outcome.Unreachable broken
                ? new Outcome.Unreachable(broken.reason(), "broke off in the middle of its answer")
                : outcome;
    }

    /** Whether a server said something that the client may hear, where nobody answers. */
    private static boolean refuses(@Nullable Outcome outcome) {
        return outcome instanceof Outcome.Busy || outcome instanceof Outcome.Declined;
    }

    /** Whether the stream that was captured said that it was at its end. */
    private boolean isWhole() {
        return WholeStream.is(log.captured(), call.head().choices());
    }

    private static Duration shorter(Duration one, Duration other) {
        return one.compareTo(other) < 0 ? one : other;
    }

    /** @throws GatewayRefusal where what a server may see of the request could not be found out, a fault of ours that the log has */
    private byte[] bodyFor(Variant variant, Upstream upstream) throws IOException {
        boolean asksUsage = call.asksUsage(upstream);
        if (!restores(variant)) {
            return call.head().forServer(call.body(), variant.model(), asksUsage);
        }
        try {
            if (kept == null) {
                kept = call.kept(gateway.redactor());
            }
            byte[] seen = kept;
            return RequestHead.read(seen).forServer(seen, variant.model(), asksUsage);
        } catch (GatewayRefusal notLookedThrough) {
            // What is kept says that it is not the request.
            throw GatewayRefusal.fault();
        } catch (RuntimeException | StackOverflowError e) {
            gateway.fault(e);
            throw GatewayRefusal.fault();
        }
    }

    private boolean restores(Variant variant) {
        return variant.redacted() && !call.serving().redaction().isEmpty();
    }

    private Passage passage(UpstreamClient.Answer answer, Variant variant, Upstream upstream) {
        return new Passage(
                answer.header("content-type"),
                call.asksUsage(upstream),
                restores(variant) ? AnswerRestorer.of(call.body(), call.pseudonyms()) : null);
    }

    /** Passes an answer back. After a fault of ours the call is written down as far as it went, and whoever has a part of it is told that no more comes. */
    private Outcome passed(UpstreamClient.Answer answer, Attempts.Attempt attempt, Upstream upstream, long from)
            throws IOException {
        try {
            return pass(answer, attempt, upstream, from);
        } catch (GatewayRefusal refusal) {
            throw refusal;
        } catch (RuntimeException | Error e) {
            GatewayRefusal fault = GatewayRefusal.fault();
            gateway.fault(e);
            answer.abort();
            if (!log.isTried()) {
                log.attempt(attempt.number(), attempt.variant(), answer.status(), fault.code(), from);
                record(client.hasBegun() ? answer.status() : fault.status(), CapturedCall.End.BROKEN);
            } else if (!log.isRecorded()) {
                gateway.metrics().refused(fault);
            }
            watched.ends();
            client.refuse(fault, true);
            return new Outcome.Final(answer.status());
        }
    }

    /**
     * Passes an answer back. As long as nothing has left, a server that stops is one that did not answer; after that the client
     * is told.
     */
    private Outcome pass(UpstreamClient.Answer answer, Attempts.Attempt attempt, Upstream upstream, long from)
            throws IOException {
        Variant variant = attempt.variant();
        Passage way = passage(answer, variant, upstream);
        InputStream in = answer.body();
        byte[] piece = new byte[PIECE_BYTES];
        int length = in.read(piece);
        log.firstByte();
        GatewayRefusal broken = null;
        while (length >= 0) {
            watched.writes();
            broken = log.capture(piece, length);
            if (broken != null) {
                answer.abort();
                break;
            }
            byte[] may = way.pass(piece, length);
            if (may.length > 0) {
                client.head(answer.status(), answer.headers(), variant.name());
                write(may, answer, attempt, from);
            }
            boolean done = way.isDone();
            watched.reads(done ? AFTER_THE_END : upstream.silence());
            try {
                length = in.read(piece);
            } catch (IOException e) {
                if (!watched.isClientGone() && (done || way.isEvents() && isWhole())) {
                    break;
                }
                if (!client.hasBegun() || watched.isClientGone()) {
                    throw e;
                }
                broken = GatewayRefusal.of(
                        502, "upstream_broken", "The model's server stopped in the middle of its answer");
                length = -1;
            }
        }
        boolean streamed = answer.status() < 300 && way.isEvents();
        if (broken == null && streamed && !way.isDone() && !isWhole()) {
            if (!client.hasBegun()) {
                throw new NoAnswerException("ended its stream before the answer did");
            }
            broken = GatewayRefusal.of(
                    502, "upstream_broken", "The model's server ended its stream before the answer was whole");
        }
        if (broken != null && broken.status() == 502) {
            attempt.call().end(Outcome.BROKEN_OFF);
        }
        byte[] whole = broken == null && !way.isEvents() ? log.captured() : NOTHING;
        if (broken == null && answer.status() < 300 && !way.isEvents() && !WholeObject.is(whole)) {
            throw new NoAnswerException(
                    WholeObject.otherwise(whole, answer.header("content-type"), answer.header("content-encoding")));
        }
        log.attempt(attempt.number(), variant, answer.status(), broken == null ? null : broken.code(), from);
        if (broken != null) {
            record(answer.status(), CapturedCall.End.BROKEN);
            watched.ends();
            byte[] tail = way.broken();
            if (tail.length > 0 && client.hasBegun()) {
                client.write(tail);
            }
            client.refuse(broken, true);
            return new Outcome.Final(answer.status());
        }
        log.probable(answer.logprob());
        byte[] rest = way.rest(whole);
        answered = answer.status() < 400;
        record(answer.status(), answered ? CapturedCall.End.ANSWERED : CapturedCall.End.REFUSED);
        finish(answer.status(), answer.headers(), variant.name(), rest, way.isEvents());
        return new Outcome.Final(answer.status());
    }

    /** The end of an answer; where the status has left as a stream's, what is no event becomes one. */
    private void finish(int status, Map<String, String> headers, String variant, byte[] rest, boolean events)
            throws ClientGone {
        boolean late = client.isStreaming() && !events;
        watched.ends();
        client.head(status, headers, variant);
        client.end(late ? Replies.event(status, rest) : rest);
    }

    /** @throws GatewayRefusal when it cannot be, which the client is told instead of its answer */
    private void record(int status, CapturedCall.End end) throws IOException {
        try {
            log.record(status, end);
        } catch (IOException | IllegalArgumentException e) {
            throw GatewayRefusal.of(503, "not_recorded", "The call could not be recorded: " + e.getMessage());
        } catch (RuntimeException | Error e) {
            gateway.fault(e);
            throw GatewayRefusal.of(503, "not_recorded", "The call could not be recorded. " + Fault.told(e));
        }
    }

    /** @throws ClientGone when the client is gone, which is written down */
    private void write(byte[] bytes, UpstreamClient.Answer answer, Attempts.Attempt attempt, long from)
            throws IOException {
        try {
            client.write(bytes);
        } catch (ClientGone e) {
            answer.abort();
            log.attempt(attempt.number(), attempt.variant(), answer.status(), Trouble.CLIENT_GONE.text(), from);
            log.record(answer.status(), CapturedCall.End.ABANDONED);
            throw e;
        }
    }

    /** Nobody answers: the last refusal is the call's, or else what went wrong. */
    private void giveUp(@Nullable Outcome last) throws IOException {
        Refused said = refused;
        if (said != null && refuses(last)) {
            log.forget();
            log.capture(said.body(), said.body().length);
            record(said.status(), CapturedCall.End.REFUSED);
            finish(said.status(), said.headers(), log.variant(), said.body(), false);
            return;
        }
        String name = call.serving().route().name();
        boolean full = last instanceof Outcome.Full;
        int status = last instanceof Outcome.TimedOut ? 504 : last == null || full ? 503 : 502;
        GatewayRefusal refusal = GatewayRefusal.later(
                status,
                full ? "overloaded" : status == 504 ? "upstream_timeout" : "upstream_unavailable",
                last == null
                        ? "No server of [%s] takes calls now: all of them failed lately".formatted(name)
                        : "No server of [%s] answered: the last one %s".formatted(name, OutcomeWords.shown(last)),
                full ? AGAIN : null);
        refuse(refusal);
    }

    /** Tells the client, and the record of the call, why nobody answers. */
    private void refuse(GatewayRefusal refusal) throws IOException {
        byte[] error = Replies.error(refusal);
        log.forget();
        log.capture(error, error.length);
        record(refusal.status(), CapturedCall.End.REFUSED);
        watched.ends();
        client.refuse(refusal, true);
    }
}
