package dev.hone.task;

import dev.hone.fetch.Hashes;
import dev.hone.task.ChatFile.BadRow;
import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.DigestInputStream;
import java.security.MessageDigest;
import java.util.HexFormat;
import org.jspecify.annotations.Nullable;

/** The lines of a file of JSON, one after the other, with the hash of the whole. */
final class JsonLines implements AutoCloseable {
    private final Path file;
    private final int most;
    private final MessageDigest digest = Hashes.sha256();
    private final InputStream in;
    private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    private int number;
    private long bytesRead;
    private boolean more = true;

    /** @param most bytes of a line */
    JsonLines(Path file, int most) throws IOException {
        if (Files.isDirectory(file)) {
            throw new IllegalArgumentException(
                    "[%s] is a folder: name a file with one JSON object a line".formatted(file));
        }
        this.file = file;
        this.most = most;
        this.in = new BufferedInputStream(new DigestInputStream(Files.newInputStream(file), digest), 1 << 16);
    }

    /**
     * The next line that is not empty; null at the end.
     *
     * @throws BadRow when it is too long, or no text; the line after it can be read
     */
    @Nullable
    String next() throws IOException {
        while (more) {
            number++;
            more = ChatFile.readLine(in, bytes, most);
            bytesRead += bytes.size() + 1;
            if (bytes.size() > most) {
                throw new BadRow("is longer than [%d] bytes".formatted(most));
            }
            String text = ChatFile.decode(bytes.toByteArray(), number);
            if (!text.isBlank()) {
                return text;
            }
        }
        return null;
    }

    /** Of the line that was read last, from 1. */
    int number() {
        return number;
    }

    /** How far it was read. */
    long bytesRead() {
        return bytesRead;
    }

    /** Of the whole file, once, after the last line. */
    String sha256() {
        return HexFormat.of().formatHex(digest.digest());
    }

    /**
     * After the last line.
     *
     * @param sha256 of the file when it was read before
     * @throws IllegalArgumentException when it is another one now
     */
    void requireSame(String sha256) {
        if (!sha256().equals(sha256)) {
            throw new IllegalArgumentException(
                    "[%s] was changed while it was read: run the command again".formatted(file));
        }
    }

    @Override
    public void close() throws IOException {
        in.close();
    }
}
