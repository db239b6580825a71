package dev.hone.cli;

import dev.hone.evaluate.LabelScores;
import dev.hone.file.Durable;
import dev.hone.record.Constraint;
import dev.hone.record.SamplingMode;
import dev.hone.run.Evaluation;
import dev.hone.run.LoadedModel;
import dev.hone.run.Versions;
import dev.hone.task.ChatFile;
import dev.hone.train.WorkerSnapshot;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code hone eval}: measures a model on a file of demonstrations that it was not trained on. */
@Command(
        name = "eval",
        mixinStandardHelpOptions = true,
        description = "Let a model answer the last turn of each row, and compare.",
        sortOptions = false,
        footerHeading = "%nExamples:%n",
        footer = {
            "  hone eval --model runs/support --data support-test.jsonl",
            "  hone eval --model support@candidate --data support-test.jsonl",
            "  hone eval --data support-test.jsonl --json"
        })
final class EvalCommand implements Callable<Integer> {
    @Option(
            names = "--data",
            required = true,
            paramLabel = "FILE",
            description = "Demonstrations, one JSON object a line.")
    private Path data = Path.of("");

    @Mixin
    private final ModelOption model = new ModelOption();

    @Mixin
    private final SchemaOption schema = new SchemaOption();

    @Option(names = "--max-tokens", defaultValue = "256", description = "Longest answer (default ${DEFAULT-VALUE}).")
    private int maxTokens;

    @Option(
            names = "--mode",
            defaultValue = "exact",
            description = "exact (fp32, reproducible) or fast (int8) (default ${DEFAULT-VALUE}).")
    private SamplingMode mode = SamplingMode.EXACT;

    @Option(names = "--skip-bad", description = "Leave out bad lines, and count them.")
    private boolean skipBad;

    @Option(
            names = "--outputs",
            paramLabel = "FILE",
            description = "Write each answer beside the right one, one JSON object a line.")
    private @Nullable Path outputs;

    @Option(names = "--json", description = "Print one JSON object last (docs/cli.md).")
    private boolean json;

    /** The object of {@code --json}. */
    record Result(
            int schemaVersion,
            String model,
            String dataHash,
            int badLines,
            int overLong,
            LabelScores scores,
            long promptTokens,
            long completionTokens,
            double tokensPerSecond,
            double wallSeconds,
            long peakMemoryBytes,
            Map<String, String> versions) {}

    @Override
    public Integer call() throws IOException {
        ChatFile read = ChatFile.read(data, skipBad);
        Constraint constraint = schema.constraint();
        if (outputs != null) {
            requireWritable(outputs);
        }
        try (LoadedModel loaded = model.open()) {
            ChatFile.Mapped<int[]> rows = read.map(row -> Evaluation.prompt(loaded, row), data, skipBad);
            List<int[]> prompts = rows.values();
            int longest =
                    prompts.stream().mapToInt(prompt -> prompt.length).max().orElseThrow();
            try (WorkerSnapshot snapshot = loaded.sampler(mode, prompts.size(), longest + maxTokens)) {
                Evaluation evaluation = new Evaluation(loaded, snapshot, constraint);
                print(result(rows.file(), answer(prompts, evaluation), snapshot));
            }
        }
        return 0;
    }

    private Result result(ChatFile file, Evaluation.Answers answers, WorkerSnapshot snapshot) throws IOException {
        List<String> right = Evaluation.right(file);
        if (outputs != null) {
            write(outputs, answers.outputs(), right);
        }
        return new Result(
                1,
                model.fixed(),
                file.sha256(),
                file.bad().size(),
                answers.overLong(),
                LabelScores.of(answers.outputs(), right),
                answers.promptTokens(),
                answers.completionTokens(),
                answers.completionTokens() / answers.seconds(),
                answers.seconds(),
                snapshot.peakMemoryBytes(),
                Versions.current());
    }

    private Evaluation.Answers answer(List<int[]> prompts, Evaluation evaluation) {
        try (Progress progress = new Progress("answering")) {
            return evaluation.answer(prompts, maxTokens, done -> progress.update(done, prompts.size(), "rows"));
        }
    }

    /** Before the work: what cannot be written afterwards would be lost. */
    private static void requireWritable(Path file) {
        Path folder = file.toAbsolutePath().getParent();
        if (Files.isDirectory(file) || folder == null || !Files.isDirectory(folder) || !Files.isWritable(folder)) {
            throw new IllegalArgumentException(
                    "--outputs [%s] cannot be written: name a file in a folder that exists and that you may write"
                            .formatted(file));
        }
    }

    private static void write(Path file, List<String> outputs, List<String> right) throws IOException {
        StringBuilder lines = new StringBuilder();
        for (int i = 0; i < outputs.size(); i++) {
            lines.append(Json.line(new Pair(outputs.get(i), right.get(i)))).append('\n');
        }
        Durable.write(file, lines.toString().getBytes(StandardCharsets.UTF_8));
    }

    /** A line of {@code --outputs}. */
    record Pair(String output, String right) {}

    private void print(Result result) {
        LabelScores scores = result.scores();
        if (json) {
            Json.print(result);
            return;
        }
        System.out.printf(
                "rows %d (%d over-long, counted as wrong), different answers %d%nexact match %.1f %%%naccuracy    %.1f %% (95 %%: %.1f to"
                        + " %.1f)%nmacro-F1    %.1f %%%n%.0f tokens/s, %.1f s%n",
                scores.rows(),
                result.overLong(),
                scores.labels(),
                100 * scores.exactMatch(),
                100 * scores.accuracy(),
                100 * scores.accuracyLow(),
                100 * scores.accuracyHigh(),
                100 * scores.macroF1(),
                result.tokensPerSecond(),
                result.wallSeconds());
    }
}
