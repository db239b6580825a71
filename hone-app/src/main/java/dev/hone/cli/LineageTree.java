package dev.hone.cli;

import dev.hone.fetch.Hashes;
import dev.hone.record.DatasetLineage;
import dev.hone.record.DatasetNode;
import dev.hone.record.FeedbackCount;
import dev.hone.record.GateVerdict;
import dev.hone.record.ModelVersion;
import dev.hone.record.Saw;
import dev.hone.record.Split;
import dev.hone.record.StoredEvaluation;
import dev.hone.record.TraceLineage;
import dev.hone.record.VersionLineage;
import dev.hone.record.VersionTraffic;
import java.time.Instant;
import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Lineages as trees for people. */
final class LineageTree {
    /** On which calls were answered that are listed. */
    private static final int DAYS = 14;

    private LineageTree() {}

    static Tree of(TraceLineage trace) {
        Tree tree = new Tree("trace %s, %s, %s"
                .formatted(
                        trace.trace(),
                        trace.useCase() == null ? "of no use case" : "of " + trace.useCase(),
                        time(trace.at())));
        if (trace.answered() != null) {
            tree.add("answered by " + trace.answered());
        }
        trace.copied().forEach(model -> tree.add("a copy of it was answered by " + model));
        tree.add("feedback: %d; tasks made of it: %d".formatted(trace.feedback(), trace.tasks()));
        for (TraceLineage.Place place : trace.places()) {
            Tree dataset = tree.add("%s row%s of %s"
                    .formatted(
                            use(place.split()),
                            place.position() == null ? "" : " " + place.position(),
                            line(place.dataset())));
            place.saw().forEach(saw -> dataset.add(line(saw)));
            if (place.saw().isEmpty()) {
                dataset.add("no version learned from this dataset");
            }
        }
        if (trace.places().isEmpty()) {
            tree.add("in no dataset, so that no version is known to have seen it");
        }
        return tree;
    }

    /** @param feedback null where it was not counted */
    static Tree of(DatasetLineage lineage, @Nullable FeedbackCount feedback) {
        Tree tree = new Tree(line(lineage.dataset()));
        lineage.before().forEach(before -> tree.add("rebuilt from " + line(before)));
        long traces = lineage.traces().stream()
                .map(DatasetLineage.Row::trace)
                .distinct()
                .count();
        tree.add("made of %d traces%s".formatted(traces, traces == 0 ? "" : "; --json lists them"))
                .add(feedback(feedback));
        lineage.saw().forEach(saw -> tree.add(line(saw)));
        if (lineage.saw().isEmpty()) {
            tree.add("no version learned from it");
        }
        lineage.reports().forEach(report -> tree.add("judged on by report " + Hashes.shortened(report)));
        return tree;
    }

    /** @param feedback on the traces of its dataset; null where there is none, or it was not counted */
    static Tree of(VersionLineage lineage, @Nullable FeedbackCount feedback, VersionTraffic traffic) {
        ModelVersion version = lineage.version();
        Tree tree = new Tree("%s of %s, artifact %s"
                .formatted(version.reference(), time(version.created()), Hashes.shortened(version.artifact())));
        lineage.forgotten().forEach(rows -> tree.add("saw forgotten rows: " + rows.sentence()));
        Tree run = tree.add("run with manifest %s, finished %s, on %d examples"
                .formatted(
                        Hashes.shortened(version.run().manifestHash()),
                        time(version.run().finished()),
                        version.run().examples()));
        DatasetNode dataset = lineage.dataset();
        if (dataset == null) {
            run.add("data %s, which is no dataset of the store: its traces are not known"
                    .formatted(Hashes.shortened(version.run().dataHash())));
        } else {
            run.add(line(dataset)).add(traces(lineage.traces())).add(feedback(feedback));
        }
        Tree parent = run;
        for (ModelVersion began : lineage.parents()) {
            parent = parent.add("began with %s%s".formatted(began.reference(), aliases(began.aliases())));
        }
        ModelVersion first =
                lineage.parents().isEmpty() ? version : lineage.parents().getLast();
        parent.add("base model %s".formatted(first.run().baseModel()));
        for (StoredEvaluation evaluation : lineage.evaluations()) {
            tree.add("judged %s by report %s, on data %s"
                    .formatted(
                            time(evaluation.created()),
                            Hashes.shortened(evaluation.contentHash()),
                            Hashes.shortened(evaluation.dataHash())));
        }
        for (GateVerdict verdict : lineage.verdicts()) {
            tree.add(line(verdict));
        }
        if (lineage.verdicts().isEmpty()) {
            tree.add("gates were not asked");
        }
        for (VersionLineage.Pointed pointed : lineage.aliases()) {
            tree.add("@%s from %s to %s, by %s"
                    .formatted(
                            pointed.alias(),
                            time(pointed.from()),
                            pointed.to() == null ? "now" : time(pointed.to()),
                            pointed.who()));
        }
        if (lineage.aliases().isEmpty()) {
            tree.add("no alias ever pointed at it");
        }
        lineage.rollouts()
                .forEach(rollout -> tree.add("rolled out %s, against %s: %s, by %s"
                        .formatted(
                                time(rollout.created()),
                                rollout.baseline() == null
                                        ? "those whom the charter names"
                                        : rollout.useCase() + "/"
                                                + rollout.baseline().number(),
                                rollout.phase(),
                                rollout.who())));
        traffic(tree, traffic);
        lineage.children().forEach(child -> tree.add("went on as " + child));
        return tree;
    }

