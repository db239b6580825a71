package dev.hone.fetch;

import java.util.List;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A file that is the same for everybody. Declared by whoever needs the file; fetched and verified by {@link FileCache}.
 *
 * @param name relative path in the cache, such as {@code data/bfcl/BFCL_v4_live_simple.json}
 * @param sha256 of the content, 64 lower-case hexadecimal digits; null when nobody could know it beforehand: then the
 *     hash of the first fetch is recorded, and required from then on
 * @param maxBytes a source that sends more is refused
 * @param sources tried in order
 */
public record PinnedFile(String name, @Nullable String sha256, long maxBytes, List<Source> sources) {
    private static final Pattern SHA256 = Pattern.compile("[0-9a-f]{64}");

    /** Enough for any dataset, and small enough to stop a source that never ends. */
    public static final long DEFAULT_MAX_BYTES = 1L << 30;

    public PinnedFile {
        Names.requireRelativePath("name of a cached file", name);
        if (sha256 != null && !SHA256.matcher(sha256).matches()) {
            throw new IllegalArgumentException("Not a SHA-256 in lower-case hexadecimal: [" + sha256 + "]");
        }
        if (maxBytes < 1) {
            throw new IllegalArgumentException("A file needs room: maxBytes is [" + maxBytes + "]");
        }
        sources = List.copyOf(sources);
    }

    public PinnedFile(String name, String sha256, List<Source> sources) {
        this(name, sha256, DEFAULT_MAX_BYTES, sources);
    }
}
