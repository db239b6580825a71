package dev.hone.record;

import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** How users name a model version. */
public sealed interface VersionReference {
    Pattern ALIASED = Pattern.compile("([a-z0-9][a-z0-9-]{0,62})@([a-z][a-z0-9-]{0,62})");
    Pattern NUMBERED = Pattern.compile("([a-z0-9][a-z0-9-]{0,62})/([1-9][0-9]{0,8})");

    /** The name of its use case. */
    String useCase();

    /** As it is written. */
    String text();

    /** The version that an alias points at: {@code use-case@alias}. */
    record Aliased(String useCase, String alias) implements VersionReference {
        @Override
        public String text() {
            return useCase + "@" + alias;
        }
    }

    /** The version of a number: {@code use-case/number}. */
    record Numbered(String useCase, int number) implements VersionReference {
        @Override
        public String text() {
            return useCase + "/" + number;
        }
    }

    /** Reads either form; empty when a text has neither. */
    static Optional<VersionReference> parse(String text) {
        Matcher numbered = NUMBERED.matcher(text);
        if (numbered.matches()) {
            return Optional.of(new Numbered(numbered.group(1), Integer.parseInt(numbered.group(2))));
        }
        Matcher aliased = ALIASED.matcher(text);
        return aliased.matches() ? Optional.of(new Aliased(aliased.group(1), aliased.group(2))) : Optional.empty();
    }

    /** @throws IllegalArgumentException when a text has neither form */
    static VersionReference of(String text) {
        return parse(text)
                .orElseThrow(() -> new IllegalArgumentException(
                        "[%s] names no model version: write USE_CASE@ALIAS or USE_CASE/NUMBER, as hone models list shows them"
                                .formatted(text)));
    }
}
