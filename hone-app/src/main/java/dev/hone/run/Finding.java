package dev.hone.run;

/**
 * One thing that {@link Doctor} looked at.
 *
 * @param name what was looked at
 * @param found what is there
 * @param level whether that is good
 * @param remedy what to do, empty when nothing is to be done
 */
public record Finding(String name, String found, Level level, String remedy) {
    /** How good a finding is. */
    public enum Level {
        /** Nothing to do. */
        OK,
        /** Hone works, but slower or with less room than it could. */
        WARNING,
        /** Something that Hone needs is missing. */
        PROBLEM
    }

    static Finding ok(String name, String found) {
        return new Finding(name, found, Level.OK, "");
    }

    static Finding warning(String name, String found, String remedy) {
        return new Finding(name, found, Level.WARNING, remedy);
    }

    static Finding problem(String name, String found, String remedy) {
        return new Finding(name, found, Level.PROBLEM, remedy);
    }
}
