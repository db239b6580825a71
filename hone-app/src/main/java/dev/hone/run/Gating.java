package dev.hone.run;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.hone.fetch.Hashes;
import dev.hone.promote.GateEvidence;
import dev.hone.promote.Gates;
import dev.hone.promote.ReportEvidence;
import dev.hone.record.GateVerdict;
import dev.hone.record.ModelVersion;
import dev.hone.record.StoredEvaluation;
import dev.hone.record.VersionReference;
import dev.hone.store.Database;
import dev.hone.store.Evaluations;
import dev.hone.store.GateVerdicts;
import dev.hone.store.Lineage;
import dev.hone.store.ModelVersions;
import dev.hone.store.Rollouts;
import dev.hone.store.Standing;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.json.JsonMapper;

/** Lets the gates of a use case judge a version by the reports that the store has of it, and keeps what they say with its evidence. */
public final class Gating {
    private static final int MOST_PARENTS = 100;
    /** Where the evidence of a verdict has what was found out beside the gates. */
    public static final String BESIDE = "beside";

    private final ModelVersions versions;
    private final Evaluations evaluations;
    private final EarlierTasks earlierTasks;
    private final GateVerdicts verdicts;
    private final Lineage lineage;
    private final Standing standing;

    public Gating(Database database) {
        versions = new ModelVersions(database);
        evaluations = new Evaluations(database);
        earlierTasks = new EarlierTasks(database);
        verdicts = new GateVerdicts(database);
        lineage = new Lineage(database);
        standing = new Standing(database);
    }

    /**
     * What is asked.
     *
     * @param project whose use case; null for the only one that has it
     * @param report {@code report.json} to judge by, which is stored; null for the newest that is
     * @param retention reports on earlier tasks, which are stored
     * @param contender what the report calls the version; null for what the report or the charter says
     * @param baseline what the report calls what the version would replace; null for the live version, or what the charter says
     */
    public record Order(
            ModelVersion version,
            @Nullable String project,
            Gates gates,
            @Nullable Path report,
            List<Path> retention,
            @Nullable String contender,
            @Nullable String baseline,
            String who) {
        public Order {
            retention = List.copyOf(retention);
        }
    }

    /**
     * What was found out beside the gates.
     *
     * @param passes whether the version may pass
     * @param sentence kept with the verdict; empty for nothing
     */
    public record Beside(boolean passes, String sentence) {
        static final Beside NOTHING = new Beside(true, "");
    }

    /**
     * What came of it.
     *
     * @param objection what stands against the version although its gates passed it, as it goes on after its reference; null for nothing
     * @param warnings what somebody should know beside, with the objection
     */
    public record Outcome(
            GateVerdict kept,
            GateEvidence evidence,
            Gates.Verdict verdict,
            @Nullable String objection,
            List<String> warnings) {}

    /**
     * What is kept of a verdict.
     *
     * @param report hash of the report; null where there was none
     * @param dataHash of what it was judged on
     * @param beside what was found out beside the gates; null for nothing
     */
    record Kept(
            int schemaVersion,
            String contender,
            @Nullable String baseline,
            @Nullable String report,
            @Nullable String dataHash,
            int rows,
            List<Gates.Line> lines,

            @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable
            String beside) {}

    /** The version that one would replace; null where none is live, or it is the live one. @param project whose use case; null for the only one that has it */
    public @Nullable ModelVersion live(ModelVersion version, @Nullable String project) {
        return versions.find(new VersionReference.Aliased(project, version.useCase(), Rollouts.LIVE))
                .filter(found -> !found.id().equals(version.id()))
                .orElse(null);
    }

    /**
     * Judges a version.
     *
     * @throws IllegalArgumentException when a report is none, is of something else, or has nobody of a name that was given
     */
    public Outcome judge(Order order) throws IOException {
        return judge(order, Beside.NOTHING);
    }

