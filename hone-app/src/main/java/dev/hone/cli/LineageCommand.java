package dev.hone.cli;

import dev.hone.record.DatasetLineage;
import dev.hone.record.DatasetNode;
import dev.hone.record.FeedbackCount;
import dev.hone.record.ForgottenRows;
import dev.hone.record.GateVerdict;
import dev.hone.record.LineageReference;
import dev.hone.record.Saw;
import dev.hone.record.StoredRollout;
import dev.hone.record.TraceLineage;
import dev.hone.record.VersionLineage;
import dev.hone.record.VersionTraffic;
import dev.hone.store.Database;
import dev.hone.store.Lineage;
import dev.hone.store.ModelVersions;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** {@code hone lineage}. */
@Command(
        name = "lineage",
        mixinStandardHelpOptions = true,
        description =
                "Follow what was learned: from a trace to the versions that saw it, from a version to its data, judgments and traffic.",
        footerHeading = "%nExamples:%n",
        footer = {
            "  hone lineage 019a5c1e-7d2b-7000-8a11-2f6d1c0e9b34     # which models saw this trace?",
            "  hone lineage 4f2a81                                   # a dataset, by the beginning of its hash",
            "  hone lineage support@live --json                      # also the list of traces"
        })
final class LineageCommand implements Callable<Integer> {
    /** That calls, or feedback, are counted. */
    private static final Duration LONGEST = Duration.ofSeconds(20);

    @Parameters(
            paramLabel = "REF",
            description = "A trace's id, the beginning of a dataset's hash, USE_CASE/NUMBER or USE_CASE@ALIAS.")
    private String reference = "";

    @Option(names = "--json", description = "Print one JSON object last (docs/cli.md).")
    private boolean json;

    /** A dataset in {@code --json}. */
    record DatasetView(
            String hash,
            String useCase,
            String created,
            int train,
            int validation,
            int test,
            @Nullable String rebuilt,
            @Nullable ForgottenView forgotten) {
        static DatasetView of(DatasetNode node) {
            return new DatasetView(
                    node.hash(),
                    node.useCase(),
                    node.created().toString(),
                    node.train(),
                    node.validation(),
                    node.test(),
                    node.rebuilt(),
                    node.forgotten() == null ? null : ForgottenView.of(node.forgotten()));
        }
    }

    /** Forgotten rows in {@code --json}. */
    record ForgottenView(String dataset, int train, int validation, int test, String when) {
        static ForgottenView of(ForgottenRows rows) {
            return new ForgottenView(
                    rows.dataset(),
                    rows.train(),
                    rows.validation(),
                    rows.test(),
                    rows.when().toString());
        }
    }

    /** A row in {@code --json}. */
    record RowView(String split, int position, UUID trace) {
        static RowView of(DatasetLineage.Row row) {
            return new RowView(row.split().label(), row.position(), row.trace());
        }
    }

    /** A dataset that has a trace in {@code --json}. */
    record PlaceView(
            DatasetView dataset, String split, @Nullable Integer position, List<Saw> versions) {}

    /** A verdict in {@code --json}. */
    record VerdictView(
            UUID id, boolean passed, @Nullable String forced, String who, String created, JsonNode evidence) {
        static VerdictView of(GateVerdict verdict) {
            return new VerdictView(
                    verdict.id(),
                    verdict.passed(),
                    verdict.forced(),
                    verdict.who(),
                    verdict.created().toString(),
                    JsonMapper.shared().readTree(verdict.evidence()));
        }
    }

    /** A report in {@code --json}. */
    record ReportView(String hash, String dataHash, String created) {}

    /** A time of an alias in {@code --json}. */
    record PointedView(String alias, String from, @Nullable String to, String who) {}

    /** What a version answered, in {@code --json}. */
    record TrafficView(long live, long candidate, long copies, List<DayView> days, List<UncountedView> uncounted) {
        static TrafficView of(VersionTraffic traffic) {
            return new TrafficView(
                    traffic.live(),
                    traffic.candidate(),
                    traffic.copies(),
                    traffic.days().stream()
                            .map(one -> new DayView(one.day().toString(), one.live(), one.candidate(), one.copies()))
                            .toList(),
                    traffic.uncounted().stream()
                            .map(one -> new UncountedView(one.day().toString(), one.most(), one.gone()))
                            .toList());
        }
    }

    /** A day of it. */
    record DayView(String day, long live, long candidate, long copies) {}

    /** A day that was not counted. */
    record UncountedView(String day, long most, boolean gone) {}

    /** A rollout in {@code --json}. */
    record RolloutView(UUID rollout, String phase, @Nullable Integer baseline, String created, String who) {
        static RolloutView of(StoredRollout one) {
            return new RolloutView(
                    one.id(),
                    one.phase(),
                    one.baseline() == null ? null : one.baseline().number(),
                    one.created().toString(),
                    one.who());
        }
    }

