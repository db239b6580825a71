package dev.hone.record;

import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** How users name a model version; {@code project:} before it says whose use case it is, where several projects have one of that name. */
public sealed interface VersionReference {
    Pattern ALIASED =
            Pattern.compile("(?:([a-z0-9][a-z0-9-]{0,62}):)?([a-z0-9][a-z0-9-]{0,62})@([a-z][a-z0-9-]{0,62})");
    Pattern NUMBERED = Pattern.compile("(?:([a-z0-9][a-z0-9-]{0,62}):)?([a-z0-9][a-z0-9-]{0,62})/([1-9][0-9]{0,8})");

    /** The project of its use case; null where it is not said. */
    @Nullable
    String project();

    /** The name of its use case. */
    String useCase();

    /** As it is written. */
    String text();

    private static String within(@Nullable String project, String text) {
        return project == null ? text : project + ":" + text;
    }

    /** The version that an alias points at: {@code use-case@alias}. */
    record Aliased(@Nullable String project, String useCase, String alias) implements VersionReference {
        public Aliased(String useCase, String alias) {
            this(null, useCase, alias);
        }

        @Override
        public String text() {
            return within(project, useCase + "@" + alias);
        }
    }

    /** The version of a number: {@code use-case/number}. */
    record Numbered(@Nullable String project, String useCase, int number) implements VersionReference {
        public Numbered(String useCase, int number) {
            this(null, useCase, number);
        }

        @Override
        public String text() {
            return within(project, useCase + "/" + number);
        }
    }

    /** Reads either form; empty when a text has neither. */
    static Optional<VersionReference> parse(String text) {
        Matcher numbered = NUMBERED.matcher(text);
        if (numbered.matches()) {
            return Optional.of(new Numbered(numbered.group(1), numbered.group(2), Integer.parseInt(numbered.group(3))));
        }
        Matcher aliased = ALIASED.matcher(text);
        return aliased.matches()
                ? Optional.of(new Aliased(aliased.group(1), aliased.group(2), aliased.group(3)))
                : Optional.empty();
    }

    /** @throws IllegalArgumentException when a text has neither form */
    static VersionReference of(String text) {
        return parse(text)
                .orElseThrow(() -> new IllegalArgumentException(
                        "[%s] names no model version: write USE_CASE@ALIAS or USE_CASE/NUMBER, as hone models list shows them, or either behind PROJECT:"
                                .formatted(text)));
    }
}