    /** As {@link #judge(Order)}, where more is known of the version than its reports say. */
    public Outcome judge(Order order, Beside beside) throws IOException {
        ModelVersion version = order.version();
        ModelVersion live = live(version, order.project());
        List<String> warnings = new ArrayList<>();
        for (Path file : order.retention()) {
            store(file, order);
        }
        String given = order.report() == null ? null : store(order.report(), order);
        List<StoredEvaluation> all = evaluations.of(version.id());
        Set<String> earlier = new HashSet<>();
        order.gates().retention().forEach(name -> earlier.addAll(earlierTasks.hashes(name, version, warnings)));
        StoredEvaluation main = all.stream()
                .filter(one -> given == null
                        ? !earlier.contains(one.dataHash())
                        : one.contentHash().equals(given))
                .findFirst()
                .orElse(null);
        GateEvidence evidence;
        if (main == null) {
            warnings.add(
                    "no report judges [%1$s]: give one by --report, or by hone models add RUN_FOLDER --use-case %2$s --report"
                            .formatted(version.reference(), version.useCase()));
            evidence = new GateEvidence(
                    version.reference(),
                    live == null ? null : live.reference(),
                    0,
                    0,
                    null,
                    Double.NaN,
                    Double.NaN,
                    List.of(),
                    null,
                    List.of(),
                    List.of());
        } else {
            evidence = evidence(order, main, live, all, warnings);
        }
        lineage.forgotten(version.id())
                .forEach(rows ->
                        warnings.add("[%s] saw forgotten rows: %s".formatted(version.reference(), rows.sentence())));
        Gates.Verdict verdict = order.gates().judge(evidence);
        Kept kept = new Kept(
                1,
                evidence.contender(),
                evidence.baseline(),
                main == null ? null : main.contentHash(),
                main == null ? null : main.dataHash(),
                evidence.rows(),
                verdict.lines(),
                beside.sentence().isEmpty() ? null : beside.sentence());
        GateVerdict stored = verdicts.add(
                version,
                main == null ? null : main.id(),
                verdict.passed() && beside.passes(),
                JsonMapper.shared().writeValueAsString(kept),
                order.gates().hash(),
                live == null || !isAgainst(order, main, live) ? null : live.id(),
                order.who());
        String objection = stored.passed() ? standing.objection(version.id()).orElse(null) : null;
        if (objection != null) {
            warnings.add("[%s] %s".formatted(version.reference(), objection));
        }
        return new Outcome(stored, evidence, verdict, objection, List.copyOf(warnings));
    }

    /** Whether the version is judged against the one that is live, or against whom the charter says: not where somebody names another. */
    private static boolean isAgainst(Order order, @Nullable StoredEvaluation main, ModelVersion live) {
        return order.baseline() == null
                || main != null
                        && ReportEvidence.of(main.report())
                                .version(live.reference(), live.artifact())
                                .filter(order.baseline()::equals)
                                .isPresent();
    }

    /** Stores a report for a version, unless it is there; returns its hash. */
    private String store(Path file, Order order) throws IOException {
        ModelVersion version = order.version();
        JudgedReport report = JudgedReport.read(file);
        if (!report.useCase().equals(version.useCase())) {
            throw new IllegalArgumentException(
                    "[%s] is about the use case [%s], and [%s] is a version of another: give its own report"
                            .formatted(file, report.useCase(), version.reference()));
        }
        if (!bases(order).contains(report.baseModelHash())) {
            throw new IllegalArgumentException(
                    "[%s] judges what was trained from [%s…], and [%s] was not: give its own report"
                            .formatted(file, Hashes.shortened(report.baseModelHash()), version.reference()));
        }
        String hash = Hashes.sha256(report.text());
        boolean registered = evaluations.of(version.id()).stream()
                .anyMatch(one -> one.contentHash().equals(hash));
        ReportEvidence evidence = ReportEvidence.of(report.text());
        if (!registered
                && order.contender() == null
                && evidence.version(version.reference(), version.artifact()).isEmpty()) {
            throw new IllegalArgumentException(
                    "[%s] does not say that it judges [%s], and was not registered with it: say which of %s it is by --contender, or give its own report"
                            .formatted(file, version.reference(), evidence.contenders()));
        }
        evaluations.add(
                version.useCaseId(), report.text(), report.dataHash(), report.seed(), null, List.of(version.id()));
        return hash;
    }

