package dev.hone.task;

import dev.hone.record.Ids;
import dev.hone.record.UseCaseName;
import dev.hone.task.ChatFile.BadRow;
import java.math.BigDecimal;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.UUID;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The members of an object in a line of stored traces; what is not what it must be makes the line bad, and is named. */
final class LineMembers {
    private static final Pattern HASH = Pattern.compile("[0-9a-f]{64}");
    private static final Pattern AMOUNT = Pattern.compile("[0-9]{1,60}(?:\\.[0-9]{1,200})?");
    private static final Instant FIRST = Instant.parse("2000-01-01T00:00:00Z");
    private static final Duration AHEAD = Duration.ofDays(1);

    private final String where;
    private final JsonNode node;

    /** @param where it stands, for messages: empty for the line itself */
    LineMembers(String where, JsonNode node) {
        this.where = where;
        this.node = node;
    }

    private BadRow bad(String name, String expected) {
        JsonNode value = node.path(name);
        String shown = value.isMissingNode() ? "nothing" : "[%s]".formatted(shortened(value.toString()));
        return BadRow.of("has %s under [%s%s]: expected %s", shown, where, name, expected);
    }

    private static String shortened(String text) {
        return text.length() <= 40 ? text : text.substring(0, 40) + "…";
    }

    @Nullable
    String textOrNull(String name) {
        JsonNode value = node.path(name);
        if (value.isMissingNode() || value.isNull()) {
            return null;
        }
        if (!value.isString()) {
            throw bad(name, "a text");
        }
        return value.stringValue();
    }

    String text(String name) {
        String text = textOrNull(name);
        if (text == null) {
            throw bad(name, "a text");
        }
        return text;
    }

    @Nullable
    String nameOrNull(String name) {
        String text = textOrNull(name);
        try {
            return text == null ? null : UseCaseName.require(text);
        } catch (IllegalArgumentException e) {
            throw bad(name, "a name of small letters, digits and [-]");
        }
    }

    String name(String name) {
        String text = nameOrNull(name);
        if (text == null) {
            throw bad(name, "a name");
        }
        return text;
    }

    @Nullable
    UUID idOrNull(String name) {
        String text = textOrNull(name);
        try {
            UUID id = text == null ? null : UUID.fromString(text);
            if (id != null && !id.toString().equals(text)) {
                throw bad(name, "a UUID");
            }
            return id;
        } catch (IllegalArgumentException e) {
            throw bad(name, "a UUID");
        }
    }

    UUID id(String name) {
        UUID id = idOrNull(name);
        if (id == null) {
            throw bad(name, "a UUID");
        }
        return id;
    }

    /** Of version 7, made at a time that can be: a store has room by the month. */
    UUID trace(String name) {
        UUID id = id(name);
        long millis = Ids.time(id).toEpochMilli();
        if (id.version() != 7
                || millis < FIRST.toEpochMilli()
                || millis > Instant.now().plus(AHEAD).toEpochMilli()) {
            throw bad(name, "a UUID of version 7, made between [%s] and now".formatted(FIRST));
        }
        return id;
    }

    @Nullable
    Instant timeOrNull(String name) {
        String text = textOrNull(name);
        try {
            return text == null ? null : Instant.parse(text);
        } catch (DateTimeException e) {
            throw bad(name, "a time such as [2026-01-31T12:00:00Z]");
        }
    }

    Instant time(String name) {
        Instant time = timeOrNull(name);
        if (time == null) {
            throw bad(name, "a time such as [2026-01-31T12:00:00Z]");
        }
        return time;
    }

    @Nullable
    String hashOrNull(String name) {
        String text = textOrNull(name);
        if (text != null && !HASH.matcher(text).matches()) {
            throw bad(name, "a SHA-256 in hexadecimal");
        }
        return text;
    }

    String hash(String name) {
        String hash = hashOrNull(name);
        if (hash == null) {
            throw bad(name, "a SHA-256 in hexadecimal");
        }
        return hash;
    }

