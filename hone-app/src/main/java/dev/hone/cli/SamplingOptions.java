package dev.hone.cli;

import dev.hone.record.SamplingMode;
import dev.hone.record.SamplingParams;
import java.util.List;
import picocli.CommandLine.Option;

/** How a command generates. */
final class SamplingOptions {
    @Option(names = "--max-tokens", defaultValue = "512", description = "Longest answer (default ${DEFAULT-VALUE}).")
    private int maxTokens;

    @Option(names = "--temperature", defaultValue = "0", description = "0 is greedy (default ${DEFAULT-VALUE}).")
    private double temperature;

    @Option(
            names = "--top-k",
            defaultValue = "0",
            description = "Only the k most probable tokens; 0 is all (default ${DEFAULT-VALUE}).")
    private int topK;

    @Option(
            names = "--top-p",
            defaultValue = "1",
            description = "Only the most probable tokens up to this sum (default ${DEFAULT-VALUE}).")
    private double topP;

    @Option(
            names = "--min-p",
            defaultValue = "0",
            description = "Only tokens above this share of the most probable one (default ${DEFAULT-VALUE}).")
    private double minP;

    @Option(
            names = "--sampling-seed",
            defaultValue = "1",
            description = "Of the random choices (default ${DEFAULT-VALUE}).")
    private long seed;

    @Option(
            names = "--mode",
            defaultValue = "exact",
            description = "exact (fp32, reproducible) or fast (int8, less precise) (default ${DEFAULT-VALUE}).")
    private SamplingMode mode = SamplingMode.EXACT;

    @Option(
            names = "--stop",
            paramLabel = "TEXT",
            description = "End the answer before this text; can be given several times.")
    private List<String> stop = List.of();

    List<String> stop() {
        return stop;
    }

    SamplingMode mode() {
        return mode;
    }

    /** @param endTokens of the model */
    SamplingParams params(List<Integer> endTokens) {
        return new SamplingParams(maxTokens, temperature, topK, topP, minP, stop, endTokens, seed);
    }
}
