package dev.hone.store;

import java.util.Map;
import java.util.TreeMap;
import tools.jackson.core.type.TypeReference;
import tools.jackson.databind.json.JsonMapper;

/** Metadata as JSON objects, and texts as the database can hold them. */
final class Documents {
    private Documents() {}

    static String text(Map<String, String> metadata) {
        return JsonMapper.shared().writeValueAsString(new TreeMap<>(metadata));
    }

    /** PostgreSQL's text cannot hold U+0000: U+2400 stands for it. */
    static String storable(String text) {
        return text.replace('\0', '\u2400');
    }

    static Map<String, String> metadata(String text) {
        return JsonMapper.shared().readValue(text, new TypeReference<Map<String, String>>() {});
    }
}
