package dev.hone.capture.otlp;

import java.util.List;
import java.util.Map;
import java.util.Set;

/** Names of OpenTelemetry's semantic conventions for generative models, newer ones before older. */
final class GenAi {
    static final String OPERATION = "gen_ai.operation.name";

    /** Operations that are calls of models; others (agents, tools) are not. */
    static final Set<String> MODEL_CALLS =
            Set.of("chat", "text_completion", "generate_content", "embeddings", "completion");

    static final List<String> MODEL = List.of("gen_ai.request.model", "gen_ai.response.model");
    static final List<String> PROVIDER = List.of("gen_ai.provider.name", "gen_ai.system");
    static final List<String> INPUT_TOKENS = List.of("gen_ai.usage.input_tokens", "gen_ai.usage.prompt_tokens");
    static final List<String> OUTPUT_TOKENS = List.of("gen_ai.usage.output_tokens", "gen_ai.usage.completion_tokens");
    static final List<String> CACHED_TOKENS =
            List.of("gen_ai.usage.cache_read.input_tokens", "gen_ai.usage.cache_read_input_tokens");
    static final String CONVERSATION = "gen_ai.conversation.id";
    static final String RESPONSE_ID = "gen_ai.response.id";
    static final String FINISH_REASONS = "gen_ai.response.finish_reasons";
    static final String HTTP_STATUS = "http.response.status_code";

    static final String INPUT_MESSAGES = "gen_ai.input.messages";
    static final String OUTPUT_MESSAGES = "gen_ai.output.messages";
    static final String SYSTEM_INSTRUCTIONS = "gen_ai.system_instructions";
    static final String TOOL_DEFINITIONS = "gen_ai.tool.definitions";

    /** As an attribute of the span or of an event: JSON, or a text; and, with {@code .0.role} and so on behind it, piece by piece. */
    static final String PROMPT = "gen_ai.prompt";

    static final String COMPLETION = "gen_ai.completion";

    /** Events that are a message each, by the name of the event, with its role. */
    static final Map<String, String> MESSAGE_EVENTS = Map.of(
            "gen_ai.system.message", "system",
            "gen_ai.user.message", "user",
            "gen_ai.assistant.message", "assistant",
            "gen_ai.tool.message", "tool");

    /** The event that is an answer. */
    static final String CHOICE_EVENT = "gen_ai.choice";

    /** Of such an event: its message as JSON, where its members are not attributes of their own. */
    static final String EVENT_CONTENT = "gen_ai.event.content";

    /** What a request says beside its messages, by OpenAI's names. */
    static final List<String> PARAMETERS =
            List.of("temperature", "top_p", "max_tokens", "seed", "frequency_penalty", "presence_penalty");

    static final String PARAMETER = "gen_ai.request.";

    /** Of the span or its resource: the use case that a call belongs to. */
    static final String USE_CASE = "hone.use_case";

    /** Of the resource: the use case where nobody names one. */
    static final String SERVICE = "service.name";

    private GenAi() {}
}
