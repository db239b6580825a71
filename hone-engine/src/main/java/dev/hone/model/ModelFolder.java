package dev.hone.model;

import dev.hone.model.Weights.Block;
import dev.hone.tensor.DurableFiles;
import dev.hone.tensor.ModelFileException;
import dev.hone.tensor.SafetensorsWriter;
import dev.hone.tensor.SafetensorsWriter.Entry;
import dev.hone.tensor.TensorMemory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.SequencedMap;
import java.util.function.UnaryOperator;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.Tensor;
import tools.jackson.databind.SerializationFeature;
import tools.jackson.databind.json.JsonMapper;

/** Writes weights as a Hugging Face folder that transformers and {@link ModelFiles} read. */
public final class ModelFolder {

    private static final TensorNames NAMES = TensorNames.HUGGING_FACE;

    private final Weights weights;
    private final SequencedMap<String, List<Long>> shapes;
    private final List<Entry> entries = new ArrayList<>();

    private ModelFolder(Weights weights) {
        this.weights = weights;
        this.shapes = NAMES.shapes(weights.config());
    }

    /**
     * Writes {@code config.json}, {@code model.safetensors} (fp32, projections apart, rows in Hugging Face's order) and
     * copies of other files. The folder appears whole or not at all. Runs libtorch on the calling thread.
     *
     * @param folder does not exist yet
     * @param companions files to put beside the weights: tokenizer, chat template, generation_config.json
     * @throws ModelFileException if the folder exists, or cannot be written
     */
    public static void write(Path folder, Weights weights, List<Path> companions) {
        byte[] config = JsonMapper.builder()
                .enable(SerializationFeature.INDENT_OUTPUT)
                .build()
                .writeValueAsBytes(HuggingFaceConfig.fields(weights.config()));
        DurableFiles.writeFolder(folder, part -> {
            Files.write(part.resolve("config.json"), config);
            SafetensorsWriter.write(
                    part.resolve("model.safetensors"), Map.of("format", "pt"), new ModelFolder(weights).entries());
            for (Path companion : companions) {
                Files.copy(companion, part.resolve(companion.getFileName()));
            }
        });
    }

    private List<Entry> entries() {
        ModelConfig config = weights.config();
        add(NAMES.embedding(), weights.embedding());
        for (int layer = 0; layer < config.layers(); layer++) {
            add(layer, weights.blocks().get(layer));
        }
        add(NAMES.finalNorm(), weights.finalNorm());
        if (!config.tiedHead()) {
            add(NAMES.head(), weights.head());
        }
        return entries;
    }

    private void add(int layer, Block block) {
        ModelConfig config = weights.config();
        UnaryOperator<Tensor> queries = rows -> RotaryLayout.fromAdjacent(rows, config.heads());
        UnaryOperator<Tensor> keys = rows -> RotaryLayout.fromAdjacent(rows, config.keyValueHeads());
        UnaryOperator<Tensor> norm = rows -> RotaryLayout.fromAdjacent(rows, 1);
        int key = config.queryWidth();
        int value = key + config.keyValueWidth();
        add(NAMES.weight(layer, NAMES.attentionNorm()), block.attentionNorm());
        add(NAMES.weight(layer, NAMES.query()), block.queryKeyValue(), 0, queries);
        add(NAMES.weight(layer, NAMES.key()), block.queryKeyValue(), key, keys);
        add(NAMES.weight(layer, NAMES.value()), block.queryKeyValue(), value, UnaryOperator.identity());
        if (block.queryKeyValueBias() != null) {
            add(NAMES.bias(layer, NAMES.query()), block.queryKeyValueBias(), 0, queries);
            add(NAMES.bias(layer, NAMES.key()), block.queryKeyValueBias(), key, keys);
            add(NAMES.bias(layer, NAMES.value()), block.queryKeyValueBias(), value, UnaryOperator.identity());
        }
        if (block.queryNorm() != null && block.keyNorm() != null) {
            add(NAMES.weight(layer, NAMES.queryNorm()), block.queryNorm(), 0, norm);
            add(NAMES.weight(layer, NAMES.keyNorm()), block.keyNorm(), 0, norm);
        }
        add(NAMES.weight(layer, NAMES.output()), block.output());
        add(NAMES.weight(layer, NAMES.feedForwardNorm()), block.feedForwardNorm());
        add(NAMES.weight(layer, NAMES.gate()), block.gateUp(), 0, UnaryOperator.identity());
        add(NAMES.weight(layer, NAMES.up()), block.gateUp(), config.feedForward(), UnaryOperator.identity());
        add(NAMES.weight(layer, NAMES.down()), block.down());
    }

    private void add(String name, Tensor whole) {
        add(name, whole, 0, UnaryOperator.identity());
    }

    /** The named tensor is so many rows of a joined one, from {@code row} on, reordered. */
    private void add(String name, Tensor joined, long row, UnaryOperator<Tensor> order) {
        List<Long> shape = Objects.requireNonNull(shapes.get(name), name);
        entries.add(new Entry(name, shape, sink -> {
            try (PointerScope _ = new PointerScope()) {
                Tensor rows = order.apply(joined.detach().narrow(0, row, shape.getFirst()));
                sink.accept(TensorMemory.floats(rows));
            }
        }));
    }
}
