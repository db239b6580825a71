package dev.hone.advise;

import java.util.List;
import java.util.Locale;

/**
 * What to do about a use case, and why. Made by {@link Adviser} by rule.
 *
 * @param sentence the verdict in words
 * @param reasons what decided, each with its figure
 * @param changes the numbers that would change it
 * @param unknown what nobody knows, and would count
 */
public record Advice(Choice choice, String sentence, List<String> reasons, List<Change> changes, List<String> unknown) {
    public Advice {
        reasons = List.copyOf(reasons);
        changes = List.copyOf(changes);
        unknown = List.copyOf(unknown);
    }

    /** What can be done. */
    public enum Choice {
        POST_TRAIN("post-train"),
        CLASSIC("cheaper classic model"),
        PROMPT("better prompt or retrieval"),
        STAY("stay general"),
        /** It has one already, and whether that is worth keeping is the question. */
        OWN("its own model"),
        /** Too little is known for any of these. */
        UNKNOWN("not known");

        private final String words;

        Choice(String words) {
            this.words = words;
        }

        public String words() {
            return words;
        }

        /** As addresses and styles write it. */
        public String key() {
            return name().toLowerCase(Locale.ROOT).replace('_', '-');
        }
    }

    /**
     * A number that would change the verdict.
     *
     * @param what it is of
     * @param now its value
     * @param needed from which value on, or up to which, it would
     * @param then what the verdict would be
     */
    public record Change(String what, String now, String needed, Choice then) {}
}
