package dev.hone.cli;

import dev.hone.algorithm.OverLong;
import dev.hone.algorithm.Schedule;
import dev.hone.algorithm.SftPlan;
import dev.hone.charter.CharterReader;
import dev.hone.run.LoadedModel;
import dev.hone.run.Manifest;
import dev.hone.run.PromptForm;
import dev.hone.run.ReinforcementOptions;
import dev.hone.run.ReinforcementRun;
import dev.hone.run.RewardedTasks;
import dev.hone.run.Taught;
import dev.hone.run.TrainForecast;
import dev.hone.run.TrainOptions;
import dev.hone.run.TrainRun;
import dev.hone.task.ChatFile;
import dev.hone.train.Adaptation;
import dev.hone.train.Precision;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code hone train}: fine-tunes a model on a file of demonstrations, or lets it learn from a charter's grader. */
@Command(
        name = "train",
        mixinStandardHelpOptions = true,
        description = {
            "Fine-tune a model on a file of demonstrations (--method sft), or let it answer the file's tasks and learn from what",
            "a charter's grader says of its answers (--method grpo; options that begin with grpo: belong to it)."
        },
        sortOptions = false,
        footerHeading = "%nExamples:%n",
        footer = {
            "  hone train --data support.jsonl --out runs/support",
            "  hone train --data support.jsonl --out runs/support --epochs 4 --lora-rank 32 --dry-run",
            "  hone train --data support.jsonl --out runs/support --resume",
            "  hone train --method grpo --data support.train.jsonl --charter use-cases/support.yaml --model runs/support --out runs/support-rewarded",
            "  hone train --method grpo --data support.train.jsonl --charter use-cases/support.yaml --out runs/drgrpo"
                    + " --normalisation constant --samples 16 --kl 0.05 --dry-run",
            "Lines of the file: {\"messages\": [...], \"tools\": [...]} or {\"input\": \"...\", \"output\": \"...\"}, as hone"
                    + " tasks build writes them; grpo reads metadata, too."
        })
final class TrainCommand implements Callable<Integer> {
    /** Below this number of weights a model takes ten times the rate that larger ones do. */
    private static final long SMALL_MODEL = 500_000_000;

    private static final int LONGEST_EXAMPLE = 2048;

    /** Of the rate that fits demonstrations: rewards are noisier. */
    private static final double REWARDED_SHARE = 0.3;

    /** What means nothing where there are rewards. */
    private static final List<String> OF_DEMONSTRATIONS =
            List.of("--epochs", "--weight-decay", "--batch-tokens", "--checkpointing", "--over-long");

    private enum Method {
        /** From demonstrations. */
        sft,
        /** From rewards. */
        grpo
    }

    @Spec
    private @Nullable CommandSpec command;

    @Option(
            names = "--data",
            required = true,
            paramLabel = "FILE",
            description = "Demonstrations, or with grpo tasks, one JSON object a line.")
    private Path data = Path.of("");

    @Option(names = "--out", required = true, paramLabel = "DIR", description = "Folder of the result.")
    private Path out = Path.of("");

    @Mixin
    private final ModelOption model = new ModelOption();

    @Option(names = "--method", defaultValue = "sft", description = "How to train: ${COMPLETION-CANDIDATES}.")
    private Method method = Method.sft;

    @Option(
            names = "--epochs",
            defaultValue = "3",
            description = "Passes over the data, for instance 0.5 or 4 (default ${DEFAULT-VALUE}).")
    private double epochs;

    @Option(names = "--lora-rank", description = "Rank of the adapters (default " + AdapterOptions.RANK + ").")
    private @Nullable Integer loraRank;

    @Option(names = "--lora-alpha", description = "Scale of the adapters (default twice the rank).")
    private @Nullable Double loraAlpha;

    @Option(names = "--lora-dropout", description = "Dropout of the adapters (default 0).")
    private @Nullable Double loraDropout;

    @Option(names = "--full", description = "Train every weight instead of adapters.")
    private boolean full;

