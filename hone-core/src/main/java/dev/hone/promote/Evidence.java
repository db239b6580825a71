package dev.hone.promote;

import dev.hone.evaluate.Interval;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * What was known when something was decided: sums by measure and stage, and the interval of the difference at that moment. Written with each decision;
 * read by pages and commands.
 *
 * @param copies whether the candidate answered copies, for nobody
 * @param share of episodes that the candidate had
 * @param alpha chance that an interval does not hold the truth at some time, of one measure
 */
public record Evidence(boolean copies, int step, double share, double alpha, List<Known> measures) {
    /** Of nothing. */
    public static final Evidence NONE = new Evidence(false, 0, 0, 1, List.of());

    private static final JsonMapper JSON = JsonMapper.shared();

    public Evidence {
        measures = List.copyOf(measures);
    }

    /** @param difference the candidate's mean less the other's, with the interval that holds at all times */
    public record Known(Measure measure, List<Split> splits, Interval difference) {
        public Known {
            splits = List.copyOf(splits);
        }

        /** Values of those that it is compared with, in all stages. */
        public Tally others() {
            return splits.stream().map(Split::first).reduce(Tally.NONE, Known::together);
        }

        /** Values of the candidate, in all stages. */
        public Tally candidate() {
            return splits.stream().map(Split::second).reduce(Tally.NONE, Known::together);
        }

        private static Tally together(Tally one, Tally other) {
            return new Tally(one.count() + other.count(), one.sum() + other.sum());
        }
    }

    static Evidence of(Stage stage, double alpha, List<Compared> compared) {
        double each = alpha / Math.max(1, compared.size());
        ConfidenceSequence sequence = new ConfidenceSequence(each);
        return new Evidence(
                stage.copies(),
                stage.step(),
                stage.share(),
                each,
                compared.stream()
                        .map(one -> new Known(one.measure(), one.splits(), sequence.difference(one.splits())))
                        .toList());
    }

    String text() {
        ObjectNode tree = JSON.createObjectNode()
                .put("copies", copies)
                .put("step", step)
                .put("share", share)
                .put("alpha", alpha);
        ArrayNode list = tree.putArray("measures");
        for (Known known : measures) {
            ObjectNode one = list.addObject().put("measure", known.measure().word());
            ArrayNode splits = one.putArray("splits");
            for (Split split : known.splits()) {
                splits.addArray()
                        .add(split.first().count())
                        .add(split.first().sum())
                        .add(split.second().count())
                        .add(split.second().sum());
            }
            one.putArray("difference")
                    .add(known.difference().value())
                    .add(known.difference().low())
                    .add(known.difference().high());
        }
        return tree.toString();
    }

    /** What {@link #text()} wrote; null of a decision that stands on none. */
    public static @Nullable Evidence of(String text) {
        JsonNode tree = JSON.readTree(text);
        if (!tree.has("measures")) {
            return null;
        }
        List<Known> measures = new ArrayList<>();
        for (JsonNode one : tree.path("measures")) {
            List<Split> splits = new ArrayList<>();
            for (JsonNode split : one.path("splits")) {
                splits.add(new Split(
                        new Tally(split.path(0).asLong(), split.path(1).asDouble()),
                        new Tally(split.path(2).asLong(), split.path(3).asDouble())));
            }
            JsonNode difference = one.path("difference");
            measures.add(new Known(
                    Measure.valueOf(one.path("measure")
                            .asString()
                            .toUpperCase(Locale.ROOT)
                            .replace('-', '_')),
                    splits,
                    new Interval(
                            difference.path(0).asDouble(),
                            difference.path(1).asDouble(),
                            difference.path(2).asDouble())));
        }
        return new Evidence(
                tree.path("copies").asBoolean(),
                tree.path("step").asInt(),
                tree.path("share").asDouble(),
                tree.path("alpha").asDouble(),
                measures);
    }
}
