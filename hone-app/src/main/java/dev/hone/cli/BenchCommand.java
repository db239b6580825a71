package dev.hone.cli;

import dev.hone.record.SamplingMode;
import dev.hone.run.Benchmark;
import dev.hone.run.LoadedModel;
import dev.hone.run.ReinforcementBenchmark;
import dev.hone.train.Adaptation;
import dev.hone.train.Precision;
import dev.hone.train.TrainerSpec;
import java.io.IOException;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code hone bench}: speed of this machine on a model. */
@Command(
        name = "bench",
        mixinStandardHelpOptions = true,
        description = "Measure the speed of this machine on a model, as a share of what it can do.",
        synopsisSubcommandLabel = "COMMAND",
        footerHeading = "%nExamples:%n",
        footer = {
            "  hone bench train --lora-rank 16",
            "  hone bench sample --streams 64 --json",
            "  hone bench reinforce",
            "  hone bench gemm"
        })
final class BenchCommand {
    @Command(
            name = "train",
            mixinStandardHelpOptions = true,
            description = "Steps of training on random tokens.",
            footerHeading = "%nExamples:%n",
            footer = {"  hone bench train", "  hone bench train --lora-rank 64 --rows 8 --row-tokens 128 --json"})
    int train(
            @Mixin ModelOption model,
            @Option(
                            names = "--rows",
                            defaultValue = "4",
                            description = "Sequences of a step (default ${DEFAULT-VALUE}).")
                    int rows,
            @Option(
                            names = "--row-tokens",
                            defaultValue = "256",
                            description = "Tokens of a sequence (default ${DEFAULT-VALUE}).")
                    int rowTokens,
            @Option(names = "--lora-rank", description = "Rank of the adapters (default " + AdapterOptions.RANK + ").")
                    @Nullable
                    Integer rank,
            @Option(names = "--full", description = "Train every weight.") boolean full,
            @Option(
                            names = "--micro-batch-tokens",
                            defaultValue = "1024",
                            description = "Most tokens computed together (default ${DEFAULT-VALUE}).")
                    int microBatchTokens,
            @Option(names = "--checkpointing", description = "Recompute activations.") boolean checkpointing,
            @Option(
                            names = "--precision",
                            defaultValue = "fp32",
                            description = "Of products with frozen weights: fp32 or bf16 (default ${DEFAULT-VALUE}).")
                    Precision precision,
            @Option(names = "--rounds", defaultValue = "5", description = "Steps measured (default ${DEFAULT-VALUE}).")
                    int rounds,
            @Option(names = "--json", description = "Print one JSON object last (docs/cli.md).") boolean json)
            throws IOException {
        Adaptation adaptation = AdapterOptions.adaptation(full, rank, null, null);
        try (LoadedModel loaded = model.open();
                Progress progress = new Progress("bench")) {
            TrainerSpec spec =
                    new TrainerSpec(loaded.weights(), adaptation, 1, microBatchTokens, checkpointing, precision);
            return print(
                    Benchmark.train(
                            loaded,
                            spec,
                            new Benchmark.Batch(rows, rowTokens),
                            rounds,
                            done -> progress.update(done, rounds, "steps")),
                    json);
        }
    }

    @Command(
            name = "sample",
            mixinStandardHelpOptions = true,
            description = "Generation from random prompts.",
            footerHeading = "%nExamples:%n",
            footer = {
                "  hone bench sample --streams 64 --mode fast",
                "  hone bench sample --streams 1 --json",
                "  hone bench sample --schema answer.schema.json"
            })
    int sample(
            @Mixin ModelOption model,
            @Option(
                            names = "--streams",
                            defaultValue = "32",
                            description = "Samples at once (default ${DEFAULT-VALUE}).")
                    int streams,
            @Option(
                            names = "--prompt-tokens",
                            defaultValue = "64",
                            description = "Tokens of a prompt (default ${DEFAULT-VALUE}).")
                    int promptTokens,
            @Option(
                            names = "--tokens",
                            defaultValue = "64",
                            description = "Tokens of a sample (default ${DEFAULT-VALUE}).")
                    int tokens,
            @Mixin SchemaOption schema,
            @Mixin ToolsOption tools,
            @Option(names = "--mode", defaultValue = "fast", description = "exact or fast (default ${DEFAULT-VALUE}).")
                    SamplingMode mode,
            @Option(
                            names = "--rounds",
                            defaultValue = "5",
                            description = "Batches measured (default ${DEFAULT-VALUE}).")
                    int rounds,
            @Option(names = "--json", description = "Print one JSON object last (docs/cli.md).") boolean json)
            throws IOException {
        Benchmark.Streams what =
                new Benchmark.Streams(streams, promptTokens, tokens, tools.constraint(schema.constraint()));
        try (LoadedModel loaded = model.open();
                Progress progress = new Progress("bench")) {
            return print(
                    Benchmark.sample(loaded, mode, what, rounds, done -> progress.update(done, rounds, "batches")),
                    json);
        }
    }

