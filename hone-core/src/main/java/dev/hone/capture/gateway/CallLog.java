package dev.hone.capture.gateway;

import dev.hone.capture.route.Variant;
import dev.hone.record.AnswerLogprob;
import dev.hone.record.CallUsage;
import dev.hone.record.CapturedCall;
import dev.hone.record.Money;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What is known of a call while it is carried out, written down at its end. On one thread. */
final class CallLog {
    private static final byte[] NOTHING = {};

    private final Gateway gateway;
    private final IncomingCall call;
    private final CallMemory.Share share;
    private final List<CapturedCall.Attempt> attempts = new ArrayList<>();
    private final LineDeltas captured = new LineDeltas();
    private final List<Variant> silent = new ArrayList<>();
    private int taken;
    private @Nullable Variant last;
    private @Nullable Double firstByteMillis;
    private boolean tried;
    private boolean recorded;

    /** @param share of the memory, from which what comes of the answer is taken */
    CallLog(Gateway gateway, IncomingCall call, CallMemory.Share share) {
        this.gateway = gateway;
        this.call = call;
        this.share = share;
    }

    static double millisSince(long nanos) {
        return (System.nanoTime() - nanos) / 1e6;
    }

    /**
     * Somebody was asked.
     *
     * @param status of the answer; null where none came
     * @param trouble why it was not taken; null where it was
     * @param from when it was asked
     */
    void attempt(int number, Variant variant, @Nullable Integer status, @Nullable String trouble, long from) {
        last = variant;
        attempts.add(new CapturedCall.Attempt(
                number, variant.name(), variant.upstream(), variant.model(), status, trouble, millisSince(from), null));
        gateway.metrics().attempted(variant.upstream(), status, trouble);
    }

    /** How probable the answer of who was asked last was to it. @param said null where nobody says so */
    void probable(@Nullable AnswerLogprob said) {
        if (said != null) {
            attempts.add(attempts.removeLast().saying(said));
        }
    }

    /** Somebody was asked who said nothing in time, and may have worked, and be paid, all the same. */
    void silent(Variant variant) {
        silent.add(variant);
    }

    /** What came of another answer is forgotten. */
    void forget() {
        share.give(taken);
        taken = 0;
        captured.reset();
    }

    /** An answer begins. */
    void firstByte() {
        forget();
        firstByteMillis = millisSince(call.startNanos());
    }

    /** @return why an answer cannot be kept; null where it can */
    @Nullable
    GatewayRefusal capture(byte[] piece, int length) {
        int most = call.configuration().options().mostAnswerBytes();
        if (captured.length() + length > most) {
            return GatewayRefusal.of(502, "answer_too_large", "The answer has more than [%d] bytes".formatted(most));
        }
        captured.write(piece, length);
        int more = captured.heldBytes() - taken;
        if (!share.take(more)) {
            return CallMemory.refusal();
        }
        taken += more;
        return null;
    }

    /** What came of the answer. */
    byte[] captured() {
        return captured.toByteArray();
    }

    /** Whether somebody has tried to write it down. */
    boolean isTried() {
        return tried;
    }

    /** Whether it is written down. */
    boolean isRecorded() {
        return recorded;
    }

    /** Of the variant that was asked last; empty where none was. */
    String variant() {
        return last == null ? "" : last.name();
    }

    /**
     * Writes the call down; after that it survives the process.
     *
     * @param status that the client gets
     */
    void record(int status, CapturedCall.End end) throws IOException {
        boolean again = tried;
        tried = true;
        CapturedCall.Facts facts = null;
        try {
            facts = write(status, end);
        } finally {
            if (facts == null && !again && firstByteMillis != null) {
                gateway.metrics().lost();
            }
        }
        recorded = true;
        gateway.recorded(facts);
    }

    private CapturedCall.Facts write(int status, CapturedCall.End end) throws IOException {
        byte[] answer = captured();
        CallUsage usage = UsageReader.find(answer);
        Money cost = last == null ? null : call.configuration().cost(last, usage);
        if (cost != null) {
            CapturedCall.Attempt made = attempts.removeLast();
            attempts.add(made.costing(cost.amount()));
        }
        Variant only = call.useCase() ? null : call.serving().route().variants().getFirst();
        String counted = only == null ? null : gateway.named().counted(call.configuration(), only, end);
        CapturedCall.Facts facts = new CapturedCall.Facts(
                call.id(),
                call.started(),
                call.path(),
                call.head().model(),
                counted == null ? call.serving().route().name() : counted,
                call.useCase(),
                counted == null || last == null ? variant() : counted,
                call.origin(),
                call.head().stream(),
                status,
                end,
                firstByteMillis,
                millisSince(call.startNanos()),
                usage,
                cost,
                attempts,
                estimate(end, answer, cost));
        gateway.record(new CapturedCall(facts, call.body(), answer), call);
        return facts;
    }

    /**
     * Of a call that a key has to pay: who leaves before the tokens are told, and servers that do not tell them, or say nothing in time, are no way around
     * its budget.
     */
    private @Nullable Money estimate(CapturedCall.End end, byte[] answer, @Nullable Money cost) {
        if (call.origin().key() == null) {
            return null;
        }
        Money sum = null;
        for (Variant variant : silent) {
            sum = plus(sum, call.configuration().cost(variant, TokenEstimate.of(call.body(), NOTHING)));
        }
        return cost != null || last == null || end == CapturedCall.End.REFUSED
                ? sum
                : plus(sum, call.configuration().cost(last, TokenEstimate.of(call.body(), answer)));
    }

    private static @Nullable Money plus(@Nullable Money one, @Nullable Money other) {
        return one == null ? other : other == null ? one : one.plus(other);
    }
}
