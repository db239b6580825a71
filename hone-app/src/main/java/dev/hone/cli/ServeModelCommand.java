package dev.hone.cli;

import dev.hone.api.ModelServer;
import dev.hone.api.ServerOptions;
import dev.hone.record.SamplingMode;
import dev.hone.run.LoadedModel;
import dev.hone.run.PromptForm;
import dev.hone.run.Taught;
import dev.hone.train.WorkerSnapshot;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code hone serve-model}: a model behind OpenAI's chat completions. */
@Command(
        name = "serve-model",
        mixinStandardHelpOptions = true,
        description = "Serve a model to OpenAI's clients (docs/serving.md); Ctrl-C ends.",
        sortOptions = false,
        footerHeading = "%nExamples:%n",
        footer = {
            "  hone serve-model",
            "  hone serve-model --model demo/model --name assistant-actions --port 8080",
            "  hone serve-model --model support@live",
            "  hone serve-model --model runs/support --host 0.0.0.0 --mode fast"
        })
final class ServeModelCommand implements Callable<Integer> {
    @Mixin
    private final ModelOption model = new ModelOption();

    @Option(
            names = "--name",
            paramLabel = "NAME",
            description = "What requests call the model (default: --model, of a path its last part).")
    private @Nullable String name;

    @Option(names = "--host", defaultValue = "127.0.0.1", description = "Listen here (default ${DEFAULT-VALUE}).")
    private String host = "127.0.0.1";

    @Option(
            names = "--port",
            defaultValue = "8000",
            description = "Listen on this port; 0 takes a free one (default ${DEFAULT-VALUE}).")
    private int port;

    @Option(
            names = "--mode",
            defaultValue = "exact",
            description = "exact (fp32, reproducible) or fast (int8, less precise) (default ${DEFAULT-VALUE}).")
    private SamplingMode mode = SamplingMode.EXACT;

    @Option(
            names = "--best-of",
            defaultValue = "1",
            paramLabel = "N",
            description =
                    "Where a request wants no chance (temperature 0), draw N answers and give the most probable: often"
                            + " better than the greedy one, in one piece, for N times the tokens (default: greedy).")
    private int bestOf;

    @Option(
            names = "--rows",
            defaultValue = "16",
            description = "Answers that are computed at once (default ${DEFAULT-VALUE}).")
    private int rows;

    @Option(
            names = "--queue",
            defaultValue = "64",
            description = "Requests that may wait beside them; more are refused (default ${DEFAULT-VALUE}).")
    private int queue;

    @Option(
            names = "--context",
            paramLabel = "TOKENS",
            description = "Longest prompt and answer together (default: the model's positions, at most 8192).")
    private @Nullable Integer context;

    @Option(
            names = "--prompt",
            paramLabel = "FORM",
            description =
                    "How the model was taught to be asked: messages, brief-tools, shown-tools or brief-label (default: as its run's"
                            + " manifest says, else messages).")
    private @Nullable String prompt;

    @Option(
            names = "--drain",
            defaultValue = "30",
            paramLabel = "SECONDS",
            description = "How long answers may take to end after Ctrl-C (default ${DEFAULT-VALUE}).")
    private int drain;

    @Option(names = "--json", description = "Print one JSON object when the server listens (docs/cli.md).")
    private boolean json;

    /** The object of {@code --json}. */
    record Listening(
            int schemaVersion, String url, String model, SamplingMode mode, String prompt, int context, int rows) {}

    @Override
    public Integer call() throws IOException {
        requireRange("--port", port, 0, 65535);
        requireRange("--rows", rows, 1, WorkerSnapshot.MOST_ROWS);
        requireRange("--best-of", bestOf, 1, rows);
        requireRange("--queue", queue, 0, 100_000);
        requireRange("--drain", drain, 0, 3600);
        PromptForm asked = prompt == null ? null : PromptForm.of(prompt);
        try (Interruption interruption = new Interruption();
                LoadedModel loaded = model.open()) {
            ServerOptions options = options(loaded, taught(loaded, asked));
            try (ModelServer server = ModelServer.open(options, loaded, ServeModelCommand::complain)) {
                announce(server, options);
                interruption.await();
                System.err.println("Ending: requests that are being answered have %d s".formatted(drain));
            }
        }
        return 0;
    }

    /** @param asked null where the model's run says it */
    private static Taught taught(LoadedModel loaded, @Nullable PromptForm asked) throws IOException {
        if (asked == null) {
            return Taught.of(loaded.weights());
        }
        return switch (asked) {
            case MESSAGES, BRIEF_TOOLS -> Taught.in(asked);
            case SHOWN_TOOLS, BRIEF_LABEL -> Taught.of(loaded.weights()).as(asked);
        };
    }

    private ServerOptions options(LoadedModel loaded, Taught taught) {
        int positions = loaded.config().maxPositions();
        int most = context == null ? Math.min(positions, ServerOptions.CONTEXT) : context;
        requireRange("--context", most, 2, positions);
        return new ServerOptions(
                host, port, served(), mode, taught, bestOf, rows, queue, most, Duration.ofSeconds(drain));
    }

    private String served() {
        if (name != null) {
            return name;
        }
        Path path = Path.of(model.reference());
        return Files.exists(path)
                ? String.valueOf(path.toAbsolutePath().normalize().getFileName())
                : model.reference();
    }

    private void announce(ModelServer server, ServerOptions options) {
        if (json) {
            Json.print(new Listening(
                    1,
                    server.url(),
                    options.name(),
                    options.mode(),
                    options.taught().form().key(),
                    options.context(),
                    options.rows()));
        } else {
            System.out.printf(
                    "Listening on %s: model %s, context %d, %d answers at once. Ctrl-C ends. Try:%n  %s%n",
                    server.url(), options.name(), options.context(), options.rows(), server.curl());
        }
        System.out.flush();
        if (!server.isLocal()) {
            System.err.println("Anyone who reaches [%s] may ask: there are no keys".formatted(host));
        }
    }

    private static void complain(String trouble) {
        System.err.println("hone: " + trouble);
    }

    private static void requireRange(String option, int value, int least, int most) {
        if (value < least || value > most) {
            throw new IllegalArgumentException(
                    "%s must be from %d to %d, not [%d]".formatted(option, least, most, value));
        }
    }
}
