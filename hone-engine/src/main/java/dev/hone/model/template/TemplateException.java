package dev.hone.model.template;

/** A template that cannot be parsed or rendered. The message names the template's line and the construct. */
public final class TemplateException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final int line;
    private final String reason;

    TemplateException(int line, String reason) {
        super("Chat template line [%d]: %s".formatted(line, reason));
        this.line = line;
        this.reason = reason;
    }

    /** Line of the template, from 1. */
    public int line() {
        return line;
    }

    /** What went wrong, without the line; exactly the template's own words where it called {@code raise_exception}. */
    public String reason() {
        return reason;
    }
}
