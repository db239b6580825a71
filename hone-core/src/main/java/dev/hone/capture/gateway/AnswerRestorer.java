package dev.hone.capture.gateway;

import dev.hone.capture.JsonValues;
import dev.hone.capture.redact.Pseudonyms;
import dev.hone.capture.redact.Restorer;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.function.UnaryOperator;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** Puts back into the answer of a model that saw tokens what these stand for, so that the client sees no difference. */
final class AnswerRestorer {
    /** Members whose texts are JSON themselves. */
    private static final String ARGUMENTS = "arguments";

    private static final JsonMapper JSON = JsonMapper.shared();

    private final Pseudonyms pseudonyms;
    private final boolean structured;

    private AnswerRestorer(Pseudonyms pseudonyms, boolean structured) {
        this.pseudonyms = pseudonyms;
        this.structured = structured;
    }

    /** @param request which says whether the answer's text is JSON */
    static AnswerRestorer of(byte[] request, Pseudonyms pseudonyms) {
        JsonNode asked;
        try {
            asked = few(request) ? JSON.readTree(request) : JSON.createObjectNode();
        } catch (JacksonException e) {
            asked = JSON.createObjectNode();
        }
        String chat = asked.path("response_format").path("type").asString("");
        String responses = asked.path("text").path("format").path("type").asString("");
        return new AnswerRestorer(pseudonyms, chat.startsWith("json") || responses.startsWith("json"));
    }

    /** Whether there is room for a document: where there is none, its tokens stay. */
    static boolean few(byte[] document) {
        return JsonValues.in(document) <= Redactor.MOST_VALUES;
    }

    /** For the pieces of one text. @param member that has it */
    Restorer text(String member) {
        boolean json = member.equals(ARGUMENTS)
                || structured && (member.equals("content") || member.equals("text") || member.equals("delta"));
        return new Restorer(pseudonyms, json ? AnswerRestorer::withinJson : UnaryOperator.identity());
    }

    private static String withinJson(String text) {
        String quoted = JSON.writeValueAsString(text);
        return quoted.substring(1, quoted.length() - 1);
    }

    /** A whole answer; what is no JSON, or has too many values, is left as it is. */
    byte[] body(byte[] answer) {
        try {
            return !few(answer)
                    ? answer
                    : document("", JSON.readTree(answer)).toString().getBytes(StandardCharsets.UTF_8);
        } catch (JacksonException e) {
            return answer;
        }
    }

    /** A document with the originals in all of its texts. */
    JsonNode document(String member, JsonNode node) {
        return switch (node.getNodeType()) {
            case STRING -> JSON.getNodeFactory().stringNode(text(member).whole(node.stringValue()));
            case OBJECT -> {
                ObjectNode object = JSON.createObjectNode();
                for (Map.Entry<String, JsonNode> entry : node.properties()) {
                    object.set(entry.getKey(), document(entry.getKey(), entry.getValue()));
                }
                yield object;
            }
            case ARRAY -> {
                ArrayNode array = JSON.createArrayNode();
                for (JsonNode child : node) {
                    array.add(document(member, child));
                }
                yield array;
            }
            case NUMBER, BOOLEAN, NULL, BINARY, MISSING, POJO -> node;
        };
    }
}
