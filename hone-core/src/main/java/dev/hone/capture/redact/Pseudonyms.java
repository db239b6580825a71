package dev.hone.capture.redact;

import dev.hone.fetch.Hashes;
import java.util.HashMap;
import java.util.Map;
import java.util.function.LongConsumer;
import org.jspecify.annotations.Nullable;

/**
 * The tokens of an episode: the same text has the same token in all of its calls. Holds a bounded number of bytes; what is beyond that is
 * replaced all the same. Threads may share it.
 */
public final class Pseudonyms {
    /** More are not told apart: the token with the number 0 stands for all that follow, and is not put back. */
    static final int MOST = 10_000;

    /** The same for what all of them take. */
    static final long MOST_BYTES = 4L << 20;

    /** Characters of the longest text that is put back. Of a longer one its hash is held, so it has one token. */
    static final int LONGEST = 4_096;

    /** What a token takes beside its texts, at most. */
    private static final int BYTES_EACH = 256;

    private final Map<String, String> tokens = new HashMap<>();
    private final Map<String, String> originals = new HashMap<>();
    private final Map<String, Integer> counts = new HashMap<>();
    private final LongConsumer holder;
    private long bytes;
    private boolean counted = true;
    private boolean full;

    /** Of one call. */
    public Pseudonyms() {
        this(change -> {});
    }

    /** @param holder hears how many bytes more it takes, and, when it is released, how many fewer */
    public Pseudonyms(LongConsumer holder) {
        this.holder = holder;
    }

    /**
     * The token of a text.
     *
     * @param same equal for texts that mean the same
     * @param text as it stands there, which comes back for the token
     */
    synchronized String token(String kind, String same, String text) {
        boolean comesBack = text.length() <= LONGEST;
        String key = same.length() <= LONGEST ? kind + " " + same : kind + "#" + Hashes.sha256(same);
        String known = tokens.get(key);
        if (known != null) {
            return known;
        }
        if (tokens.size() >= MOST || !takes(key.length() + (comesBack ? text.length() : 0))) {
            return "<%s_0>".formatted(kind);
        }
        String token;
        do {
            token = "<%s_%d>".formatted(kind, counts.merge(kind, 1, Integer::sum));
        } while (originals.containsKey(token));
        tokens.put(key, token);
        if (comesBack) {
            originals.put(token, text);
        }
        return token;
    }

    /** Takes note of a token that stands in a text of its own accord: it means itself. */
    synchronized void reserve(String token) {
        if (!originals.containsKey(token) && takes(2 * token.length())) {
            originals.put(token, token);
        }
    }

    /** Whether there was room. Where there once was none, there is none any more: a token that was not reserved is never made. */
    private boolean takes(int characters) {
        long more = BYTES_EACH + 2L * characters;
        full |= bytes + more > MOST_BYTES;
        if (full) {
            return false;
        }
        bytes += more;
        if (counted) {
            holder.accept(more);
        }
        return true;
    }

    /** Its holder forgets it: calls that have it go on with it, and what it takes is theirs. */
    public synchronized void release() {
        if (counted) {
            counted = false;
            holder.accept(-bytes);
        }
    }

    /** What a token stands for; null when it stands for nothing. */
    synchronized @Nullable String original(String token) {
        return originals.get(token);
    }
}
