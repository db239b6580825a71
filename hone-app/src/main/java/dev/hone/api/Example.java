package dev.hone.api;

import dev.hone.run.PromptForm;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** A request that a model can answer. */
final class Example {
    private static final String TOOL = """
            {"type":"function","function":{"name":"get_current_weather","parameters":{"type":"object",\
            "required":["location"],"properties":{"location":{"type":"string"},\
            "unit":{"type":"string","enum":["celsius","fahrenheit"]}}}}}""";

    private Example() {}

    /** The same to be answered by JSON, as far as the model lets a request say so. */
    static ObjectNode constrained(String model, PromptForm form) {
        ObjectNode request = request(model, form);
        switch (form) {
            case MESSAGES, BRIEF_TOOLS, SHOWN_TOOLS ->
                request.putObject("response_format").put("type", "json_object");
            case BRIEF_LABEL -> {} // it is constrained in any case
        }
        return request;
    }

    static ObjectNode request(String model, PromptForm form) {
        ObjectNode request = JsonMapper.shared().createObjectNode().put("model", model);
        ObjectNode message = request.putArray("messages").addObject().put("role", "user");
        switch (form) {
            case BRIEF_LABEL -> message.put("content", "Where is my order?");
            case MESSAGES -> {
                message.put("content", "What is the capital of France?");
                request.put("temperature", 0);
            }
            case BRIEF_TOOLS, SHOWN_TOOLS -> {
                message.put("content", "What is the weather in Boston?");
                request.putArray("tools").add(Replies.parse(TOOL));
            }
        }
        return request;
    }
}
