package dev.hone.api;

import dev.hone.record.ChatMessage;
import dev.hone.record.Constraint;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A chat completion as it was asked for. Made by {@link ChatRequestReader}; consumed by {@link ChatHandler}.
 *
 * @param model the served one's name
 * @param messages turns in order
 * @param tools that are offered, each a JSON object as text
 * @param wanted what the answer may be
 * @param sampling how tokens are chosen
 * @param count number of answers
 * @param logprobs whether the tokens' log-probabilities are told
 * @param stream whether the answer comes in pieces
 * @param includeUsage whether a stream ends with the numbers of tokens
 */
record ChatRequest(
        String model,
        List<ChatMessage> messages,
        List<String> tools,
        Wanted wanted,
        Sampling sampling,
        int count,
        boolean logprobs,
        boolean stream,
        boolean includeUsage) {
    ChatRequest {
        messages = List.copyOf(messages);
        tools = List.copyOf(tools);
    }

    /** What an answer may be. */
    sealed interface Wanted {
        Constraint constraint();
    }

    /** Any text. */
    record Text() implements Wanted {
        @Override
        public Constraint constraint() {
            return new Constraint.None();
        }
    }

    /** The JSON text of a schema's value. */
    record Json(Constraint.Schema constraint) implements Wanted {}

    /** The name of a label, which the model writes as the JSON text of a schema's value. */
    record Label(Constraint.Schema constraint) implements Wanted {}

    /** A call of one of some tools. */
    record Call(Constraint.Call constraint) implements Wanted {}

    /**
     * How tokens are chosen; null where the request does not say.
     *
     * @param stop texts before which an answer ends
     */
    record Sampling(
            @Nullable Double temperature,
            @Nullable Double topP,
            @Nullable Integer maxTokens,
            List<String> stop,
            @Nullable Long seed) {
        Sampling {
            stop = List.copyOf(stop);
        }
    }
}
