package dev.hone.api;

import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.StreamSupport;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** The fields of a JSON object in a request. A field that is null counts as missing; one that nobody asked for is refused. */
final class Fields {
    private final JsonNode object;
    private final String place;
    private final Set<String> known = new HashSet<>();

    /**
     * @param place of the object in the request; empty for the request itself
     * @throws Refusal when it is no object
     */
    Fields(JsonNode object, String place) {
        if (!object.isObject()) {
            throw Refusal.value(place, "%s must be a JSON object".formatted(place.isEmpty() ? "A request" : place));
        }
        this.object = object;
        this.place = place;
    }

    /** Where a field is in the request. */
    String place(String name) {
        return place.isEmpty() ? name : place + "." + name;
    }

    @Nullable
    JsonNode get(String name) {
        known.add(name);
        JsonNode value = object.path(name);
        return value.isMissingNode() || value.isNull() ? null : value;
    }

    JsonNode require(String name) {
        JsonNode value = get(name);
        if (value == null) {
            throw Refusal.of(400, place(name), "missing_required_parameter", place(name) + " is missing");
        }
        return value;
    }

    String requireText(String name) {
        return text(name, require(name));
    }

    @Nullable
    String text(String name) {
        JsonNode value = get(name);
        return value == null ? null : text(name, value);
    }

    private String text(String name, JsonNode value) {
        if (!value.isString()) {
            throw Refusal.value(place(name), "%s must be a text".formatted(place(name)));
        }
        return value.stringValue();
    }

    boolean flag(String name) {
        JsonNode value = get(name);
        if (value == null) {
            return false;
        }
        if (!value.isBoolean()) {
            throw Refusal.value(place(name), "%s must be true or false, not [%s]".formatted(place(name), value));
        }
        return value.booleanValue();
    }

    @Nullable
    Double number(String name, double least, double most) {
        JsonNode value = get(name);
        if (value == null) {
            return null;
        }
        if (!value.isNumber() || !(value.doubleValue() >= least && value.doubleValue() <= most)) {
            throw Refusal.value(
                    place(name),
                    "%s must be a number from %s to %s, not [%s]".formatted(place(name), least, most, value));
        }
        return value.doubleValue();
    }

    @Nullable
    Long whole(String name, long least, long most) {
        JsonNode value = get(name);
        if (value == null) {
            return null;
        }
        if (!value.isIntegralNumber()
                || !value.canConvertToLong()
                || value.longValue() < least
                || value.longValue() > most) {
            throw Refusal.value(
                    place(name),
                    "%s must be a whole number from %d to %d, not [%s]".formatted(place(name), least, most, value));
        }
        return value.longValue();
    }

    /** The items of a list; none where it is missing. */
    List<JsonNode> list(String name) {
        JsonNode value = get(name);
        if (value == null) {
            return List.of();
        }
        if (!value.isArray()) {
            throw Refusal.value(place(name), "%s must be a list".formatted(place(name)));
        }
        return StreamSupport.stream(value.spliterator(), false).toList();
    }

    /** Fields that change nothing about the answer. */
    void ignore(Set<String> names) {
        known.addAll(names);
    }

    /** Refuses a field that only does nothing while it has no value, {@code 0}, {@code false}, or is empty. */
    void requireWithoutEffect(String name) {
        JsonNode value = get(name);
        boolean none = value == null
                || value.isNumber() && value.doubleValue() == 0
                || value.isBoolean() && !value.booleanValue()
                || value.isContainer() && value.isEmpty();
        if (!none) {
            throw Refusal.unsupported(place(name), "%s is not supported: leave it out".formatted(place(name)));
        }
    }

    /** @throws Refusal when there is a field that nothing asked for */
    void requireAllKnown() {
        for (String name : object.propertyNames()) {
            JsonNode value = object.path(name);
            if (!known.contains(name) && !value.isNull() && !(value.isContainer() && value.isEmpty())) {
                throw Refusal.unsupported(
                        place(name),
                        "%s is not known to this server, and might change the answer: leave it out"
                                .formatted(place(name)));
            }
        }
    }
}
