package dev.hone.fetch;

import java.util.regex.Pattern;

/** What a path in a cache, a repository or an archive may look like: relative, with plain segments that do not climb. */
final class Names {
    private static final Pattern RELATIVE_PATH =
            Pattern.compile("(?!.*(^|/)\\.{1,2}(/|$))[A-Za-z0-9._+-]+(/[A-Za-z0-9._+-]+)*");

    private Names() {}

    static void requireRelativePath(String what, String path) {
        if (!RELATIVE_PATH.matcher(path).matches()) {
            throw new IllegalArgumentException(
                    "Not a %s: [%s]; expected segments of letters, digits and . _ + - between single slashes"
                            .formatted(what, path));
        }
    }
}
