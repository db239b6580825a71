package dev.hone.schema;

import dev.hone.schema.Shape.Range;
import java.math.BigDecimal;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** The keywords of a schema: which are known, and those with a count or a number. */
final class Keywords {
    /** Say something to a reader and nothing about a value. */
    private static final Set<String> ANNOTATIONS = Set.of(
            "$schema",
            "$id",
            "$comment",
            "$defs",
            "definitions",
            "title",
            "description",
            "default",
            "examples",
            "deprecated",
            "readOnly",
            "writeOnly");

    private static final Set<String> SUPPORTED = Set.of(
            "$ref",
            "type",
            "enum",
            "const",
            "allOf",
            "anyOf",
            "oneOf",
            "minLength",
            "maxLength",
            "pattern",
            "format",
            "minimum",
            "maximum",
            "exclusiveMinimum",
            "exclusiveMaximum",
            "items",
            "prefixItems",
            "minItems",
            "maxItems",
            "properties",
            "required",
            "additionalProperties");

    private Keywords() {}

    static void requireSupported(JsonNode schema, String place) {
        for (String keyword : schema.propertyNames()) {
            if (!SUPPORTED.contains(keyword) && !ANNOTATIONS.contains(keyword)) {
                throw new SchemaException(
                        "Keyword [%s] at [%s] is not supported in constrained answers; supported are: %s"
                                .formatted(
                                        keyword,
                                        place,
                                        SUPPORTED.stream().sorted().collect(Collectors.joining(", "))));
            }
        }
    }

    /** Whether a schema says something about values beside some keywords. */
    static boolean saysMoreThan(JsonNode schema, Set<String> keywords) {
        return schema.propertyNames().stream()
                .anyMatch(keyword -> !keywords.contains(keyword) && !ANNOTATIONS.contains(keyword));
    }

    static int count(JsonNode schema, String keyword, int otherwise, String place) {
        JsonNode value = schema.path(keyword);
        if (value.isMissingNode()) {
            return otherwise;
        }
        if (!value.isNumber()
                || !isWhole(value.decimalValue())
                || value.decimalValue().signum() < 0
                || value.decimalValue().compareTo(BigDecimal.valueOf(Integer.MAX_VALUE)) > 0) {
            throw new SchemaException("[%s] at [%s] is no count: [%s]".formatted(keyword, place, value));
        }
        return value.decimalValue().intValue();
    }

    static int most(JsonNode schema, String leastKeyword, String mostKeyword, String place) {
        int least = count(schema, leastKeyword, 0, place);
        int most = count(schema, mostKeyword, Integer.MAX_VALUE, place);
        if (least > most) {
            throw new SchemaException("[%s] is more than [%s] at [%s]".formatted(leastKeyword, mostKeyword, place));
        }
        return most;
    }

    static boolean isWhole(BigDecimal value) {
        return value.stripTrailingZeros().scale() <= 0;
    }

    static @Nullable Range range(JsonNode schema, boolean whole, String place) {
        Bound least = Bound.tighter(schema, "minimum", "exclusiveMinimum", 1, place);
        Bound most = Bound.tighter(schema, "maximum", "exclusiveMaximum", -1, place);
        if (least == null && most == null) {
            return null;
        }
        Range range = new Range(
                least == null ? null : least.value(),
                least != null && least.included(),
                most == null ? null : most.value(),
                most != null && most.included());
        if (range.isEmpty(whole)) {
            throw new SchemaException("Between the bounds at [%s] there is no number".formatted(place));
        }
        return range;
    }

    private record Bound(BigDecimal value, boolean included) {
        /** @param sign 1 where the larger of two is tighter, -1 where the smaller is */
        static @Nullable Bound tighter(JsonNode schema, String including, String excluding, int sign, String place) {
            Bound included = of(schema, including, true, place);
            Bound excluded = of(schema, excluding, false, place);
            if (included == null || excluded == null) {
                return included == null ? excluded : included;
            }
            return sign * Integer.signum(excluded.value().compareTo(included.value())) >= 0 ? excluded : included;
        }

        private static @Nullable Bound of(JsonNode schema, String keyword, boolean included, String place) {
            JsonNode value = schema.path(keyword);
            if (value.isMissingNode()) {
                return null;
            }
            if (!value.isNumber()) {
                throw new SchemaException("[%s] at [%s] is no number: [%s]".formatted(keyword, place, value));
            }
            return new Bound(value.decimalValue(), included);
        }
    }
}
