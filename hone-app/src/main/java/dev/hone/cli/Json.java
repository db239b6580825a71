package dev.hone.cli;

import java.util.List;
import tools.jackson.core.type.TypeReference;
import tools.jackson.databind.json.JsonMapper;

/** The object that a command prints last with {@code --json}: one line on standard output. */
final class Json {
    private static final JsonMapper MAPPER = JsonMapper.builder().build();

    private Json() {}

    static String line(Object value) {
        return MAPPER.writeValueAsString(value);
    }

    /** The texts of a list. */
    static List<String> texts(String list) {
        return MAPPER.readValue(list, new TypeReference<List<String>>() {});
    }

    static void print(Object value) {
        System.out.println(line(value));
    }
}
