package dev.hone.train;

import dev.hone.tensor.DurableFiles;
import dev.hone.tensor.ModelFileException;
import dev.hone.tensor.SafetensorsFile;
import dev.hone.tensor.SafetensorsWriter;
import dev.hone.tensor.SafetensorsWriter.Entry;
import dev.hone.tensor.StoredTensor;
import dev.hone.tensor.TensorMemory;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.zip.CRC32C;
import org.bytedeco.pytorch.Tensor;

/** The state of an optimiser between two steps, as a folder: weights, moments, step. */
final class TrainingState {
    private static final String FILE = "training_state.safetensors";
    private static final String STEP = "step";
    private static final String LAYOUT = "layout";

    private TrainingState() {}

    /** Writes the state. The folder appears whole or not at all. */
    static void save(Path folder, Parameters parameters) {
        List<Entry> entries = parameters.state().entrySet().stream()
                .map(entry -> new Entry(
                        entry.getKey(),
                        List.of(entry.getValue().numel()),
                        sink -> sink.accept(TensorMemory.floats(entry.getValue()))))
                .toList();
        Map<String, String> metadata = Map.of(STEP, Long.toString(parameters.step()), LAYOUT, layout(parameters));
        DurableFiles.writeFolder(folder, part -> SafetensorsWriter.write(part.resolve(FILE), metadata, entries));
    }

    /**
     * Restores what {@link #save} wrote, bit for bit.
     *
     * @throws ModelFileException if it is damaged, or was written for other parameters; nothing is changed then
     */
    static void load(Path folder, Parameters parameters) {
        Path path = folder.resolve(FILE);
        try (SafetensorsFile file = SafetensorsFile.open(path)) {
            if (!layout(parameters).equals(file.metadata().get(LAYOUT))) {
                throw new ModelFileException(
                        path,
                        "was written for other parameters",
                        "resume with the model and the adapters that the run began with");
            }
            for (Map.Entry<String, Tensor> entry : parameters.state().entrySet()) {
                StoredTensor stored = file.tensors().get(entry.getKey());
                if (stored == null
                        || !stored.shape().equals(List.of(entry.getValue().numel()))) {
                    throw new ModelFileException(
                            path, "lacks [" + entry.getKey() + "]", "resume from an earlier checkpoint");
                }
            }
            long step = step(path, file.metadata().getOrDefault(STEP, ""));
            for (Map.Entry<String, Tensor> entry : parameters.state().entrySet()) {
                Objects.requireNonNull(file.tensors().get(entry.getKey()))
                        .copyTo(TensorMemory.floats(entry.getValue()));
            }
            parameters.restored(step);
        }
    }

    private static long step(Path path, String text) {
        try {
            return Long.parseLong(text);
        } catch (NumberFormatException e) {
            throw new ModelFileException(path, "has the step [" + text + "]", "resume from an earlier checkpoint", e);
        }
    }

    /** Fingerprint of the parameters' names and shapes in their order. */
    private static String layout(Parameters parameters) {
        CRC32C sum = new CRC32C();
        parameters
                .all()
                .forEach((name, parameter) -> sum.update(
                        (name + Arrays.toString(parameter.value().shape())).getBytes(StandardCharsets.UTF_8)));
        return "%08x".formatted(sum.getValue());
    }
}
