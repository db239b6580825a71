package dev.hone.capture.route;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** What came of asking somebody, as far as it decides who is asked next. */
public sealed interface Outcome {
    /** An answer that ended in its middle, to the server's breaker: it failed, and was not silent. */
    Outcome BROKEN_OFF = new Busy(502, null);

    /** An answer, or a refusal of the request itself: nobody else would take it. */
    record Final(int status) implements Outcome {}

    /** A model of Hone's own cannot take such a request: another may. */
    record Declined(int status) implements Outcome {}

    /**
     * A status that another attempt may change.
     *
     * @param retryAfter how long it asks to wait; null where it does not
     */
    record Busy(int status, @Nullable Duration retryAfter) implements Outcome {}

    /**
     * No connection, or one that broke before the answer began, or what is no answer.
     *
     * @param told what a caller may know of it: not where servers stand
     */
    record Unreachable(String reason, String told) implements Outcome {
        /** Nobody was there. */
        public Unreachable(String reason) {
            this(reason, "cannot be reached");
        }

        /** Somebody was, and said this, which is no answer. */
        public static Unreachable said(String what) {
            return new Unreachable(what, what);
        }
    }

    /** It was not asked, since it has as many calls as it may have at once. */
    record Full() implements Outcome {}

    /** Nothing came in time. */
    record TimedOut(Duration after) implements Outcome {}

    /**
     * By HTTP status. A redirect is followed by nobody, and is no answer. Asked again are 408, 425, 429, 500, 502, 503, 504 and whatever else begins with 5 but 501 and 505, which stay
     * what they are.
     */
    static Outcome of(int status, @Nullable Duration retryAfter) {
        return switch (status) {
            case 408, 425, 429 -> new Busy(status, retryAfter);
            case 501, 505 -> new Final(status);
            case 301, 302, 303, 307, 308 ->
                Unreachable.said("answered with a redirect [%d], which is not followed".formatted(status));
            default -> status >= 500 ? new Busy(status, retryAfter) : new Final(status);
        };
    }

    /**
     * The same of a server of Hone's own, which takes less than others do: a prompt that is too long for it, pictures, paths and parameters that it does not
     * know. A refusal of these is no failure of it, and nothing that the caller has to mend.
     */
    static Outcome ofOwn(int status, @Nullable Duration retryAfter) {
        return switch (status) {
            case 400, 404, 413, 415, 422 -> new Declined(status);
            default -> of(status, retryAfter);
        };
    }

    /** Whether nothing came from the server. */
    default boolean isSilence() {
        return switch (this) {
            case Final ignored -> false;
            case Declined ignored -> false;
            case Busy ignored -> false;
            case Full ignored -> false;
            case Unreachable ignored -> true;
            case TimedOut ignored -> true;
        };
    }

    /** Whether the server did what servers are for: a busy one that asks for patience did, too. */
    default boolean isFailure() {
        return switch (this) {
            case Final ignored -> false;
            case Declined ignored -> false;
            case Busy busy -> busy.status() != 429;
            case Full ignored -> false;
            case Unreachable ignored -> true;
            case TimedOut ignored -> true;
        };
    }
}
