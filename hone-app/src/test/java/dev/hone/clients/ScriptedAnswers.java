package dev.hone.clients;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * What {@link ScriptedServer} says: it repeats a text, calls the first tool of a request, tells what a tool said, fills in a schema, counts
 * a picture's letters.
 */
final class ScriptedAnswers {
    private static final JsonMapper JSON = JsonMapper.shared();
    private static final int PIECE = 6;

    private final JsonNode asked;

    ScriptedAnswers(JsonNode asked) {
        this.asked = asked;
    }

    /** An answer in one piece. */
    ObjectNode whole(String path) {
        return switch (path) {
            case "/v1/chat/completions" -> chat();
            case "/v1/completions" -> completion(said(asked.path("prompt")), true);
            case "/v1/embeddings" -> embeddings();
            case "/v1/responses" -> response(said(asked.path("input")), "completed");
            default -> throw new IllegalArgumentException("There is no [%s]".formatted(path));
        };
    }

    /** An answer as server-sent events. */
    List<String> events(String path) {
        return switch (path) {
            case "/v1/chat/completions" -> chatEvents();
            case "/v1/completions" -> completionEvents();
            case "/v1/responses" -> responseEvents();
            default -> throw new IllegalArgumentException("There is no stream at [%s]".formatted(path));
        };
    }

    private ObjectNode head(String id, String object) {
        return JSON.createObjectNode()
                .put("id", id)
                .put("object", object)
                .put("created", 1_700_000_000)
                .put("model", asked.path("model").asString());
    }

    private static String said(JsonNode text) {
        return "You said: " + text.asString("");
    }

    private JsonNode lastMessage() {
        return asked.path("messages").path(asked.path("messages").size() - 1);
    }

    private boolean callsTool() {
        return !asked.path("tools").isEmpty()
                && lastMessage().path("role").asString().equals("user");
    }

    private String text() {
        JsonNode message = lastMessage();
        JsonNode content = message.path("content");
        if (message.path("role").asString().equals("tool")) {
            return "The tool says: "
                    + content.asString(content.path(0).path("text").asString(""));
        }
        JsonNode schema = asked.at("/response_format/json_schema/schema");
        if (schema.isObject()) {
            return filled(schema).toString();
        }
        if (content.isString()) {
            return said(content);
        }
        StringBuilder text = new StringBuilder();
        for (JsonNode part : content) {
            switch (part.path("type").asString()) {
                case "text" -> text.append(said(part.path("text")));
                case "image_url" ->
                    text.append(" with a picture of %d letters"
                            .formatted(part.at("/image_url/url").asString().length()));
                default -> text.append(" with something else");
            }
        }
        return text.toString();
    }

    /** The least value that a schema allows. */
    private static JsonNode filled(JsonNode schema) {
        if (schema.path("enum").isArray()) {
            return schema.path("enum").path(0);
        }
        return switch (schema.path("type").asString("")) {
            case "object" -> {
                ObjectNode object = JSON.createObjectNode();
                schema.path("properties")
                        .properties()
                        .forEach(property -> object.set(property.getKey(), filled(property.getValue())));
                yield object;
            }
            case "array" -> JSON.createArrayNode().add(filled(schema.path("items")));
            case "integer" -> JSON.getNodeFactory().numberNode(7);
            case "number" -> JSON.getNodeFactory().numberNode(1.5);
            case "boolean" -> JSON.getNodeFactory().booleanNode(true);
            default -> JSON.getNodeFactory().stringNode("Zürich");
        };
    }

    private String arguments() {
        return filled(asked.at("/tools/0/function/parameters")).toString();
    }

    private static List<String> pieces(String text) {
        List<String> pieces = new ArrayList<>();
        for (int from = 0; from < text.length(); from += PIECE) {
            pieces.add(text.substring(from, Math.min(from + PIECE, text.length())));
        }
        return pieces;
    }

    private ObjectNode usage(String answer) {
        int prompt = asked.path("messages").size() + 1;
        int completion = pieces(answer).size();
        ObjectNode usage = JSON.createObjectNode()
                .put("prompt_tokens", prompt)
                .put("completion_tokens", completion)
                .put("total_tokens", prompt + completion);
        usage.putObject("prompt_tokens_details").put("cached_tokens", 1);
        return usage;
    }

