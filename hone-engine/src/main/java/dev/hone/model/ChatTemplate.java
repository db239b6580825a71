package dev.hone.model;

import dev.hone.model.template.Rendered;
import dev.hone.model.template.Template;
import dev.hone.model.template.TemplateException;
import dev.hone.record.ChatMessage;
import dev.hone.record.Conversation;
import dev.hone.record.ToolCall;
import java.time.Clock;
import java.time.LocalDateTime;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.json.JsonMapper;

/**
 * A model's chat template: writes a conversation as the text that the model was trained on, as {@code apply_chat_template}
 * of Hugging Face's transformers does. What messages say is data: it is inserted verbatim and never read as template.
 * Parsed once; any number of threads may use it.
 *
 * <p>The template sees {@code messages}, {@code tools} ({@code none} where there are none), {@code documents} ({@code none}),
 * {@code add_generation_prompt}, {@code bos_token} and {@code eos_token} (undefined where the model has none). A message has
 * {@code role} and {@code content}, which is an empty string, never missing, in a turn that only calls tools: of 142
 * templates 19 fail where it is missing, and none does better. It has {@code tool_calls}, {@code tool_call_id} and
 * {@code name} where they are not empty; a call's {@code arguments} are a mapping, as transformers asks for.
 */
public final class ChatTemplate {
    private final Template template;
    private final String source;
    private final @Nullable String bosToken;
    private final @Nullable String eosToken;
    private final Clock clock;

    /**
     * Parses a template.
     *
     * @param source Jinja
     * @param bosToken text of the token that begins a text; null where the model has none
     * @param eosToken text of the token that ends a turn or text; null where the model has none
     * @throws TemplateException where the source is no template, or uses a statement that is not supported
     */
    public ChatTemplate(String source, @Nullable String bosToken, @Nullable String eosToken) {
        this(source, bosToken, eosToken, Clock.systemDefaultZone());
    }

    /** As above; some templates write the date, which {@code clock} tells. */
    public ChatTemplate(String source, @Nullable String bosToken, @Nullable String eosToken, Clock clock) {
        this.template = Template.parse(source);
        this.source = source;
        this.bosToken = bosToken;
        this.eosToken = eosToken;
        this.clock = clock;
    }

    /** The template's own text. */
    public String source() {
        return source;
    }

    /** Text of the token that ends a turn or text; null where the model has none. */
    public @Nullable String eosToken() {
        return eosToken;
    }

    /**
     * Writes a conversation.
     *
     * @param addGenerationPrompt whether the text ends with what precedes the assistant's next turn
     * @throws TemplateException where the template refuses the conversation, or fails
     * @throws IllegalArgumentException where a tool or a call's arguments are not a JSON object
     */
    public String render(Conversation conversation, boolean addGenerationPrompt) {
        return render(conversation, addGenerationPrompt, Map.of());
    }

    /**
     * Writes a conversation.
     *
     * @param variables for the template, such as {@code enable_thinking}: texts, numbers, booleans, lists and maps; they go
     *     before the usual ones
     */
    public String render(Conversation conversation, boolean addGenerationPrompt, Map<String, Object> variables) {
        return rendered(conversation, addGenerationPrompt, variables).text();
    }

    /** Whether the template itself says what the assistant writes. */
    boolean marksGeneration() {
        return template.marksGeneration();
    }

    /** The text, and what the template says the assistant writes. */
    Rendered rendered(Conversation conversation, boolean addGenerationPrompt, Map<String, Object> variables) {
        Map<String, @Nullable Object> all = new HashMap<>();
        all.put(
                "messages",
                conversation.messages().stream().map(ChatTemplate::message).toList());
        all.put("tools", conversation.tools().isEmpty() ? null : tools(conversation));
        all.put("documents", null);
        all.put("add_generation_prompt", addGenerationPrompt);
        if (bosToken != null) {
            all.put("bos_token", bosToken);
        }
        if (eosToken != null) {
            all.put("eos_token", eosToken);
        }
        all.putAll(variables);
        return template.render(all, LocalDateTime.now(clock));
    }

    private static Map<String, Object> message(ChatMessage message) {
        Map<String, Object> fields = new LinkedHashMap<>();
        fields.put("role", message.role());
        fields.put("content", message.content());
        if (!message.toolCalls().isEmpty()) {
            fields.put(
                    "tool_calls",
                    message.toolCalls().stream().map(ChatTemplate::call).toList());
        }
        putUnlessEmpty(fields, "tool_call_id", message.toolCallId());
        putUnlessEmpty(fields, "name", message.name());
        return fields;
    }

    private static Map<String, Object> call(ToolCall call) {
        Map<String, Object> function = new LinkedHashMap<>();
        function.put("name", call.name());
        function.put("arguments", object(call.arguments(), "The arguments of a call of [%s]".formatted(call.name())));
        Map<String, Object> fields = new LinkedHashMap<>();
        putUnlessEmpty(fields, "id", call.id());
        fields.put("type", "function");
        fields.put("function", function);
        return fields;
    }

    private static void putUnlessEmpty(Map<String, Object> fields, String name, String value) {
        if (!value.isEmpty()) {
            fields.put(name, value);
        }
    }

    private static List<Object> tools(Conversation conversation) {
        List<Object> tools = new ArrayList<>();
        for (String tool : conversation.tools()) {
            tools.add(object(tool, "Tool [%d]".formatted(tools.size() + 1)));
        }
        return tools;
    }

    private static Map<?, ?> object(String json, String what) {
        try {
            if (JsonMapper.shared().readValue(json, Object.class) instanceof Map<?, ?> object) {
                return object;
            }
        } catch (JacksonException e) {
            throw new IllegalArgumentException(
                    "%s must be a JSON object, but [%s] is not JSON: %s"
                            .formatted(what, shortened(json), e.getOriginalMessage()),
                    e);
        }
        throw new IllegalArgumentException("%s must be a JSON object, not [%s]".formatted(what, shortened(json)));
    }

    private static String shortened(String text) {
        return text.length() <= 80 ? text : text.substring(0, 80) + "…";
    }
}
