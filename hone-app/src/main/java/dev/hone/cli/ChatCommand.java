package dev.hone.cli;

import dev.hone.model.TextStream;
import dev.hone.record.ChatMessage;
import dev.hone.record.Constraint;
import dev.hone.record.Conversation;
import dev.hone.record.Sample;
import dev.hone.record.Sample.StopReason;
import dev.hone.record.SampleRequest;
import dev.hone.record.Snapshot;
import dev.hone.run.LoadedModel;
import dev.hone.run.StopFilter;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code hone chat}: talks with a model. */
@Command(
        name = "chat",
        mixinStandardHelpOptions = true,
        description = "Talk with a model; /reset forgets the conversation, /exit or Ctrl-D ends.",
        sortOptions = false,
        footerHeading = "%nExamples:%n",
        footer = {
            "  hone chat",
            "  hone chat --model runs/support --prompt \"Where is my parcel?\"",
            "  hone chat --model support@live",
            "  hone chat --model runs/support --prompt \"Where is my parcel?\" --stop \"###\" --json",
            "  hone chat --model runs/support --prompt \"Where is my parcel?\" --schema answer.json"
        })
final class ChatCommand implements Callable<Integer> {
    @Mixin
    private final ModelOption model = new ModelOption();

    @Mixin
    private final SamplingOptions sampling = new SamplingOptions();

    @Mixin
    private final SchemaOption schema = new SchemaOption();

    @Option(names = "--prompt", paramLabel = "TEXT", description = "Answer this and end.")
    private @Nullable String prompt;

    @Option(names = "--system", paramLabel = "TEXT", description = "System message.")
    private @Nullable String system;

    @Option(names = "--json", description = "With --prompt: print one JSON object instead (docs/cli.md).")
    private boolean json;

    /** The object of {@code --json}. */
    record Result(int schemaVersion, String text, int promptTokens, int completionTokens, StopReason stopReason) {}

    /** Of a long conversation. */
    private static final int POSITIONS = 4096;

    private Constraint constraint = new Constraint.None();
    private final PrintStream out = new PrintStream(System.out, false, StandardCharsets.UTF_8);

    @Override
    public Integer call() throws IOException {
        if (json && prompt == null) {
            throw new IllegalArgumentException("--json needs --prompt: a conversation is not one answer");
        }
        if (sampling.stop().contains("")) {
            throw new IllegalArgumentException("--stop [] would end every answer before it begins: give it a text");
        }
        constraint = schema.constraint();
        try (LoadedModel loaded = model.open();
                Snapshot snapshot = loaded.sampler(sampling.mode(), 1, POSITIONS)) {
            if (prompt != null) {
                answer(loaded, snapshot, opening(), prompt);
                return 0;
            }
            converse(loaded, snapshot);
            return 0;
        }
    }

    private void converse(LoadedModel loaded, Snapshot snapshot) throws IOException {
        BufferedReader in = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
        List<ChatMessage> turns = opening();
        while (true) {
            System.err.print("> ");
            System.err.flush();
            String line = in.readLine();
            if (line == null || line.strip().equals("/exit")) {
                return;
            }
            if (line.strip().equals("/reset")) {
                turns = opening();
            } else if (!line.isBlank()) {
                turns = answer(loaded, snapshot, turns, line);
            }
        }
    }

    private List<ChatMessage> opening() {
        return system == null ? List.of() : List.of(ChatMessage.of("system", system));
    }

    /** Streams the answer, and gives the conversation with it. */
    private List<ChatMessage> answer(LoadedModel loaded, Snapshot snapshot, List<ChatMessage> turns, String question) {
        List<ChatMessage> asked = new ArrayList<>(turns);
        asked.add(ChatMessage.of("user", question));
        int[] tokens = loaded.prompt(new Conversation(asked, List.of()));
        if (tokens.length >= loaded.config().maxPositions()) {
            System.err.printf(
                    "The conversation has [%d] tokens, the model [%d] positions: /reset, or say it shorter%n",
                    tokens.length, loaded.config().maxPositions());
            return turns;
        }
        TextStream text = loaded.tokenizer().stream(true);
        StopFilter filter = new StopFilter(sampling.stop());
        StringBuilder answer = new StringBuilder();
        Sample sample = snapshot.sample(
                        List.of(new SampleRequest(tokens, 1, sampling.params(loaded.endTokens()), constraint)),
                        (request, index, token) -> show(filter.add(text.add(token)), answer))
                .getFirst()
                .getFirst();
        show(filter.add(text.finish()) + filter.finish(), answer);
        if (json) {
            Json.print(new Result(1, answer.toString(), tokens.length, sample.tokens().length, sample.stopReason()));
        } else {
            out.println();
            out.flush();
        }
        asked.add(ChatMessage.of("assistant", answer.toString()));
        return asked;
    }

    private void show(String piece, StringBuilder answer) {
        answer.append(piece);
        if (!json) {
            out.print(piece);
            out.flush();
        }
    }
}
