package dev.hone.api;

import dev.hone.api.ChatRequest.Sampling;
import dev.hone.api.ChatRequest.Wanted;
import dev.hone.capture.JsonBody;
import dev.hone.record.ChatMessage;
import dev.hone.record.Constraint;
import dev.hone.schema.Grammar;
import dev.hone.schema.SchemaException;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.StreamReadConstraints;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.core.json.JsonFactory;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Reads the body of a chat completion. What would change the answer and cannot be done is refused by its name. */
final class ChatRequestReader {
    private static final int MOST_DEPTH = 100;
    private static final int MOST_STOPS = 16;

    private static final JsonFactory FACTORY = JsonFactory.builder()
            .streamReadConstraints(
                    StreamReadConstraints.builder().maxNestingDepth(MOST_DEPTH).build())
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .build();
    private static final JsonMapper JSON = JsonMapper.builder(FACTORY)
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .build();

    /** For the caller's books, or hints that may be taken or not. */
    private static final Set<String> WITHOUT_EFFECT = Set.of(
            "user",
            "metadata",
            "store",
            "service_tier",
            "safety_identifier",
            "prompt_cache_key",
            "prompt_cache_retention",
            "prediction",
            "parallel_tool_calls");

    private final String model;
    private final int mostAnswers;

    /**
     * @param model name of the one that is served
     * @param mostAnswers of one request
     */
    ChatRequestReader(String model, int mostAnswers) {
        this.model = model;
        this.mostAnswers = mostAnswers;
    }

    ChatRequest read(byte[] body) {
        String flaw = JsonBody.encodingFlaw(body);
        if (flaw != null) {
            throw Refusal.of(400, null, "invalid_json", flaw);
        }
        JsonNode tree;
        try {
            tree = JSON.readTree(body);
        } catch (JacksonException e) {
            JsonBody.Flaw found = JsonBody.flaw(FACTORY, body);
            throw Refusal.of(400, found.place(), "invalid_json", found.message());
        }
        Fields fields = new Fields(tree, "");
        requireModel(fields.requireText("model"));
        List<ChatMessage> messages = MessageReader.read(fields);
        ToolReader.Offer offer = ToolReader.read(fields, messages);
        Wanted wanted = wanted(fields, offer.wanted());
        List<String> stop = stop(fields);
        if (!stop.isEmpty() && !(wanted instanceof ChatRequest.Text)) {
            throw Refusal.unsupported(
                    "stop", "stop would cut an answer that must be whole: leave it out where tools or a format decide");
        }
        Long maxTokens = fields.whole("max_completion_tokens", 1, Integer.MAX_VALUE);
        Long olderMaxTokens = fields.whole("max_tokens", 1, Integer.MAX_VALUE);
        Long most = maxTokens == null ? olderMaxTokens : maxTokens;
        Sampling sampling = new Sampling(
                fields.number("temperature", 0, 2),
                topP(fields),
                most == null ? null : most.intValue(),
                stop,
                fields.whole("seed", Long.MIN_VALUE, Long.MAX_VALUE));
        Long count = fields.whole("n", 1, mostAnswers);
        boolean logprobs = fields.flag("logprobs");
        fields.requireWithoutEffect("top_logprobs");
        boolean stream = fields.flag("stream");
        boolean includeUsage = includeUsage(fields, stream);
        fields.requireWithoutEffect("presence_penalty");
        fields.requireWithoutEffect("frequency_penalty");
        fields.requireWithoutEffect("logit_bias");
        requireTextAlone(fields);
        fields.ignore(WITHOUT_EFFECT);
        fields.requireAllKnown();
        return new ChatRequest(
                model,
                messages,
                offer.tools(),
                wanted,
                sampling,
                count == null ? 1 : count.intValue(),
                logprobs,
                stream,
                includeUsage);
    }

    private void requireModel(String asked) {
        if (!asked.equals(model)) {
            throw Refusal.of(
                    404,
                    "model",
                    "model_not_found",
                    "The model [%s] is not served here; [%s] is".formatted(asked, model));
        }
    }

    private static @Nullable Double topP(Fields fields) {
        Double topP = fields.number("top_p", 0, 1);
        if (topP != null && topP == 0) {
            throw Refusal.value("top_p", "top_p must be above 0: for the most probable token say temperature 0");
        }
        return topP;
    }

    private static List<String> stop(Fields fields) {
        JsonNode stop = fields.get("stop");
        if (stop == null) {
            return List.of();
        }
        List<String> texts = new ArrayList<>();
        for (JsonNode text : stop.isArray() ? stop : List.of(stop)) {
            if (!text.isString() || text.stringValue().isEmpty()) {
                throw Refusal.value("stop", "stop must be a text or a list of texts, none of them empty");
            }
            texts.add(text.stringValue());
        }
        if (texts.size() > MOST_STOPS) {
            throw Refusal.value("stop", "stop has [%d] texts: give at most [%d]".formatted(texts.size(), MOST_STOPS));
        }
        return texts;
    }

    private static boolean includeUsage(Fields fields, boolean stream) {
        JsonNode options = fields.get("stream_options");
        if (options == null) {
            return false;
        }
        if (!stream) {
            throw Refusal.value("stream_options", "stream_options needs stream to be true");
        }
        Fields inner = new Fields(options, "stream_options");
        boolean includeUsage = inner.flag("include_usage");
        inner.ignore(Set.of("include_obfuscation"));
        inner.requireAllKnown();
        return includeUsage;
    }

    private static void requireTextAlone(Fields fields) {
        for (JsonNode modality : fields.list("modalities")) {
            if (!modality.asString("").equals("text")) {
                throw Refusal.unsupported("modalities", "modalities must be [text], not [%s]".formatted(modality));
            }
        }
    }

    /** What the format asks for, unless tools decide. */
    private static Wanted wanted(Fields fields, Wanted byTools) {
        JsonNode format = fields.get("response_format");
        if (format == null) {
            return byTools;
        }
        Fields inner = new Fields(format, "response_format");
        String type = inner.requireText("type");
        Wanted wanted = switch (type) {
            case "text" -> byTools;
            case "json_object" -> new ChatRequest.Json(new Constraint.Schema("{\"type\":\"object\"}"));
            case "json_schema" -> ofSchema(new Fields(inner.require("json_schema"), "response_format.json_schema"));
            default ->
                throw Refusal.value(
                        "response_format.type",
                        "response_format.type must be text, json_object or json_schema, not [%s]".formatted(type));
        };
        inner.requireAllKnown();
        // A call already has a form of its own, which the format does not touch.
        return byTools instanceof ChatRequest.Call ? byTools : wanted;
    }

    private static Wanted ofSchema(Fields named) {
        String schema = named.require("schema").toString();
        named.ignore(Set.of("name", "description", "strict"));
        named.requireAllKnown();
        try {
            Grammar.ofSchema(schema);
        } catch (SchemaException e) {
            throw Refusal.of(400, named.place("schema"), "invalid_json_schema", String.valueOf(e.getMessage()));
        }
        return new ChatRequest.Json(new Constraint.Schema(schema));
    }
}