    @Option(
            names = "--lr",
            description =
                    "Highest learning rate (default by size: 1e-3 or 2e-4 for adapters, a tenth for --full; of grpo three"
                            + " tenths of that).")
    private @Nullable Double learningRate;

    @Option(names = "--schedule", description = "constant, linear or cosine (default cosine; of grpo constant).")
    private @Nullable Schedule schedule;

    @Option(
            names = "--warmup",
            description = "Share of the steps over which the rate rises (default 0.05; of grpo 0.1).")
    private @Nullable Double warmup;

    @Option(names = "--weight-decay", defaultValue = "0", description = "Of AdamW (default ${DEFAULT-VALUE}).")
    private double weightDecay;

    @Option(
            names = "--batch-tokens",
            defaultValue = "768",
            description = "Tokens of a step, about (default ${DEFAULT-VALUE}).")
    private int batchTokens;

    @Option(
            names = "--micro-batch-tokens",
            defaultValue = "1024",
            description = "Most tokens computed together: less needs less memory (default ${DEFAULT-VALUE}).")
    private int microBatchTokens;

    @Option(names = "--checkpointing", description = "Recompute activations: less memory, more time.")
    private boolean checkpointing;

    @Option(
            names = "--precision",
            defaultValue = "fp32",
            description =
                    "Of products with frozen weights: fp32, or bf16, about 1.4 times as fast on processors that have it,"
                            + " which hone doctor says (default ${DEFAULT-VALUE}).")
    private Precision precision = Precision.FP32;

    @Option(
            names = "--max-tokens",
            description = "Longest example (default " + LONGEST_EXAMPLE
                    + "); of grpo longest answer (default 160 of calls, 64 of labels, 256 of texts).")
    private @Nullable Integer maxTokens;

    @Option(
            names = "--over-long",
            defaultValue = "truncate",
            description = "Longer ones: truncate or drop (default ${DEFAULT-VALUE}).")
    private OverLong overLong = OverLong.TRUNCATE;

    @Option(names = "--skip-bad", description = "Leave out bad lines, and count them.")
    private boolean skipBad;

    @Option(
            names = "--seed",
            defaultValue = "1",
            description = "Of adapters, order and dropout (default ${DEFAULT-VALUE}).")
    private long seed;

    @Option(
            names = "--save-every",
            defaultValue = "120",
            paramLabel = "SECONDS",
            description = "Time between checkpoints (default ${DEFAULT-VALUE}).")
    private int saveEvery;

    @Mixin
    private final RewardOptions rewards = new RewardOptions();

    @Option(names = "--resume", description = "Go on from the last checkpoint in --out.")
    private boolean resume;

    @Option(names = "--dry-run", description = "Say what would be done, with tokens and memory, and do nothing.")
    private boolean dryRun;

    @Option(names = "--json", description = "Print one JSON object last (docs/cli.md).")
    private boolean json;

    /** The object of {@code --json}. */
    record Result(
            int schemaVersion,
            String status,
            String out,
            TrainForecast plan,
            @Nullable Manifest run) {}

    @Override
    public Integer call() throws IOException {
        return switch (method) {
            case sft -> fromDemonstrations();
            case grpo -> fromRewards();
        };
    }

    private int fromRewards() throws IOException {
        requireMeant(OF_DEMONSTRATIONS);
        RewardedTasks tasks = RewardedTasks.read(data, CharterReader.read(rewards.charter()), skipBad);
        int most = maxTokens == null ? tasks.useCase().maxTokens() : maxTokens;
        try (LoadedModel loaded = model.open()) {
            ReinforcementOptions options = rewarded(loaded, most);
            RewardedTasks.Fitted fitted = tasks.fit(loaded, most);
            RewardTraining training = new RewardTraining(
                    tasks, fitted.tooLong(), new ReinforcementRun(options, fitted.job(), loaded), out);
            RewardTraining.Result result = dryRun ? training.dry() : training.train();
            if (json) {
                Json.print(result);
            }
            return result.status().equals("stopped") ? 130 : 0;
        }
    }

