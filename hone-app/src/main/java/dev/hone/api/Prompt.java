package dev.hone.api;

import static java.util.Objects.requireNonNull;

import dev.hone.record.ChatMessage;
import dev.hone.record.Constraint;
import dev.hone.record.Conversation;
import dev.hone.record.SampleRequest;
import dev.hone.record.SamplingParams;
import dev.hone.record.ToolCall;
import dev.hone.run.LoadedModel;
import dev.hone.run.Taught;
import dev.hone.schema.Grammar;
import dev.hone.task.CallPrompts;
import dev.hone.task.LabelPrompts;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;

/**
 * What a model sees of a request.
 *
 * @param taught how it was taught to be asked
 * @param context most positions of prompt and answer
 * @param bestOf answers that are drawn where one without chance is asked for; 1 draws none
 */
record Prompt(LoadedModel model, Taught taught, int context, int bestOf) {
    /** Whether several answers are drawn, of which the most probable is given. */
    boolean draws(ChatRequest request) {
        return bestOf > 1 && request.count() == 1 && temperature(request.sampling()) == 0;
    }

    /** @throws Refusal when the model cannot be asked so, or not at such length */
    SampleRequest of(ChatRequest request) {
        Conversation conversation = switch (taught.form()) {
            case BRIEF_TOOLS -> CallPrompts.brief(request.tools(), sentence(request));
            case SHOWN_TOOLS -> requireNonNull(taught.examples()).ask(request.tools(), sentence(request));
            case BRIEF_LABEL -> LabelPrompts.brief(text(request));
            case MESSAGES -> messages(request);
        };
        int[] tokens;
        try {
            tokens = model.prompt(conversation);
        } catch (IllegalArgumentException e) {
            throw Refusal.value("messages", "The model's chat template refuses the messages: " + e.getMessage());
        }
        if (tokens.length >= context) {
            throw Refusal.of(
                    400,
                    "messages",
                    "context_length_exceeded",
                    "The prompt has [%d] tokens, and the model's context is [%d] for prompt and answer: shorten the messages"
                            .formatted(tokens.length, context));
        }
        return new SampleRequest(
                tokens,
                draws(request) ? bestOf : request.count(),
                params(request, context - tokens.length),
                wanted(request).constraint());
    }

    /** What the answer may be: what the request says; of a model of labels one of these, whatever form the request leaves open. */
    ChatRequest.Wanted wanted(ChatRequest request) {
        return switch (taught.form()) {
            case BRIEF_TOOLS, SHOWN_TOOLS, MESSAGES -> request.wanted();
            case BRIEF_LABEL ->
                switch (request.wanted()) {
                    case ChatRequest.Text() -> new ChatRequest.Label(LabelPrompts.oneOf(taught.labels()));
                    case ChatRequest.Label label -> label;
                    case ChatRequest.Json(Constraint.Schema schema) -> new ChatRequest.Json(labelsOf(schema));
                    case ChatRequest.Call ignored ->
                        throw Refusal.value(
                                "tools",
                                "This model was taught to answer with one of [%d] labels, and calls nothing: leave tools out"
                                        .formatted(taught.labels().size()));
                };
        };
    }

    /** Those of the model's labels that a schema allows. */
    private Constraint.Schema labelsOf(Constraint.Schema schema) {
        Grammar grammar = Grammar.ofSchema(schema.schema());
        List<String> allowed = taught.labels().stream()
                .filter(label -> grammar.accepts(LabelPrompts.answer(label)))
                .toList();
        if (allowed.isEmpty()) {
            throw Refusal.value(
                    "response_format",
                    "This model was taught to answer with one of [%d] labels as a JSON text, [%s] among them, and response_format allows none: leave it out, or give them as an enum"
                            .formatted(taught.labels().size(), taught.labels().getFirst()));
        }
        return LabelPrompts.oneOf(allowed);
    }

    private SamplingParams params(ChatRequest request, int room) {
        ChatRequest.Sampling sampling = request.sampling();
        Integer most = sampling.maxTokens();
        Double topP = draws(request) ? null : sampling.topP();
        Long seed = sampling.seed();
        return new SamplingParams(
                most == null ? room : Math.min(most, room),
                draws(request) ? 1 : temperature(sampling),
                0,
                topP == null ? 1 : topP,
                0,
                sampling.stop(),
                model.endTokens(),
                seed == null ? ThreadLocalRandom.current().nextLong() : seed);
    }

    private double temperature(ChatRequest.Sampling sampling) {
        Double temperature = sampling.temperature();
        return temperature == null ? defaultTemperature() : temperature;
    }

    /** OpenAI's, except of a model that was trained and judged to give the one right call or label. */
    private double defaultTemperature() {
        return switch (taught.form()) {
            case BRIEF_TOOLS, SHOWN_TOOLS, BRIEF_LABEL -> 0;
            case MESSAGES -> 1;
        };
    }

    /** The user's last text: neither the product's instructions nor earlier turns were learned from. */
    private static String text(ChatRequest request) {
        if (request.messages().stream().noneMatch(message -> message.role().equals("user"))) {
            throw Refusal.value(
                    "messages", "This model was taught to label the user's last text: give a message of the user's");
        }
        return new Conversation(request.messages(), List.of()).question();
    }

    /** The user's sentence; the product's own instructions were for a model that needs them. */
    private static String sentence(ChatRequest request) {
        if (!(request.wanted() instanceof ChatRequest.Call)) {
            throw Refusal.value(
                    "tools", "This model was taught to answer a sentence by one call of an offered tool: give tools");
        }
        List<ChatMessage> sentences = request.messages().stream()
                .filter(message -> !message.role().equals("system"))
                .toList();
        if (sentences.size() != 1 || !sentences.getFirst().role().equals("user")) {
            throw Refusal.value(
                    "messages",
                    "This model was taught single sentences: beside system messages, which it does not read, give one of the user's, not [%d] turns"
                            .formatted(sentences.size()));
        }
        return sentences.getFirst().content();
    }

    private Conversation messages(ChatRequest request) {
        List<ChatMessage> messages = model.templateMentions("tool_calls")
                ? request.messages()
                : request.messages().stream().map(Prompt::spelled).toList();
        if (model.templateMentions("tools")) {
            return new Conversation(messages, request.tools());
        }
        return new Conversation(
                request.wanted() instanceof ChatRequest.Call ? instructed(messages, request.tools()) : messages,
                List.of());
    }

    /** Calls as text, for a template that knows none. */
    private static ChatMessage spelled(ChatMessage message) {
        StringBuilder content = new StringBuilder(message.content());
        for (ToolCall call : message.toolCalls()) {
            content.append(content.isEmpty() ? "" : "\n").append(Replies.call(call.name(), call.arguments()));
        }
        return ChatMessage.of(message.role(), content.toString());
    }

    /** Tools as a part of the system message, for a template that knows none. */
    private static List<ChatMessage> instructed(List<ChatMessage> messages, List<String> tools) {
        String instruction = CallPrompts.instruction(tools);
        List<ChatMessage> all = new ArrayList<>(messages);
        if (all.getFirst().role().equals("system")) {
            all.set(0, ChatMessage.of("system", all.getFirst().content() + "\n\n" + instruction));
        } else {
            all.addFirst(ChatMessage.of("system", instruction));
        }
        return all;
    }
}
