package dev.hone.promote;

import dev.hone.evaluate.DifferenceInterval;
import dev.hone.evaluate.Interval;
import dev.hone.evaluate.Scores;
import dev.hone.promote.GateEvidence.Difference;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** What a {@code report.json} (docs/report.md) says for gates, as far as it can be read; what cannot is not known. */
public final class ReportEvidence {
    private final JsonNode report;
    private final @Nullable Scores scores;

    public ReportEvidence(JsonNode report) {
        this.report = report;
        this.scores = scores(report.path("scores"));
    }

    /** @throws IllegalArgumentException when it is no JSON object */
    public static ReportEvidence of(String report) {
        try {
            JsonNode tree = JsonMapper.shared().readTree(report);
            if (tree.isObject()) {
                return new ReportEvidence(tree);
            }
        } catch (JacksonException e) {
            throw new IllegalArgumentException("A report is a JSON object: " + e.getOriginalMessage(), e);
        }
        throw new IllegalArgumentException("A report is a JSON object, and this is none");
    }

    private static @Nullable Scores scores(JsonNode node) {
        try {
            return node.isObject() ? JsonMapper.shared().treeToValue(node, Scores.class) : null;
        } catch (JacksonException | IllegalArgumentException | NullPointerException e) {
            return null;
        }
    }

    /** Names of those who were judged, in the report's order. */
    public List<String> contenders() {
        return report.path("contenders")
                .valueStream()
                .map(one -> one.path("name").asString(""))
                .filter(name -> !name.isEmpty())
                .toList();
    }

    /** The first of some names that somebody has. */
    public Optional<String> named(Collection<String> names) {
        List<String> contenders = contenders();
        return names.stream().filter(contenders::contains).findFirst();
    }

    /** Whom the report judged with these files; where it does not say with which, whom it calls by the version's own name, which no other version has. */
    public Optional<String> version(String reference, String artifact) {
        return contenders().stream()
                .filter(name -> artifact.equals(artifact(name)))
                .findFirst()
                .or(() -> named(List.of(reference)).filter(name -> mayBe(name, artifact)));
    }

    /** Whether a contender may have these files: it has them, or nobody says which it has. */
    public boolean mayBe(String contender, String artifact) {
        String own = artifact(contender);
        return own.isEmpty() || own.equals(artifact);
    }

    private String artifact(String contender) {
        return contender(contender).path("artifact").asString("");
    }

    /** Who was trained for the report last: it stands last. */
    public Optional<String> last() {
        List<String> contenders = contenders();
        return contenders.isEmpty() ? Optional.empty() : Optional.of(contenders.getLast());
    }

    /**
     * Today's model: who stands last before those that were trained for the report, each of which is compared with all before it. Empty where a report does not
     * say.
     */
    public Optional<String> incumbent() {
        Set<String> trained = new HashSet<>();
        report.path("comparisons")
                .valueStream()
                .forEach(one -> trained.add(one.path("a").asString("")));
        String before = null;
        for (String contender : contenders()) {
            if (trained.contains(contender)) {
                return Optional.ofNullable(before);
            }
            before = contender;
        }
        return Optional.empty();
    }

    /** What is known of a contender, beside a baseline where there is one. */
    public GateEvidence evidence(String contender, @Nullable String baseline, List<GateEvidence.Retained> retained) {
        JsonNode figures = contender(contender);
        Scores.Of own = own(contender);
        return new GateEvidence(
                contender,
                baseline,
                figures.path("rows").asInt(0),
                Math.max(
                        report.path("rows").path("test").asInt(0),
                        figures.path("rows").asInt(0)),
                interval(figures.path("quality")),
                number(figures.path("costPerThousand")),
                number(figures.path("p95Ms")),
                own == null
                        ? List.of()
                        : own.latenciesMs().stream().filter(ms -> ms >= 0).toList(),
                baseline == null ? null : difference(contender, baseline).orElse(null),
                baseline == null ? List.of() : slices(contender, baseline),
                retained);
    }

    private Scores.@Nullable Of own(String contender) {
        return scores == null ? null : scores.find(contender).orElse(null);
    }

    private JsonNode contender(String name) {
        return report.path("contenders")
                .valueStream()
                .filter(one -> name.equals(one.path("name").asString("")))
                .findFirst()
                .orElseGet(() -> JsonMapper.shared().missingNode());
    }

