package dev.hone.run;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import tools.jackson.databind.JsonNode;

/** {@code metrics.jsonl}: {@link StepLines}, one a step, with {@code tokens}, {@code seconds} and what its method measures. */
final class MetricsFile {
    private final StepLines lines;
    private final List<JsonNode> past;

    /** @param from steps that stay */
    MetricsFile(Path file, long from) throws IOException {
        StepLines.Opened opened = StepLines.open(file, from);
        lines = opened.lines();
        past = new ArrayList<>(opened.kept());
    }

    /** A figure of every step of the run in a folder. */
    static double[] figure(Path folder, String name) throws IOException {
        return StepLines.read(new RunFolder(folder).metrics()).stream()
                .mapToDouble(step -> step.path(name).asDouble())
                .toArray();
    }

    void append(Map<String, Object> step) {
        past.addAll(lines.append(List.of(step)));
    }

    long tokens() {
        return past.stream().mapToLong(step -> step.path("tokens").asLong()).sum();
    }

    double tokensPerSecond() {
        double seconds = past.stream()
                .mapToDouble(step -> step.path("seconds").asDouble())
                .sum();
        return seconds == 0 ? 0 : tokens() / seconds;
    }

    /** How many steps a tenth of a run is: rounded up, since a step asks other tasks than the next, and one alone says little. */
    static int tenth(int steps) {
        return Math.max(1, Math.ceilDiv(steps, 10));
    }

    /** Mean of a figure over the last tenth of the steps. */
    double last(String figure) {
        int last = tenth(past.size());
        return past.subList(Math.max(0, past.size() - last), past.size()).stream()
                .mapToDouble(step -> step.path(figure).asDouble())
                .average()
                .orElse(Double.NaN);
    }
}
