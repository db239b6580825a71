package dev.hone.train;

import dev.hone.model.ModelConfig;
import dev.hone.model.ModelFiles;
import dev.hone.model.Weights;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/**
 * A model on disk in any form that can be computed with: a Hugging Face folder, a GGUF file, or a PEFT adapter folder, whose
 * adapters are merged into the base model that it names.
 */
public final class StoredModel {
    /** The name of the file that says what adapters are merged into. */
    public static final String ADAPTER_CONFIG = PeftAdapter.CONFIG;

    private static final int MOST_ADAPTERS = 8;

    private StoredModel() {}

    /**
     * The folder or file that holds the whole weights: the model itself, or the base that its adapters name.
     *
     * @throws dev.hone.tensor.ModelFileException if a base is missing
     */
    public static Path base(Path model) {
        Path base = model;
        for (int depth = 0; depth < MOST_ADAPTERS && isAdapter(base); depth++) {
            base = PeftAdapter.base(base);
        }
        return base;
    }

    /**
     * What the adapters of a folder are merged into, which may be adapters again; empty when a model stands alone.
     *
     * @throws dev.hone.tensor.ModelFileException if it is missing
     */
    public static Optional<Path> below(Path model) {
        return isAdapter(model) ? Optional.of(PeftAdapter.base(model)) : Optional.empty();
    }

    /**
     * The content of an adapter folder's configuration, with another place of what its adapters are merged into.
     *
     * @param below absolute, or seen from the folder
     */
    public static byte[] configuration(Path adapter, String below) {
        return PeftAdapter.rebased(adapter, below);
    }

    /** Shape of a model, its files checked. Runs no native code. */
    public static ModelConfig config(Path model) {
        try (ModelFiles files = ModelFiles.open(base(model))) {
            return files.config();
        }
    }

    /** Weights in memory, adapters merged. Runs libtorch on the calling thread; the caller closes the result. */
    static Weights load(Path model) {
        if (!isAdapter(model)) {
            try (ModelFiles files = ModelFiles.open(model)) {
                return files.load();
            }
        }
        Weights weights = load(PeftAdapter.base(model));
        try {
            PeftAdapter.merge(model, weights);
            return weights;
        } catch (RuntimeException | Error e) {
            weights.close();
            throw e;
        }
    }

    private static boolean isAdapter(Path model) {
        return Files.exists(model.resolve(PeftAdapter.CONFIG));
    }
}
