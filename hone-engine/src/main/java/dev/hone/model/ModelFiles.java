package dev.hone.model;

import dev.hone.tensor.GgufFile;
import dev.hone.tensor.ModelFileException;
import dev.hone.tensor.SafetensorsFile;
import dev.hone.tensor.TensorFile;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * A model on disk, opened and checked but not yet loaded: a Hugging Face folder ({@code config.json} with
 * {@code model.safetensors} or its shards) or a GGUF file. Holds the files mapped until it is closed.
 */
public final class ModelFiles implements AutoCloseable {

    private final TensorFile file;
    private final ModelConfig config;
    private final WeightsReader reader;

    private ModelFiles(TensorFile file, TensorNames names, ModelConfig config, boolean adjacent) {
        this.file = file;
        this.config = config;
        this.reader = new WeightsReader(file, names, config, adjacent);
        reader.check();
    }

    /**
     * Opens a model and checks its configuration, and every tensor's presence, type and shape.
     *
     * @param model folder or .gguf file
     * @throws ModelFileException if it is missing, damaged, of an unsupported architecture or type, or inconsistent
     */
    public static ModelFiles open(Path model) {
        return Files.isDirectory(model) ? openFolder(model) : openGguf(model);
    }

    private static ModelFiles openFolder(Path folder) {
        Path config = folder.resolve("config.json");
        if (!Files.exists(config)) {
            throw new ModelFileException(folder, "has no [config.json]", "give a model folder or a .gguf file");
        }
        ModelConfig shape = HuggingFaceConfig.read(config);
        TensorFile file = openTensors(folder);
        try {
            return new ModelFiles(file, TensorNames.HUGGING_FACE, shape, false);
        } catch (RuntimeException | Error e) {
            file.close();
            throw e;
        }
    }

    private static TensorFile openTensors(Path folder) {
        Path single = folder.resolve("model.safetensors");
        if (Files.exists(single)) {
            return SafetensorsFile.open(single);
        }
        Path index = folder.resolve("model.safetensors.index.json");
        if (Files.exists(index)) {
            return SafetensorsFile.openSharded(index);
        }
        throw new ModelFileException(
                folder,
                "has neither [model.safetensors] nor [model.safetensors.index.json]",
                "give the model as safetensors: other formats, pickle above all, are not read");
    }

    private static ModelFiles openGguf(Path path) {
        GgufFile file = GgufFile.open(path);
        try {
            ModelConfig config = GgufConfig.read(file);
            // llama.cpp's converter reorders the rows of Llama, and of Llama alone.
            boolean adjacent = config.architecture() == ModelConfig.Architecture.LLAMA;
            return new ModelFiles(file, TensorNames.GGUF, config, adjacent);
        } catch (RuntimeException | Error e) {
            file.close();
            throw e;
        }
    }

    /** The model's shape. */
    public ModelConfig config() {
        return config;
    }

    /** Bytes that {@link #load} takes: four a weight. The mapped file comes on top as reclaimable page cache. */
    public long memoryBytes() {
        return config.parameters() * Float.BYTES;
    }

    /**
     * Decodes all weights to fp32. Runs libtorch on the calling thread. The caller closes the result; this may be closed
     * before it.
     *
     * @throws ModelFileException if a file was cut short since it was opened
     */
    public Weights load() {
        return reader.read();
    }

    @Override
    public void close() {
        file.close();
    }
}
