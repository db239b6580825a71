package dev.hone.task;

import dev.hone.record.ChatMessage;
import dev.hone.record.Conversation;
import dev.hone.record.ToolCall;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.function.Function;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import tools.jackson.core.JacksonException;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * A JSONL file of demonstrations: one JSON object a line, either {@code {"messages": […], "tools": […]}} in OpenAI's chat
 * form, ending with the assistant's turn, or {@code {"input": "…", "output": "…"}}. Other keys are ignored; empty lines
 * are skipped.
 *
 * @param rows what could be read, in order
 * @param lines where each row stands in the file, counted from 1
 * @param bad lines that could not
 * @param sha256 of the whole file
 */
public record ChatFile(List<Conversation> rows, List<Integer> lines, List<BadLine> bad, String sha256) {
    static final int MOST_LINE_BYTES = 16 << 20;
    private static final int BAD_LINES_SHOWN = 5;

    /** Where the parser was, which it does not know. */
    private static final Pattern SOURCE = Pattern.compile("\\s*[\\[(]Source: .*?(?:#UNKNOWN|\\d)\\]?\\)?");

    private static final JsonMapper JSON = JsonMapper.builder()
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .build();

    /** A line that is no demonstration, counted from 1, and why. */
    public record BadLine(int line, String reason) {}

    /**
     * A file's rows with what was made of each.
     *
     * @param values one a row, in order
     */
    public record Mapped<T>(ChatFile file, List<T> values) {
        public Mapped {
            values = List.copyOf(values);
        }
    }

    public ChatFile {
        rows = List.copyOf(rows);
        lines = List.copyOf(lines);
        if (rows.size() != lines.size()) {
            throw new IllegalArgumentException("[%d] rows stand in [%d] lines".formatted(rows.size(), lines.size()));
        }
        bad = List.copyOf(bad);
    }

    /** Rows that were not read from a file, as if each stood in a line. */
    public static ChatFile of(List<Conversation> rows, String sha256) {
        return new ChatFile(rows, IntStream.rangeClosed(1, rows.size()).boxed().toList(), List.of(), sha256);
    }

    /**
     * Reads a file.
     *
     * @param skipBad whether bad lines are counted and left out instead of refused
     * @throws IllegalArgumentException when a line is bad and not skipped, or no line is good
     * @throws IOException when the file cannot be read
     */
    public static ChatFile read(Path file, boolean skipBad) throws IOException {
        List<Conversation> rows = new ArrayList<>();
        List<Integer> numbers = new ArrayList<>();
        List<BadLine> bad = new ArrayList<>();
        String sha256;
        try (JsonLines lines = new JsonLines(file, MOST_LINE_BYTES)) {
            boolean more = true;
            while (more) {
                try {
                    String text = lines.next();
                    more = text != null;
                    if (text != null) {
                        rows.add(conversation(parse(text)));
                        numbers.add(lines.number());
                    }
                } catch (BadRow e) {
                    bad.add(new BadLine(lines.number(), String.valueOf(e.getMessage())));
                }
            }
            sha256 = lines.sha256();
        }
        ChatFile read = new ChatFile(rows, numbers, bad, sha256);
        read.requireGood(file, skipBad);
        return read;
    }

    /**
     * Makes something of every row, for instance tokens by a model's chat template; a row of which nothing can be made is bad.
     *
     * @param made throws an {@link IllegalArgumentException} with the reason why a row is bad
     * @param file for messages
     * @throws IllegalArgumentException when a row is bad and not skipped, or none is good
     */
    public <T> Mapped<T> map(Function<Conversation, T> made, Path file, boolean skipBad) {
        List<T> values = new ArrayList<>();
        List<Conversation> good = new ArrayList<>();
        List<Integer> goodLines = new ArrayList<>();
        List<BadLine> allBad = new ArrayList<>(bad);
        for (int i = 0; i < rows.size(); i++) {
            try {
                values.add(made.apply(rows.get(i)));
                good.add(rows.get(i));
                goodLines.add(lines.get(i));
            } catch (IllegalArgumentException e) {
                allBad.add(new BadLine(lines.get(i), String.valueOf(e.getMessage())));
            }
        }
        allBad.sort(Comparator.comparingInt(BadLine::line));
        ChatFile judged = new ChatFile(good, goodLines, allBad, sha256);
        judged.requireGood(file, skipBad);
        return new Mapped<>(judged, values);
    }

