package dev.hone.web.site;

import dev.hone.fetch.Hashes;
import dev.hone.record.DatasetLineage;
import dev.hone.record.DatasetNode;
import dev.hone.record.FeedbackCount;
import dev.hone.record.ModelVersion;
import dev.hone.record.VersionLineage;
import dev.hone.record.VersionTraffic;
import dev.hone.web.LineagePlot;
import dev.hone.web.LineagePlot.Item;
import dev.hone.web.LineagePlot.Link;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * A version's lineage as a graph: traces with what came back on them, dataset and what it began with, run, version, and what came of it.
 *
 * @param feedback on the traces of its dataset; null where there is no dataset, or it was not counted
 * @param below makes a path of the project of one of ours
 */
record LineageDrawing(
        VersionLineage lineage, @Nullable FeedbackCount feedback, VersionTraffic traffic, UnaryOperator<String> below) {
    private static final int MOST = 4;
    private static final int TRACES = 0;
    private static final int DATASET = 3;
    private static final int RUN = 6;
    private static final int VERSION = 1;
    private static final int JUDGED = 2;
    private static final int USED = 4;
    private static final int BAD = 1;
    private static final Set<String> ENDED_BADLY = Set.of("rolled-back", "stopped");

    LineagePlot plot() {
        ModelVersion version = lineage.version();
        List<List<Item>> columns = new ArrayList<>();
        List<Link> links = new ArrayList<>();
        DatasetNode dataset = lineage.dataset();
        if (dataset != null) {
            columns.add(List.of(traces(dataset), judged(feedback)));
            links.add(new Link(0, 0, 1, 0));
            links.add(new Link(0, 1, 1, 0));
        }
        int data = columns.size();
        columns.add(List.of(dataset == null ? file(version) : frozen(dataset), began(version)));
        links.add(new Link(data, 0, data + 1, 0));
        links.add(new Link(data, 1, data + 1, 0));
        columns.add(List.of(new Item(
                "run",
                Hashes.shortened(version.run().manifestHash()),
                version.run().examples() + " examples",
                below.apply("/runs/" + version.runId()),
                RUN)));
        columns.add(List.of(new Item(
                "version",
                version.reference(),
                lineage.sawForgotten() ? "forgotten rows" : day(version.created()),
                null,
                lineage.sawForgotten() ? BAD : VERSION)));
        links.add(new Link(data + 1, 0, data + 2, 0));
        List<Item> after = after();
        columns.add(after);
        for (int i = 0; i < after.size(); i++) {
            links.add(new Link(data + 2, 0, data + 3, i));
        }
        return LineagePlot.of("Lineage of " + version.reference(), columns, links);
    }

    private Item traces(DatasetNode dataset) {
        long traces = lineage.traces().stream()
                .map(DatasetLineage.Row::trace)
                .distinct()
                .count();
        return new Item(
                "traces",
                Figures.count(traces),
                traces == 0 ? "gone" : dataset.useCase(),
                below.apply("/traces?use-case=" + Figures.encoded(dataset.useCase())),
                TRACES);
    }

    private static Item judged(@Nullable FeedbackCount feedback) {
        return feedback == null
                ? new Item("feedback", "not counted", "too much", null, TRACES)
                : new Item(
                        "feedback",
                        Figures.count(feedback.given()),
                        feedback.given() == 0 ? "" : "on %s traces".formatted(Figures.count(feedback.traces())),
                        null,
                        TRACES);
    }

    private static Item file(ModelVersion version) {
        return new Item("file", Hashes.shortened(version.run().dataHash()), "not of the store", null, TRACES);
    }

    private static Item frozen(DatasetNode dataset) {
        return new Item(
                "dataset",
                Hashes.shortened(dataset.hash()),
                dataset.forgotten() == null ? dataset.rows() + " rows" : "rows forgotten",
                null,
                dataset.forgotten() == null ? DATASET : BAD);
    }

    private static String day(Instant time) {
        return Figures.time(time).substring(0, 10);
    }

    private Item began(ModelVersion version) {
        if (lineage.parents().isEmpty()) {
            return new Item("base model", version.run().baseModel(), "", null, TRACES);
        }
        ModelVersion parent = lineage.parents().getFirst();
        int farther = lineage.parents().size() - 1;
        return new Item(
                "began with",
                parent.reference(),
                farther == 0 ? "" : "and %d before".formatted(farther),
                parent.useCaseId().equals(version.useCaseId()) ? below.apply(VersionsPage.path(parent)) : null,
                VERSION);
    }

    private List<Item> after() {
        List<Item> after = new ArrayList<>();
        add(
                after,
                lineage.evaluations().stream()
                        .map(one -> new Item(
                                "evaluation",
                                Hashes.shortened(one.contentHash()),
                                day(one.created()),
                                below.apply("/evals/" + one.id()),
                                JUDGED))
                        .toList(),
                "evaluations");
        add(
                after,
                lineage.verdicts().stream()
                        .map(one -> new Item(
                                "gates",
                                one.word(),
                                day(one.created()),
                                null,
                                one.passed() && one.forced() == null ? USED : BAD))
                        .toList(),
                "verdicts");
        add(
                after,
                lineage.rollouts().stream()
                        .map(one -> new Item(
                                "rollout",
                                one.phase(),
                                day(one.since()),
                                below.apply("/rollouts/" + one.id()),
                                ENDED_BADLY.contains(one.phase()) ? BAD : USED))
                        .toList(),
                "rollouts");
        add(
                after,
                lineage.aliases().reversed().stream()
                        .map(one -> new Item(
                                one.to() == null ? "alias since" : "alias until",
                                "@" + one.alias(),
                                day(one.to() == null ? one.from() : one.to()),
                                null,
                                one.to() == null ? USED : TRACES))
                        .toList(),
                "times of aliases");
        after.add(calls());
        add(
                after,
                lineage.children().stream()
                        .map(child -> new Item("went on as", child, "", null, VERSION))
                        .toList(),
                "versions that began with it");
        return after;
    }

    private Item calls() {
        boolean known = traffic.uncounted().isEmpty();
        int days = traffic.days().size();
        return new Item(
                "traffic",
                traffic.users() == 0 && !known
                        ? "not counted"
                        : Figures.count(traffic.users()) + (known ? " calls" : " calls or more"),
                days == 0 ? "" : days == 1 ? "on " + traffic.days().getFirst().day() : "on %d days".formatted(days),
                null,
                traffic.users() == 0 ? TRACES : USED);
    }

    private static void add(List<Item> all, List<Item> some, String what) {
        all.addAll(some.subList(0, Math.min(MOST, some.size())));
        if (some.size() > MOST) {
            all.add(new Item("more", "%d more".formatted(some.size() - MOST), what, null, TRACES));
        }
    }
}
