package dev.hone.model;

import dev.hone.tensor.ModelFileException;
import java.nio.file.Path;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import tools.jackson.databind.JsonNode;

/**
 * Typed access to a JSON object of a configuration file: {@code null} counts as absent, and every field that has the wrong
 * type is refused by name.
 *
 * @param file for messages
 * @param json the object
 */
record ConfigFields(Path file, JsonNode json) {

    boolean has(String key) {
        return !json.path(key).isMissingNode() && !json.path(key).isNull();
    }

    int whole(String key) {
        return optionalWhole(key).orElseThrow(() -> missing(key));
    }

    OptionalInt optionalWhole(String key) {
        if (!has(key)) {
            return OptionalInt.empty();
        }
        JsonNode node = json.path(key);
        if (!node.isIntegralNumber() || !node.canConvertToInt()) {
            throw wrong(key, "a whole number");
        }
        return OptionalInt.of(node.intValue());
    }

    double real(String key) {
        return optionalReal(key).orElseThrow(() -> missing(key));
    }

    OptionalDouble optionalReal(String key) {
        if (!has(key)) {
            return OptionalDouble.empty();
        }
        if (!json.path(key).isNumber()) {
            throw wrong(key, "a number");
        }
        return OptionalDouble.of(json.path(key).doubleValue());
    }

    /** A flag that is off where it is absent. */
    boolean flag(String key) {
        if (has(key) && !json.path(key).isBoolean()) {
            throw wrong(key, "true or false");
        }
        return json.path(key).booleanValue(false);
    }

    String text(String key, String otherwise) {
        if (has(key) && !json.path(key).isString()) {
            throw wrong(key, "a string");
        }
        return has(key) ? json.path(key).stringValue() : otherwise;
    }

    ConfigFields object(String key) {
        if (!json.path(key).isObject()) {
            throw wrong(key, "an object");
        }
        return new ConfigFields(file, json.path(key));
    }

    ModelFileException missing(String key) {
        return new ModelFileException(file, "has no [" + key + "]", "download the model again");
    }

    ModelFileException unsupported(String problem, String remedy) {
        return new ModelFileException(file, problem + ", which is not supported", remedy);
    }

    private ModelFileException wrong(String key, String expected) {
        return new ModelFileException(
                file, "has a [%s] of [%s] instead of %s".formatted(key, json.path(key), expected), "mend the file");
    }
}
