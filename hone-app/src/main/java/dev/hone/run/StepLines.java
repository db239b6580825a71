package dev.hone.run;

import dev.hone.file.Durable;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * A file of JSON objects, one a line, each with the {@code step} that it belongs to. A resumed run drops the lines of the steps
 * that it takes again, and a torn last line.
 */
final class StepLines {
    private static final JsonMapper JSON = JsonMapper.builder().build();

    private final Path file;

    private StepLines(Path file) {
        this.file = file;
    }

    /**
     * A file with what it already has.
     *
     * @param kept objects of the steps that stay
     */
    record Opened(StepLines lines, List<JsonNode> kept) {}

    /** @param from steps that stay */
    static Opened open(Path file, long from) throws IOException {
        List<JsonNode> kept = Files.exists(file)
                ? read(file).stream()
                        .filter(line -> line.path("step").asLong(Long.MAX_VALUE) <= from)
                        .toList()
                : List.of();
        String text = kept.stream().map(line -> line + "\n").collect(Collectors.joining());
        Durable.write(file, text.getBytes(StandardCharsets.UTF_8));
        return new Opened(new StepLines(file), kept);
    }

    /** The objects of a file, without what is torn. */
    static List<JsonNode> read(Path file) throws IOException {
        return new String(Files.readAllBytes(file), StandardCharsets.UTF_8)
                .lines()
                .map(StepLines::parse)
                .filter(JsonNode::isObject)
                .toList();
    }

    private static JsonNode parse(String line) {
        try {
            return JSON.readTree(line);
        } catch (JacksonException e) {
            return JSON.createArrayNode();
        }
    }

    /** Appends objects, all of them before it returns. */
    List<JsonNode> append(List<Map<String, Object>> objects) {
        List<JsonNode> lines = objects.stream()
                .map(object -> JSON.<JsonNode>valueToTree(object))
                .toList();
        String text = lines.stream().map(line -> line + "\n").collect(Collectors.joining());
        try {
            Files.writeString(file, text, StandardOpenOption.APPEND);
        } catch (IOException e) {
            throw new UncheckedIOException(
                    "Cannot write [%s]: %s; make room on the disk, then go on from the last checkpoint with --resume"
                            .formatted(file, e.getMessage()),
                    e);
        }
        return lines;
    }
}
