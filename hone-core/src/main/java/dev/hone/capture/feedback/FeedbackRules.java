package dev.hone.capture.feedback;

import dev.hone.record.Feedback;
import dev.hone.record.Feedback.Kind;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * What a use case takes as feedback. Read from its charter by {@link FeedbackReader}. Comments, demonstrations and preferences need no
 * declaration when they are called like their kind. Where nothing is declared at all, so does {@value #RATING}: a boolean, or a float
 * from 0 to 1.
 *
 * @param metrics what is declared, by name
 */
public record FeedbackRules(Map<String, Metric> metrics) {
    /** Of use cases that declare nothing, and of models that are no use case. */
    public static final FeedbackRules UNDECLARED = new FeedbackRules(Map.of());

    static final String RATING = "rating";

    /** A comment of this name whose value is the {@code id} of feedback on the same trace takes that back, where it was said with the same key. */
    public static final String WITHDRAWAL = "withdrawal";

    public FeedbackRules {
        metrics = Map.copyOf(metrics);
    }

    /** Which way is better. */
    public enum Direction {
        HIGHER,
        LOWER
    }

    /**
     * @param direction null where values are no figures
     * @param least that a value may be; null for no bound
     * @param most that a value may be; null for no bound
     */
    public record Metric(
            Kind kind,
            @Nullable Direction direction,
            @Nullable Double least,
            @Nullable Double most) {}

    /**
     * Why something is not taken.
     *
     * @param field that is wrong
     */
    record Objection(String field, String code, String message) {}

    /** Empty where it is taken. */
    Optional<Objection> objection(Kind kind, String name, @Nullable Double score) {
        Metric metric = metrics.get(name);
        if (metric == null) {
            if (!kind.isFigure() && name.equals(kind.word()) || kind == Kind.COMMENT && name.equals(WITHDRAWAL)) {
                return Optional.empty();
            }
            if (!metrics.isEmpty() || !name.equals(RATING)) {
                return Optional.of(new Objection("name", "unknown_metric", unknown(kind, name)));
            }
            metric = new Metric(kind == Kind.FLOAT ? Kind.FLOAT : Kind.BOOLEAN, Direction.HIGHER, 0.0, 1.0);
        }
        if (metric.kind() != kind) {
            return Optional.of(new Objection(
                    "kind",
                    "wrong_kind",
                    "[kind] is [%s], but [%s] is declared as [%s]"
                            .formatted(kind.word(), name, metric.kind().word())));
        }
        if (score != null
                && (metric.least() != null && score < metric.least()
                        || metric.most() != null && score > metric.most())) {
            return Optional.of(new Objection(
                    "value",
                    "out_of_range",
                    "[value] of [%s] is [%s]: give a number from [%s] to [%s]"
                            .formatted(name, score, shown(metric.least()), shown(metric.most()))));
        }
        return Optional.empty();
    }

    /** Which way a metric is better; null where it is no figure, or nobody declares it. */
    public @Nullable Direction better(String name) {
        Metric metric = metrics.get(name);
        if (metric != null) {
            return metric.direction();
        }
        return metrics.isEmpty() && name.equals(RATING) ? Direction.HIGHER : null;
    }

    private static String shown(@Nullable Double bound) {
        return bound == null ? "any" : bound.toString();
    }

    private String unknown(Kind kind, String name) {
        String known = metrics.isEmpty()
                ? "nothing is declared, so [%s] is taken as boolean or float".formatted(RATING)
                : "declared are "
                        + new TreeMap<>(metrics)
                                .entrySet().stream()
                                        .map(entry -> "[%s] (%s)"
                                                .formatted(
                                                        entry.getKey(),
                                                        entry.getValue().kind().word()))
                                        .collect(Collectors.joining(", "));
        String named =
                kind.isFigure() ? "" : "; a %s without a name of its own is [%s]".formatted(kind.word(), kind.word());
        return "There is no metric [%s]: %s%s".formatted(name, known, named);
    }

    /** Of feedback that was taken before its use case was known. */
    Optional<String> objection(Feedback feedback) {
        return objection(feedback.kind(), feedback.name(), feedback.score()).map(Objection::message);
    }
}
