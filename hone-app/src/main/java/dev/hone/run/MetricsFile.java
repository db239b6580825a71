package dev.hone.run;

import dev.hone.algorithm.SftListener.Step;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * {@code metrics.jsonl}: one object a step ({@code step, epoch, loss, gradientNorm, learningRate, tokens, trainedTokens,
 * seconds}). A resumed run drops the lines of the steps that it takes again, and a torn last line.
 */
final class MetricsFile {
    private static final JsonMapper JSON = JsonMapper.builder().build();

    private final Path file;
    private final List<Past> past = new ArrayList<>();

    /** What a line says that the end of a run needs. */
    private record Past(long step, double loss, long tokens, double seconds) {}

    /** @param from steps that stay */
    MetricsFile(Path file, long from) throws IOException {
        this.file = file;
        List<String> kept = new ArrayList<>();
        if (Files.exists(file)) {
            for (String line : Files.readAllLines(file, StandardCharsets.ISO_8859_1)) {
                JsonNode node = parse(line);
                if (node.isObject() && node.path("step").asLong(Long.MAX_VALUE) <= from) {
                    kept.add(line);
                    past.add(new Past(
                            node.path("step").asLong(),
                            node.path("loss").asDouble(),
                            node.path("tokens").asLong(),
                            node.path("seconds").asDouble()));
                }
            }
        }
        String lines = kept.stream().map(line -> line + "\n").collect(Collectors.joining());
        Durable.write(file, lines.getBytes(StandardCharsets.UTF_8));
    }

    private static JsonNode parse(String line) {
        try {
            return JSON.readTree(line);
        } catch (JacksonException e) {
            return JSON.createArrayNode();
        }
    }

    void append(Step step) {
        double seconds = step.elapsed().toNanos() / 1e9;
        Map<String, Object> line = new LinkedHashMap<>();
        line.put("step", step.step());
        line.put("epoch", step.epoch());
        line.put("loss", step.loss());
        line.put("gradientNorm", step.gradientNorm());
        line.put("learningRate", step.learningRate());
        line.put("tokens", step.tokens());
        line.put("trainedTokens", step.trainedTokens());
        line.put("seconds", seconds);
        try {
            Files.writeString(file, JSON.writeValueAsString(line) + "\n", StandardOpenOption.APPEND);
        } catch (IOException e) {
            throw new UncheckedIOException("Cannot write [%s]: %s".formatted(file, e), e);
        }
        past.add(new Past(step.step(), step.loss(), step.tokens(), seconds));
    }

    long tokens() {
        return past.stream().mapToLong(Past::tokens).sum();
    }

    double tokensPerSecond() {
        double seconds = past.stream().mapToDouble(Past::seconds).sum();
        return seconds == 0 ? 0 : tokens() / seconds;
    }

    /** Mean loss of the last tenth of the steps, at least of one. */
    double finalLoss() {
        int last = Math.max(1, past.size() / 10);
        return past.subList(Math.max(0, past.size() - last), past.size()).stream()
                .mapToDouble(Past::loss)
                .average()
                .orElse(Double.NaN);
    }
}
