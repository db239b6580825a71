package dev.hone.capture.feedback;

import dev.hone.capture.feedback.FeedbackRules.Direction;
import dev.hone.capture.feedback.FeedbackRules.Metric;
import dev.hone.record.Feedback.Kind;
import dev.hone.settings.Fields;
import dev.hone.settings.YamlJson;
import dev.hone.settings.YamlNode;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** Reads what a use case takes as feedback from the key {@value #KEY} of its charter. */
public final class FeedbackReader {
    public static final String KEY = "feedback";

    private static final int MOST = 50;

    private FeedbackReader() {}

    /** @throws dev.hone.settings.SettingsException when it cannot be followed */
    public static FeedbackRules read(Fields charter) {
        YamlNode node = charter.find(KEY);
        if (node == null) {
            return FeedbackRules.UNDECLARED;
        }
        Map<String, Metric> metrics = new LinkedHashMap<>();
        Fields.mapping(charter.file(), node, "[feedback]").entries().forEach((name, declared) -> {
            if (!name.matches("[a-z][a-z0-9_-]{0,62}")) {
                throw charter.wrong(
                        KEY, "has [%s]".formatted(name), "use small letters, digits, [-] and [_], a letter first");
            }
            if (name.equals(FeedbackRules.WITHDRAWAL)) {
                throw charter.wrong(
                        KEY, "has [%s]".formatted(name), "call it otherwise: by this name feedback is taken back");
            }
            metrics.put(name, metric(charter.file(), name, declared));
        });
        if (metrics.isEmpty() || metrics.size() > MOST) {
            throw charter.wrong(
                    KEY,
                    "has [%d] metrics".formatted(metrics.size()),
                    "declare 1 to [%d], or leave the key out".formatted(MOST));
        }
        return new FeedbackRules(metrics);
    }

    private static Metric metric(String file, String name, YamlNode declared) {
        Fields fields = Fields.of(file, declared, "[%s]".formatted(name), List.of("kind", "direction", "range"));
        String kinds = "write one of " + words();
        String word = fields.text("kind", kinds);
        Kind kind = Stream.of(Kind.values())
                .filter(one -> one.word().equals(word))
                .findFirst()
                .orElseThrow(() -> fields.wrong("kind", "is [%s]".formatted(word), kinds));
        Direction direction = direction(fields, kind);
        if (fields.find("range") == null) {
            return new Metric(kind, direction, null, null);
        }
        if (kind != Kind.FLOAT && kind != Kind.OUTCOME) {
            throw fields.wrong("range", "is there for a [%s]".formatted(word), "leave it out: only numbers have one");
        }
        List<Double> range = range(fields);
        return new Metric(kind, direction, range.getFirst(), range.getLast());
    }

    private static @Nullable Direction direction(Fields fields, Kind kind) {
        String remedy = "write [higher] or [lower], which is better";
        if (!kind.isFigure()) {
            if (fields.find("direction") != null) {
                throw fields.wrong(
                        "direction", "is there for a [%s]".formatted(kind.word()), "leave it out: it is no figure");
            }
            return null;
        }
        return switch (fields.text("direction", remedy)) {
            case "higher" -> Direction.HIGHER;
            case "lower" -> Direction.LOWER;
            case String other -> throw fields.wrong("direction", "is [%s]".formatted(other), remedy);
        };
    }

    private static List<Double> range(Fields fields) {
        String remedy = "write the least and the most that a value may be, for instance [1, 5]";
        JsonNode range = YamlJson.of(fields.file(), fields.require("range", remedy));
        if (!range.isArray()
                || range.size() != 2
                || !range.path(0).isNumber()
                || !range.path(1).isNumber()
                || range.path(0).doubleValue() >= range.path(1).doubleValue()) {
            throw fields.wrong("range", "is [%s]".formatted(range), remedy);
        }
        return List.of(range.path(0).doubleValue(), range.path(1).doubleValue());
    }

    static List<String> words() {
        return Stream.of(Kind.values()).map(Kind::word).toList();
    }
}
