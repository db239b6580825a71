package dev.hone.charter;

/** A charter that cannot be followed; the message names value, file, line and remedy. */
public final class CharterException extends IllegalArgumentException {
    private static final long serialVersionUID = 1;

    CharterException(String message) {
        super(message);
    }

    /** @param line from 1 */
    static CharterException at(String file, int line, String what, String remedy) {
        return new CharterException("%s in [%s] line %d; %s".formatted(what, file, line, remedy));
    }
}
