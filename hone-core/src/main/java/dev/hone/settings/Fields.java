package dev.hone.settings;

import java.math.BigDecimal;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** The keys of a mapping, each asked for by its name and type; a key that nobody asks for is an error. */
public final class Fields {
    private static final Pattern DURATION = Pattern.compile("(\\d{1,9}(?:\\.\\d{1,3})?)(ms|s|min|h)");
    private static final Pattern MINUTES = Pattern.compile("\\d{1,9}(?:\\.\\d{1,3})?m");
    private static final BigDecimal MOST_MICROS = BigDecimal.valueOf(86_400_000_000L);
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
     * @throws SettingsException when it is no mapping, or has an unknown key
     */
    public static Fields of(String file, YamlNode node, String what, List<String> known) {
        Fields fields = new Fields(file, mapping(file, node, what));
        for (String key : fields.mapping.entries().keySet()) {
            if (!known.contains(key)) {
                throw SettingsException.at(
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

    public static YamlNode.Mapping mapping(String file, YamlNode node, String what) {
        if (node instanceof YamlNode.Mapping mapping) {
            return mapping;
        }
        throw SettingsException.at(
                file, node.line(), "%s is not keys with values".formatted(what), "write [key: value], a line each");
    }

    public static String list(List<String> names) {
        return names.stream().map("[%s]"::formatted).collect(Collectors.joining(", "));
    }

    private static String shown(String text) {
        return text.length() <= 100 ? text : text.substring(0, 100) + "…";
    }

    public String file() {
        return file;
    }

    public @Nullable YamlNode find(String key) {
        return mapping.entries().get(key);
    }

    public YamlNode require(String key, String remedy) {
        YamlNode node = find(key);
        if (node == null) {
            throw SettingsException.at(file, mapping.line(), "Key [%s] is missing".formatted(key), remedy);
        }
        return node;
    }

    public SettingsException wrong(String key, String what, String remedy) {
        return SettingsException.at(file, mapping.lineOf(key), "[%s] %s".formatted(key, what), remedy);
    }

    /** A text of one line that is not empty. */
    public String text(String key, String remedy) {
        return text(key, require(key, remedy), remedy);
    }

    private String text(String key, YamlNode node, String remedy) {
        if (!(node instanceof YamlNode.Scalar scalar)) {
            throw SettingsException.at(file, node.line(), "[%s] is no text".formatted(key), remedy);
        }
        if (!scalar.isText()) {
            throw SettingsException.at(
                    file,
                    node.line(),
                    "[%s] is no text but [%s]".formatted(key, shown(scalar.text())),
                    scalar.isNothing() ? remedy : "put it into quotes if it is meant as text");
        }
        String text = scalar.text().strip();
        if (text.isEmpty() || text.length() > LONGEST_TEXT || text.chars().anyMatch(Character::isISOControl)) {
            throw SettingsException.at(
                    file,
                    node.line(),
                    "[%s] is empty, of several lines, or longer than [%d] characters".formatted(key, LONGEST_TEXT),
                    remedy);
        }
        return text;
    }

    /** Texts, at least one, each once. */
    public List<String> texts(String key, String remedy) {
        return texts(key, require(key, remedy), remedy);
    }

    private List<String> texts(String key, YamlNode node, String remedy) {
        if (!(node instanceof YamlNode.Sequence sequence)) {
            throw SettingsException.at(file, node.line(), "[%s] is no list".formatted(key), remedy);
        }
        List<String> texts = new ArrayList<>();
        for (YamlNode item : sequence.items()) {
            String text = text(key, item, remedy);
            if (texts.contains(text)) {
                throw SettingsException.at(
                        file, item.line(), "[%s] has [%s] twice".formatted(key, text), "leave one of them out");
            }
            texts.add(text);
        }
        return texts;
    }

    /** A list of texts by name; a value that is left out is an empty list. A list of names is names without values. */
    public Map<String, List<String>> listsByName(String key, String remedy) {
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
    public Map<String, String> textsByName(String key, String remedy) {
        Map<String, String> texts = new LinkedHashMap<>();
        mapping(file, require(key, remedy), "[%s]".formatted(key))
                .entries()
                .forEach((name, value) -> texts.put(name, text(name, value, remedy)));
        return texts;
    }

    /** A finite number; null where the key is left out. */
    public @Nullable Double number(String key, String remedy) {
        YamlNode node = find(key);
        if (node == null) {
            return null;
        }
        if (!(node instanceof YamlNode.Scalar scalar)) {
            throw SettingsException.at(file, node.line(), "[%s] is no number".formatted(key), remedy);
        }
        double number = scalar.isNumber() && scalar.text().length() <= LONGEST_NUMBER
                ? Double.parseDouble(scalar.text())
                : Double.NaN;
        if (!Double.isFinite(number)) {
            throw SettingsException.at(
                    file, node.line(), "[%s] is no number but [%s]".formatted(key, shown(scalar.text())), remedy);
        }
        return number;
    }

    /** A time above zero, at most a day, such as {@code 800ms}, {@code 1.5s}, {@code 2min} or {@code 3h}; null where the key is left out. */
    public @Nullable Duration duration(String key) {
        String remedy = "give a duration above zero, for instance [800ms], [1.5s] or [2min]";
        YamlNode node = find(key);
        if (node == null) {
            return null;
        }
        String text = node instanceof YamlNode.Scalar scalar ? scalar.text() : "";
        Matcher matcher = DURATION.matcher(text);
        if (!matcher.matches()) {
            throw wrong(key, "is [%s]".formatted(shown(text)), ofTime(text, remedy));
        }
        long unit = switch (matcher.group(2)) {
            case "ms" -> 1_000;
            case "s" -> 1_000_000;
            case "min" -> 60_000_000;
            default -> 3_600_000_000L;
        };
        BigDecimal micros = new BigDecimal(matcher.group(1)).multiply(BigDecimal.valueOf(unit));
        if (micros.compareTo(MOST_MICROS) > 0) {
            throw wrong(key, "is more than a day", remedy);
        }
        Duration duration = Duration.ofNanos(micros.longValue() * 1_000);
        if (duration.isZero()) {
            throw wrong(key, "is [%s]".formatted(text), remedy);
        }
        return duration;
    }

    /** How to mend a time that is none. @param remedy but for who writes minutes as others do */
    public static String ofTime(String text, String remedy) {
        return MINUTES.matcher(text).matches() ? "write minutes as [%sin]".formatted(text) : remedy;
    }

    /** True or false. */
    public boolean flag(String key) {
        String remedy = "write [true] or [false]";
        YamlNode node = require(key, remedy);
        if (!(node instanceof YamlNode.Scalar scalar) || !scalar.isBoolean()) {
            throw SettingsException.at(file, node.line(), "[%s] is neither true nor false".formatted(key), remedy);
        }
        return scalar.text().equalsIgnoreCase("true");
    }

    /** A number of 0 or more as it is written, to the last digit. */
    public BigDecimal amount(String key, String remedy) {
        YamlNode node = require(key, remedy);
        if (!(node instanceof YamlNode.Scalar scalar)
                || !scalar.plain()
                || !scalar.text().matches("[0-9]{1,12}(\\.[0-9]{1,18})?")) {
            String is = node instanceof YamlNode.Scalar scalar ? " but [%s]".formatted(shown(scalar.text())) : "";
            throw SettingsException.at(file, node.line(), "[%s] is no amount%s".formatted(key, is), remedy);
        }
        return new BigDecimal(scalar.text());
    }

    /** Whole days, such as {@code 90d}; null where the key is left out. */
    public @Nullable Integer days(String key) {
        YamlNode node = find(key);
        if (node == null) {
            return null;
        }
        String text = node instanceof YamlNode.Scalar scalar ? scalar.text() : "";
        if (!text.matches("[1-9]\\d{0,4}d")) {
            throw wrong(key, "is [%s]".formatted(shown(text)), "give whole days, for instance [90d]");
        }
        return Integer.valueOf(text.substring(0, text.length() - 1));
    }

    /** A whole number in a range; null where the key is left out. */
    public @Nullable Integer whole(String key, int least, int most) {
        String remedy = "give a whole number from [%d] to [%d]".formatted(least, most);
        Double number = number(key, remedy);
        if (number == null) {
            return null;
        }
        if (number != Math.rint(number) || number < least || number > most) {
            throw wrong(key, "is [%s]".formatted(written(key)), remedy);
        }
        return number.intValue();
    }

    /** A value as it stands in the file. */
    private String written(String key) {
        return find(key) instanceof YamlNode.Scalar scalar ? shown(scalar.text()) : "";
    }

    /** The keys that are there, in their order. */
    public List<String> keys() {
        return List.copyOf(mapping.entries().keySet());
    }
}
