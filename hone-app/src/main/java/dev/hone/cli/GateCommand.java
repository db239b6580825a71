package dev.hone.cli;

import dev.hone.charter.Charter;
import dev.hone.charter.CharterReader;
import dev.hone.promote.Gates;
import dev.hone.record.ModelVersion;
import dev.hone.record.UseCaseName;
import dev.hone.record.VersionReference;
import dev.hone.run.Gating;
import dev.hone.store.Database;
import dev.hone.store.ModelVersions;
import dev.hone.store.UseCases;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code hone gate}. */
@Command(
        name = "gate",
        mixinStandardHelpOptions = true,
        description =
                "Let the gates of a use case's charter judge a version before it gets traffic; what they say is kept with its evidence.",
        sortOptions = false,
        footerHeading = "%nExit code: 0 passed, 1 not passed.%nExamples:%n",
        footer = {
            "  hone gate support                            # the version that is candidate, else the newest",
            "  hone gate support/3 --report report.json",
            "  hone gate support@candidate --baseline \"production, recorded\" --json"
        })
final class GateCommand implements Callable<Integer> {
    private static final String CANDIDATE = "candidate";

    @Parameters(
            paramLabel = "VERSION",
            description = "USE_CASE/NUMBER, USE_CASE@ALIAS, or USE_CASE for its candidate, or else its newest version.")
    private String version = "";

    @Mixin
    private ProjectOption project = new ProjectOption();

    @Option(
            names = "--charter",
            paramLabel = "FILE",
            description = "The charter with the gates (default: use-cases/USE_CASE.yaml; docs/charter.md).")
    private @Nullable Path charter;

    @Option(
            names = "--report",
            paramLabel = "FILE",
            description = "Judge by this report.json, and keep it (default: the newest report on the version).")
    private @Nullable Path report;

    @Option(
            names = "--retention",
            paramLabel = "FILE",
            description = "A report on earlier tasks; may be given again. Those that are stored count as well.")
    private List<Path> retention = List.of();

    @Option(
            names = "--contender",
            paramLabel = "NAME",
            description = "What the report calls the version (default: its own name, else the last contender).")
    private @Nullable String contender;

    @Option(
            names = "--baseline",
            paramLabel = "NAME",
            description =
                    "What the report calls what the version would replace (default: the live version; today's model where nothing is live).")
    private @Nullable String baseline;

    @Option(names = "--json", description = "Print one JSON object last (docs/cli.md).")
    private boolean json;

    /** The object of {@code --json}. */
    record Result(
            int schemaVersion,
            String version,
            boolean passed,
            String contender,
            @Nullable String baseline,
            int rows,
            List<Gates.Line> gates,
            List<String> warnings,
            String verdict) {}

    @Override
    public Integer call() throws IOException {
        Optional<VersionReference> reference = VersionReference.parse(version);
        String useCase = reference.isPresent() ? reference.get().useCase() : UseCaseName.require(version);
        String whose = reference.isPresent() && reference.get().project() != null
                ? reference.get().project()
                : project.name();
        Gates gates = gates(useCase);
        Gating.Outcome outcome;
        ModelVersion judged;
        try (Database database = Store.open()) {
            judged = reference.isPresent()
                    ? new ModelVersions(database).require(reference.get())
                    : candidate(database, useCase, whose);
            outcome = new Gating(database)
                    .judge(new Gating.Order(
                            judged, whose, gates, report, retention, contender, baseline, ModelsCommand.who()));
        }
        if (json) {
            Json.print(new Result(
                    1,
                    judged.reference(),
                    outcome.verdict().passed(),
                    outcome.evidence().contender(),
                    outcome.evidence().baseline(),
                    outcome.evidence().rows(),
                    outcome.verdict().lines(),
                    outcome.warnings(),
                    outcome.kept().id().toString()));
        } else {
            print(judged, outcome);
        }
        return outcome.verdict().passed() ? 0 : 1;
    }

    private Gates gates(String useCase) throws IOException {
        Path file = charter == null ? Path.of("use-cases", useCase + CharterReader.END) : charter;
        if (!Files.exists(file)) {
            throw new IllegalArgumentException(
                    "There is no charter [%s] that could declare gates: write it (docs/charter.md), or name it by --charter"
                            .formatted(file));
        }
        Charter read = CharterReader.read(file);
        if (!read.name().equals(useCase)) {
            throw new IllegalArgumentException("[%s] is the charter of [%s], and [%s] is of another use case"
                    .formatted(file, read.name(), version));
        }
        Gates gates = read.gates();
        if (gates == null) {
            throw new IllegalArgumentException(
                    "[%s] declares no [gates], so nothing can be passed: declare what a version must keep, for instance gates: {quality: {not-worse-than: 0.02}} (docs/charter.md)"
                            .formatted(file));
        }
        return gates;
    }

    private ModelVersion candidate(Database database, String useCase, @Nullable String whose) {
        ModelVersions versions = new ModelVersions(database);
        return versions.find(new VersionReference.Aliased(whose, useCase, CANDIDATE))
                .or(() -> versions.list(new UseCases(database).require(useCase, whose)).stream()
                        .findFirst())
                .orElseThrow(() -> new IllegalArgumentException(
                        "The use case [%1$s] has no model versions; add one by: hone models add RUN_FOLDER --use-case %1$s"
                                .formatted(useCase)));
    }

    private static void print(ModelVersion version, Gating.Outcome outcome) {
        System.out.printf(
                "%s against %s: %s%n",
                version.reference(),
                outcome.evidence().baseline() == null
                        ? "nobody"
                        : outcome.evidence().baseline(),
                outcome.verdict().passed() ? "passed" : "NOT passed");
        for (Gates.Line line : outcome.verdict().lines()) {
            System.out.printf("  %-18s %-8s %s%n", line.gate(), line.state().words(), line.sentence());
            if (line.remedy() != null) {
                System.out.printf("  %-18s %-8s %s%n", "", "", line.remedy());
            }
        }
        outcome.warnings().forEach(warning -> System.out.println("  warning            " + warning));
        System.out.printf("kept as %s; next: %s%n", outcome.kept().id(), next(version, outcome));
    }

    /** What is not refused. */
    private static String next(ModelVersion version, Gating.Outcome outcome) {
        if (!outcome.verdict().passed()) {
            return "mend what is not met, and judge again";
        }
        return outcome.objection() == null
                ? "hone models alias %s live, or a rollout".formatted(version.reference())
                : "hone loop %s --again, which makes another version, or hone models alias %s live --force"
                        .formatted(version.useCase(), version.reference());
    }
}
