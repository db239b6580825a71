package dev.hone.settings;

/** Settings that cannot be followed; the message names value, file, line and remedy. */
public final class SettingsException extends IllegalArgumentException {
    private static final long serialVersionUID = 1;

    public SettingsException(String message) {
        super(message);
    }

    /** @param line from 1 */
    public static SettingsException at(String file, int line, String what, String remedy) {
        return new SettingsException("%s in [%s] line %d; %s".formatted(what, file, line, remedy));
    }
}
