package dev.hone.tensor;

import java.nio.file.Path;
import java.util.Collections;
import java.util.List;
import java.util.SequencedMap;

/**
 * Typed access to the key-value pairs at the head of a GGUF file. Every accessor throws {@link ModelFileException} if
 * the key is missing or of another type.
 *
 * @param file for messages
 * @param values by key, in the order of the file
 */
public record GgufMetadata(Path file, SequencedMap<String, GgufValue> values) {

    public GgufMetadata {
        values = Collections.unmodifiableSequencedMap(values);
    }

    /** Whether there is such a key. */
    public boolean has(String key) {
        return values.containsKey(key);
    }

    /** A string. */
    public String text(String key) {
        return get(key) instanceof GgufValue.Text(String text) ? text : wrongType(key, "a string");
    }

    /** An integer. */
    public long whole(String key) {
        return get(key) instanceof GgufValue.Whole(long whole) ? whole : this.<Long>wrongType(key, "an integer");
    }

    /** A floating-point number, or an integer as one. */
    public double real(String key) {
        return switch (get(key)) {
            case GgufValue.Real(double real) -> real;
            case GgufValue.Whole(long whole) -> whole;
            case GgufValue.Flag _, GgufValue.Text _, GgufValue.Array _ -> this.<Double>wrongType(key, "a number");
        };
    }

    /** A boolean. */
    public boolean flag(String key) {
        return get(key) instanceof GgufValue.Flag(boolean flag) ? flag : this.<Boolean>wrongType(key, "a boolean");
    }

    /** An array of strings. */
    public List<String> texts(String key) {
        return array(key).stream()
                .map(value -> value instanceof GgufValue.Text(String text)
                        ? text
                        : this.<String>wrongType(key, "an array of strings"))
                .toList();
    }

    /** An array of integers. */
    public List<Long> wholes(String key) {
        return array(key).stream()
                .map(value -> value instanceof GgufValue.Whole(long whole)
                        ? whole
                        : this.<Long>wrongType(key, "an array of integers"))
                .toList();
    }

    private List<GgufValue> array(String key) {
        return get(key) instanceof GgufValue.Array(List<GgufValue> array)
                ? array
                : this.<List<GgufValue>>wrongType(key, "an array");
    }

    private GgufValue get(String key) {
        GgufValue value = values.get(key);
        if (value == null) {
            throw new ModelFileException(
                    file,
                    "has no [" + key + "] in its metadata",
                    "convert the model again with a current convert_hf_to_gguf.py of llama.cpp");
        }
        return value;
    }

    private <T> T wrongType(String key, String expected) {
        throw new ModelFileException(
                file,
                "has a [%s] of kind [%s] in its metadata where %s is needed"
                        .formatted(key, get(key).getClass().getSimpleName(), expected),
                "convert the model again with a current convert_hf_to_gguf.py of llama.cpp");
    }
}
