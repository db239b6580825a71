package dev.hone.capture.otlp;

/** An export that cannot be read, and why. */
public final class UnreadableSpansException extends IllegalArgumentException {
    private static final long serialVersionUID = 1;

    UnreadableSpansException(String message) {
        super(message);
    }
}
