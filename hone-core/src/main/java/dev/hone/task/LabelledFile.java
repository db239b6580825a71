package dev.hone.task;

import dev.hone.fetch.Hashes;
import dev.hone.record.ChatMessage;
import dev.hone.record.Conversation;
import dev.hone.record.Ids;
import dev.hone.record.LabelledTrace;
import dev.hone.record.Trace;
import dev.hone.task.ChatFile.BadRow;
import java.io.IOException;
import java.nio.file.Path;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/**
 * A JSONL file of labelled calls, read line by line: what {@link ChatFile} reads, and beside it {@code id}, {@code metadata}
 * (an object of texts, numbers and booleans), {@code created} (when the call was made) and what production answered.
 */
public final class LabelledFile implements AutoCloseable {
    private static final Set<String> KNOWN =
            Set.of("messages", "input", "output", "tools", "id", "metadata", "created");
    private static final int LONGEST_NAME = 200;

    private final String name;
    private final String responseKey;
    private final JsonLines lines;
    private final Map<String, Integer> ignored = new TreeMap<>();
    private @Nullable String form;
    private int formLine;

    /** What stands in a line. */
    public sealed interface Line permits Row, LineFault {
        /** From 1. */
        int number();
    }

    /**
     * A line that can be imported.
     *
     * @param trace what {@code hone tasks build} made it of; empty where it did not
     */
    public record Row(int number, LabelledTrace labelled, String trace) implements Line {}

    /** @param responseKey of the column with what production answered */
    public LabelledFile(Path file, String responseKey) throws IOException {
        if (KNOWN.contains(responseKey)) {
            throw new IllegalArgumentException(
                    "The responses of production cannot be in [%s], which means something else: rename that column"
                            .formatted(responseKey));
        }
        this.name = String.valueOf(file.getFileName());
        this.responseKey = responseKey;
        this.lines = new JsonLines(file, ChatFile.MOST_LINE_BYTES);
    }