    private void requireGood(Path file, boolean skipBad) {
        if (!skipBad && !bad.isEmpty()) {
            throw new IllegalArgumentException(
                    "[%s] has [%d] bad lines of [%d]:%n%s%nMend them, or leave them out with --skip-bad"
                            .formatted(file, bad.size(), rows.size() + bad.size(), badLines()));
        }
        if (rows.isEmpty()) {
            throw new IllegalArgumentException(
                    bad.isEmpty()
                            ? "[%s] is empty: it needs one JSON object a line".formatted(file)
                            : "[%s] has no good line:%n%s".formatted(file, badLines()));
        }
    }

    /** The first bad lines, one a line, for messages. */
    public String badLines() {
        String shown = bad.stream()
                .limit(BAD_LINES_SHOWN)
                .map(line -> "  line %d: %s".formatted(line.line(), line.reason()))
                .collect(Collectors.joining(System.lineSeparator()));
        return bad.size() <= BAD_LINES_SHOWN
                ? shown
                : shown + "%n  and %d more".formatted(bad.size() - BAD_LINES_SHOWN);
    }

    /** Reads up to a line feed; what exceeds the limit by more than a byte is read over. False at the end of the file. */
    static boolean readLine(InputStream in, ByteArrayOutputStream line, int most) throws IOException {
        line.reset();
        while (true) {
            int read = in.read();
            if (read < 0 || read == '\n') {
                return read >= 0;
            }
            if (line.size() <= most) {
                line.write(read);
            }
        }
    }