    private int fromDemonstrations() throws IOException {
        requireMeant(RewardOptions.NAMES);
        ChatFile read = ChatFile.read(data, skipBad);
        try (LoadedModel loaded = model.open()) {
            TrainRun run = new TrainRun(options(loaded), read.map(loaded::demonstration, data, skipBad), loaded);
            TrainForecast forecast = dryRun ? run.timedForecast() : run.forecast();
            TrainReport.print(forecast);
            if (dryRun) {
                return finish(new Result(1, "dry-run", out.toString(), forecast, null), 0);
            }
            return train(run, forecast);
        }
    }

    private int train(TrainRun run, TrainForecast forecast) throws IOException {
        try (Interruption interruption = new Interruption();
                Progress progress = new Progress("training")) {
            Optional<Manifest> manifest = run.run(
                    step -> progress.update(step.step(), step.steps(), TrainReport.detail(step)),
                    interruption::requested);
            if (manifest.isEmpty()) {
                progress.close();
                System.err.println(
                        "Stopped; a checkpoint is in [" + out + "]. Go on with the same command and --resume");
                return finish(new Result(1, "stopped", out.toString(), forecast, null), 130);
            }
            progress.close();
            TrainReport.print(manifest.get(), out);
            return finish(new Result(1, "finished", out.toString(), forecast, manifest.get()), 0);
        }
    }

    private int finish(Result result, int exitCode) {
        if (json) {
            Json.print(result);
        }
        return exitCode;
    }

    /** An option of the other method would do nothing, and who gave it means something. */
    private void requireMeant(List<String> others) {
        CommandLine line = Objects.requireNonNull(command).commandLine();
        others.stream()
                .filter(line.getParseResult()::hasMatchedOption)
                .findFirst()
                .ifPresent(option -> {
                    throw new ParameterException(
                            line, "%s does nothing with --method %s: leave one of them out".formatted(option, method));
                });
    }

    private ReinforcementOptions rewarded(LoadedModel loaded, int most) {
        try {
            return new ReinforcementOptions(
                    model.fixed(),
                    rewards.plan(
                            most,
                            loaded.endTokens(),
                            learningRate == null ? REWARDED_SHARE * rate(loaded) : learningRate,
                            schedule == null ? Schedule.CONSTANT : schedule,
                            warmup == null ? 0.1 : warmup,
                            seed),
                    AdapterOptions.adaptation(full, loraRank, loraAlpha, loraDropout),
                    microBatchTokens,
                    precision,
                    Duration.ofSeconds(saveEvery),
                    out,
                    resume);
        } catch (IllegalArgumentException e) {
            throw new ParameterException(Objects.requireNonNull(command).commandLine(), e.getMessage(), e);
        }
    }

    private TrainOptions options(LoadedModel loaded) {
        try {
            Adaptation adaptation = AdapterOptions.adaptation(full, loraRank, loraAlpha, loraDropout);
            SftPlan plan = new SftPlan(
                    epochs,
                    rate(loaded),
                    schedule == null ? Schedule.COSINE : schedule,
                    warmup == null ? 0.05 : warmup,
                    batchTokens,
                    weightDecay,
                    1,
                    seed);
            return new TrainOptions(
                    model.fixed(),
                    plan,
                    adaptation,
                    maxTokens == null ? LONGEST_EXAMPLE : maxTokens,
                    overLong,
                    microBatchTokens,
                    checkpointing,
                    precision,
                    Duration.ofSeconds(saveEvery),
                    out,
                    resume,
                    Taught.in(PromptForm.MESSAGES));
        } catch (IllegalArgumentException e) {
            throw new ParameterException(Objects.requireNonNull(command).commandLine(), e.getMessage(), e);
        }
    }

    private double rate(LoadedModel loaded) {
        if (learningRate != null) {
            return learningRate;
        }
        double adapters = loaded.config().parameters() < SMALL_MODEL ? 1e-3 : 2e-4;
        return full ? adapters / 10 : adapters;
    }
}