    private static ObjectNode logprobs(List<String> pieces) {
        ObjectNode logprobs = JSON.createObjectNode();
        ArrayNode content = logprobs.putArray("content");
        for (String piece : pieces) {
            ObjectNode token = logprob(piece, -0.5);
            token.putArray("top_logprobs").add(logprob(piece, -0.5)).add(logprob("other", -1.5));
            content.add(token);
        }
        logprobs.putNull("refusal");
        return logprobs;
    }

    private static ObjectNode logprob(String token, double value) {
        ObjectNode object = JSON.createObjectNode().put("token", token).put("logprob", value);
        ArrayNode bytes = object.putArray("bytes");
        for (byte one : token.getBytes(StandardCharsets.UTF_8)) {
            bytes.add(one & 0xff);
        }
        return object;
    }

    private int count() {
        return asked.path("n").asInt(1);
    }

    private ObjectNode chat() {
        ObjectNode answer = head("chatcmpl-1", "chat.completion");
        ArrayNode choices = answer.putArray("choices");
        for (int i = 0; i < count(); i++) {
            ObjectNode choice = choices.addObject().put("index", i);
            ObjectNode message = choice.putObject("message").put("role", "assistant");
            message.putNull("refusal");
            if (callsTool()) {
                message.putNull("content");
                message.putArray("tool_calls").add(call().put("index", 0));
                ((ObjectNode) message.at("/tool_calls/0/function")).put("arguments", arguments());
            } else {
                message.put("content", text());
            }
            choice.set(
                    "logprobs", asked.path("logprobs").asBoolean(false) ? logprobs(pieces(text())) : JSON.nullNode());
            choice.put("finish_reason", callsTool() ? "tool_calls" : "stop");
        }
        answer.set("usage", usage(callsTool() ? arguments() : text()));
        return answer;
    }

    private ObjectNode call() {
        ObjectNode call = JSON.createObjectNode().put("id", "call_1").put("type", "function");
        call.putObject("function")
                .put("name", asked.at("/tools/0/function/name").asString())
                .put("arguments", "");
        return call;
    }

    /** The answers of several choices come interleaved. */
    private List<String> chatEvents() {
        List<String> events = new ArrayList<>();
        for (int i = 0; i < count(); i++) {
            ObjectNode first = JSON.createObjectNode().put("role", "assistant");
            if (callsTool()) {
                first.putNull("content").putArray("tool_calls").add(call().put("index", 0));
            } else {
                first.put("content", "");
            }
            events.add(chunk(i, first, null));
        }
        for (String piece : pieces(callsTool() ? arguments() : text())) {
            for (int i = 0; i < count(); i++) {
                events.add(chunk(i, delta(piece), piece));
            }
        }
        for (int i = 0; i < count(); i++) {
            ObjectNode last = head("chatcmpl-1", "chat.completion.chunk");
            last.putArray("choices")
                    .addObject()
                    .put("index", i)
                    .put("finish_reason", callsTool() ? "tool_calls" : "stop")
                    .putObject("delta");
            events.add(data(last));
        }
        if (asked.at("/stream_options/include_usage").asBoolean(false)) {
            ObjectNode counted = head("chatcmpl-1", "chat.completion.chunk");
            counted.putArray("choices");
            counted.set("usage", usage(callsTool() ? arguments() : text()));
            events.add(data(counted));
        }
        events.add("data: [DONE]\n\n");
        return events;
    }

    private ObjectNode delta(String piece) {
        ObjectNode delta = JSON.createObjectNode();
        if (callsTool()) {
            ObjectNode part = delta.putArray("tool_calls").addObject().put("index", 0);
            part.putObject("function").put("arguments", piece);
        } else {
            delta.put("content", piece);
        }
        return delta;
    }

    private String chunk(int index, ObjectNode delta, String piece) {
        ObjectNode chunk = head("chatcmpl-1", "chat.completion.chunk");
        ObjectNode choice = chunk.putArray("choices").addObject().put("index", index);
        choice.set("delta", delta);
        if (piece != null && asked.path("logprobs").asBoolean(false)) {
            choice.set("logprobs", logprobs(List.of(piece)));
        }
        choice.putNull("finish_reason");
        return data(chunk);
    }

