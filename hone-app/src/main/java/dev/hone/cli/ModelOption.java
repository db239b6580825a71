package dev.hone.cli;

import dev.hone.fetch.FetchListener;
import dev.hone.model.KnownModel;
import dev.hone.record.ModelVersion;
import dev.hone.record.VersionReference;
import dev.hone.run.LoadedModel;
import dev.hone.store.Database;
import dev.hone.store.ModelVersions;
import dev.hone.store.Rollouts;
import dev.hone.store.Standing;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.function.Supplier;
import picocli.CommandLine.Option;

/** Which model. */
final class ModelOption {
    @Option(
            names = "--model",
            defaultValue = LoadedModel.DEFAULT,
            paramLabel = "NAME|PATH|VERSION",
            description = "A known model (hone model list), a folder, a .gguf file, a trained folder, or a version"
                    + " (hone models list) as USE_CASE@ALIAS or USE_CASE/NUMBER (default ${DEFAULT-VALUE}).")
    private String reference = LoadedModel.DEFAULT;

    private String fixed = "";

    /** As it was given. */
    String reference() {
        return reference;
    }

    /** What {@link #open} opened, under a name that stays true: an alias is the version that it pointed at. */
    String fixed() {
        return fixed.isEmpty() ? reference : fixed;
    }

    /** Finds the model, fetching it the first time. */
    LoadedModel open() throws IOException {
        return LoadedModel.open(resolved(), new FetchProgress());
    }

    /**
     * Finds the model that a reference names for users, without a word.
     *
     * @param database that this process has open
     */
    static LoadedModel open(String reference, Supplier<Database> database) throws IOException {
        ModelOption option = new ModelOption();
        option.reference = reference;
        Optional<VersionReference> version = option.version();
        return LoadedModel.open(
                version.isEmpty() ? reference : folder(version.get(), database.get()), FetchListener.SILENT);
    }

    private static String folder(VersionReference reference, Database database) throws IOException {
        ModelVersion found = new ModelVersions(database).require(reference);
        if (reference instanceof VersionReference.Aliased named && named.alias().equals(Rollouts.LIVE)) {
            requirePassed(database, found);
        }
        return Store.artifacts().require(found).toString();
    }

    /** What opens it: of a version, the folder of its files. */
    String resolved() throws IOException {
        Optional<VersionReference> version = version();
        if (version.isEmpty()) {
            return reference;
        }
        ModelVersion found = Store.version(version.get());
        fixed = found.reference();
        return Store.artifacts().require(found).toString();
    }

    /** An alias can be moved by anybody, from wherever they are; calls of users do not follow it past the gates. */
    private static void requirePassed(Database database, ModelVersion version) {
        Optional<String> objection = new Standing(database).objectionToServed(version);
        if (objection.isPresent()) {
            throw new IllegalArgumentException(
                    "[%s] is live and %s, so that it is not served: hone gate %1$s says what to mend, and [version: %1$s] serves it all the same"
                            .formatted(version.reference(), objection.get()));
        }
    }

    /** Known models and paths that exist come first. */
    private Optional<VersionReference> version() {
        boolean known = KnownModel.ALL.stream()
                .anyMatch(model -> reference.equals(model.name()) || reference.startsWith(model.name() + "@"));
        Optional<VersionReference> version = VersionReference.parse(reference);
        return version.filter(parsed -> !known && !Files.exists(Path.of(reference)));
    }
}
