package dev.hone.capture.gateway;

import java.nio.charset.StandardCharsets;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** What the gateway says itself, in the form of OpenAI's errors. */
final class Replies {
    private Replies() {}

    static byte[] error(GatewayRefusal refusal) {
        return object(refusal.type(), refusal.code(), String.valueOf(refusal.getMessage()))
                .toString()
                .getBytes(StandardCharsets.UTF_8);
    }

    /** An event after which nothing comes. */
    static byte[] event(int status, String type, String code, String message) {
        ObjectNode object = object(type, code, message);
        ((ObjectNode) object.path("error")).put("status", status);
        return ("data: " + object + "\n\n").getBytes(StandardCharsets.UTF_8);
    }

    private static ObjectNode object(String type, String code, String message) {
        ObjectNode object = JsonMapper.shared().createObjectNode();
        object.putObject("error")
                .put("message", message)
                .put("type", type)
                .putNull("param")
                .put("code", code);
        return object;
    }
}
