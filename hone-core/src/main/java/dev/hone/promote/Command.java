package dev.hone.promote;

import java.util.Locale;

/** What a person may ask for. */
public enum Command {
    /** The candidate becomes live. */
    PROMOTE,
    /** Nobody but a person moves it on. */
    HOLD,
    /** It may move on again. */
    RESUME,
    /** It gets no calls any more. */
    BACK,
    /** It gets no calls any more, whatever else is the matter. */
    STOP,
    /** The same, and what is live gets none either: those whom the charter names answer, until somebody says {@link #RESUME}. */
    STOP_ALL;

    /** Whether it leaves versions with fewer calls than before, or where they are. */
    boolean takesAway() {
        return this != PROMOTE && this != RESUME;
    }

    /** As files and forms have it. */
    public String word() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    /** @throws IllegalArgumentException when there is none */
    public static Command of(String word) {
        for (Command command : values()) {
            if (command.word().equals(word)) {
                return command;
            }
        }
        throw new IllegalArgumentException("[%s] cannot be asked for".formatted(word));
    }
}
