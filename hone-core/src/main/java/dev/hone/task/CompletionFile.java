package dev.hone.task;

import dev.hone.record.CallUsage;
import dev.hone.record.CapturedCall;
import dev.hone.record.CapturedCall.Origin;
import dev.hone.record.Ids;
import dev.hone.record.Project;
import dev.hone.task.ChatFile.BadRow;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * A JSONL file of completions that a provider kept, read line by line. A line is a {@code chat.completion} as OpenAI's
 * {@code GET /v1/chat/completions} lists it, with what was asked under {@code messages} or {@code input} (a list, or the object
 * that {@code GET /v1/chat/completions/ID/messages} answers); or {@code {"request": …, "response": …}}, both as they were sent.
 */
public final class CompletionFile implements AutoCloseable {
    private static final String COMPLETION = "chat.completion";
    private static final String PATH = "/v1/chat/completions";
    private static final int LONGEST_NAME = 200;
    private static final int MOST_TAGS = 64;
    private static final int LONGEST_TAG = 2_000;
    private static final Instant FIRST = Instant.parse("2020-01-01T00:00:00Z");
    private static final Duration AHEAD = Duration.ofDays(1);

    /** What a listed completion says of its request, beside the messages. */
    private static final List<String> ASKED = List.of(
            "model",
            "tools",
            "tool_choice",
            "response_format",
            "temperature",
            "top_p",
            "seed",
            "presence_penalty",
            "frequency_penalty",
            "reasoning_effort");

    /** What is of the row, and not of the answer. */
    private static final List<String> NOT_ANSWERED =
            List.of("messages", "input", "input_user", "metadata", "request_id");

    private final String useCase;
    private final String project;
    private final JsonLines lines;

    /** What stands in a line. */
    public sealed interface Line permits Row, LineFault {
        /** From 1. */
        int number();
    }

    /** A line that can be imported. */
    public record Row(int number, CapturedCall call) implements Line {}

    /** @param project of the use case */
    public CompletionFile(Path file, String useCase, String project) throws IOException {
        this.useCase = useCase;
        this.project = project;
        this.lines = new JsonLines(file, ChatFile.MOST_LINE_BYTES);
    }

    /** Whether a file's first row is one of these, and not a labelled one. */
    public static boolean isOne(Path file) throws IOException {
        try (CompletionFile first = new CompletionFile(file, "", "")) {
            JsonNode row = first.parsed();
            return row != null && isCompletion(row);
        } catch (BadRow e) {
            return false;
        }
    }

    private static boolean isCompletion(JsonNode row) {
        return row.path("object").asString("").equals(COMPLETION)
                || row.path("request").isObject() && row.path("response").isObject();
    }

    /** The next line that is not empty; null at the end. */
    public @Nullable Line next() throws IOException {
        try {
            JsonNode row = parsed();
            return row == null ? null : new Row(lines.number(), call(row));
        } catch (BadRow e) {
            return e.at(lines.number());
        }
    }

