package dev.hone.loop;

/** What a round was begun with is gone, for good: it ends, and says so. */
final class CannotGoOn extends RuntimeException {
    private static final long serialVersionUID = 1;

    CannotGoOn(String reason) {
        super(reason, null, false, false);
    }

    String reason() {
        return String.valueOf(getMessage());
    }
}
