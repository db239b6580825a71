package dev.hone.api;

import dev.hone.model.TextStream;
import dev.hone.record.Sample;
import dev.hone.run.LoadedModel;
import dev.hone.run.StopFilter;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** One answer of a request as its tokens come: pieces of whole characters, nothing of a stop text. For one thread. */
final class Choice {
    private final LoadedModel model;
    private final boolean wantsLogprobs;
    private final TextStream stream;
    private final StopFilter filter;
    private final @Nullable CallText call;
    private final @Nullable LabelText label;
    private final List<TokenLogprob> pending = new ArrayList<>();
    private boolean named;

    /** @param name of the called tool, in the piece in which it is certain; null in all others */
    record Piece(String text, @Nullable String name, List<TokenLogprob> logprobs) {
        boolean isEmpty() {
            return text.isEmpty() && name == null && logprobs.isEmpty();
        }
    }

    /** A token that was drawn, as text, with the logarithm of its probability. */
    record TokenLogprob(String token, byte @Nullable [] bytes, float logprob) {}

    /** @param wanted of the model that answers */
    Choice(ChatRequest request, ChatRequest.Wanted wanted, LoadedModel model) {
        this.model = model;
        wantsLogprobs = request.logprobs() && !(wanted instanceof ChatRequest.Call);
        stream = model.tokenizer().stream(true);
        filter = new StopFilter(request.sampling().stop());
        call = wanted instanceof ChatRequest.Call ? new CallText() : null;
        label = wanted instanceof ChatRequest.Label ? new LabelText() : null;
    }

    /** Takes the next token; returns what is certain now, often nothing. */
    Piece add(int token, float logprob) {
        if (model.endTokens().contains(token)) {
            return new Piece("", null, List.of());
        }
        if (wantsLogprobs) {
            pending.add(new TokenLogprob(
                    model.tokenizer().decode(new int[] {token}, false),
                    model.tokenizer().bytes(token),
                    logprob));
        }
        return piece(filter.add(stream.add(token)));
    }

    /** The rest, once no token comes. */
    Piece finish() {
        Piece last = piece(filter.add(stream.finish()) + filter.finish());
        String rest = call != null ? call.finish() : label != null ? label.finish() : "";
        List<TokenLogprob> logprobs = new ArrayList<>(last.logprobs());
        logprobs.addAll(takePending());
        return new Piece(last.text() + rest, last.name(), logprobs);
    }

    private Piece piece(String text) {
        if (label != null) {
            label.add(text);
            return new Piece("", null, List.of());
        }
        if (call == null) {
            return new Piece(text, null, text.isEmpty() ? List.of() : takePending());
        }
        String arguments = call.add(text);
        String name = named ? null : call.name();
        named = call.name() != null;
        return new Piece(arguments, name, List.of());
    }

    private List<TokenLogprob> takePending() {
        List<TokenLogprob> taken = List.copyOf(pending);
        pending.clear();
        return taken;
    }

    /** Why the answer ended, in OpenAI's words. */
    String finishReason(Sample.StopReason reason) {
        if (call != null) {
            return call.isWhole() ? "tool_calls" : "length";
        }
        return switch (reason) {
            case END, STOP -> "stop";
            case LENGTH -> "length";
        };
    }
}
