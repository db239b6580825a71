package dev.hone.capture.gateway;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.stream.Collectors;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.databind.json.JsonMapper;

/**
 * Takes out of a stream of server-sent events the one that says how many tokens it took, and nothing else: the client did not ask. All
 * other bytes stay as they are, and leave by whole events, comments and the line that ends the stream by lines. Lines end with LF, CRLF or
 * CR. Of one answer, on one thread.
 */
final class UsageEvents {
    /** Of an event that may be the one. */
    private static final int MOST_BYTES = 64 << 10;

    private static final byte[] CHOICES = "\"choices\"".getBytes(StandardCharsets.US_ASCII);
    private static final String DATA = "data:";
    private static final String DONE = "[DONE]";

    private byte[] held = new byte[1 << 10];
    private int size;

    /** Where the current line begins. */
    private int line;

    /** Whether the current line is empty so far. */
    private boolean blank = true;

    private boolean afterReturn;

    /** Whether the beginning of the current event has left. */
    private boolean passing;

    /** Whether the last event did not leave. */
    private boolean hidden;

    /** What may leave after the next piece. */
    byte[] pass(byte[] piece, int length) {
        int at = size;
        if (held.length < size + length) {
            held = Arrays.copyOf(held, Math.max(2 * held.length, size + length));
        }
        System.arraycopy(piece, 0, held, size, length);
        size += length;
        ByteArrayOutputStream out = new ByteArrayOutputStream(length);
        int from = 0;
        for (; at < size; at++) {
            boolean second = held[at] == '\n' && afterReturn;
            boolean ends = held[at] == '\n' || held[at] == '\r';
            afterReturn = held[at] == '\r';
            if (second && at == line) {
                // The other half of a line's end: it goes where that went.
                line = at + 1;
                if (at == from) {
                    out.write(held, from, hidden ? 0 : 1);
                    from = at + 1;
                }
                continue;
            }
            if (ends && blank) {
                hidden = !passing && isUsage(from, at + 1);
                out.write(held, from, hidden ? 0 : at + 1 - from);
                from = at + 1;
                passing = false;
            } else if (ends && line == from && isNoEvent(line, at)) {
                hidden = false;
                out.write(held, from, at + 1 - from);
                from = at + 1;
            }
            blank = ends;
            line = ends ? at + 1 : line;
        }
        passing |= size - from > MOST_BYTES;
        if (passing) {
            hidden = false;
            out.write(held, from, size - from);
            from = size;
        }
        keep(from);
        return out.toByteArray();
    }

    private void keep(int from) {
        System.arraycopy(held, from, held, 0, size - from);
        size -= from;
        line -= from;
    }

    /** What is left, at the end of the answer. */
    byte[] end() {
        byte[] rest = isUsage(0, size) ? new byte[0] : Arrays.copyOf(held, size);
        keep(size);
        return rest;
    }

    /** Whether a line that begins an event is a comment, or ends the stream. */
    private boolean isNoEvent(int from, int to) {
        return held[from] == ':'
                || to - from < 20 && text(from, to).replace(" ", "").equals(DATA + DONE);
    }

    private boolean isUsage(int from, int to) {
        return hasNoChoices(from, to) && isUsage(text(from, to));
    }

    private String text(int from, int to) {
        return new String(held, from, to - from, StandardCharsets.UTF_8);
    }

    /** Whether an empty list of choices stands there: of what else comes in a stream next to nothing has one. */
    private boolean hasNoChoices(int from, int to) {
        for (int at = from; at <= to - CHOICES.length; at++) {
            if (held[at] != '"' || !Arrays.equals(held, at, at + CHOICES.length, CHOICES, 0, CHOICES.length)) {
                continue;
            }
            int after = skip(skip(skip(at + CHOICES.length, to, ':'), to, '['), to, ']');
            if (after > 0) {
                return true;
            }
        }
        return false;
    }

    /** After blanks and a character; -1 where that does not follow. */
    private int skip(int from, int to, char wanted) {
        int at = from;
        while (at >= 0 && at < to && (held[at] == ' ' || held[at] == '\t')) {
            at++;
        }
        return at >= 0 && at < to && held[at] == wanted ? at + 1 : -1;
    }

    private static boolean isUsage(String event) {
        String data = event.lines()
                .filter(line -> line.startsWith(DATA))
                .map(line -> line.substring(DATA.length()))
                .collect(Collectors.joining("\n"));
        boolean none = false;
        boolean counted = false;
        try (JsonParser json = JsonMapper.shared().createParser(data)) {
            json.nextToken();
            while (json.nextToken() == JsonToken.PROPERTY_NAME) {
                String name = json.currentName();
                JsonToken value = json.nextToken();
                if (name.equals("choices") && value == JsonToken.START_ARRAY) {
                    none = json.nextToken() == JsonToken.END_ARRAY;
                    if (!none) {
                        return false;
                    }
                } else {
                    counted |= name.equals("usage") && value == JsonToken.START_OBJECT;
                    json.skipChildren();
                }
            }
            return none && counted && json.currentToken() == JsonToken.END_OBJECT;
        } catch (JacksonException e) {
            return false;
        }
    }
}