    /** Hashes of the weights with which the runs began that made the version. */
    private Set<String> bases(Order order) {
        Set<String> bases = new HashSet<>();
        Optional<ModelVersion> at = Optional.of(order.version());
        for (int i = 0; i < MOST_PARENTS && at.isPresent(); i++) {
            bases.add(at.get().run().baseModelHash());
            String parent = at.get().parent();
            at = parent == null ? Optional.empty() : versions.find(within(order, parent));
        }
        return bases;
    }

    private static VersionReference within(Order order, String parent) {
        VersionReference reference = VersionReference.of(parent);
        return reference instanceof VersionReference.Numbered numbered && numbered.project() == null
                ? new VersionReference.Numbered(order.project(), numbered.useCase(), numbered.number())
                : reference;
    }

    private GateEvidence evidence(
            Order order,
            StoredEvaluation main,
            @Nullable ModelVersion live,
            List<StoredEvaluation> all,
            List<String> warnings) {
        Named named = named(order, main, live);
        List<GateEvidence.Retained> retained = new ArrayList<>();
        for (String name : order.gates().retention()) {
            Set<String> hashes = earlierTasks.hashes(name, order.version(), new ArrayList<>());
            retained.add(new GateEvidence.Retained(
                    name,
                    all.stream()
                            .filter(one -> hashes.contains(one.dataHash()))
                            .map(one -> difference(order, one, live))
                            .flatMap(Optional::stream)
                            .findFirst()
                            .orElse(null)));
        }
        if (named.baseline() == null) {
            warnings.add(
                    "nothing is live, and the report says of nobody that they are today's model: name them by --baseline, of %s"
                            .formatted(named.report().contenders()));
        }
        return named.report().evidence(named.contender(), named.baseline(), retained);
    }

    private Optional<GateEvidence.Difference> difference(
            Order order, StoredEvaluation evaluation, @Nullable ModelVersion live) {
        Named named = named(order, evaluation, live);
        return named.baseline() == null
                ? Optional.empty()
                : named.report().difference(named.contender(), named.baseline());
    }

    /** Who is who in a report. */
    private record Named(
            ReportEvidence report,
            String contender,
            @Nullable String baseline) {}

    private Named named(Order order, StoredEvaluation evaluation, @Nullable ModelVersion live) {
        ReportEvidence report = ReportEvidence.of(evaluation.report());
        return new Named(report, contender(order, evaluation, report), baseline(order, live, report));
    }

    private String contender(Order order, StoredEvaluation evaluation, ReportEvidence report) {
        ModelVersion version = order.version();
        if (order.contender() != null) {
            String named = require("--contender", order.contender(), report);
            if (!report.mayBe(named, version.artifact())) {
                throw new IllegalArgumentException("--contender [%s] was judged with other files than those of [%s]"
                        .formatted(named, version.reference()));
            }
            return named;
        }
        return contender(order.version(), order.gates(), report, evaluations.numbers(evaluation.id()))
                .orElse(order.version().reference());
    }

    /**
     * What a report calls a version: who has its files, or its own name, and never an alias, which pointed at another when it was written; else what the charter says,
     * else the last contender, which was trained last, where the version is the last of those that the report judges.
     *
     * @param gates of the charter; null where it has none
     * @param numbers of the versions that the report judges
     */
    public static Optional<String> contender(
            ModelVersion version, @Nullable Gates gates, ReportEvidence report, List<Integer> numbers) {
        Optional<String> own = report.version(version.reference(), version.artifact());
        if (own.isPresent() || numbers.isEmpty() || Collections.max(numbers) != version.number()) {
            return own;
        }
        String declared = gates == null ? null : gates.contender();
        return (declared == null ? report.last() : report.named(List.of(declared)))
                .filter(name -> report.mayBe(name, version.artifact()));
    }

    private static @Nullable String baseline(Order order, @Nullable ModelVersion live, ReportEvidence report) {
        if (order.baseline() != null) {
            return require("--baseline", order.baseline(), report);
        }
        if (order.gates().baseline() != null) {
            return order.gates().baseline();
        }
        return live == null
                ? report.incumbent().orElse(null)
                : report.version(live.reference(), live.artifact()).orElse(live.reference());
    }

    private static String require(String option, String name, ReportEvidence report) {
        if (!report.contenders().contains(name)) {
            throw new IllegalArgumentException(
                    "%s [%s] is in no report: it has %s".formatted(option, name, report.contenders()));
        }
        return name;
    }
}