    /** The next line that is not empty; null at the end. */
    public @Nullable Line next() throws IOException {
        try {
            String text = lines.next();
            if (text == null) {
                return null;
            }
            JsonNode row = ChatFile.parse(text);
            return new Row(lines.number(), labelled(row), row.path("trace").asString(""));
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

    /** Keys that mean nothing here, with the number of rows that have them. */
    public Map<String, Integer> ignored() {
        return Map.copyOf(ignored);
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

    private LabelledTrace labelled(JsonNode row) {
        requireStorable(row);
        Conversation whole = conversation(row);
        String id = id(row.path("id"));
        Map<String, String> metadata = metadata(row.path("metadata"));
        Instant created = created(row.path("created"));
        String response = response(row.path(responseKey));
        requireForm(row.has("messages") ? "messages" : "input");
        row.propertyNames().stream()
                .filter(key -> !KNOWN.contains(key) && !key.equals(responseKey))
                .forEach(key -> ignored.merge(key, 1, Integer::sum));
        int last = whole.messages().size() - 1;
        ObjectNode request = ChatJson.of(new Conversation(whole.messages().subList(0, last), whole.tools()));
        String demonstration = ChatJson.of(whole.messages().get(last)).toString();
        ObjectNode content = JsonMapper.shared().createObjectNode();
        content.put("id", id).set("request", request);
        content.put("demonstration", demonstration).put("response", response);
        content.put("created", String.valueOf(created));
        ObjectNode details = content.putObject("metadata");
        new TreeMap<>(metadata).forEach(details::put);
        return new LabelledTrace(
                new Trace(
                        Ids.next(),
                        id,
                        request.toString(),
                        response,
                        metadata,
                        created,
                        hash(content),
                        name,
                        lines.number()),
                demonstration);
    }

    private static String hash(JsonNode content) {
        return Hashes.sha256(content.toString());
    }

    private static Conversation conversation(JsonNode row) {
        if (!row.has("messages") && row.has("input") && !row.has("output")) {
            throw new BadRow("has an [input] without an [output]: only rows with the right answer can be imported");
        }
        Conversation read = ChatFile.conversation(row);
        if (read.messages().size() < 2) {
            throw new BadRow("has an answer and nothing before it");
        }
        return new Conversation(read.messages(), ChatFile.tools(row));
    }

    /** One file, one form: a file that was glued together of two exports seldom means the same by both. */
    private void requireForm(String found) {
        if (form == null) {
            form = found;
            formLine = lines.number();
        } else if (!form.equals(found)) {
            throw BadRow.of(
                    "has [%s], while line %d has [%s]: put rows of one form into one file", found, formLine, form);
        }
    }

    private static String id(JsonNode id) {
        if (id.isMissingNode() || id.isNull()) {
            return "";
        }
        if (!id.isString() && !id.isIntegralNumber() || id.asString().isBlank()) {
            throw new BadRow("has an [id] that is no text and no whole number");
        }
        if (id.asString().length() > LONGEST_NAME) {
            throw new BadRow("has an [id] of more than [%d] characters".formatted(LONGEST_NAME));
        }
        return id.asString();
    }

    private static Map<String, String> metadata(JsonNode metadata) {
        Map<String, String> read = new TreeMap<>();
        if (metadata.isMissingNode() || metadata.isNull()) {
            return read;
        }
        if (!metadata.isObject()) {
            throw new BadRow("has [metadata] that are no object");
        }
        metadata.properties().forEach(entry -> {
            JsonNode value = entry.getValue();
            if (value.isContainer()) {
                throw BadRow.of("has [metadata.%s] that is no text, number or boolean", entry.getKey());
            }
            if (!value.isNull()) {
                read.put(entry.getKey(), value.asString());
            }
        });
        return read;
    }

    private static @Nullable Instant created(JsonNode created) {
        if (created.isMissingNode() || created.isNull()) {
            return null;
        }
        try {
            if (created.isIntegralNumber() && created.canConvertToLong()) {
                return checked(Instant.ofEpochSecond(created.longValue()));
            }
            if (created.isString()) {
                String text = created.stringValue();
                return checked(
                        text.length() == 10
                                ? LocalDate.parse(text).atStartOfDay().toInstant(ZoneOffset.UTC)
                                : OffsetDateTime.parse(text).toInstant());
            }
        } catch (DateTimeException e) {
            // Said below.
        }
        throw BadRow.of(
                "has [created] [%s], which is no time such as [2026-01-31T12:00:00Z], [2026-01-31] or seconds since 1970",
                created.asString("…"));
    }

    /** Down to microseconds, as the store keeps it. */
    private static Instant checked(Instant time) {
        if (time.isBefore(Instant.EPOCH) || time.isAfter(Instant.parse("2200-01-01T00:00:00Z"))) {
            throw new DateTimeException("Not of this time");
        }
        return time.truncatedTo(java.time.temporal.ChronoUnit.MICROS);
    }

    private static String response(JsonNode response) {
        if (response.isMissingNode() || response.isNull()) {
            return "";
        }
        if (response.isString()) {
            return ChatJson.of(ChatMessage.of("assistant", response.stringValue()))
                    .toString();
        }
        if (!response.isObject()) {
            throw new BadRow("has a response of production that is neither a text nor a message");
        }
        return ChatJson.of(ChatFile.message(response, 0)).toString();
    }

    /** The store keeps text without the character zero and without halves of characters. */
    private static void requireStorable(JsonNode node) {
        if (node.isString()) {
            requireStorable(node.stringValue());
        }
        node.properties().forEach(entry -> requireStorable(entry.getKey()));
        for (JsonNode child : node) {
            requireStorable(child);
        }
    }

    private static void requireStorable(String text) {
        if (text.indexOf(0) >= 0) {
            throw new BadRow("has the character U+0000, which is no text: take it out");
        }
        for (int i = 0; i < text.length(); i++) {
            char unit = text.charAt(i);
            if (Character.isHighSurrogate(unit)
                    && i + 1 < text.length()
                    && Character.isLowSurrogate(text.charAt(i + 1))) {
                i++;
            } else if (Character.isSurrogate(unit)) {
                throw BadRow.of(
                        "has half of a surrogate pair [\\u%04x], which is no text: take it out or complete it",
                        (int) unit);
            }
        }
    }
}
