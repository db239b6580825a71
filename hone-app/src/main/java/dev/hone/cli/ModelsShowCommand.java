package dev.hone.cli;

import dev.hone.record.AliasChange;
import dev.hone.record.ModelVersion;
import dev.hone.record.RunLog;
import dev.hone.record.StoredEvaluation;
import dev.hone.record.VersionReference;
import dev.hone.run.Artifacts;
import dev.hone.store.Aliases;
import dev.hone.store.Database;
import dev.hone.store.Evaluations;
import dev.hone.store.GateVerdicts;
import dev.hone.store.Lineage;
import dev.hone.store.ModelVersions;
import dev.hone.store.Runs;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** {@code hone models show}. */
@Command(
        name = "show",
        mixinStandardHelpOptions = true,
        description = "Where a version came from, how it was judged, where its aliases were; checks its files.",
        footerHeading = "%nExamples:%n",
        footer = {"  hone models show support@candidate", "  hone models show support/2 --json"})
final class ModelsShowCommand implements Callable<Integer> {
    @Parameters(paramLabel = "VERSION", description = "USE_CASE@ALIAS or USE_CASE/NUMBER.")
    private String version = "";

    @Option(names = "--json", description = "Print one JSON object last (docs/cli.md).")
    private boolean json;

    /** The object of {@code --json}. */
    record Result(
            int schemaVersion,
            VersionView version,
            Artifacts.State files,
            int metrics,
            int samples,
            List<Evaluation> evaluations,
            List<ModelsCommand.AliasResult> history,
            List<LineageCommand.VerdictView> verdicts,
            List<LineageCommand.ForgottenView> sawForgottenRows) {}

    /** A report that judges the version. */
    record Evaluation(
            String hash,
            String dataHash,
            long seed,
            @Nullable String grader,
            String created,
            JsonNode report) {}

    @Override
    public Integer call() throws IOException {
        VersionReference reference = VersionReference.of(version);
        ModelVersion found;
        Result result;
        try (Database database = Store.open()) {
            found = new ModelVersions(database).require(reference);
            RunLog log = new Runs(database).log(found.runId());
            result = new Result(
                    1,
                    VersionView.of(found),
                    Store.artifacts().state(found.artifact()),
                    log.metrics().size(),
                    log.samples().size(),
                    new Evaluations(database)
                            .of(found.id()).stream()
                                    .map(ModelsShowCommand::evaluation)
                                    .toList(),
                    new Aliases(database)
                            .changes(found.useCaseId()).stream()
                                    .filter(change -> concerns(change, found.number()))
                                    .map(ModelsCommand.AliasResult::of)
                                    .toList(),
                    new GateVerdicts(database)
                            .of(found.id()).stream()
                                    .map(LineageCommand.VerdictView::of)
                                    .toList(),
                    new Lineage(database)
                            .forgotten(found.id()).stream()
                                    .map(LineageCommand.ForgottenView::of)
                                    .toList());
            if (json) {
                Json.print(result);
            } else {
                print(result, new Aliases(database).changes(found.useCaseId()));
            }
        }
        return 0;
    }

    private static boolean concerns(AliasChange change, int number) {
        return Integer.valueOf(number).equals(change.before())
                || Integer.valueOf(number).equals(change.after());
    }

    private static Evaluation evaluation(StoredEvaluation stored) {
        return new Evaluation(
                stored.contentHash(),
                stored.dataHash(),
                stored.seed(),
                stored.grader(),
                stored.created().toString(),
                JsonMapper.shared().readTree(stored.report()));
    }

    private static String gates(LineageCommand.VerdictView last) {
        return !last.passed() ? "NOT passed" : last.forced() == null ? "passed" : "FORCED: " + last.forced();
    }

    private static void print(Result result, List<AliasChange> changes) {
        result.version().print(result.files());
        result.sawForgottenRows()
                .forEach(rows -> System.out.printf(
                        "  WARNING   saw forgotten rows: %d to learn from, %d to choose by, %d to judge by, gone on %s (dataset %.12s)%n",
                        rows.train(),
                        rows.validation(),
                        rows.test(),
                        rows.when().substring(0, 10),
                        rows.dataset()));
        System.out.printf("  kept      figures of %d steps, %d samples%n", result.metrics(), result.samples());
        System.out.printf(
                "  gates     %s%n",
                result.verdicts().isEmpty()
                        ? "not asked; hone gate %s".formatted(result.version().version())
                        : gates(result.verdicts().getFirst()));
        for (Evaluation evaluation : result.evaluations()) {
            System.out.printf(
                    "  judged    %s, seed %d, data %.12s%n",
                    evaluation.created().substring(0, 19), evaluation.seed(), evaluation.dataHash());
            for (JsonNode contender : evaluation.report().path("contenders")) {
                JsonNode quality = contender.path("quality");
                System.out.printf(
                        "    %-32s %5.1f %% (%.1f to %.1f) of %d%n",
                        contender.path("name").asString("?"),
                        100 * quality.path("value").asDouble(Double.NaN),
                        100 * quality.path("low").asDouble(Double.NaN),
                        100 * quality.path("high").asDouble(Double.NaN),
                        contender.path("rows").asInt(0));
            }
        }
        changes.stream()
                .filter(change -> concerns(change, result.version().number()))
                .forEach(change -> System.out.println("  alias     " + VersionView.sentence(change)));
    }
}
