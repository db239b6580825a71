package dev.hone.cli;

import dev.hone.charter.FollowedFiles;
import dev.hone.record.ModelVersion;
import dev.hone.record.VersionReference;
import dev.hone.run.Artifacts;
import dev.hone.store.Database;
import dev.hone.store.ModelVersions;
import dev.hone.store.VersionRemoval;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
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
        footer = {
            "  hone models delete support/1",
            "  hone models delete support/1 --yes",
            "  hone models delete --orphans --yes    # files that no version has"
        })
final class ModelsDeleteCommand implements Callable<Integer> {
    /** Whoever registers a version keeps its files first. */
    private static final Duration REGISTERING = Duration.ofDays(1);

    @Parameters(arity = "0..1", paramLabel = "VERSION", description = "USE_CASE/NUMBER or USE_CASE@ALIAS.")
    private String version = "";

    @Option(
            names = "--orphans",
            description =
                    "Files in HONE_HOME/artifacts that no version has or stands on, a day old or older: what is left where deleting was interrupted, and base models of versions that are gone.")
    private boolean orphans;

    @Option(names = "--yes", description = "Do it. Its number is never given again.")
    private boolean yes;

    @Option(names = "--json", description = "Print one JSON object last (docs/cli.md).")
    private boolean json;

    /** The object of {@code --json}. */
    record Result(int schemaVersion, String version, boolean deleted, boolean filesDeleted, List<String> uses) {}

    /** The object of {@code --orphans --json}. */
    record Orphans(int schemaVersion, boolean deleted, List<Orphan> artifacts) {}

    /** An artifact that nothing has. */
    record Orphan(String artifact, long bytes) {}

    @Override
    public Integer call() throws IOException {
        if (orphans == !version.isEmpty()) {
            throw new IllegalArgumentException(
                    orphans
                            ? "[%s] is a version, and --orphans are the files of none: give one of them"
                                    .formatted(version)
                            : "no version is named: give one as USE_CASE/NUMBER, or --orphans");
        }
        return orphans ? deleteOrphans() : deleteVersion(VersionReference.of(version));
    }

    private int deleteOrphans() throws IOException {
        Artifacts artifacts = Store.artifacts();
        List<String> here = artifacts.all();
        Set<String> known = here.isEmpty() || Store.isNone() ? Set.of() : known();
        if (!here.isEmpty() && here.stream().noneMatch(known::contains)) {
            throw new IllegalArgumentException(
                    "the database knows none of the [%d] models in [%s], so that all of them would be some other's: see whether HONE_DB_URL and HONE_HOME are those that they were registered with"
                            .formatted(here.size(), Store.home()));
        }
        Instant last = Instant.now().minus(REGISTERING);
        List<Orphan> found = new ArrayList<>();
        for (String hash : artifacts.orphans(known, last)) {
            Orphan orphan = new Orphan(hash, artifacts.bytes(hash));
            if (!yes || artifacts.delete(hash, last)) {
                found.add(orphan);
            }
        }
        if (json) {
            Json.print(new Orphans(1, yes, found));
            return 0;
        }
        found.forEach(
                one -> System.out.printf("%s  %.1f MB%s%n", one.artifact(), one.bytes() / 1e6, yes ? ", deleted" : ""));
        if (found.isEmpty()) {
            System.out.println("every file is some version's");
        } else if (!yes) {
            System.out.println("no version has these: --yes deletes them");
        }
        return 0;
    }

    private static Set<String> known() {
        try (Database database = Store.open()) {
            return new ModelVersions(database).artifacts();
        }
    }

    private int deleteVersion(VersionReference reference) throws IOException {
        try (Database database = Store.open()) {
            VersionRemoval removal = new VersionRemoval(database, FollowedFiles::serve);
            if (!yes) {
                ModelVersion found = new ModelVersions(database).require(reference);
                List<String> uses = removal.uses(found);
                print(new Result(1, found.reference(), false, false, uses));
                return uses.isEmpty() ? 0 : 1;
            }
            Artifacts artifacts = Store.artifacts();
            ModelVersions versions = new ModelVersions(database);
            Instant last =
                    artifacts.kept(versions.require(reference).artifact()).orElse(Instant.MIN);
            ModelVersion deleted = removal.delete(reference, ModelsCommand.who());
            boolean files =
                    artifacts.delete(deleted.artifact(), last, () -> versions.isArtifactUsed(deleted.artifact()));
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
