package dev.hone.web.site;

import dev.hone.record.Role;
import java.io.IOException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A path, and what is done there.
 *
 * @param method {@code GET} or {@code POST}
 * @param pattern segments, of which those in braces stand for any
 * @param access who may
 */
record Route(String method, String pattern, Access access, Action action) {
    /** The segment that names the project. */
    static final String PROJECT = "project";

    /** What is done. */
    interface Action {
        Answer answer(Ask ask) throws IOException, InterruptedException;
    }

    /** Who may come. */
    sealed interface Access {
        record Anybody() implements Access {}

        record SignedIn() implements Access {}

        /** Whoever has at least this role in the project of the path. */
        record Member(Role least) implements Access {}
    }

    static Route open(String method, String pattern, Action action) {
        return new Route(method, pattern, new Access.Anybody(), action);
    }

    static Route signedIn(String method, String pattern, Action action) {
        return new Route(method, pattern, new Access.SignedIn(), action);
    }

    /** @param pattern below the project's own path */
    static Route of(Role least, String method, String pattern, Action action) {
        return new Route(method, "/p/{" + PROJECT + "}" + pattern, new Access.Member(least), action);
    }

    /** What stands for the segments in braces; empty when the path is another. */
    Optional<Map<String, String>> match(List<String> segments) {
        List<String> expected = segments(pattern);
        if (expected.size() != segments.size()) {
            return Optional.empty();
        }
        Map<String, String> parts = new HashMap<>();
        for (int i = 0; i < expected.size(); i++) {
            String one = expected.get(i);
            if (one.startsWith("{")) {
                parts.put(one.substring(1, one.length() - 1), segments.get(i));
            } else if (!one.equals(segments.get(i))) {
                return Optional.empty();
            }
        }
        return Optional.of(parts);
    }

    static List<String> segments(String path) {
        return path.equals("/") ? List.of() : List.of(path.substring(1).split("/", -1));
    }
}