    private static double number(JsonNode node) {
        return node.isNumber() ? node.doubleValue() : Double.NaN;
    }

    private static @Nullable Interval interval(JsonNode node) {
        double value = number(node.path("value"));
        double low = number(node.path("low"));
        double high = number(node.path("high"));
        return low <= value && value <= high ? new Interval(value, low, high) : null;
    }

    /** The share of right answers of one less that of another, on the tasks that both answered; empty where a report does not say. */
    public Optional<Difference> difference(String contender, String baseline) {
        Scores.Of own = own(contender);
        Scores.Of other = own(baseline);
        if (scores != null && own != null && other != null) {
            return of(scores.pair(own, other));
        }
        int rows = Math.min(
                contender(contender).path("rows").asInt(0),
                contender(baseline).path("rows").asInt(0));
        for (JsonNode one : report.path("comparisons")) {
            String a = one.path("a").asString("");
            String b = one.path("b").asString("");
            double value = number(one.path("difference"));
            double low = number(one.path("low"));
            double high = number(one.path("high"));
            boolean isKnown = rows > 0 && low <= value && value <= high && Math.abs(value) <= 1;
            if (isKnown && a.equals(contender) && b.equals(baseline)) {
                return Optional.of(resampled(new Interval(value, low, high), rows));
            }
            if (isKnown && a.equals(baseline) && b.equals(contender)) {
                return Optional.of(resampled(new Interval(-value, -high, -low), rows));
            }
        }
        return Optional.empty();
    }

    private static Optional<Difference> of(Scores.Pair pair) {
        return pair.tasks() == 0
                ? Optional.empty()
                : Optional.of(new Difference(pair.difference(), pair.tasks(), pair.discordant(), true));
    }

    /**
     * An interval by resampling is too narrow where few tasks differ: it is no narrower here than that of the fewest tasks that the difference can come from.
     */
    private static Difference resampled(Interval interval, int rows) {
        int lead = (int) Math.round(interval.value() * rows);
        Interval least = DifferenceInterval.paired(Math.max(0, lead), Math.max(0, -lead), rows);
        return new Difference(
                new Interval(
                        interval.value(),
                        Math.min(interval.low(), least.low()),
                        Math.max(interval.high(), least.high())),
                rows,
                Double.NaN,
                true);
    }

    /** @param rows of the slice that were judged */
    public record Part(int rows, Interval quality) {}

    /** Quality of a contender on parts of the tasks, as far as the report says. */
    public Map<String, Part> slices(String contender) {
        Map<String, Part> slices = new LinkedHashMap<>();
        for (JsonNode one : report.path("slices")) {
            Interval quality = interval(one.path("quality"));
            if (contender.equals(one.path("contender").asString("")) && quality != null) {
                slices.put(
                        one.path("name").asString(""), new Part(one.path("rows").asInt(0), quality));
            }
        }
        return slices;
    }

    private List<GateEvidence.Slice> slices(String contender, String baseline) {
        Scores.Of own = own(contender);
        Scores.Of other = own(baseline);
        List<GateEvidence.Slice> slices = new ArrayList<>();
        if (scores != null && own != null && other != null) {
            for (String name : scores.slicesOf(own, other)) {
                of(scores.pair(own, other, name))
                        .ifPresent(difference -> slices.add(new GateEvidence.Slice(name, difference)));
            }
            return slices;
        }
        Set<String> names = new LinkedHashSet<>();
        report.path("slices")
                .valueStream()
                .forEach(one -> names.add(one.path("name").asString("")));
        for (String name : names) {
            JsonNode mine = slice(name, contender);
            JsonNode others = slice(name, baseline);
            Interval first = interval(mine.path("quality"));
            Interval second = interval(others.path("quality"));
            int rows = Math.min(mine.path("rows").asInt(0), others.path("rows").asInt(0));
            if (first != null && second != null && rows > 0) {
                slices.add(new GateEvidence.Slice(
                        name, new Difference(DifferenceInterval.independent(first, second), rows, Double.NaN, false)));
            }
        }
        return slices;
    }

    private JsonNode slice(String name, String contender) {
        return report.path("slices")
                .valueStream()
                .filter(one -> name.equals(one.path("name").asString(""))
                        && Objects.equals(contender, one.path("contender").asString("")))
                .findFirst()
                .orElseGet(() -> JsonMapper.shared().missingNode());
    }
}
