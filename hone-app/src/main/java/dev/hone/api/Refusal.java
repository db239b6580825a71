package dev.hone.api;

import org.jspecify.annotations.Nullable;

/** A request that is not answered, and why, in the terms of OpenAI's errors. */
final class Refusal extends RuntimeException {
    private static final long serialVersionUID = 1;

    private final int status;
    private final String type;
    private final @Nullable String parameter;
    private final @Nullable String code;

    private Refusal(int status, String type, @Nullable String parameter, @Nullable String code, String message) {
        super(message, null, false, false);
        this.status = status;
        this.type = type;
        this.parameter = parameter;
        this.code = code;
    }

    /** The request's own fault. */
    static Refusal of(int status, @Nullable String parameter, @Nullable String code, String message) {
        return new Refusal(status, "invalid_request_error", parameter, code, message);
    }

    /** A value that cannot be used. */
    static Refusal value(String parameter, String message) {
        return of(400, parameter, "invalid_value", message);
    }

    /** Something that would change the answer and that this server cannot do. */
    static Refusal unsupported(String parameter, String message) {
        return of(400, parameter, "unsupported_parameter", message);
    }

    /** Somebody who has no key. */
    static Refusal unauthorized(String message) {
        return new Refusal(401, "authentication_error", null, "invalid_api_key", message);
    }

    /** Somebody who may not ask. */
    static Refusal forbidden(String code, String message) {
        return new Refusal(403, "permission_error", null, code, message);
    }

    /** More requests than the queue holds. */
    static Refusal tooMany(int limit) {
        return new Refusal(
                429,
                "rate_limit_error",
                null,
                "rate_limit_exceeded",
                "[%d] requests are being answered or wait already: try again later".formatted(limit));
    }

    /** The server's fault. */
    static Refusal failed(int status, String message) {
        return new Refusal(status, "server_error", null, null, message);
    }

    int status() {
        return status;
    }

    String type() {
        return type;
    }

    @Nullable
    String parameter() {
        return parameter;
    }

    @Nullable
    String code() {
        return code;
    }
}