    private @Nullable JsonNode parsed() throws IOException {
        String text = lines.next();
        return text == null ? null : ChatFile.parse(text);
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

    private CapturedCall call(JsonNode row) {
        if (!isCompletion(row)) {
            throw new BadRow(
                    "is neither a [chat.completion] nor a [request] with its [response], as the file's first row is: put labelled rows into a file of their own");
        }
        boolean pair = row.path("request").isObject();
        JsonNode answer = pair ? row.path("response") : row;
        String id = id(answer);
        Instant created = created(answer.path("created"));
        ObjectNode request = pair ? (ObjectNode) row.path("request") : request(row);
        if (!request.path("messages").isArray() || request.path("messages").isEmpty()) {
            throw BadRow.of(
                    "has no messages that were asked: put those of [GET /v1/chat/completions/%s/messages] under [messages]",
                    id);
        }
        if (!answer.path("choices").isArray() || answer.path("choices").isEmpty()) {
            throw new BadRow("has no [choices]: only completions with an answer can be imported");
        }
        ObjectNode response = (ObjectNode) answer.deepCopy();
        if (!pair) {
            response.remove(NOT_ANSWERED);
        }
        String model = request.path("model").asString(answer.path("model").asString(""));
        return new CapturedCall(
                new CapturedCall.Facts(
                        Ids.of(created, name(id)),
                        created,
                        PATH,
                        model,
                        useCase,
                        true,
                        "",
                        new Origin(project, null, null, null, tags(row, request, id), null, null),
                        false,
                        200,
                        CapturedCall.End.ANSWERED,
                        null,
                        Double.NaN,
                        usage(answer.path("usage")),
                        null,
                        List.of()),
                bytes(request),
                bytes(response));
    }

    /**
     * What a completion is known by, when it is imported again. In the project [default] it stands without the project, as it did when
     * there was no other.
     */
    private String name(String id) {
        String name = useCase + "\0" + id;
        return project.equals(Project.DEFAULT) ? name : "\0" + project + "\0" + name;
    }

    private static byte[] bytes(ObjectNode object) {
        return object.toString().getBytes(StandardCharsets.UTF_8);
    }

    private static String id(JsonNode answer) {
        String id = answer.path("id").asString("");
        if (id.isBlank() || id.length() > LONGEST_NAME) {
            throw new BadRow(
                    "has no [id] of 1 to [%d] characters, by which it would be known again".formatted(LONGEST_NAME));
        }
        return id;
    }

    private static Instant created(JsonNode created) {
        long seconds = created.isIntegralNumber() && created.canConvertToLong() ? created.longValue() : -1;
        if (seconds < FIRST.getEpochSecond()
                || seconds > Instant.now().plus(AHEAD).getEpochSecond()) {
            throw BadRow.of(
                    "has [created] [%s], which is no time from [%s] to now in seconds since 1970",
                    created.asString("…"), FIRST);
        }
        return Instant.ofEpochSecond(seconds);
    }

    private static ObjectNode request(JsonNode row) {
        ObjectNode request = JsonMapper.shared().createObjectNode();
        for (String key : ASKED) {
            if (row.has(key) && !row.path(key).isNull()) {
                request.set(key, row.path(key));
            }
        }
        JsonNode asked = row.has("messages") ? row.path("messages") : row.path("input");
        if (asked.path("data").isArray()) {
            asked = asked.path("data");
        }
        ArrayNode messages = request.putArray("messages");
        for (JsonNode message : asked) {
            messages.add(message(message));
        }
        return request;
    }

    /** A kept message has an id, nulls for what it has not, and what is no text under {@code content_parts}. */
    private static ObjectNode message(JsonNode kept) {
        if (!kept.path("role").isString()) {
            throw new BadRow("has a message without a [role]");
        }
        ObjectNode message = JsonMapper.shared().createObjectNode();
        kept.properties().forEach(member -> {
            if (!member.getValue().isNull() && !List.of("id", "content_parts").contains(member.getKey())) {
                message.set(member.getKey(), member.getValue());
            }
        });
        if (!message.has("content") && kept.path("content_parts").isArray()) {
            message.set("content", kept.path("content_parts"));
        }
        return message;
    }

    private static Map<String, String> tags(JsonNode row, JsonNode request, String id) {
        JsonNode metadata = row.has("metadata") ? row.path("metadata") : request.path("metadata");
        Map<String, String> tags = new LinkedHashMap<>();
        if (metadata.isObject()) {
            metadata.properties().forEach(entry -> {
                String value = entry.getValue().asString("");
                if (entry.getValue().isContainer()
                        || value.length() > LONGEST_TAG
                        || entry.getKey().length() > LONGEST_NAME) {
                    throw BadRow.of(
                            "has [metadata.%s] that is no text of at most [%d] characters",
                            entry.getKey(), LONGEST_TAG);
                }
                tags.put(entry.getKey(), value);
            });
        } else if (!metadata.isMissingNode() && !metadata.isNull()) {
            throw new BadRow("has [metadata] that are no object");
        }
        if (tags.size() > MOST_TAGS) {
            throw BadRow.of("has [%d] [metadata]; [%d] at most", tags.size(), MOST_TAGS);
        }
        tags.put("completion", id);
        return tags;
    }

    private static CallUsage usage(JsonNode usage) {
        return new CallUsage(
                count(usage.path("prompt_tokens")),
                count(usage.path("prompt_tokens_details").path("cached_tokens")),
                count(usage.path("completion_tokens")));
    }

    private static @Nullable Long count(JsonNode node) {
        return node.isIntegralNumber() && node.canConvertToLong() && node.longValue() >= 0 ? node.longValue() : null;
    }
}
