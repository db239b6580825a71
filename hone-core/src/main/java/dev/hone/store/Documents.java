package dev.hone.store;

import java.util.Map;
import java.util.TreeMap;
import tools.jackson.core.type.TypeReference;
import tools.jackson.databind.json.JsonMapper;

/** Metadata as JSON objects. */
final class Documents {
    private Documents() {}

    static String text(Map<String, String> metadata) {
        return JsonMapper.shared().writeValueAsString(new TreeMap<>(metadata));
    }

    static Map<String, String> metadata(String text) {
        return JsonMapper.shared().readValue(text, new TypeReference<Map<String, String>>() {});
    }
}
