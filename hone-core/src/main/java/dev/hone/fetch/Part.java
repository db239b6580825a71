package dev.hone.fetch;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;

/** A file on its way in: not yet verified, under a name that nobody reads. */
final class Part {
    private Part() {}

    /** Hears how many bytes have come, and how many are expected (-1: unknown). */
    @FunctionalInterface
    interface Progress {
        void bytes(long soFar, long total);
    }

    /** Replaces a part by a stream's content, refusing more than {@code maxBytes}. */
    static void write(Path part, InputStream in, long maxBytes) throws IOException {
        Files.deleteIfExists(etag(part));
        byte[] buffer = new byte[1 << 16];
        long size = 0;
        try (OutputStream out = Files.newOutputStream(part)) {
            for (int read = in.read(buffer); read >= 0; read = in.read(buffer)) {
                size += read;
                requireSize(size, maxBytes);
                out.write(buffer, 0, read);
            }
        }
    }

    static void requireSize(long size, long maxBytes) throws FetchException {
        if (size > maxBytes) {
            throw new FetchException("it is larger than the [%d] bytes that are expected at most".formatted(maxBytes));
        }
    }

    /** Where the version of an interrupted download is noted, so that it is only continued with the same version. */
    static Path etag(Path part) {
        return part.resolveSibling(part.getFileName() + ".etag");
    }
}
