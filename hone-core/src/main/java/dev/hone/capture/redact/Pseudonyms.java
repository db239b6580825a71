package dev.hone.capture.redact;

import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The tokens of an episode: the same text has the same token in all of its calls. Threads may share it. */
public final class Pseudonyms {
    /** More are not told apart: the last one stands for all that follow, and is not put back. */
    static final int MOST = 10_000;

    private final Map<String, String> tokens = new HashMap<>();
    private final Map<String, String> originals = new HashMap<>();
    private final Map<String, Integer> counts = new HashMap<>();

    /**
     * The token of a text.
     *
     * @param same equal for texts that mean the same
     * @param text as it stands there, which comes back for the token
     */
    synchronized String token(String kind, String same, String text) {
        String known = tokens.get(kind + " " + same);
        if (known != null) {
            return known;
        }
        if (tokens.size() >= MOST) {
            return "<%s>".formatted(kind);
        }
        String token;
        do {
            token = "<%s_%d>".formatted(kind, counts.merge(kind, 1, Integer::sum));
        } while (originals.containsKey(token));
        tokens.put(kind + " " + same, token);
        originals.put(token, text);
        return token;
    }

    /** Takes note of a token that stands in a text of its own accord: it means itself. */
    synchronized void reserve(String token) {
        if (originals.size() < 2 * MOST) {
            originals.putIfAbsent(token, token);
        }
    }

    /** What a token stands for; null when it stands for nothing. */
    synchronized @Nullable String original(String token) {
        return originals.get(token);
    }
}