    @Command(
            name = "reinforce",
            mixinStandardHelpOptions = true,
            description = "Steps of reinforcement: random prompts, answers of one length, random rewards.",
            footerHeading = "%nExamples:%n",
            footer = {"  hone bench reinforce", "  hone bench reinforce --prompt-tokens 256 --tokens 16 --json"})
    int reinforce(
            @Mixin ModelOption model,
            @Option(
                            names = "--prompts",
                            defaultValue = "8",
                            description = "Prompts of a step (default ${DEFAULT-VALUE}).")
                    int prompts,
            @Option(
                            names = "--samples",
                            defaultValue = "8",
                            description = "Answers to each prompt (default ${DEFAULT-VALUE}).")
                    int samples,
            @Option(
                            names = "--prompt-tokens",
                            defaultValue = "64",
                            description = "Tokens of a prompt (default ${DEFAULT-VALUE}).")
                    int promptTokens,
            @Option(
                            names = "--tokens",
                            defaultValue = "128",
                            description = "Tokens of an answer (default ${DEFAULT-VALUE}).")
                    int tokens,
            @Option(names = "--mode", defaultValue = "fast", description = "exact or fast (default ${DEFAULT-VALUE}).")
                    SamplingMode mode,
            @Option(
                            names = "--precision",
                            defaultValue = "fp32",
                            description = "Of products with frozen weights: fp32 or bf16 (default ${DEFAULT-VALUE}).")
                    Precision precision,
            @Option(names = "--rounds", defaultValue = "5", description = "Steps measured (default ${DEFAULT-VALUE}).")
                    int rounds,
            @Option(names = "--json", description = "Print one JSON object last (docs/cli.md).") boolean json)
            throws IOException {
        try (LoadedModel loaded = model.open();
                Progress progress = new Progress("bench")) {
            TrainerSpec spec = new TrainerSpec(
                    loaded.weights(), AdapterOptions.adaptation(false, null, null, null), 1, 1024, false, precision);
            ReinforcementBenchmark benchmark = ReinforcementBenchmark.run(
                    loaded,
                    spec,
                    mode,
                    new ReinforcementBenchmark.Size(prompts, samples, promptTokens, tokens),
                    rounds,
                    done -> progress.update(done, rounds, "steps"));
            if (json) {
                Json.print(benchmark);
            } else {
                System.out.printf(
                        "%.2f samples/s: %.1f s of sampling and %.1f s of training a step, %,d MiB at most%n",
                        benchmark.samplesPerSecond(),
                        benchmark.samplingSeconds(),
                        benchmark.trainingSeconds(),
                        benchmark.peakMemoryBytes() >> 20);
            }
            return 0;
        }
    }

    @Command(
            name = "gemm",
            mixinStandardHelpOptions = true,
            description = "The ceiling: matrix multiplication on the model's shapes.",
            footerHeading = "%nExamples:%n",
            footer = {"  hone bench gemm --json"})
    int gemm(
            @Mixin ModelOption model,
            @Option(names = "--json", description = "Print one JSON object last (docs/cli.md).") boolean json)
            throws IOException {
        try (LoadedModel loaded = model.open()) {
            return print(Benchmark.gemm(loaded), json);
        }
    }

    private static int print(Benchmark benchmark, boolean json) {
        if (json) {
            Json.print(benchmark);
        } else {
            System.out.printf(
                    "%s: %.0f tokens/s, %.0f %% of the ceiling (%.0f GFLOP/s, %.1f GB/s), %,d MiB at most%n",
                    benchmark.what(),
                    benchmark.tokensPerSecond(),
                    100 * benchmark.shareOfCeiling(),
                    benchmark.gemmGflops(),
                    benchmark.gigabytesPerSecond(),
                    benchmark.peakMemoryBytes() >> 20);
            if (benchmark.maskShare() > 0) {
                System.out.printf(
                        "constraint: %.1f %% of the time in which tokens were drawn%n", 100 * benchmark.maskShare());
            }
        }
        return 0;
    }
}
