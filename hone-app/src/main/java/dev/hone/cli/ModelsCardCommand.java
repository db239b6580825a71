package dev.hone.cli;

import dev.hone.charter.Charter;
import dev.hone.charter.CharterReader;
import dev.hone.record.ModelVersion;
import dev.hone.record.VersionReference;
import dev.hone.run.CardText;
import dev.hone.run.ModelCard;
import dev.hone.run.ModelCards;
import dev.hone.store.Database;
import dev.hone.store.ModelVersions;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code hone models card}. */
@Command(
        name = "card",
        mixinStandardHelpOptions = true,
        description =
                "What is known of a version, as Markdown: data, training, judgments, gates, limits. What nobody said is said to be not known.",
        footerHeading = "%nExamples:%n",
        footer = {"  hone models card support@live > CARD.md", "  hone models card support/2 --json"})
final class ModelsCardCommand implements Callable<Integer> {
    @Parameters(paramLabel = "VERSION", description = "USE_CASE@ALIAS or USE_CASE/NUMBER.")
    private String version = "";

    @Option(
            names = "--charter",
            paramLabel = "FILE",
            description =
                    "Of the use case, for its owner and job (default: use-cases/USE_CASE.yaml, where there is one).")
    private @Nullable Path charter;

    @Option(names = "--json", description = "Print one JSON object last (docs/cli.md).")
    private boolean json;

    @Override
    public Integer call() throws IOException {
        VersionReference reference = VersionReference.of(version);
        Charter read = charter(reference.useCase());
        ModelCard card;
        try (Database database = Store.open()) {
            ModelVersion found = new ModelVersions(database).require(reference);
            card = new ModelCards(database).of(found, read);
        }
        if (json) {
            Json.print(card);
        } else {
            System.out.print(CardText.of(card));
        }
        return 0;
    }

    private @Nullable Charter charter(String useCase) throws IOException {
        if (charter != null) {
            if (!Files.exists(charter)) {
                throw new NoSuchFileException(charter.toString());
            }
            Charter read = CharterReader.read(charter);
            if (!read.name().equals(useCase)) {
                throw new IllegalArgumentException(
                        "[%s] is the charter of [%s], and [%s] is a version of another use case"
                                .formatted(charter, read.name(), version));
            }
            return read;
        }
        Path usual = Path.of("use-cases", useCase + CharterReader.END);
        return Files.exists(usual) ? CharterReader.read(usual) : null;
    }
}
