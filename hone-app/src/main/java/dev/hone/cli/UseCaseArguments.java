package dev.hone.cli;

import dev.hone.charter.Charter;
import dev.hone.charter.CharterReader;
import dev.hone.run.CharterCheck;
import dev.hone.store.Database;
import dev.hone.store.UseCases;
import dev.hone.watch.Subject;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** A use case with its charter. */
final class UseCaseArguments {
    @Parameters(paramLabel = "USE_CASE", description = "Its name; its charter is looked for in --use-cases.")
    private @Nullable String name;

    @Option(
            names = "--use-cases",
            defaultValue = "use-cases",
            paramLabel = "FOLDER",
            description = "Where charters are (default ${DEFAULT-VALUE}).")
    private Path useCases = Path.of("use-cases");

    /** @throws IllegalArgumentException when it has none */
    Charter charter() throws IOException {
        String wanted = UseCases.requireName(String.valueOf(name));
        Path file = useCases.resolve(wanted + CharterReader.END);
        if (!Files.exists(file)) {
            throw new IllegalArgumentException(
                    "The use case [%s] has no charter [%s]: write one (docs/charter.md), or name its folder by --use-cases"
                            .formatted(wanted, file));
        }
        return CharterCheck.read(file).getFirst();
    }

    /** @throws IllegalArgumentException when the store has nothing of it */
    static Subject subject(Database database, Charter charter) {
        return new Subject(new UseCases(database).require(charter.name(), Subject.project(charter)), charter);
    }
}
