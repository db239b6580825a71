package dev.hone.capture.gateway;

import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Whether a stream of events that ended said that it was at its end. */
final class WholeStream {
    private static final String DATA = "data:";
    private static final String DONE = "[DONE]";

    /** With which the events of {@code /v1/responses} end. */
    private static final Set<String> ENDS = Set.of("response.completed", "response.failed", "response.incomplete");

    private WholeStream() {}

    /**
     * By the line that ends it, by the last event of a response, or by a reason why each of its choices was finished.
     *
     * @param choices that were asked for
     */
    static boolean is(byte[] events, int choices) {
        Map<Integer, Boolean> finished = new TreeMap<>();
        boolean ended = new String(events, StandardCharsets.UTF_8)
                .lines()
                .filter(line -> line.startsWith(DATA))
                .map(line -> line.substring(DATA.length()).strip())
                .anyMatch(data -> data.equals(DONE) || mayTell(data) && ends(data, finished));
        return ended || finished.size() >= choices && !finished.containsValue(false);
    }

    /** Within a text the name would have a backslash before its last quote. */
    private static boolean mayTell(String data) {
        return data.contains("\"choices\"") || ENDS.stream().anyMatch(end -> data.contains("\"" + end + "\""));
    }

    private static boolean ends(String data, Map<Integer, Boolean> finished) {
        try {
            JsonNode event = JsonMapper.shared().readTree(data);
            for (JsonNode choice : event.path("choices")) {
                finished.merge(
                        choice.path("index").asInt(0),
                        choice.path("finish_reason").isString(),
                        Boolean::logicalOr);
            }
            return ENDS.contains(event.path("type").asString(""));
        } catch (JacksonException e) {
            // Cut off.
            return false;
        }
    }
}
