package dev.hone.promote;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;

/** What somebody should look at, told once when it begins and once when it ends. Threads share it. */
final class Alarms {
    private final String useCase;
    private final Consumer<String> notices;
    private final Map<String, String> raised = new LinkedHashMap<>();

    Alarms(String useCase, Consumer<String> notices) {
        this.useCase = useCase;
        this.notices = notices;
    }

    /** @param kind by which it is ended */
    synchronized void raise(String kind, String text) {
        if (raised.put(kind, text) == null) {
            notices.accept("[%s] %s".formatted(useCase, text));
        }
    }

    synchronized void end(String kind) {
        String text = raised.remove(kind);
        if (text != null) {
            notices.accept("[%s] is over: %s".formatted(useCase, text));
        }
    }

    /** @param beginning of the kinds that end */
    synchronized void endAll(String beginning) {
        raised.keySet().stream()
                .filter(kind -> kind.startsWith(beginning))
                .toList()
                .forEach(this::end);
    }

    synchronized List<String> all() {
        return List.copyOf(raised.values());
    }

    /** By their kind. */
    synchronized Map<String, String> byKind() {
        return new LinkedHashMap<>(raised);
    }

    /** As JSON. */
    String text() {
        ArrayNode list = JsonMapper.shared().createArrayNode();
        all().forEach(list::add);
        return list.toString();
    }
}
