package dev.hone.capture.feedback;

import dev.hone.capture.JsonBody;
import dev.hone.capture.JsonValues;
import dev.hone.record.Feedback.Kind;
import dev.hone.record.UseCaseName;
import dev.hone.settings.Fields;
import dev.hone.settings.Nearest;
import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.StreamReadConstraints;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.core.json.JsonFactory;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Reads the body of a request with feedback: an object, or a list of them. What it does not know, it refuses, by its name. */
final class FeedbackParser {
    static final int MOST_ITEMS = 1_000;

    private static final int MOST_VALUES = 500_000;
    private static final int MOST_DEPTH = 100;
    private static final int LONGEST_NAME = 200;
    private static final Duration AHEAD = Duration.ofMinutes(5);
    private static final Instant EARLIEST = Instant.parse("2000-01-01T00:00:00Z");
    private static final List<String> FIELDS =
            List.of("trace", "use_case", "episode", "kind", "name", "value", "author", "at", "id");

    private static final JsonFactory FACTORY = JsonFactory.builder()
            .streamReadConstraints(
                    StreamReadConstraints.builder().maxNestingDepth(MOST_DEPTH).build())
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .build();
    private static final JsonMapper JSON = JsonMapper.builder(FACTORY).build();

    private final JsonNode node;
    private final String place;
    private final Instant now;

    private FeedbackParser(JsonNode node, String place, Instant now) {
        this.node = node;
        this.place = place;
        this.now = now;
    }

    /** @throws FeedbackRefusal when it is none */
    static List<Given> read(byte[] body, Instant now) {
        String flaw = JsonBody.encodingFlaw(body);
        if (flaw != null) {
            throw new FeedbackRefusal(400, "invalid_json", null, flaw);
        }
        if (JsonValues.in(body) > MOST_VALUES) {
            throw FeedbackRefusal.invalid(
                    null, "The body has more than [%d] values: send fewer items".formatted(MOST_VALUES));
        }
        JsonNode root;
        try {
            root = JSON.readTree(body);
        } catch (JacksonException e) {
            JsonBody.Flaw found = JsonBody.flaw(FACTORY, body);
            throw new FeedbackRefusal(400, "invalid_json", found.place(), found.message());
        }
        if (!root.isArray()) {
            return List.of(new FeedbackParser(root, "", now).given());
        }
        if (root.isEmpty() || root.size() > MOST_ITEMS) {
            throw FeedbackRefusal.invalid(
                    null, "The list has [%d] items: give 1 to [%d]".formatted(root.size(), MOST_ITEMS));
        }
        List<Given> all = new ArrayList<>();
        for (JsonNode one : root) {
            all.add(new FeedbackParser(one, "[%d].".formatted(all.size()), now).given());
        }
        return all;
    }

    private Given given() {
        if (!node.isObject()) {
            throw new FeedbackRefusal(400, "invalid_json", null, Given.told(place, "Feedback must be a JSON object"));
        }
        if (!StandardCharsets.UTF_8.newEncoder().canEncode(node.toString())) {
            throw new FeedbackRefusal(
                    400, "invalid_json", null, Given.told(place, "A text has half of a character (a lone surrogate)"));
        }
        for (String field : node.propertyNames()) {
            if (!FIELDS.contains(field)) {
                throw wrong(
                        shown(field),
                        "unknown_field",
                        "There is no field [%s]; %s"
                                .formatted(
                                        shown(field),
                                        Nearest.to(shown(field), FIELDS)
                                                .map("did you mean [%s]?"::formatted)
                                                .orElseGet(() -> "known are " + Fields.list(FIELDS))));
            }
        }
        UUID trace = trace();
        String episode = text("episode", LONGEST_NAME);
        String useCase = useCase();
        if ((trace == null) == (episode == null)) {
            throw wrong(
                    trace == null ? "trace" : "episode",
                    "invalid_value",
                    "Say what it is about: either [trace], as x-hone-trace gave it, or [episode] with its [use_case]");
        }
        if (episode != null && useCase == null) {
            throw wrong("use_case", "invalid_value", "[use_case] is missing: say of which the episode is");
        }
        if (trace != null && useCase != null) {
            throw wrong("use_case", "invalid_value", "[use_case] stands beside [episode] only: leave it out");
        }
        Kind kind = kind();
        String name = text("name", LONGEST_NAME);
        if (name == null && kind.isFigure()) {
            throw wrong("name", "invalid_value", "[name] is missing: name a metric of the use case");
        }
        JsonNode value = value(kind);
        return new Given(
                place,
                trace,
                useCase,
                episode,
                kind,
                name == null ? kind.word() : name,
                value,
                FeedbackValue.score(value),
                text("author", LONGEST_NAME),
                at(),
                text("id", LONGEST_NAME));
    }

    private @Nullable UUID trace() {
        String text = text("trace", LONGEST_NAME);
        if (text == null) {
            return null;
        }
        if (!text.matches("[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}")) {
            throw wrong(
                    "trace",
                    "invalid_value",
                    "[trace] is [%s], which is no UUID: give what x-hone-trace said".formatted(shown(text)));
        }
        return UUID.fromString(text);
    }

    private @Nullable String useCase() {
        String text = text("use_case", LONGEST_NAME);
        try {
            return text == null ? null : UseCaseName.require(text);
        } catch (IllegalArgumentException e) {
            throw wrong("use_case", "invalid_value", String.valueOf(e.getMessage()));
        }
    }

    private Kind kind() {
        String word = text("kind", LONGEST_NAME);
        return Stream.of(Kind.values())
                .filter(kind -> kind.word().equals(word))
                .findFirst()
                .orElseThrow(() -> wrong(
                        "kind",
                        "invalid_value",
                        "[kind] is [%s]: give one of %s"
                                .formatted(word == null ? "" : shown(word), FeedbackReader.words())));
    }

    private JsonNode value(Kind kind) {
        JsonNode value = node.get("value");
        if (value == null || value.isNull()) {
            throw wrong("value", "invalid_value", "[value] is missing");
        }
        try {
            return FeedbackValue.read(kind, value);
        } catch (IllegalArgumentException e) {
            throw wrong("value", "invalid_value", String.valueOf(e.getMessage()));
        }
    }

    private @Nullable Instant at() {
        String text = text("at", LONGEST_NAME);
        if (text == null) {
            return null;
        }
        Instant at;
        try {
            at = OffsetDateTime.parse(text).toInstant();
        } catch (DateTimeException e) {
            throw wrong(
                    "at",
                    "invalid_value",
                    "[at] is [%s]: give a time with its offset, for instance [2026-03-01T10:00:00Z]"
                            .formatted(shown(text)));
        }
        if (at.isBefore(EARLIEST) || at.isAfter(now.plus(AHEAD))) {
            throw wrong("at", "invalid_value", "[at] is [%s]: give a time from 2000 to now".formatted(shown(text)));
        }
        return at;
    }

    /** Null where it is left out. */
    private @Nullable String text(String field, int longest) {
        JsonNode value = node.get(field);
        if (value == null || value.isNull()) {
            return null;
        }
        String text = value.isString() ? value.stringValue() : "";
        if (text.isBlank() || text.length() > longest || text.chars().anyMatch(Character::isISOControl)) {
            throw wrong(
                    field, "invalid_value", "[%s] must be a text of 1 to [%d] characters".formatted(field, longest));
        }
        return text;
    }

    private FeedbackRefusal wrong(String field, String code, String message) {
        return new FeedbackRefusal(400, code, place + field, Given.told(place, message));
    }

    private static String shown(String text) {
        return text.length() <= 100 ? text : text.substring(0, 100) + "…";
    }
}
