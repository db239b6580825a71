package dev.hone.cli;

import dev.hone.record.ModelVersion;
import dev.hone.record.VersionReference;
import dev.hone.run.Artifacts;
import dev.hone.store.Database;
import dev.hone.store.ModelVersions;
import dev.hone.store.VersionRemoval;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code hone models delete}. */
@Command(
        name = "delete",
        mixinStandardHelpOptions = true,
        description =
                "Delete a version that nothing uses, with its files; its run, reports, verdicts and history stay. Without --yes it only says whether it may.",
        footerHeading = "%nExamples:%n",
        footer = {"  hone models delete support/1", "  hone models delete support/1 --yes"})
final class ModelsDeleteCommand implements Callable<Integer> {
    @Parameters(paramLabel = "VERSION", description = "USE_CASE/NUMBER or USE_CASE@ALIAS.")
    private String version = "";

    @Option(names = "--yes", description = "Do it. Its number is never given again.")
    private boolean yes;

    @Option(names = "--json", description = "Print one JSON object last (docs/cli.md).")
    private boolean json;

    /** The object of {@code --json}. */
    record Result(int schemaVersion, String version, boolean deleted, boolean filesDeleted, List<String> uses) {}

    @Override
    public Integer call() throws IOException {
        VersionReference reference = VersionReference.of(version);
        try (Database database = Store.open()) {
            VersionRemoval removal = new VersionRemoval(database);
            if (!yes) {
                ModelVersion found = new ModelVersions(database).require(reference);
                List<String> uses = removal.uses(found);
                print(new Result(1, found.reference(), false, false, uses));
                return uses.isEmpty() ? 0 : 1;
            }
            ModelVersion deleted = removal.delete(reference, ModelsCommand.who());
            Artifacts artifacts = Store.artifacts();
            boolean files = !new ModelVersions(database).isArtifactUsed(deleted.artifact())
                    && artifacts.delete(deleted.artifact());
            print(new Result(1, deleted.reference(), true, files, List.of()));
        }
        return 0;
    }

    private void print(Result result) {
        if (json) {
            Json.print(result);
        } else if (result.deleted()) {
            System.out.printf(
                    "[%s] is deleted%s%n",
                    result.version(),
                    result.filesDeleted()
                            ? ", with its files"
                            : "; its files are another version's as well, or not here");
        } else if (result.uses().isEmpty()) {
            System.out.printf("nothing uses [%s]: --yes deletes it%n", result.version());
        } else {
            System.out.printf("[%s] is in use and stays:%n", result.version());
            result.uses().forEach(use -> System.out.println("  " + use));
        }
    }
}
