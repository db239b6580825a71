package dev.hone.run;

import dev.hone.charter.Charter;
import dev.hone.evaluate.Interval;
import dev.hone.model.KnownModel;
import dev.hone.promote.GateEvidence;
import dev.hone.promote.ReportEvidence;
import dev.hone.record.DatasetNode;
import dev.hone.record.ForgottenRows;
import dev.hone.record.GateVerdict;
import dev.hone.record.ModelVersion;
import dev.hone.record.StoredEvaluation;
import dev.hone.record.VersionLineage;
import dev.hone.store.Database;
import dev.hone.store.Evaluations;
import dev.hone.store.Lineage;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Makes cards of model versions. */
public final class ModelCards {
    private final Lineage lineage;
    private final Evaluations evaluations;

    public ModelCards(Database database) {
        lineage = new Lineage(database);
        evaluations = new Evaluations(database);
    }

    /** @param charter of its use case; null where there is none */
    public ModelCard of(ModelVersion version, @Nullable Charter charter) {
        return of(lineage.ofVersion(version), charter);
    }

    /** The same, where its lineage is known already. */
    public ModelCard of(VersionLineage lineage, @Nullable Charter charter) {
        ModelVersion version = lineage.version();
        ModelVersion first =
                lineage.parents().isEmpty() ? version : lineage.parents().getLast();
        List<ModelCard.Evaluated> evaluated = lineage.evaluations().stream()
                .map(one -> evaluated(one, version, charter))
                .toList();
        return new ModelCard(
                1,
                version.reference(),
                version.useCase(),
                charter == null ? null : charter.owner(),
                charter == null ? null : charter.job(),
                charter == null ? null : charter.good().kind(),
                version.created().toString(),
                version.artifact(),
                version.aliases(),
                new ModelCard.Base(
                        first.run().baseModel(),
                        first.run().baseModelHash(),
                        licence(first.run().baseModel())),
                data(version, lineage.dataset()),
                new ModelCard.Training(
                        version.run().finished().toString(),
                        values(version.run().settings()),
                        values(version.run().training()),
                        values(version.run().versions())),
                evaluated,
                lineage.verdicts().stream().map(ModelCards::gated).toList(),
                lineage.evaluations().isEmpty()
                        ? List.of()
                        : limits(
                                lineage.evaluations().getFirst(),
                                evaluated.getFirst().contender()),
                lineage.parents().stream().map(ModelVersion::reference).toList(),
                lineage.children(),
                lineage.aliases().stream()
                        .map(one -> new ModelCard.Pointed(
                                one.alias(),
                                one.from().toString(),
                                one.to() == null ? null : one.to().toString(),
                                one.who()))
                        .toList(),
                lineage.forgotten().stream().map(ForgottenRows::sentence).toList());
    }

    private static @Nullable String licence(String baseModel) {
        return KnownModel.ALL.stream()
                .filter(model -> baseModel.equals(model.name()) || baseModel.startsWith(model.name() + "@"))
                .map(KnownModel::licence)
                .findFirst()
                .orElse(null);
    }

    private static ModelCard.Data data(ModelVersion version, @Nullable DatasetNode dataset) {
        return dataset == null
                ? new ModelCard.Data(
                        null, version.run().dataHash(), version.run().examples(), null, null, null, null)
                : new ModelCard.Data(
                        dataset.hash(),
                        version.run().dataHash(),
                        version.run().examples(),
                        dataset.train(),
                        dataset.validation(),
                        dataset.test(),
                        dataset.rebuilt());
    }

    private static Map<String, String> values(String json) {
        Map<String, String> values = new LinkedHashMap<>();
        JsonMapper.shared()
                .readTree(json)
                .properties()
                .forEach(one -> values.put(
                        one.getKey(), one.getValue().asString(one.getValue().toString())));
        return values;
    }

    private ModelCard.Evaluated evaluated(
            StoredEvaluation evaluation, ModelVersion version, @Nullable Charter charter) {
        ReportEvidence report = ReportEvidence.of(evaluation.report());
        String contender = Gating.contender(
                        version, charter == null ? null : charter.gates(), report, evaluations.numbers(evaluation.id()))
                .orElse(null);
        if (contender == null) {
            return new ModelCard.Evaluated(
                    evaluation.contentHash(),
                    evaluation.created().toString(),
                    evaluation.dataHash(),
                    evaluation.grader(),
                    null,
                    0,
                    null,
                    null,
                    null,
                    List.of());
        }
        GateEvidence evidence = report.evidence(contender, null, List.of());
        List<ModelCard.Compared> comparisons = new ArrayList<>();
        for (String other : report.contenders()) {
            if (!other.equals(contender)) {
                report.difference(contender, other)
                        .ifPresent(difference -> comparisons.add(
                                new ModelCard.Compared(other, difference.interval(), difference.rows())));
            }
        }
        return new ModelCard.Evaluated(
                evaluation.contentHash(),
                evaluation.created().toString(),
                evaluation.dataHash(),
                evaluation.grader(),
                contender,
                evidence.rows(),
                evidence.quality(),
                known(evidence.costPerThousand()),
                known(evidence.p95Ms()),
                comparisons);
    }

    private static @Nullable Double known(double figure) {
        return Double.isNaN(figure) ? null : figure;
    }

    private static ModelCard.Gated gated(GateVerdict verdict) {
        List<ModelCard.Gated.Line> lines = new ArrayList<>();
        for (JsonNode line : JsonMapper.shared().readTree(verdict.evidence()).path("lines")) {
            lines.add(new ModelCard.Gated.Line(
                    line.path("gate").asString("?"),
                    line.path("state").asString("?"),
                    line.path("sentence").asString("")));
        }
        return new ModelCard.Gated(
                verdict.created().toString(), verdict.passed(), verdict.forced(), verdict.who(), lines);
    }

    /** Slices whose interval is wholly below the share of right answers on all tasks. */
    private static List<ModelCard.Limit> limits(StoredEvaluation evaluation, @Nullable String contender) {
        if (contender == null) {
            return List.of();
        }
        ReportEvidence report = ReportEvidence.of(evaluation.report());
        Interval whole = report.evidence(contender, null, List.of()).quality();
        if (whole == null) {
            return List.of();
        }
        return report.slices(contender).entrySet().stream()
                .filter(slice -> slice.getValue().quality().high() < whole.value())
                .map(slice -> new ModelCard.Limit(
                        slice.getKey(),
                        slice.getValue().rows(),
                        slice.getValue().quality(),
                        whole.value()))
                .sorted(Comparator.comparingDouble(limit -> limit.quality().value()))
                .toList();
    }
}
