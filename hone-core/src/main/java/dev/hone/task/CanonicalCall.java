package dev.hone.task;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * One right call out of all that are accepted, chosen so that a model can learn it: arguments in alphabetical order; what may
 * be left out is left out; of several accepted values the one that stands in the sentence, else the first.
 */
final class CanonicalCall {
    private static final JsonMapper JSON = JsonMapper.shared();

    private CanonicalCall() {}

    /**
     * @param accepted accepted values of each argument, where {@code ""} means that it may be left out
     * @param required names of the arguments that the tool requires
     * @return compact JSON: {@code {"name":…,"arguments":{…}}}
     */
    static String of(String function, JsonNode accepted, JsonNode required, String sentence) {
        ObjectNode arguments = JSON.createObjectNode();
        List<String> always = new ArrayList<>();
        required.forEach(name -> always.add(name.asString()));
        Map<String, JsonNode> alphabetical = new TreeMap<>();
        accepted.properties().forEach(entry -> alphabetical.put(entry.getKey(), entry.getValue()));
        alphabetical.forEach((name, values) -> {
            if (!mayBeLeftOut(values) || always.contains(name)) {
                arguments.set(name, choose(values, sentence));
            }
        });
        ObjectNode call = JSON.createObjectNode().put("name", function);
        call.set("arguments", arguments);
        return call.toString();
    }

    private static boolean mayBeLeftOut(JsonNode values) {
        return values.valueStream().anyMatch(CanonicalCall::isEmpty);
    }

    private static boolean isEmpty(JsonNode value) {
        return value.isString() && value.stringValue().isEmpty();
    }

    private static JsonNode choose(JsonNode values, String sentence) {
        List<JsonNode> given =
                values.valueStream().filter(value -> !isEmpty(value)).toList();
        if (given.isEmpty()) {
            return JSON.getNodeFactory().stringNode("");
        }
        String lower = sentence.toLowerCase(Locale.ROOT);
        return plain(
                given.stream()
                        .filter(value -> value.isString()
                                && lower.contains(value.stringValue().toLowerCase(Locale.ROOT)))
                        .findFirst()
                        .orElse(given.getFirst()),
                sentence);
    }

    /** An accepted object has lists of accepted values in it. */
    private static JsonNode plain(JsonNode value, String sentence) {
        if (value.isObject()) {
            ObjectNode chosen = JSON.createObjectNode();
            value.properties().forEach(entry -> {
                if (!entry.getValue().isArray()) {
                    chosen.set(entry.getKey(), entry.getValue());
                } else if (!mayBeLeftOut(entry.getValue())) {
                    chosen.set(entry.getKey(), choose(entry.getValue(), sentence));
                }
            });
            return chosen;
        }
        if (value.isArray()) {
            ArrayNode chosen = JSON.createArrayNode();
            value.forEach(element -> chosen.add(plain(element, sentence)));
            return chosen;
        }
        return value;
    }
}
