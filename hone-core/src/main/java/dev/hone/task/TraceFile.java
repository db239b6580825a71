package dev.hone.task;

import dev.hone.fetch.Hashes;
import dev.hone.record.StoredTrace;
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
import tools.jackson.databind.JsonNode;

/** A JSONL file of stored traces, as {@code hone traces export} writes it, read line by line. */
public final class TraceFile implements AutoCloseable {
    /** A request and an answer of the most that a gateway takes, all of it escaped. */
    static final int MOST_LINE_BYTES = 256 << 20;

    private final MessageDigest digest = Hashes.sha256();
    private final InputStream in;
    private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    private int number;
    private long bytesRead;
    private boolean more = true;

    /** What stands in a line. */
    public sealed interface Line {
        /** From 1. */
        int number();
    }

    /** A line that can be imported. */
    public record Row(int number, StoredTrace trace) implements Line {}

    /** A line that cannot, and why. */
    public record Bad(int number, String reason) implements Line {}

    public TraceFile(Path file) throws IOException {
        this.in = new BufferedInputStream(new DigestInputStream(Files.newInputStream(file), digest), 1 << 16);
    }

    /** Whether a file's first row is one of these. */
    public static boolean isOne(Path file) throws IOException {
        try (TraceFile first = new TraceFile(file)) {
            String line = first.line();
            JsonNode row = line == null ? null : ChatFile.parse(line);
            return row != null && TraceLine.isOne(row);
        } catch (BadRow e) {
            return false;
        }
    }

    /** The next line that is not empty; null at the end. */
    public @Nullable Line next() throws IOException {
        try {
            String line = line();
            return line == null ? null : new Row(number, TraceLine.parse(line));
        } catch (BadRow e) {
            return new Bad(number, String.valueOf(e.getMessage()));
        }
    }

    private @Nullable String line() throws IOException {
        while (more) {
            number++;
            more = ChatFile.readLine(in, bytes, MOST_LINE_BYTES);
            bytesRead += bytes.size() + 1;
            if (bytes.size() > MOST_LINE_BYTES) {
                throw new BadRow("is longer than [%d] bytes".formatted(MOST_LINE_BYTES));
            }
            String text = ChatFile.decode(bytes.toByteArray(), number);
            if (!text.isBlank()) {
                return text;
            }
        }
        return null;
    }

    /** How far it was read. */
    public long bytesRead() {
        return bytesRead;
    }

    /** Of the whole file, after the last line. */
    public String sha256() {
        return HexFormat.of().formatHex(digest.digest());
    }

    @Override
    public void close() throws IOException {
        in.close();
    }
}
