package dev.hone.promote;

import dev.hone.capture.Serving;
import dev.hone.capture.feedback.FeedbackRules;
import dev.hone.capture.feedback.FeedbackRules.Direction;
import dev.hone.capture.route.Variant;
import dev.hone.grade.GraderDefinition;
import dev.hone.record.SamplingMode;
import dev.hone.settings.Fields;
import dev.hone.settings.SettingsException;
import dev.hone.settings.YamlJson;
import dev.hone.settings.YamlNode;
import java.math.BigDecimal;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** Reads how a use case's own versions come to its calls from the key {@value #KEY} of its charter. */
public final class PromotionReader {
    public static final String KEY = "promote";

    private static final List<String> KEYS = List.of(
            "mode",
            "rows",
            "best-of",
            "shadow-calls",
            "shares",
            "calls",
            "alpha",
            "loss",
            "beyond",
            "measures",
            "automatic",
            "silent-after");
    private static final int MOST_ROWS = 64;
    private static final int ROWS = 16;
    private static final int MOST_CALLS = 1_000_000;
    private static final long COPIES = 200;
    private static final long CALLS = 100;
    private static final List<Double> SHARES = List.of(0.05, 0.25, 0.5);
    private static final double ALPHA = 0.01;
    private static final double LOSS = 0.05;
    private static final Duration SILENCE = Duration.ofHours(2);

    private PromotionReader() {}

    /**
     * What else the charter says.
     *
     * @param serving null where calls are not served
     * @param within longest that a call should take; null where nothing is said
     * @param costPerThousand of calls; null where nothing is said
     */
    public record Beside(
            @Nullable Serving serving,
            GraderDefinition good,
            FeedbackRules feedback,
            @Nullable Duration within,
            @Nullable Double costPerThousand) {}

    /**
     * @return null where the charter says nothing about it
     * @throws SettingsException when it cannot be followed
     */
    public static @Nullable Promotion read(Fields charter, Beside beside) {
        YamlNode node = charter.find(KEY);
        if (node == null) {
            return null;
        }
        requireServed(charter, beside.serving());
        Fields fields = Fields.of(charter.file(), node, "[promote]", KEYS);
        List<Promotion.Scale> feedback = scales(beside.feedback());
        List<Measure> measures = measures(fields, beside, feedback);
        Duration silent = fields.duration("silent-after");
        Double cost = beside.costPerThousand();
        Promotion promotion;
        try {
            promotion = new Promotion(
                    computed(fields),
                    orElse(fields.whole("shadow-calls", 0, MOST_CALLS), COPIES),
                    policy(fields),
                    measures,
                    silent == null ? SILENCE : silent,
                    beside.within(),
                    cost == null ? null : BigDecimal.valueOf(cost).movePointLeft(3),
                    feedback);
        } catch (SettingsException e) {
            throw e;
        } catch (IllegalArgumentException e) {
            throw charter.wrong(KEY, "cannot be followed: " + e.getMessage(), "correct it");
        }
        requireJudged(fields, promotion);
        return promotion;
    }

    /** Nothing becomes live by itself since it answers, whatever it says, but where somebody names that as what they want. */
    private static void requireJudged(Fields fields, Promotion promotion) {
        if (promotion.policy().promotes() && !promotion.isByAnswers() && fields.find("measures") == null) {
            throw fields.wrong(
                    "automatic",
                    "is [true], and nothing says how good an answer is: versions would be compared by [%s] alone, and one that answers nonsense be promoted"
                            .formatted(words(promotion.measures())),
                    "declare a metric under [feedback] (a boolean, or a number with a [range]), write [measures: [answered, quality]] where people label calls, or [automatic: false]; who means it names it: [measures: [%s]]"
                            .formatted(words(promotion.measures())));
        }
    }

    private static String words(List<Measure> measures) {
        return measures.stream().map(Measure::word).collect(Collectors.joining(", "));
    }

    private static void requireServed(Fields charter, @Nullable Serving serving) {
        if (serving == null || serving.route().variants().isEmpty()) {
            throw charter.wrong(
                    KEY,
                    "is there without [variants]",
                    "say who answers until there is a version of your own, and when it does not");
        }
        for (Variant variant : serving.route().variants()) {
            if (Traffic.RESERVED.contains(variant.name())) {
                throw charter.wrong(
                        "variants",
                        "has [%s], which is the name of a version of your own where there is [promote]"
                                .formatted(variant.name()),
                        "call it otherwise");
            }
        }
    }

    private static Promotion.Computed computed(Fields fields) {
        long bestOf = orElse(fields.whole("best-of", 1, MOST_ROWS), 1);
        long rows = orElse(fields.whole("rows", 1, MOST_ROWS), Math.max(ROWS, bestOf));
        if (bestOf > rows) {
            throw fields.wrong(
                    "best-of",
                    "is [%d], and [rows], how many are computed at once, [%d]".formatted(bestOf, rows),
                    "correct one of them");
        }
        return new Promotion.Computed(mode(fields), (int) bestOf, (int) rows);
    }

