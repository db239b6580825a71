package dev.hone.model;

import dev.hone.tensor.ModelFileException;
import dev.hone.tensor.StoredTensor;
import dev.hone.tensor.TensorFile;
import dev.hone.tensor.TensorMemory;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;

/** Decodes the tensors of a file into the layout of {@link Weights}. */
final class WeightsReader {

    /** Buffers that old files have and that follow from the configuration. */
    private static final Pattern DERIVED = Pattern.compile("model\\.layers\\.\\d+\\.self_attn\\.rotary_emb\\.inv_freq");

    private final TensorFile file;
    private final TensorNames names;
    private final ModelConfig config;
    private final boolean adjacent;

    /** @param adjacent whether the file has rotary pairs adjacent already */
    WeightsReader(TensorFile file, TensorNames names, ModelConfig config, boolean adjacent) {
        this.file = file;
        this.names = names;
        this.config = config;
        this.adjacent = adjacent;
    }

    /**
     * Compares the file's tensors with what the configuration asks for, without touching their bytes.
     *
     * @throws ModelFileException naming a tensor that is missing, has another shape, or has no place in the model
     */
    void check() {
        Map<String, List<Long>> shapes = names.shapes(config);
        shapes.forEach((name, shape) -> {
            StoredTensor stored = file.tensor(name);
            if (!stored.shape().equals(shape)) {
                throw mismatch("has a tensor [%s] of shape %s where its configuration asks for %s"
                        .formatted(name, stored.shape(), shape));
            }
        });
        Set<String> extra = new LinkedHashSet<>(file.tensors().keySet());
        extra.removeAll(shapes.keySet());
        extra.remove(GgufConfig.ROPE_FACTORS);
        extra.removeIf(name -> DERIVED.matcher(name).matches());
        if (config.tiedHead() && extra.remove(names.head())) {
            checkTied(file.tensor(names.embedding()), file.tensor(names.head()));
        }
        if (!extra.isEmpty()) {
            throw mismatch("has tensors that its configuration does not ask for: "
                    + extra.stream().limit(5).toList());
        }
    }

    /** A tied head is often stored all the same. */
    private void checkTied(StoredTensor embedding, StoredTensor head) {
        if (embedding.type() != head.type() || embedding.bytes().mismatch(head.bytes()) >= 0) {
            throw mismatch("has a head [%s] that differs from its embedding [%s], yet says that they are tied"
                    .formatted(head.name(), embedding.name()));
        }
    }

    private ModelFileException mismatch(String problem) {
        return new ModelFileException(file.path(), problem, "download or convert the model again");
    }

    Weights read() {
        Tensor embedding = joined(List.of(names.embedding()));
        List<Weights.Block> blocks = new ArrayList<>();
        for (int layer = 0; layer < config.layers(); layer++) {
            blocks.add(block(layer));
        }
        Tensor finalNorm = joined(List.of(names.finalNorm()));
        Tensor head = config.tiedHead() ? embedding : joined(List.of(names.head()));
        return new Weights(config, embedding, blocks, finalNorm, head);
    }

    private Weights.Block block(int layer) {
        List<String> attention = List.of(names.query(), names.key(), names.value());
        Tensor bias = null;
        if (config.attentionBias()) {
            bias = joined(
                    attention.stream().map(part -> names.bias(layer, part)).toList());
            makeAdjacent(bias, config.heads() + config.keyValueHeads());
        }
        Tensor queryNorm = null;
        Tensor keyNorm = null;
        if (config.queryKeyNorm()) {
            queryNorm = weights(layer, names.queryNorm());
            keyNorm = weights(layer, names.keyNorm());
            makeAdjacent(queryNorm, 1);
            makeAdjacent(keyNorm, 1);
        }
        Tensor queryKeyValue = weights(layer, names.query(), names.key(), names.value());
        makeAdjacent(queryKeyValue, config.heads() + config.keyValueHeads());
        return new Weights.Block(
                weights(layer, names.attentionNorm()),
                queryKeyValue,
                bias,
                queryNorm,
                keyNorm,
                weights(layer, names.output()),
                weights(layer, names.feedForwardNorm()),
                weights(layer, names.gate(), names.up()),
                weights(layer, names.down()));
    }

    private Tensor weights(int layer, String... parts) {
        return joined(Stream.of(parts).map(part -> names.weight(layer, part)).toList());
    }

    /** Tensors below each other as one new tensor that no scope owns. */
    private Tensor joined(List<String> parts) {
        List<StoredTensor> stored = parts.stream().map(file::tensor).toList();
        long[] shape =
                stored.getFirst().shape().stream().mapToLong(Long::longValue).toArray();
        shape[0] = stored.stream().mapToLong(part -> part.shape().getFirst()).sum();
        try (PointerScope _ = new PointerScope()) {
            Tensor tensor = torch.empty(shape);
            MemorySegment memory = TensorMemory.floats(tensor);
            long offset = 0;
            for (StoredTensor part : stored) {
                long bytes = part.elements() * Float.BYTES;
                part.copyTo(memory.asSlice(offset, bytes));
                offset += bytes;
            }
            tensor.retainReference();
            return tensor;
        }
    }

    /** Reorders the first rows in place: those of so many heads. */
    private void makeAdjacent(Tensor rows, int heads) {
        if (adjacent) {
            return;
        }
        try (PointerScope _ = new PointerScope()) {
            Tensor rotated = rows.narrow(0, 0, (long) heads * config.headSize());
            rotated.copy_(RotaryLayout.toAdjacent(rotated, heads));
        }
    }
}
