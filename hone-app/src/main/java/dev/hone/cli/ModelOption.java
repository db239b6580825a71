package dev.hone.cli;

import dev.hone.run.LoadedModel;
import java.io.IOException;
import picocli.CommandLine.Option;

/** Which model. */
final class ModelOption {
    @Option(
            names = "--model",
            defaultValue = LoadedModel.DEFAULT,
            paramLabel = "NAME|PATH",
            description = "A known model (hone model list), a folder, a .gguf file, or a trained folder (default"
                    + " ${DEFAULT-VALUE}).")
    private String reference = LoadedModel.DEFAULT;

    String reference() {
        return reference;
    }

    /** Finds the model, fetching it the first time. */
    LoadedModel open() throws IOException {
        return LoadedModel.open(reference, new FetchProgress());
    }
}
