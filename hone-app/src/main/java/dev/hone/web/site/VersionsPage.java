package dev.hone.web.site;

import dev.hone.charter.Charter;
import dev.hone.fetch.Hashes;
import dev.hone.promote.ReportEvidence;
import dev.hone.record.DatasetNode;
import dev.hone.record.FeedbackCount;
import dev.hone.record.GateVerdict;
import dev.hone.record.ModelVersion;
import dev.hone.record.Role;
import dev.hone.record.StoredEvaluation;
import dev.hone.record.StoredRollout;
import dev.hone.record.UseCaseName;
import dev.hone.record.VersionLineage;
import dev.hone.record.VersionTraffic;
import dev.hone.run.CardText;
import dev.hone.run.Gating;
import dev.hone.run.ModelCard;
import dev.hone.run.ModelCards;
import dev.hone.store.Database;
import dev.hone.store.Evaluations;
import dev.hone.store.GateVerdicts;
import dev.hone.store.Lineage;
import dev.hone.store.ModelVersions;
import dev.hone.store.UseCases;
import dev.hone.web.LineagePlot;
import dev.hone.web.ReportFigures;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** The registry of model versions, and each with its card and lineage. */
public final class VersionsPage {
    private static final String PATH = "/versions";
    private static final int ROWS = 50;
    private static final int DAYS = 31;
    private static final String UNKNOWN = "–";

    /** That calls, or feedback, are counted for a page. */
    private static final Duration LONGEST = Duration.ofMillis(1_500);

    private final Views views;
    private final UseCases useCases;
    private final ModelVersions versions;
    private final Evaluations evaluations;
    private final GateVerdicts verdicts;
    private final Lineage lineage;
    private final ModelCards cards;
    private final Supplier<List<Charter>> charters;

    /** @param charters as the files say now; throws {@link IllegalArgumentException} where they cannot be read */
    VersionsPage(Views views, Database database, Supplier<List<Charter>> charters) {
        this.views = views;
        this.useCases = new UseCases(database);
        this.versions = new ModelVersions(database);
        this.evaluations = new Evaluations(database);
        this.verdicts = new GateVerdicts(database);
        this.lineage = new Lineage(database);
        this.cards = new ModelCards(database);
        this.charters = charters;
    }

    /**
     * A version in the registry.
     *
     * @param quality in percent with its interval, by the newest evaluation
     * @param verdict null where its gates were not asked
     * @param rollout its newest; null where it had none
     * @param forgotten whether it saw rows that were forgotten since
     */
    public record Row(
            ModelVersion version,
            String quality,
            @Nullable GateVerdict verdict,
            @Nullable StoredRollout rollout,
            boolean forgotten) {
        public String dataset() {
            return version.dataset() == null ? UNKNOWN : Hashes.shortened(version.dataset());
        }

        /** Whether its gates were asked, and met. */
        public boolean isGood() {
            return verdict != null && verdict.passed() && verdict.forced() == null;
        }

        /** What it began with. */
        public String base() {
            return version.parent() == null ? version.run().baseModel() : version.parent();
        }
    }

    /**
     * The registry.
     *
     * @param useCase whose alone; null for all of the project
     * @param all how many there are
     */
    public record Page(Shell shell, @Nullable String useCase, List<Row> rows, int all) {}

    /** One of them. @param rollouts the newest first */
    public record One(
            Shell shell,
            ModelVersion version,
            ModelCard card,
            LineagePlot graph,
            List<StoredRollout> rollouts,
            VersionTraffic traffic) {
        /** The newest days on which it answered calls. */
        public List<VersionTraffic.Day> days() {
            return traffic.days().subList(0, Math.min(DAYS, traffic.days().size()));
        }

        /** Where its card is as a text. */
        public String text() {
            return shell.at(path(version) + "/card");
        }
    }

