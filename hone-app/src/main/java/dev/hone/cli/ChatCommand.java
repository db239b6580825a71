package dev.hone.cli;

import dev.hone.model.TextStream;
import dev.hone.record.ChatMessage;
import dev.hone.record.Conversation;
import dev.hone.record.Sample;
import dev.hone.record.SampleRequest;
import dev.hone.record.Snapshot;
import dev.hone.run.LoadedModel;
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
        footer = {"  hone chat", "  hone chat --model runs/support --prompt \"Where is my parcel?\""})
final class ChatCommand implements Callable<Integer> {
    @Mixin
    private final ModelOption model = new ModelOption();

    @Mixin
    private final SamplingOptions sampling = new SamplingOptions();

    @Option(names = "--prompt", paramLabel = "TEXT", description = "Answer this and end.")
    private @Nullable String prompt;

    @Option(names = "--system", paramLabel = "TEXT", description = "System message.")
    private @Nullable String system;

    /** Of a long conversation. */
    private static final int POSITIONS = 4096;

    private final PrintStream out = new PrintStream(System.out, false, StandardCharsets.UTF_8);

    @Override
    public Integer call() throws IOException {
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
        Sample sample = snapshot.sample(
                        List.of(new SampleRequest(tokens, 1, sampling.params(loaded.endTokens()))),
                        (request, index, token) -> print(text.add(token)))
                .getFirst()
                .getFirst();
        print(text.finish());
        out.println();
        out.flush();
        asked.add(ChatMessage.of("assistant", loaded.text(sample)));
        return asked;
    }

    private void print(String piece) {
        out.print(piece);
        out.flush();
    }
}
