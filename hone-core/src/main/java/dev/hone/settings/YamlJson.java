package dev.hone.settings;

import java.math.BigDecimal;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/** YAML as JSON, by YAML's core schema. */
public final class YamlJson {
    private static final JsonNodeFactory NODES = JsonNodeFactory.instance;
    private static final int LONGEST_NUMBER = 40;
    private static final int LARGEST_POWER = 400;

    private YamlJson() {}

    public static JsonNode of(String file, YamlNode node) {
        return switch (node) {
            case YamlNode.Scalar scalar -> scalar(file, scalar);
            case YamlNode.Sequence sequence -> {
                ArrayNode list = NODES.arrayNode();
                sequence.items().forEach(item -> list.add(of(file, item)));
                yield list;
            }
            case YamlNode.Mapping mapping -> {
                ObjectNode object = NODES.objectNode();
                mapping.entries().forEach((key, value) -> object.set(key, of(file, value)));
                yield object;
            }
        };
    }

    private static JsonNode scalar(String file, YamlNode.Scalar scalar) {
        if (scalar.isText()) {
            return NODES.stringNode(scalar.text());
        }
        if (scalar.isNothing()) {
            return NODES.nullNode();
        }
        if (scalar.isBoolean()) {
            return NODES.booleanNode(Boolean.parseBoolean(scalar.text()));
        }
        if (scalar.isNumber() && scalar.text().length() <= LONGEST_NUMBER) {
            BigDecimal number = new BigDecimal(scalar.text());
            if (Math.abs((long) number.scale()) <= LARGEST_POWER) {
                return number.scale() <= 0 ? NODES.numberNode(number.toBigIntegerExact()) : NODES.numberNode(number);
            }
        }
        throw SettingsException.at(
                file,
                scalar.line(),
                "[%s] is no number of JSON".formatted(scalar.text()),
                "write it in decimals, or put it into quotes if it is meant as text");
    }
}
