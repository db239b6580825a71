package dev.hone.charter;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** The keys of a mapping, each asked for by its name and type; a key that nobody asks for is an error. */
final class Fields {
    private static final int LONGEST_TEXT = 1_000;
    private static final int LONGEST_NUMBER = 40;

    private final String file;
    private final YamlNode.Mapping mapping;

    private Fields(String file, YamlNode.Mapping mapping) {
        this.file = file;
        this.mapping = mapping;
    }

    /**
     * @param what name of the mapping
     * @throws CharterException when it is no mapping, or has an unknown key
     */
    static Fields of(String file, YamlNode node, String what, List<String> known) {
        Fields fields = new Fields(file, mapping(file, node, what));
        for (String key : fields.mapping.entries().keySet()) {
            if (!known.contains(key)) {
                throw CharterException.at(
                        file,
                        fields.mapping.lineOf(key),
                        "Unknown key [%s]".formatted(shown(key)),
                        Nearest.to(key, known)
                                .map("did you mean [%s]?"::formatted)
                                .orElseGet(() -> "known are " + list(known)));
            }
        }
        return fields;
    }

    static YamlNode.Mapping mapping(String file, YamlNode node, String what) {
        if (node instanceof YamlNode.Mapping mapping) {
            return mapping;
        }
        throw CharterException.at(
                file, node.line(), "%s is not keys with values".formatted(what), "write [key: value], a line each");
    }

    static String list(List<String> names) {
        return names.stream().map("[%s]"::formatted).collect(Collectors.joining(", "));
    }

    private static String shown(String text) {
        return text.length() <= 100 ? text : text.substring(0, 100) + "…";
    }

    String file() {
        return file;
    }

    @Nullable
    YamlNode find(String key) {
        return mapping.entries().get(key);
    }

    YamlNode require(String key, String remedy) {
        YamlNode node = find(key);
        if (node == null) {
            throw CharterException.at(file, mapping.line(), "Key [%s] is missing".formatted(key), remedy);
        }
        return node;
    }

    CharterException wrong(String key, String what, String remedy) {
        return CharterException.at(file, mapping.lineOf(key), "[%s] %s".formatted(key, what), remedy);
    }

    /** A text of one line that is not empty. */
    String text(String key, String remedy) {
        return text(key, require(key, remedy), remedy);
    }

    private String text(String key, YamlNode node, String remedy) {
        if (!(node instanceof YamlNode.Scalar scalar)) {
            throw CharterException.at(file, node.line(), "[%s] is no text".formatted(key), remedy);
        }
        if (!scalar.isText()) {
            throw CharterException.at(
                    file,
                    node.line(),
                    "[%s] is no text but [%s]".formatted(key, shown(scalar.text())),
                    scalar.isNothing() ? remedy : "put it into quotes if it is meant as text");
        }
        String text = scalar.text().strip();
        if (text.isEmpty() || text.length() > LONGEST_TEXT || text.chars().anyMatch(Character::isISOControl)) {
            throw CharterException.at(
                    file,
                    node.line(),
                    "[%s] is empty, of several lines, or longer than [%d] characters".formatted(key, LONGEST_TEXT),
                    remedy);
        }
        return text;
    }

    /** Texts, at least one, each once. */
    List<String> texts(String key, String remedy) {
        return texts(key, require(key, remedy), remedy);
    }

    private List<String> texts(String key, YamlNode node, String remedy) {
        if (!(node instanceof YamlNode.Sequence sequence)) {
            throw CharterException.at(file, node.line(), "[%s] is no list".formatted(key), remedy);
        }
        List<String> texts = new ArrayList<>();
        for (YamlNode item : sequence.items()) {
            String text = text(key, item, remedy);
            if (texts.contains(text)) {
                throw CharterException.at(
                        file, item.line(), "[%s] has [%s] twice".formatted(key, text), "leave one of them out");
            }
            texts.add(text);
        }
        return texts;
    }

    /** A list of texts by name; a value that is left out is an empty list. A list of names is names without values. */
    Map<String, List<String>> listsByName(String key, String remedy) {
        YamlNode node = require(key, remedy);
        Map<String, List<String>> lists = new LinkedHashMap<>();
        if (node instanceof YamlNode.Sequence) {
            texts(key, node, remedy).forEach(name -> lists.put(name, List.of()));
        } else {
            mapping(file, node, "[%s]".formatted(key)).entries().forEach((name, value) -> {
                boolean none = value instanceof YamlNode.Scalar scalar && scalar.isNothing();
                lists.put(name, none ? List.of() : texts(name, value, "give a list of other names"));
            });
        }
        return lists;
    }

    /** A text by name. */
    Map<String, String> textsByName(String key, String remedy) {
        Map<String, String> texts = new LinkedHashMap<>();
        mapping(file, require(key, remedy), "[%s]".formatted(key))
                .entries()
                .forEach((name, value) -> texts.put(name, text(name, value, remedy)));
        return texts;
    }

    /** A finite number; null where the key is left out. */
    @Nullable
    Double number(String key, String remedy) {
        YamlNode node = find(key);
        if (node == null) {
            return null;
        }
        if (!(node instanceof YamlNode.Scalar scalar)) {
            throw CharterException.at(file, node.line(), "[%s] is no number".formatted(key), remedy);
        }
        double number = scalar.isNumber() && scalar.text().length() <= LONGEST_NUMBER
                ? Double.parseDouble(scalar.text())
                : Double.NaN;
        if (!Double.isFinite(number)) {
            throw CharterException.at(
                    file, node.line(), "[%s] is no number but [%s]".formatted(key, shown(scalar.text())), remedy);
        }
        return number;
    }
}
