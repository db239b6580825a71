package dev.hone.run;

import dev.hone.file.Durable;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.SerializationFeature;
import tools.jackson.databind.json.JsonMapper;

/** A record as a JSON file that is there whole or not at all. */
public final class JsonFile {
    private static final JsonMapper JSON =
            JsonMapper.builder().enable(SerializationFeature.INDENT_OUTPUT).build();

    private JsonFile() {}

    public static void write(Path file, Record value) throws IOException {
        Durable.write(file, JSON.writeValueAsBytes(value));
    }

    /**
     * What {@link #write} wrote; empty when there is no file.
     *
     * @throws IllegalArgumentException when it is something else
     */
    public static <T extends Record> Optional<T> read(Path file, Class<T> type) throws IOException {
        if (!Files.isRegularFile(file)) {
            return Optional.empty();
        }
        try {
            return Optional.of(JSON.readValue(Files.readAllBytes(file), type));
        } catch (JacksonException e) {
            throw new IllegalArgumentException(
                    "[%s] is damaged, or of another version of Hone: %s; remove it to begin anew"
                            .formatted(file, e.getOriginalMessage()));
        }
    }
}
