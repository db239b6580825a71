package dev.hone.capture.gateway;

import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
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

    /** Reads an event, of which nothing is held. */
    private static boolean ends(String data, Map<Integer, Boolean> finished) {
        boolean ends = false;
        try (JsonParser event = JsonMapper.shared().createParser(data)) {
            if (event.nextToken() != JsonToken.START_OBJECT) {
                return false;
            }
            Map<Integer, Boolean> here = new TreeMap<>();
            while (event.nextToken() == JsonToken.PROPERTY_NAME) {
                String name = event.currentName();
                JsonToken value = event.nextToken();
                if (name.equals("type")) {
                    ends = value == JsonToken.VALUE_STRING && ENDS.contains(event.getString());
                }
                if (name.equals("choices") && value == JsonToken.START_ARRAY) {
                    choices(event, here);
                } else {
                    event.skipChildren();
                }
            }
            here.forEach((choice, done) -> finished.merge(choice, done, Boolean::logicalOr));
            return ends;
        } catch (JacksonException e) {
            // Cut off.
            return false;
        }
    }

    private static void choices(JsonParser event, Map<Integer, Boolean> finished) {
        while (event.nextToken() != JsonToken.END_ARRAY) {
            int index = 0;
            boolean done = false;
            boolean object = event.currentToken() == JsonToken.START_OBJECT;
            while (object && event.nextToken() == JsonToken.PROPERTY_NAME) {
                String name = event.currentName();
                JsonToken value = event.nextToken();
                if (name.equals("index") && value == JsonToken.VALUE_NUMBER_INT) {
                    index = event.getNumberType() == JsonParser.NumberType.INT ? event.getIntValue() : 0;
                } else if (name.equals("finish_reason")) {
                    done = value == JsonToken.VALUE_STRING;
                }
                event.skipChildren();
            }
            event.skipChildren();
            finished.merge(index, done, Boolean::logicalOr);
        }
    }
}
