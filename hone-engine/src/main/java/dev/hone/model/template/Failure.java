package dev.hone.model.template;

/** A failure of an operation that does not know its line; {@link Template} turns it into a {@link TemplateException}. */
final class Failure extends RuntimeException {
    private static final long serialVersionUID = 1L;

    Failure(String reason) {
        super(reason, null, false, false);
    }

    String reason() {
        return String.valueOf(getMessage());
    }

    static Failure undefined(Value.Undefined undefined) {
        return new Failure(undefined.reason());
    }

    static Failure unsupported(String construct) {
        return new Failure("%s is not supported in chat templates here".formatted(construct));
    }
}
