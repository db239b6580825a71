package dev.hone.schema;

/** A schema that cannot be followed; the message names the place and the remedy. */
public final class SchemaException extends IllegalArgumentException {
    private static final long serialVersionUID = 1;

    SchemaException(String message) {
        super(message);
    }
}