    List<Route> routes() {
        return List.of(
                Route.of(Role.VIEWER, "GET", PATH, this::all),
                Route.of(Role.VIEWER, "GET", PATH + "/{useCase}", this::list),
                Route.of(Role.VIEWER, "GET", PATH + "/{useCase}/{number}", this::show),
                Route.of(Role.VIEWER, "GET", PATH + "/{useCase}/{number}/card", this::card));
    }

    static String path(ModelVersion version) {
        return "%s/%s/%d".formatted(PATH, version.useCase(), version.number());
    }

    private Answer all(Ask ask) {
        return list(ask, null, versions.ofProject(ask.project()));
    }

    private Answer list(Ask ask) {
        String useCase = useCase(ask);
        if (!useCases.names(ask.project()).contains(useCase)) {
            throw PageRefusal.notFound();
        }
        return list(
                ask,
                useCase,
                versions.ofProject(ask.project()).stream()
                        .filter(version -> version.useCase().equals(useCase))
                        .toList());
    }

    private Answer list(Ask ask, @Nullable String useCase, List<ModelVersion> found) {
        Map<String, Charter> declared = declared();
        List<ModelVersion> shown = found.subList(0, Math.min(ROWS, found.size()));
        Map<UUID, StoredRollout> rollouts = lineage.rollouts(shown);
        return views.page(
                "versions",
                new Page(
                        views.shell(ask, "versions", "Versions"),
                        useCase,
                        shown.stream()
                                .map(version ->
                                        row(version, declared.get(version.useCase()), rollouts.get(version.id())))
                                .toList(),
                        found.size()));
    }

    private Row row(ModelVersion version, @Nullable Charter charter, @Nullable StoredRollout rollout) {
        Optional<StoredEvaluation> newest = evaluations.newest(version.id());
        return new Row(
                version,
                newest.map(one -> quality(version, one, charter)).orElse(UNKNOWN),
                verdicts.last(version.id()).orElse(null),
                rollout,
                !lineage.forgotten(version.id()).isEmpty());
    }

    private String quality(ModelVersion version, StoredEvaluation evaluation, @Nullable Charter charter) {
        ReportEvidence report = ReportEvidence.of(evaluation.report());
        return Gating.contender(
                        version, charter == null ? null : charter.gates(), report, evaluations.numbers(evaluation.id()))
                .map(contender -> report.evidence(contender, null, List.of()).quality())
                .map(ReportFigures::interval)
                .orElse(UNKNOWN);
    }

    private Answer show(Ask ask) {
        ModelVersion version = version(ask);
        VersionLineage found = lineage.ofVersion(version);
        DatasetNode dataset = found.dataset();
        FeedbackCount feedback =
                dataset == null ? null : lineage.feedback(dataset, LONGEST).orElse(null);
        VersionTraffic traffic = lineage.traffic(version, LONGEST);
        return views.page(
                "version",
                new One(
                        views.shell(ask, "versions", version.reference()),
                        version,
                        cards.of(found, declared().get(version.useCase())),
                        new LineageDrawing(found, feedback, traffic, ask::below).plot(),
                        found.rollouts(),
                        traffic));
    }

    private Answer card(Ask ask) {
        ModelVersion version = version(ask);
        return new Answer.Plain(CardText.of(cards.of(version, declared().get(version.useCase()))));
    }

    private ModelVersion version(Ask ask) {
        String number = ask.part("number");
        if (!number.matches("[1-9][0-9]{0,8}")) {
            throw PageRefusal.notFound();
        }
        return versions.find(ask.project(), useCase(ask), Integer.parseInt(number))
                .orElseThrow(PageRefusal::notFound);
    }

    private static String useCase(Ask ask) {
        try {
            return UseCaseName.require(ask.part("useCase"));
        } catch (IllegalArgumentException e) {
            throw PageRefusal.notFound();
        }
    }

    /** Nothing where files cannot be read: what the store knows is seen all the same. */
    private Map<String, Charter> declared() {
        try {
            return charters.get().stream().collect(Collectors.toMap(Charter::name, Function.identity()));
        } catch (IllegalArgumentException e) {
            return Map.of();
        }
    }
}