    /** Of a trace. */
    record OfTrace(
            int schemaVersion,
            UUID trace,
            String project,
            @Nullable String useCase,
            String at,
            @Nullable String variant,
            @Nullable String answered,
            List<String> copied,
            int feedback,
            int tasks,
            List<PlaceView> datasets) {
        static OfTrace of(TraceLineage lineage) {
            return new OfTrace(
                    1,
                    lineage.trace(),
                    lineage.project(),
                    lineage.useCase(),
                    lineage.at().toString(),
                    lineage.variant(),
                    lineage.answered(),
                    lineage.copied(),
                    lineage.feedback(),
                    lineage.tasks(),
                    lineage.places().stream()
                            .map(place -> new PlaceView(
                                    DatasetView.of(place.dataset()),
                                    place.split().label(),
                                    place.position(),
                                    place.saw()))
                            .toList());
        }
    }

    /** Of a dataset. */
    record OfDataset(
            int schemaVersion,
            DatasetView dataset,
            List<DatasetView> rebuiltFrom,
            List<Saw> versions,
            List<String> reports,
            @Nullable FeedbackCount feedback,
            List<RowView> traces) {
        static OfDataset of(DatasetLineage lineage, @Nullable FeedbackCount feedback) {
            return new OfDataset(
                    1,
                    DatasetView.of(lineage.dataset()),
                    lineage.before().stream().map(DatasetView::of).toList(),
                    lineage.saw(),
                    lineage.reports(),
                    feedback,
                    lineage.traces().stream().map(RowView::of).toList());
        }
    }

    /** Of a version. */
    record OfVersion(
            int schemaVersion,
            VersionView version,
            List<String> parents,
            List<String> children,
            @Nullable DatasetView dataset,
            @Nullable FeedbackCount feedback,
            List<ForgottenView> sawForgottenRows,
            List<ReportView> evaluations,
            List<VerdictView> verdicts,
            List<PointedView> aliases,
            List<RolloutView> rollouts,
            TrafficView traffic,
            List<RowView> traces) {
        static OfVersion of(VersionLineage lineage, @Nullable FeedbackCount feedback, VersionTraffic traffic) {
            return new OfVersion(
                    1,
                    VersionView.of(lineage.version()),
                    lineage.parents().stream().map(parent -> parent.reference()).toList(),
                    lineage.children(),
                    lineage.dataset() == null ? null : DatasetView.of(lineage.dataset()),
                    feedback,
                    lineage.forgotten().stream().map(ForgottenView::of).toList(),
                    lineage.evaluations().stream()
                            .map(one -> new ReportView(
                                    one.contentHash(),
                                    one.dataHash(),
                                    one.created().toString()))
                            .toList(),
                    lineage.verdicts().stream().map(VerdictView::of).toList(),
                    lineage.aliases().stream()
                            .map(one -> new PointedView(
                                    one.alias(),
                                    one.from().toString(),
                                    one.to() == null ? null : one.to().toString(),
                                    one.who()))
                            .toList(),
                    lineage.rollouts().stream().map(RolloutView::of).toList(),
                    TrafficView.of(traffic),
                    lineage.traces().stream().map(RowView::of).toList());
        }
    }

    @Override
    public Integer call() {
        LineageReference of = LineageReference.of(reference);
        try (Database database = Store.open()) {
            Lineage lineage = new Lineage(database);
            switch (of) {
                case LineageReference.OfTrace trace -> {
                    TraceLineage found = lineage.ofTrace(trace.id());
                    print(OfTrace.of(found), LineageTree.of(found));
                }
                case LineageReference.OfDataset dataset -> {
                    DatasetLineage found = lineage.ofDataset(dataset.start());
                    FeedbackCount feedback =
                            lineage.feedback(found.dataset(), LONGEST).orElse(null);
                    print(OfDataset.of(found, feedback), LineageTree.of(found, feedback));
                }
                case LineageReference.OfVersion version -> {
                    VersionLineage found = lineage.ofVersion(new ModelVersions(database).require(version.version()));
                    DatasetNode learned = found.dataset();
                    FeedbackCount feedback = learned == null
                            ? null
                            : lineage.feedback(learned, LONGEST).orElse(null);
                    VersionTraffic traffic = lineage.traffic(found.version(), LONGEST);
                    print(OfVersion.of(found, feedback, traffic), LineageTree.of(found, feedback, traffic));
                }
            }
        }
        return 0;
    }

    private void print(Object view, Tree tree) {
        if (json) {
            Json.print(view);
        } else {
            System.out.print(tree.text());
        }
    }
}
