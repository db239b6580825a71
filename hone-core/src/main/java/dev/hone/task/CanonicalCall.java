package dev.hone.task;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Pattern;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * One right call out of all that are accepted, chosen so that a model can learn it: arguments in alphabetical order; what may
 * be left out is left out; of several accepted values the first that stands in the sentence as whole words, else the first.
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
        return plain(
                given.stream()
                        .filter(value -> value.isString() && says(sentence, value.stringValue()))
                        .findFirst()
                        .orElse(given.getFirst()),
                sentence);
    }

    /** Whether a sentence has a value as whole words, in whatever case. */
    private static boolean says(String sentence, String value) {
        return Pattern.compile(
                        "(?<![\\p{L}\\p{N}])" + Pattern.quote(value) + "(?![\\p{L}\\p{N}])",
                        Pattern.CASE_INSENSITIVE | Pattern.UNICODE_CASE)
                .matcher(sentence)
                .find();
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
