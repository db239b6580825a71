package dev.hone.capture.gateway;

import dev.hone.capture.route.Outcome;

/** What is said of what came of an attempt: in traces, and to callers. */
final class OutcomeWords {
    private OutcomeWords() {}

    /** In a trace. */
    static String trouble(Outcome outcome) {
        return switch (outcome) {
            case Outcome.Unreachable unreachable -> unreachable.reason();
            case Outcome.TimedOut timedOut ->
                "silent for %d ms".formatted(timedOut.after().toMillis());
            case Outcome.Busy busy -> "status %d".formatted(busy.status());
            case Outcome.Declined declined -> "declined by status %d".formatted(declined.status());
            case Outcome.Full ignored -> "has as many calls as it may";
            case Outcome.Final ignored -> "";
        };
    }

    /** What a caller may know of it: not where servers stand. */
    static String shown(Outcome outcome) {
        return switch (outcome) {
            case Outcome.Unreachable unreachable -> unreachable.told();
            case Outcome.TimedOut ignored -> "was silent";
            case Outcome.Busy busy -> "said [%d]".formatted(busy.status());
            case Outcome.Declined declined -> "said [%d]".formatted(declined.status());
            case Outcome.Full ignored -> "has as many calls as it may have at once";
            case Outcome.Final ignored -> "did";
        };
    }
}