    private static SamplingMode mode(Fields fields) {
        String remedy = "write [exact] or [fast]";
        if (fields.find("mode") == null) {
            return SamplingMode.EXACT;
        }
        return switch (fields.text("mode", remedy)) {
            case "exact" -> SamplingMode.EXACT;
            case "fast" -> SamplingMode.FAST;
            case String other -> throw fields.wrong("mode", "is [%s]".formatted(other), remedy);
        };
    }

    private static CanaryPolicy policy(Fields fields) {
        return new CanaryPolicy(
                fields.find("shares") == null ? SHARES : shares(fields),
                orElse(fields.whole("calls", 1, MOST_CALLS), CALLS),
                orElse(fields.number("alpha", "give a chance to be wrong, for instance [0.01]"), ALPHA),
                orElse(fields.number("loss", "give a difference, for instance [0.05]"), LOSS),
                orElse(fields.number("beyond", "give a difference, for instance [0.02]"), 0),
                fields.find("automatic") != null && fields.flag("automatic"));
    }

    private static List<Double> shares(Fields fields) {
        String remedy = "list rising shares of the episodes, for instance [0.05, 0.25, 0.5]";
        JsonNode shares = YamlJson.of(fields.file(), fields.require("shares", remedy));
        List<Double> list = new ArrayList<>();
        for (JsonNode share : shares) {
            if (!share.isNumber()) {
                throw fields.wrong("shares", "has [%s]".formatted(share), remedy);
            }
            list.add(share.doubleValue());
        }
        if (!shares.isArray() || list.isEmpty()) {
            throw fields.wrong("shares", "is [%s]".formatted(shares), remedy);
        }
        return list;
    }

    private static List<Measure> measures(Fields fields, Beside beside, List<Promotion.Scale> feedback) {
        if (fields.find("measures") == null) {
            return Stream.of(Measure.values())
                    .filter(measure -> missing(measure, beside, feedback) == null && saysSomething(measure, beside))
                    .toList();
        }
        List<Measure> measures = new ArrayList<>();
        String remedy = "list some of "
                + Fields.list(Stream.of(Measure.values()).map(Measure::word).toList());
        for (String word : fields.texts("measures", remedy)) {
            Measure measure = Stream.of(Measure.values())
                    .filter(one -> one.word().equals(word))
                    .findFirst()
                    .orElseThrow(() -> fields.wrong("measures", "has [%s]".formatted(word), remedy));
            String missing = missing(measure, beside, feedback);
            if (missing != null) {
                throw fields.wrong("measures", "has [%s], and nothing to measure it by".formatted(word), missing);
            }
            measures.add(measure);
        }
        if (measures.isEmpty()) {
            throw fields.wrong("measures", "is empty: nobody could ever be promoted", remedy);
        }
        return measures;
    }

    /** Whether a measure that nobody asks for by name tells versions apart: nobody is paid for Hone's own, and what needs demonstrations may never have any. */
    private static boolean saysSomething(Measure measure, Beside beside) {
        return switch (measure) {
            case WITHIN_COST -> false;
            case QUALITY -> AnswerGrading.needsNoReference(beside.good());
            case ANSWERED, IN_TIME, FEEDBACK -> true;
        };
    }

    /** What there would have to be; null where it is there. */
    private static @Nullable String missing(Measure measure, Beside beside, List<Promotion.Scale> feedback) {
        return switch (measure) {
            case ANSWERED -> null;
            case QUALITY -> null;
            case IN_TIME -> beside.within() == null ? "say [p95] under [constraints]" : null;
            case WITHIN_COST -> beside.costPerThousand() == null ? "say [cost-per-thousand] under [constraints]" : null;
            case FEEDBACK ->
                feedback.isEmpty() ? "declare a metric under [feedback]: a boolean, or a number with a [range]" : null;
        };
    }

    /** Metrics of which it is known what is least and most, and which way is better. */
    private static List<Promotion.Scale> scales(FeedbackRules rules) {
        return rules.metrics().entrySet().stream()
                .flatMap(entry -> scale(entry.getKey(), entry.getValue()).stream())
                .sorted(Comparator.comparing(Promotion.Scale::metric))
                .toList();
    }

    private static List<Promotion.Scale> scale(String name, FeedbackRules.Metric metric) {
        boolean fewer = metric.direction() == Direction.LOWER;
        Double least = metric.least();
        Double most = metric.most();
        return switch (metric.kind()) {
            case BOOLEAN -> List.of(new Promotion.Scale(name, 0, 1, fewer));
            case FLOAT, OUTCOME ->
                least == null || most == null ? List.of() : List.of(new Promotion.Scale(name, least, most, fewer));
            case COMMENT, DEMONSTRATION, PREFERENCE -> List.of();
        };
    }

    private static long orElse(@Nullable Integer value, long otherwise) {
        return value == null ? otherwise : value;
    }

    private static double orElse(@Nullable Double value, double otherwise) {
        return value == null ? otherwise : value;
    }
}
