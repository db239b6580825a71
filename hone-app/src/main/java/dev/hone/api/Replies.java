package dev.hone.api;

import dev.hone.api.Choice.Piece;
import dev.hone.api.Choice.TokenLogprob;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * OpenAI's objects for the answers to one request.
 *
 * @param id of the completion
 * @param created in seconds since 1970
 * @param model name of the served one
 */
record Replies(String id, long created, String model) {
    private static final JsonMapper JSON = JsonMapper.shared();

    /** Numbers of tokens. */
    record Usage(int prompt, int completion) {
        ObjectNode json() {
            return JSON.createObjectNode()
                    .put("prompt_tokens", prompt)
                    .put("completion_tokens", completion)
                    .put("total_tokens", prompt + completion);
        }
    }

    static Replies of(String model) {
        return new Replies("chatcmpl-" + plain(UUID.randomUUID()), System.currentTimeMillis() / 1000, model);
    }

    private static String plain(UUID id) {
        return id.toString().replace("-", "");
    }

    static JsonNode parse(String json) {
        return JSON.readTree(json);
    }

    /** A call as the models write it. */
    static String call(String name, String arguments) {
        ObjectNode call = JSON.createObjectNode().put("name", name);
        call.set("arguments", parse(arguments));
        return call.toString();
    }

    /** An identifier for a call. */
    static String callId() {
        return "call_" + plain(UUID.randomUUID()).substring(0, 24);
    }

    /** The whole answer. */
    ObjectNode completion(List<ObjectNode> choices, Usage usage) {
        ObjectNode json = head("chat.completion");
        choices.forEach(json.putArray("choices")::add);
        json.set("usage", usage.json());
        return json;
    }

    /**
     * One of the answers.
     *
     * @param answer all pieces of it together
     */
    static ObjectNode choice(int index, Piece answer, boolean called, boolean logprobs, String finishReason) {
        ObjectNode json = JSON.createObjectNode().put("index", index);
        ObjectNode message = json.putObject("message").put("role", "assistant");
        if (called) {
            message.putNull("content");
            ObjectNode call = message.putArray("tool_calls").addObject();
            call.put("id", callId()).put("type", "function");
            call.putObject("function")
                    .put("name", answer.name() == null ? "" : answer.name())
                    .put("arguments", answer.text());
        } else {
            message.put("content", answer.text());
        }
        message.putNull("refusal");
        json.set("logprobs", logprobs && !called ? logprobs(answer.logprobs()) : JSON.nullNode());
        return json.put("finish_reason", finishReason);
    }

    /** The first chunk of an answer. */
    ObjectNode roleChunk(int index, boolean called, boolean usage) {
        ObjectNode delta = JSON.createObjectNode().put("role", "assistant");
        if (called) {
            delta.putNull("content");
        } else {
            delta.put("content", "");
        }
        return chunk(index, delta, JSON.nullNode(), null, usage);
    }

    /** A chunk of an answer's text or call. */
    ObjectNode chunk(int index, Piece piece, boolean called, boolean usage) {
        ObjectNode delta = JSON.createObjectNode();
        if (called) {
            ObjectNode call = delta.putArray("tool_calls").addObject().put("index", 0);
            if (piece.name() != null) {
                call.put("id", callId()).put("type", "function");
            }
            ObjectNode function = call.putObject("function");
            if (piece.name() != null) {
                function.put("name", piece.name());
            }
            function.put("arguments", piece.text());
        } else {
            delta.put("content", piece.text());
        }
        JsonNode logprobs = piece.logprobs().isEmpty() ? JSON.nullNode() : logprobs(piece.logprobs());
        return chunk(index, delta, logprobs, null, usage);
    }

    /** The last chunk of an answer. */
    ObjectNode finishChunk(int index, String finishReason, boolean usage) {
        return chunk(index, JSON.createObjectNode(), JSON.nullNode(), finishReason, usage);
    }

    /** The chunk after all answers. */
    ObjectNode usageChunk(Usage usage) {
        ObjectNode json = head("chat.completion.chunk");
        json.putArray("choices");
        json.set("usage", usage.json());
        return json;
    }

    private ObjectNode chunk(
            int index, ObjectNode delta, JsonNode logprobs, @Nullable String finishReason, boolean usage) {
        ObjectNode json = head("chat.completion.chunk");
        ObjectNode choice = json.putArray("choices").addObject().put("index", index);
        choice.set("delta", delta);
        choice.set("logprobs", logprobs);
        choice.put("finish_reason", finishReason);
        if (usage) {
            json.putNull("usage");
        }
        return json;
    }

    private ObjectNode head(String object) {
        return JSON.createObjectNode()
                .put("id", id)
                .put("object", object)
                .put("created", created)
                .put("model", model);
    }

    private static ObjectNode logprobs(List<TokenLogprob> tokens) {
        ObjectNode json = JSON.createObjectNode();
        ArrayNode content = json.putArray("content");
        for (TokenLogprob token : tokens) {
            ObjectNode entry = content.addObject().put("token", token.token()).put("logprob", token.logprob());
            byte[] bytes = token.bytes();
            if (bytes == null) {
                entry.putNull("bytes");
            } else {
                ArrayNode numbers = entry.putArray("bytes");
                for (byte b : bytes) {
                    numbers.add(b & 0xff);
                }
            }
            entry.putArray("top_logprobs");
        }
        json.putNull("refusal");
        return json;
    }

    /** OpenAI's form of an error. */
    static ObjectNode error(Refusal refusal) {
        ObjectNode json = JSON.createObjectNode();
        json.putObject("error")
                .put("message", refusal.getMessage())
                .put("type", refusal.type())
                .put("param", refusal.parameter())
                .put("code", refusal.code());
        return json;
    }

    /** The served models: one. */
    static ObjectNode models(String model, long created) {
        ObjectNode json = JSON.createObjectNode().put("object", "list");
        json.putArray("data").add(model(model, created));
        return json;
    }

    static ObjectNode model(String model, long created) {
        return JSON.createObjectNode()
                .put("id", model)
                .put("object", "model")
                .put("created", created)
                .put("owned_by", "hone");
    }

    static ObjectNode health(String status, String model, int requests) {
        return JSON.createObjectNode().put("status", status).put("model", model).put("requests", requests);
    }
}
