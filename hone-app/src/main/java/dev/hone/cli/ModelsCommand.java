package dev.hone.cli;

import dev.hone.record.AliasChange;
import dev.hone.record.ModelVersion;
import dev.hone.record.VersionReference;
import dev.hone.store.Aliases;
import dev.hone.store.Database;
import dev.hone.store.Lineage;
import dev.hone.store.ModelVersions;
import dev.hone.store.UseCases;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code hone models}: versions of a use case's own model. */
@Command(
        name = "models",
        mixinStandardHelpOptions = true,
        description =
                "Keep trained models as versions that never change, and say which is in use by an alias; base models are"
                        + " under hone model.",
        synopsisSubcommandLabel = "COMMAND",
        subcommands = {
            ModelsAddCommand.class,
            ModelsShowCommand.class,
            ModelsCardCommand.class,
            ModelsDeleteCommand.class
        },
        footerHeading = "%nExamples:%n",
        footer = {
            "  hone models add runs/support --use-case support --alias candidate",
            "  hone models list",
            "  hone chat --model support@candidate"
        })
final class ModelsCommand {
    /** The object of {@code list --json}. @param rollouts phase of the newest of each version that had one */
    record ListResult(int schemaVersion, List<VersionView> versions, Map<String, String> rollouts) {}

    /** The object of {@code alias --json} and {@code remove-alias --json}. */
    record AliasResult(
            int schemaVersion,
            String useCase,
            String alias,
            @Nullable Integer before,
            @Nullable Integer after,
            String who,
            String changed) {
        static AliasResult of(AliasChange change) {
            return new AliasResult(
                    1,
                    change.useCase(),
                    change.alias(),
                    change.before(),
                    change.after(),
                    change.who(),
                    change.changed().toString());
        }
    }

    /** Who moves aliases from this terminal. */
    static String who() {
        String user = System.getProperty("user.name", "");
        return user.isBlank() ? "unknown" : user;
    }

    @Command(
            name = "list",
            mixinStandardHelpOptions = true,
            description = "The versions, the newest of each use case first.",
            footerHeading = "%nExamples:%n",
            footer = {"  hone models list", "  hone models list --use-case support --json"})
    int list(
            @Option(names = "--use-case", paramLabel = "NAME", description = "Only those of one use case.") @Nullable
                    String useCase,
            @Mixin ProjectOption project,
            @Option(names = "--json", description = "Print one JSON object last (docs/cli.md).") boolean json) {
        try (Database database = Store.open()) {
            ModelVersions versions = new ModelVersions(database);
            List<ModelVersion> found = useCase == null
                    ? versions.list()
                    : versions.list(new UseCases(database).require(useCase, project.name()));
            List<VersionView> views = found.stream().map(VersionView::of).toList();
            Map<String, String> rollouts = new TreeMap<>();
            new Lineage(database)
                    .rollouts(found)
                    .values()
                    .forEach(rollout -> rollouts.put(rollout.reference(), rollout.phase()));
            if (json) {
                Json.print(new ListResult(1, views, rollouts));
            } else if (views.isEmpty()) {
                System.out.println("no versions yet; next: hone models add RUN_FOLDER --use-case NAME");
            } else {
                views.forEach(view -> view.printLine(rollouts.get(view.version())));
            }
        }
        return 0;
    }

    @Command(
            name = "alias",
            mixinStandardHelpOptions = true,
            description = "Point an alias at a version; one that there is already moves.",
            footerHeading = "%nExamples:%n",
            footer = {
                "  hone models alias support/2 candidate",
                "  hone models alias support@candidate live     # what candidate is now"
            })
    int alias(
            @Parameters(paramLabel = "VERSION", description = "USE_CASE/NUMBER or USE_CASE@ALIAS.") String version,
            @Parameters(paramLabel = "NAME", description = "Of the alias, for instance live.") String name,
            @Option(
                            names = "--charter",
                            paramLabel = "FILE",
                            description =
                                    "For live: the charter that may declare gates (default: use-cases/USE_CASE.yaml, where there is one).")
                    @Nullable
                    Path charter,
            @Option(
                            names = "--force",
                            description = "Make a version live that the gates did not pass; the audit log says so.")
                    boolean force,
            @Option(names = "--json", description = "Print one JSON object last (docs/cli.md).") boolean json)
            throws IOException {
        VersionReference reference = VersionReference.of(version);
        Aliases.requireName(name);
        try (Database database = Store.open()) {
            boolean forced = new LiveGuard(database, charter).check(reference, name, force);
            Aliases aliases = new Aliases(database);
            print(forced ? aliases.force(reference, name, who()) : aliases.set(reference, name, who()), json);
        }
        return 0;
    }

    @Command(
            name = "remove-alias",
            mixinStandardHelpOptions = true,
            description = "Remove an alias; the version stays.",
            footerHeading = "%nExamples:%n",
            footer = {"  hone models remove-alias support@candidate"})
    int removeAlias(
            @Parameters(paramLabel = "USE_CASE@ALIAS", description = "Which alias.") String alias,
            @Option(names = "--json", description = "Print one JSON object last (docs/cli.md).") boolean json) {
        if (!(VersionReference.of(alias) instanceof VersionReference.Aliased aliased)) {
            throw new IllegalArgumentException("[%s] is no alias: write USE_CASE@ALIAS".formatted(alias));
        }
        try (Database database = Store.open()) {
            print(new Aliases(database).remove(aliased, who()), json);
        }
        return 0;
    }

    private static void print(AliasChange change, boolean json) {
        if (json) {
            Json.print(AliasResult.of(change));
        } else {
            System.out.println(VersionView.sentence(change));
        }
    }
}
