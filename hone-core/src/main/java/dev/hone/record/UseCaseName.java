package dev.hone.record;

import java.util.regex.Pattern;

/** What a use case may be called. */
public final class UseCaseName {
    private static final Pattern NAME = Pattern.compile("[a-z0-9][a-z0-9-]{0,62}");

    private UseCaseName() {}

    /** @throws IllegalArgumentException when a use case cannot be called so */
    public static String require(String name) {
        if (!NAME.matcher(name).matches()) {
            throw new IllegalArgumentException(
                    "A use case cannot be called [%s]: use small letters, digits and [-], 63 at most".formatted(name));
        }
        return name;
    }
}
