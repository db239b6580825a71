package dev.hone.cli;

import tools.jackson.databind.json.JsonMapper;

/** The object that a command prints last with {@code --json}: one line on standard output. */
final class Json {
    private static final JsonMapper MAPPER = JsonMapper.builder().build();

    private Json() {}

    static String line(Object value) {
        return MAPPER.writeValueAsString(value);
    }

    static void print(Object value) {
        System.out.println(line(value));
    }
}
