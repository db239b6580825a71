package dev.hone.capture.feedback;

import org.jspecify.annotations.Nullable;

/** Feedback that is not taken, and why. Nothing of its request is stored. */
public final class FeedbackRefusal extends RuntimeException {
    private static final long serialVersionUID = 1;

    private final int status;
    private final String code;
    private final @Nullable String field;

    /**
     * @param status of HTTP
     * @param field that is wrong, with its place in a list; null where it is none in particular
     */
    FeedbackRefusal(int status, String code, @Nullable String field, String message) {
        super(message, null, false, false);
        this.status = status;
        this.code = code;
        this.field = field;
    }

    static FeedbackRefusal invalid(@Nullable String field, String message) {
        return new FeedbackRefusal(400, "invalid_value", field, message);
    }

    public int status() {
        return status;
    }

    public String code() {
        return code;
    }

    public @Nullable String field() {
        return field;
    }
}
