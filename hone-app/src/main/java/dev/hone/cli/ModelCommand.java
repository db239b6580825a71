package dev.hone.cli;

import dev.hone.fetch.FileCache;
import dev.hone.model.KnownModel;
import dev.hone.model.ModelInfo;
import dev.hone.model.ModelStore;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code hone model}: base models. */
@Command(
        name = "model",
        mixinStandardHelpOptions = true,
        description = "Fetch, list and look at base models; those of your own use cases are under hone models.",
        synopsisSubcommandLabel = "COMMAND",
        footerHeading = "%nExamples:%n",
        footer = {"  hone model list", "  hone model pull smollm2-135m-instruct", "  hone model info ./my-model.gguf"})
final class ModelCommand {
    private static ModelStore store() {
        return new ModelStore(FileCache.standard());
    }

    @Command(
            name = "list",
            mixinStandardHelpOptions = true,
            description = "The models that can be fetched by name, and which are here.",
            footerHeading = "%nExamples:%n",
            footer = {"  hone model list", "  hone model list --json"})
    int list(@Option(names = "--json", description = "Print one JSON object last (docs/cli.md).") boolean json)
            throws IOException {
        List<ModelStore.Listing> listings = store().list();
        if (json) {
            Json.print(new ListResult(1, listings));
            return 0;
        }
        for (ModelStore.Listing listing : listings) {
            String here = listing.cached().isEmpty()
                    ? "not fetched"
                    : listing.cached().stream().map(KnownModel.Edition::name).collect(Collectors.joining(", "));
            System.out.printf(
                    "%-24s %-12s %s%n",
                    listing.model().name(), here, listing.model().description());
        }
        return 0;
    }

    /** The object of {@code list --json}. */
    record ListResult(int schemaVersion, List<ModelStore.Listing> models) {}

    @Command(
            name = "pull",
            mixinStandardHelpOptions = true,
            description = "Fetch a model, unless it is here.",
            footerHeading = "%nExamples:%n",
            footer = {"  hone model pull smollm2-135m-instruct"})
    int pull(
            @Parameters(paramLabel = "NAME", description = "As hone model list shows it.") String name,
            @Option(names = "--json", description = "Print one JSON object last (docs/cli.md).") boolean json)
            throws IOException {
        Path path = store().pull(name, new FetchProgress());
        if (json) {
            Json.print(new PullResult(1, name, path.toString()));
        } else {
            System.out.println(path);
        }
        return 0;
    }

    /** The object of {@code pull --json}. */
    record PullResult(int schemaVersion, String model, String path) {}

    @Command(
            name = "info",
            mixinStandardHelpOptions = true,
            description = "Shape, files and hashes of a model that is here.",
            footerHeading = "%nExamples:%n",
            footer = {"  hone model info smollm2-135m-instruct", "  hone model info ./my-model.gguf --json"})
    int info(
            @Parameters(paramLabel = "NAME|PATH", description = "A known model, a folder or a .gguf file.") String name,
            @Option(names = "--json", description = "Print one JSON object last (docs/cli.md).") boolean json)
            throws IOException {
        ModelInfo info = store().info(name);
        if (json) {
            Json.print(info);
            return 0;
        }
        System.out.printf(
                "%s%n  path        %s%n  licence     %s%n  family      %s%n  weights     %,d%n  layers      %d, width"
                        + " %d, %d heads (%d key-value)%n  positions   %,d%n  vocabulary  %,d%n  end tokens  %s%n  chat   "
                        + "     %s%n",
                info.name(),
                info.path(),
                info.licence().isEmpty() ? "unknown" : info.licence(),
                info.config().architecture(),
                info.config().parameters(),
                info.config().layers(),
                info.config().hidden(),
                info.config().heads(),
                info.config().keyValueHeads(),
                info.config().maxPositions(),
                info.vocabulary(),
                String.join(" ", info.endTokens()),
                info.hasChatTemplate() ? "yes" : "no template");
        for (ModelInfo.StoredFile file : info.files()) {
            System.out.printf(
                    "  %s  %,d bytes  sha256 %s  from %s%n", file.name(), file.bytes(), file.sha256(), file.origin());
        }
        return 0;
    }
}