    /** Exact, written as a text. */
    BigDecimal amount(String name) {
        String text = text(name);
        if (!AMOUNT.matcher(text).matches()) {
            throw bad(name, "an amount as a text such as [\"0.0012\"]");
        }
        return new BigDecimal(text);
    }

    boolean flag(String name) {
        if (!node.path(name).isBoolean()) {
            throw bad(name, "true or false");
        }
        return node.path(name).booleanValue();
    }

    @Nullable
    Integer wholeOrNull(String name) {
        JsonNode value = node.path(name);
        if (value.isMissingNode() || value.isNull()) {
            return null;
        }
        if (!value.isIntegralNumber() || !value.canConvertToInt()) {
            throw bad(name, "a whole number");
        }
        return value.intValue();
    }

    int whole(String name) {
        Integer whole = wholeOrNull(name);
        if (whole == null) {
            throw bad(name, "a whole number");
        }
        return whole;
    }

    @Nullable
    Long countOrNull(String name) {
        JsonNode value = node.path(name);
        if (value.isMissingNode() || value.isNull()) {
            return null;
        }
        if (!value.isIntegralNumber() || !value.canConvertToLong() || value.longValue() < 0) {
            throw bad(name, "a count");
        }
        return value.longValue();
    }

    @Nullable
    Double realOrNull(String name) {
        JsonNode value = node.path(name);
        if (value.isMissingNode() || value.isNull()) {
            return null;
        }
        if (!value.isNumber() || !Double.isFinite(value.doubleValue())) {
            throw bad(name, "a number");
        }
        return value.doubleValue();
    }

    double real(String name) {
        Double real = realOrNull(name);
        if (real == null) {
            throw bad(name, "a number");
        }
        return real;
    }

    <E extends Enum<E>> E word(String name, Class<E> words) {
        for (E word : words.getEnumConstants()) {
            if (word.name().toLowerCase(Locale.ROOT).equals(text(name))) {
                return word;
            }
        }
        throw bad(name, "one of %s".formatted(List.of(words.getEnumConstants())));
    }

    Map<String, String> texts(String name) {
        JsonNode value = node.path(name);
        Map<String, String> texts = new LinkedHashMap<>();
        if (!value.isObject()) {
            throw bad(name, "an object of texts");
        }
        value.properties().forEach(member -> {
            if (!member.getValue().isString()) {
                throw bad(name, "an object of texts");
            }
            texts.put(member.getKey(), member.getValue().stringValue());
        });
        return texts;
    }

    /** A JSON document: as it stands there, or within a text. */
    String json(String name) {
        if (node.has(name)) {
            return node.path(name).toString();
        }
        String text = text(name + TraceLine.AS_TEXT);
        try {
            if (JsonMapper.shared().readTree(text).isMissingNode()) {
                throw bad(name + TraceLine.AS_TEXT, "JSON within a text");
            }
            return text;
        } catch (JacksonException e) {
            throw bad(name + TraceLine.AS_TEXT, "JSON within a text");
        }
    }

    @Nullable
    LineMembers object(String name) {
        JsonNode value = node.path(name);
        if (value.isMissingNode() || value.isNull()) {
            return null;
        }
        if (!value.isObject()) {
            throw bad(name, "an object");
        }
        return new LineMembers(where + name + ".", value);
    }

    /** Empty where there is none. */
    List<LineMembers> list(String name) {
        JsonNode value = node.path(name);
        List<LineMembers> list = new ArrayList<>();
        if (!value.isMissingNode() && !value.isArray()) {
            throw bad(name, "a list");
        }
        for (JsonNode one : value) {
            if (!one.isObject()) {
                throw bad(name, "a list of objects");
            }
            list.add(new LineMembers("%s%s[%d].".formatted(where, name, list.size()), one));
        }
        return list;
    }
}
