package dev.hone.capture.gateway;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** A request that the gateway itself turns away, and why, as OpenAI's clients understand it. */
public final class GatewayRefusal extends RuntimeException {
    private static final long serialVersionUID = 1;

    private final int status;
    private final String code;
    private final @Nullable String parameter;
    private final transient @Nullable Duration retryAfter;

    private GatewayRefusal(
            int status, String code, @Nullable String parameter, String message, @Nullable Duration retryAfter) {
        super(message, null, false, false);
        this.status = status;
        this.code = code;
        this.parameter = parameter;
        this.retryAfter = retryAfter;
    }

    public static GatewayRefusal of(int status, String code, String message) {
        return new GatewayRefusal(status, code, null, message, null);
    }

    /** @param parameter of the request that is wrong; null where it is none in particular */
    static GatewayRefusal at(int status, String code, @Nullable String parameter, String message) {
        return new GatewayRefusal(status, code, parameter, message, null);
    }

    /** @param wait after which it may be asked again; null where nobody knows */
    public static GatewayRefusal later(int status, String code, String message, @Nullable Duration wait) {
        return new GatewayRefusal(status, code, null, message, wait);
    }

    /** What went wrong is ours; the log has it, and who asks does not. */
    static GatewayRefusal fault() {
        return of(500, "fault", "A fault in the gateway; its log says where");
    }

    int status() {
        return status;
    }

    String code() {
        return code;
    }

    @Nullable
    String parameter() {
        return parameter;
    }

    @Nullable
    Duration retryAfter() {
        return retryAfter;
    }

    /** OpenAI's name for whose fault it is. */
    String type() {
        return switch (status) {
            case 401 -> "authentication_error";
            case 403 -> "permission_error";
            case 429 -> "rate_limit_error";
            default -> status < 500 ? "invalid_request_error" : "server_error";
        };
    }
}
