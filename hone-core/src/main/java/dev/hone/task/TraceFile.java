package dev.hone.task;

import dev.hone.record.StoredTrace;
import dev.hone.task.ChatFile.BadRow;
import java.io.IOException;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** A JSONL file of stored traces, as {@code hone traces export} writes it, read line by line. */
public final class TraceFile implements AutoCloseable {
    /** A request and an answer of the most that a gateway takes, all of it escaped. */
    static final int MOST_LINE_BYTES = 256 << 20;

    private final JsonLines lines;

    /** What stands in a line. */
    public sealed interface Line permits Row, LineFault {
        /** From 1. */
        int number();
    }

    /** A line that can be imported. */
    public record Row(int number, StoredTrace trace) implements Line {}

    public TraceFile(Path file) throws IOException {
        this.lines = new JsonLines(file, MOST_LINE_BYTES);
    }

    /** Whether a file's first row is one of these. */
    public static boolean isOne(Path file) throws IOException {
        try (TraceFile first = new TraceFile(file)) {
            String line = first.lines.next();
            JsonNode row = line == null ? null : ChatFile.parse(line);
            return row != null && TraceLine.isOne(row);
        } catch (BadRow e) {
            return false;
        }
    }

    /** The next line that is not empty; null at the end. */
    public @Nullable Line next() throws IOException {
        try {
            String line = lines.next();
            return line == null ? null : new Row(lines.number(), TraceLine.parse(line));
        } catch (BadRow e) {
            return e.at(lines.number());
        }
    }

    /** How far it was read. */
    public long bytesRead() {
        return lines.bytesRead();
    }

    /** Of the whole file, after the last line. */
    public String sha256() {
        return lines.sha256();
    }

    /**
     * After the last line.
     *
     * @param sha256 of the file when it was read before
     * @throws IllegalArgumentException when it is another one now
     */
    public void requireSame(String sha256) {
        lines.requireSame(sha256);
    }

    @Override
    public void close() throws IOException {
        lines.close();
    }
}