    private static String data(ObjectNode event) {
        return "data: " + event + "\n\n";
    }

    private ObjectNode completion(String text, boolean last) {
        ObjectNode answer = head("cmpl-1", "text_completion");
        ObjectNode choice =
                answer.putArray("choices").addObject().put("index", 0).put("text", text);
        choice.putNull("logprobs");
        choice.put("finish_reason", last ? "stop" : null);
        if (last) {
            answer.set("usage", usage(text));
        }
        return answer;
    }

    private List<String> completionEvents() {
        List<String> events = new ArrayList<>();
        for (String piece : pieces(said(asked.path("prompt")))) {
            events.add(data(completion(piece, false)));
        }
        events.add(data(completion("", true)));
        events.add("data: [DONE]\n\n");
        return events;
    }

    private ObjectNode embeddings() {
        ObjectNode answer = JSON.createObjectNode()
                .put("object", "list")
                .put("model", asked.path("model").asString());
        JsonNode input = asked.path("input");
        ArrayNode data = answer.putArray("data");
        for (JsonNode text : input.isArray() ? input : JSON.createArrayNode().add(input)) {
            float[] vector = {text.asString().length(), 0.5f, -0.25f};
            ObjectNode embedding = data.addObject().put("object", "embedding").put("index", data.size() - 1);
            if (asked.path("encoding_format").asString("").equals("base64")) {
                ByteBuffer bytes = ByteBuffer.allocate(4 * vector.length).order(ByteOrder.LITTLE_ENDIAN);
                bytes.asFloatBuffer().put(vector);
                embedding.put("embedding", Base64.getEncoder().encodeToString(bytes.array()));
            } else {
                ArrayNode numbers = embedding.putArray("embedding");
                for (float number : vector) {
                    numbers.add(number);
                }
            }
        }
        answer.putObject("usage").put("prompt_tokens", 3).put("total_tokens", 3);
        return answer;
    }

    private ObjectNode response(String text, String status) {
        ObjectNode answer = JSON.createObjectNode()
                .put("id", "resp_1")
                .put("object", "response")
                .put("created_at", 1_700_000_000)
                .put("status", status)
                .put("model", asked.path("model").asString())
                .put("parallel_tool_calls", true)
                .put("temperature", 1.0)
                .put("top_p", 1.0)
                .put("tool_choice", "auto");
        answer.putNull("error").putNull("incomplete_details").putNull("instructions");
        answer.putObject("metadata");
        answer.putArray("tools");
        ObjectNode message = answer.putArray("output")
                .addObject()
                .put("type", "message")
                .put("id", "msg_1")
                .put("status", status)
                .put("role", "assistant");
        ObjectNode part = message.putArray("content")
                .addObject()
                .put("type", "output_text")
                .put("text", text);
        part.putArray("annotations");
        part.putArray("logprobs");
        ObjectNode usage = answer.putObject("usage")
                .put("input_tokens", 2)
                .put("output_tokens", 4)
                .put("total_tokens", 6);
        usage.putObject("input_tokens_details").put("cached_tokens", 0).put("cache_write_tokens", 0);
        usage.putObject("output_tokens_details").put("reasoning_tokens", 0);
        return answer;
    }

    private List<String> responseEvents() {
        List<String> events = new ArrayList<>();
        String text = said(asked.path("input"));
        for (String piece : pieces(text)) {
            ObjectNode delta = JSON.createObjectNode()
                    .put("type", "response.output_text.delta")
                    .put("item_id", "msg_1")
                    .put("output_index", 0)
                    .put("content_index", 0)
                    .put("delta", piece)
                    .put("sequence_number", events.size());
            delta.putArray("logprobs");
            events.add("event: response.output_text.delta\n" + data(delta));
        }
        ObjectNode completed =
                JSON.createObjectNode().put("type", "response.completed").put("sequence_number", events.size());
        completed.set("response", response(text, "completed"));
        events.add("event: response.completed\n" + data(completed));
        return events;
    }
}