    private static void traffic(Tree tree, VersionTraffic traffic) {
        List<String> sentences = traffic.sentences();
        Tree days = tree.add("traffic: " + sentences.getFirst());
        for (VersionTraffic.Day day :
                traffic.days().subList(0, Math.min(DAYS, traffic.days().size()))) {
            days.add("%s: %,d as live, %,d as candidate, %,d copies"
                    .formatted(day.day(), day.live(), day.candidate(), day.copies()));
        }
        if (traffic.days().size() > DAYS) {
            days.add("%d days before these; --json lists them"
                    .formatted(traffic.days().size() - DAYS));
        }
        sentences.stream().skip(1).forEach(days::add);
    }

    private static String line(GateVerdict verdict) {
        if (verdict.passed() && verdict.forced() != null) {
            return "gates FORCED, %s, by %s: %s".formatted(time(verdict.created()), verdict.who(), verdict.forced());
        }
        return "gates %s, %s, asked by %s"
                .formatted(verdict.passed() ? "passed" : "NOT passed", time(verdict.created()), verdict.who());
    }

    private static String feedback(@Nullable FeedbackCount feedback) {
        return "feedback: "
                + (feedback == null ? "not counted, since there is too much to look through" : feedback.sentence());
    }

    private static String traces(List<DatasetLineage.Row> rows) {
        if (rows.isEmpty()) {
            return "its rows are gone";
        }
        return "made of %d traces (%s); --json lists them"
                .formatted(
                        rows.stream().map(DatasetLineage.Row::trace).distinct().count(),
                        List.of(Split.values()).stream()
                                .map(split -> "%s %d"
                                        .formatted(
                                                split.label(),
                                                rows.stream()
                                                        .filter(row -> row.split() == split)
                                                        .count()))
                                .collect(Collectors.joining(", ")));
    }

    private static String line(DatasetNode dataset) {
        String forgotten = dataset.forgotten() == null
                ? ""
                : "; %d rows forgotten on %s, %s"
                        .formatted(
                                dataset.forgotten().rows(),
                                dataset.forgotten().when().toString().substring(0, 10),
                                dataset.rebuilt() == null
                                        ? "nothing left"
                                        : "rebuilt as " + Hashes.shortened(dataset.rebuilt()));
        return "dataset %s of %s, %s (train %d, validation %d, test %d%s)"
                .formatted(
                        Hashes.shortened(dataset.hash()),
                        dataset.useCase(),
                        time(dataset.created()),
                        dataset.train(),
                        dataset.validation(),
                        dataset.test(),
                        forgotten);
    }

    static String line(Saw saw) {
        return "%s%s%s%s"
                .formatted(
                        saw.version(),
                        aliases(saw.aliases()),
                        saw.rollout() == null ? "" : " (rollout: %s)".formatted(saw.rollout()),
                        saw.through().isEmpty() ? " learned from it" : " began with %s".formatted(saw.through()));
    }

    private static String aliases(List<String> aliases) {
        return aliases.stream().map(alias -> " @" + alias).collect(Collectors.joining());
    }

    private static String use(Split split) {
        return switch (split) {
            case TRAIN -> "training";
            case VALIDATION -> "validation";
            case TEST -> "test";
        };
    }

    private static String time(Instant time) {
        return time.toString().substring(0, 19).replace('T', ' ');
    }
}
