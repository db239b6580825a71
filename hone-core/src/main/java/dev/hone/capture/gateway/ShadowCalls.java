package dev.hone.capture.gateway;

import dev.hone.capture.route.Breaker;
import dev.hone.capture.route.Outcome;
import dev.hone.capture.route.Route;
import dev.hone.capture.route.Variant;
import dev.hone.capture.upstream.Upstream;
import dev.hone.capture.upstream.UpstreamClient;
import dev.hone.record.AnswerLogprob;
import dev.hone.record.CapturedCall;
import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * Copies of answered calls, sent to variants whose answers nobody but the traces sees. A copy has no more of a call than its trace
 * has, waits for nobody, is waited for by nobody, and is asked once. Where too many are on their way, or the server fails, copies are left out
 * and counted.
 */
final class ShadowCalls implements AutoCloseable {
    private static final int MOST = 64;
    private static final Duration PATIENCE = Duration.ofSeconds(5);
    private static final int PIECE_BYTES = 16 << 10;

    private final Gateway gateway;
    private final Semaphore free = new Semaphore(MOST);

    /** Of versions of Hone's own, each for itself: one that is slow leaves the places of others alone. */
    private final Map<String, Semaphore> ofOwn = new ConcurrentHashMap<>();

    private final AtomicLong leftOut = new AtomicLong();
    private volatile boolean closed;

    ShadowCalls(Gateway gateway) {
        this.gateway = gateway;
    }

    /** Copies a call to the shadows of its route, as far as its share goes. */
    void copy(IncomingCall call) {
        Route route = call.serving().route();
        if (route.shadows().isEmpty()
                || !route.isWithin(call.stickiness(), call.serving().shadowShare())) {
            return;
        }
        for (String name : route.shadows()) {
            Variant variant = route.variant(name);
            Optional<Breaker.Call> may = gateway.breaker(variant).tryCall();
            Semaphore places = places(variant);
            if (closed || may.isEmpty() || !places.tryAcquire()) {
                may.ifPresent(Breaker.Call::abandon);
                leftOut.incrementAndGet();
                continue;
            }
            Upstream upstream = call.configuration().upstream(variant.upstream());
            if (!gateway.places().enterAsCopy(upstream)) {
                may.get().abandon();
                places.release();
                leftOut.incrementAndGet();
                continue;
            }
            Thread.ofVirtual().name("hone-shadow").start(() -> {
                try (CallMemory.Share share = gateway.memory().share()) {
                    if (share.take(call.body().length)) {
                        send(call.shadow(gateway.redactor()), variant, may.get(), share);
                    } else {
                        leftOut.incrementAndGet();
                    }
                } catch (IOException | GatewayRefusal e) {
                    leftOut.incrementAndGet();
                } catch (RuntimeException | Error e) {
                    gateway.fault(e);
                    leftOut.incrementAndGet();
                } finally {
                    may.get().abandon();
                    gateway.places().leave(upstream);
                    places.release();
                }
            });
        }
    }

    private Semaphore places(Variant variant) {
        return variant.isOwn() ? ofOwn.computeIfAbsent(variant.upstream(), name -> new Semaphore(MOST)) : free;
    }

    /** Copies that were not made. */
    long leftOut() {
        return leftOut.get();
    }

    private void send(IncomingCall copy, Variant variant, Breaker.Call call, CallMemory.Share share) {
        CallLog log = new CallLog(gateway, copy, share);
        Upstream upstream = copy.configuration().upstream(variant.upstream());
        UpstreamClient server = gateway.client(upstream);
        UpstreamClient.Asking asking = server.prepare(
                Gateway.CALLS.getOrDefault(copy.path(), ""),
                copy.headers(),
                copy.head().forServer(copy.body(), variant.model(), copy.asksUsage(upstream)),
                upstream.silence());
        double most = copy.serving().route().retries().total().toMillis();
        Integer status = null;
        String trouble = null;
        AnswerLogprob logprob = null;
        try (UpstreamClient.Answer answer = server.ask(asking)) {
            status = answer.status();
            InputStream in = answer.body();
            byte[] piece = new byte[PIECE_BYTES];
            int length = in.read(piece);
            log.firstByte();
            while (length >= 0 && log.capture(piece, length) == null && CallLog.millisSince(copy.startNanos()) < most) {
                length = in.read(piece);
            }
            if (length >= 0) {
                asking.abort();
                trouble = "too long";
            } else if (Passage.isEvents(answer.header("content-type"))
                    && !WholeStream.is(log.captured(), copy.head().choices())) {
                trouble = "its stream ended before the answer did";
            }
            logprob = trouble == null ? answer.logprob() : null;
            call.end(trouble == null || length >= 0 ? Outcome.of(status, null) : Outcome.BROKEN_OFF);
        } catch (IOException e) {
            Duration waited = Duration.ofNanos(System.nanoTime() - copy.startNanos());
            Outcome outcome = UpstreamClient.outcome(e, waited);
            trouble = OutcomeWords.trouble(outcome);
            call.end(outcome);
        }
        log.attempt(1, variant, status, trouble, copy.startNanos());
        log.probable(logprob);
        try {
            log.record(status == null ? 502 : status, end(status, trouble));
        } catch (IOException e) {
            leftOut.incrementAndGet();
        }
    }

    private static CapturedCall.End end(@Nullable Integer status, @Nullable String trouble) {
        if (status == null || status >= 400) {
            return CapturedCall.End.REFUSED;
        }
        return trouble == null ? CapturedCall.End.ANSWERED : CapturedCall.End.BROKEN;
    }

    /** Waits a while for those that are on their way: nobody needs them as a product needs its answers. */
    @Override
    public void close() {
        closed = true;
        long until = System.nanoTime() + PATIENCE.toNanos();
        try {
            free.tryAcquire(MOST, PATIENCE.toNanos(), TimeUnit.NANOSECONDS);
            for (Semaphore places : ofOwn.values()) {
                places.tryAcquire(MOST, until - System.nanoTime(), TimeUnit.NANOSECONDS);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
