package dev.hone.capture.gateway;

/** A call that the gateway itself does not answer, and why, as OpenAI's clients understand it. */
final class GatewayRefusal extends RuntimeException {
    private static final long serialVersionUID = 1;

    private final int status;
    private final String code;

    private GatewayRefusal(int status, String code, String message) {
        super(message, null, false, false);
        this.status = status;
        this.code = code;
    }

    static GatewayRefusal of(int status, String code, String message) {
        return new GatewayRefusal(status, code, message);
    }

    int status() {
        return status;
    }

    String code() {
        return code;
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
