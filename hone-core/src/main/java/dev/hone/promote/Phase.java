package dev.hone.promote;

/** How far a version is on its way to the calls of users. */
public sealed interface Phase {
    /** Its server is being opened. */
    record Waiting() implements Phase {}

    /** It answers copies of calls, for nobody. */
    record Shadow() implements Phase {}

    /** It answers a share of the users. @param step number of the share, from 0 */
    record Canary(int step) implements Phase {}

    /** All that was asked for is shown; it keeps its last share until a person decides. */
    record Ready(int step) implements Phase {}

    /** It has the calls. */
    record Promoted() implements Phase {}

    /** It gets no calls any more, since it is worse, fails, or may not have any. */
    record RolledBack() implements Phase {}

    /** A person took its calls away. */
    record Stopped() implements Phase {}

    /** As files and the database have it. */
    default String word() {
        return switch (this) {
            case Waiting ignored -> "waiting";
            case Shadow ignored -> "shadow";
            case Canary ignored -> "canary";
            case Ready ignored -> "ready";
            case Promoted ignored -> "promoted";
            case RolledBack ignored -> "rolled-back";
            case Stopped ignored -> "stopped";
        };
    }

    /** Number of its share; 0 where it has none. */
    default int step() {
        return switch (this) {
            case Canary canary -> canary.step();
            case Ready ready -> ready.step();
            case Waiting ignored -> 0;
            case Shadow ignored -> 0;
            case Promoted ignored -> 0;
            case RolledBack ignored -> 0;
            case Stopped ignored -> 0;
        };
    }

    /** Whether nothing moves it any more. */
    default boolean isOver() {
        return switch (this) {
            case Promoted ignored -> true;
            case RolledBack ignored -> true;
            case Stopped ignored -> true;
            case Waiting ignored -> false;
            case Shadow ignored -> false;
            case Canary ignored -> false;
            case Ready ignored -> false;
        };
    }

    /** Whether it answers some of the users. */
    default boolean hasUsers() {
        return this instanceof Canary || this instanceof Ready;
    }

    /** @throws IllegalArgumentException when there is no such phase */
    static Phase of(String word, int step) {
        return switch (word) {
            case "waiting" -> new Waiting();
            case "shadow" -> new Shadow();
            case "canary" -> new Canary(step);
            case "ready" -> new Ready(step);
            case "promoted" -> new Promoted();
            case "rolled-back" -> new RolledBack();
            case "stopped" -> new Stopped();
            default -> throw new IllegalArgumentException("There is no phase [%s]".formatted(word));
        };
    }
}