    static String decode(byte[] bytes, int number) {
        try {
            String text = StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(bytes))
                    .toString();
            return number == 1 && text.startsWith("\uFEFF") ? text.substring(1) : text;
        } catch (CharacterCodingException e) {
            throw new BadRow("is not UTF-8");
        }
    }

    static JsonNode parse(String text) {
        try {
            JsonNode node = JSON.readTree(text);
            if (!node.isObject()) {
                throw new BadRow("is not a JSON object");
            }
            return node;
        } catch (JacksonException e) {
            throw BadRow.of(
                    "is not JSON: %s",
                    SOURCE.matcher(e.getOriginalMessage().lines().findFirst().orElse(""))
                            .replaceAll(""));
        }
    }

    static Conversation conversation(JsonNode row) {
        if (row.has("messages")) {
            return chat(row);
        }
        if (row.has("input") && row.has("output")) {
            return Conversation.of(
                    ChatMessage.of("user", text(row, "input")), ChatMessage.of("assistant", text(row, "output")));
        }
        String keys =
                row.propertyNames().stream().limit(8).map("[%s]"::formatted).collect(Collectors.joining(", "));
        throw BadRow.of("has neither [messages] nor [input] and [output], but %s", keys.isEmpty() ? "nothing" : keys);
    }

    private static Conversation chat(JsonNode row) {
        JsonNode messages = row.get("messages");
        if (!messages.isArray() || messages.isEmpty()) {
            throw new BadRow("has [messages] that are no list of messages");
        }
        List<ChatMessage> turns = new ArrayList<>();
        for (JsonNode message : messages) {
            turns.add(message(message, turns.size()));
        }
        if (!turns.getLast().role().equals("assistant")) {
            throw BadRow.of(
                    "does not end with the assistant's turn, but the [%s]'s",
                    turns.getLast().role());
        }
        return new Conversation(turns, tools(row));
    }

    static List<String> tools(JsonNode row) {
        List<String> tools = new ArrayList<>();
        for (JsonNode tool : list(row, "tools", "")) {
            if (!tool.isObject()) {
                throw new BadRow("has a tool that is no JSON object");
            }
            tools.add(tool.toString());
        }
        return tools;
    }

    /** A list that may be missing or null. */
    private static JsonNode list(JsonNode parent, String key, String where) {
        JsonNode value = parent.path(key);
        if (value.isMissingNode() || value.isNull()) {
            return JSON.createArrayNode();
        }
        if (!value.isArray()) {
            throw BadRow.of("has [%s] that are no list%s", key, where);
        }
        return value;
    }

    static ChatMessage message(JsonNode message, int index) {
        if (!message.isObject() || !message.path("role").isString()) {
            throw BadRow.of("has a message [%d] without a [role]", index);
        }
        List<ToolCall> calls = new ArrayList<>();
        for (JsonNode call : list(message, "tool_calls", " in message [%d]".formatted(index))) {
            calls.add(toolCall(call, index));
        }
        String content = content(message.path("content"), index);
        String role = message.get("role").stringValue();
        if (content.isEmpty() && calls.isEmpty() && role.equals("assistant")) {
            throw BadRow.of("has an empty assistant message [%d]", index);
        }
        return new ChatMessage(
                role,
                content,
                calls,
                message.path("tool_call_id").asString(""),
                message.path("name").asString(""));
    }

    private static String content(JsonNode content, int index) {
        if (content.isString()) {
            return content.stringValue();
        }
        if (content.isMissingNode() || content.isNull()) {
            return "";
        }
        StringBuilder text = new StringBuilder();
        for (JsonNode part : content) {
            if (!part.path("text").isString()) {
                throw BadRow.of("has a message [%d] with content that is not text", index);
            }
            text.append(part.get("text").stringValue());
        }
        if (!content.isArray()) {
            throw BadRow.of("has a message [%d] with content that is not text", index);
        }
        return text.toString();
    }

    private static ToolCall toolCall(JsonNode call, int index) {
        JsonNode function = call.path("function");
        if (!function.path("name").isString()) {
            throw BadRow.of("has a tool call in message [%d] without a function name", index);
        }
        return new ToolCall(
                call.path("id").asString(""),
                function.get("name").stringValue(),
                arguments(function.path("arguments"), index));
    }

    /** An object, as it is or as the text of one; OpenAI leaves them out where there are none. */
    private static String arguments(JsonNode arguments, int index) {
        if (arguments.isMissingNode()
                || arguments.isString() && arguments.stringValue().isBlank()) {
            return "{}";
        }
        if (arguments.isObject()) {
            return arguments.toString();
        }
        if (!arguments.isString() || !isObject(arguments.stringValue())) {
            throw BadRow.of("has a tool call in message [%d] whose arguments are no JSON object", index);
        }
        return arguments.stringValue();
    }

    private static boolean isObject(String text) {
        try {
            return JSON.readTree(text).isObject();
        } catch (JacksonException e) {
            return false;
        }
    }

    private static String text(JsonNode row, String key) {
        JsonNode value = row.get(key);
        if (!value.isString()) {
            throw new BadRow("has [%s] that is no text".formatted(key));
        }
        if (key.equals("output") && value.stringValue().isEmpty()) {
            throw new BadRow("has an empty [output]");
        }
        return value.stringValue();
    }

    /** A row of which nothing can be made. */
    static final class BadRow extends RuntimeException {
        private static final long serialVersionUID = 1;

        /** A value within the form of a reason. */
        private static final Pattern VALUE = Pattern.compile("%[0-9]*[a-z]");

        private final String kind;

        /** @param reason that is the same of every such row */
        BadRow(String reason) {
            this(reason, reason);
        }

        private BadRow(String reason, String kind) {
            super(reason, null, false, false);
            this.kind = kind;
        }

        /** With values of this row alone. */
        static BadRow of(String form, Object... values) {
            return new BadRow(form.formatted(values), VALUE.matcher(form).replaceAll("…"));
        }

        /** The reason without the values of this row alone. */
        String kind() {
            return kind;
        }

        /** As the fault of a line. */
        LineFault at(int number) {
            return new LineFault(number, String.valueOf(getMessage()), kind);
        }
    }
}
