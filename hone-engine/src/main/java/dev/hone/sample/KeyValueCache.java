package dev.hone.sample;

import dev.hone.model.ModelConfig;
import dev.hone.tensor.Ownership;
import java.util.ArrayList;
import java.util.List;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;

/**
 * Keys and values of the rows in flight: every layer has one block of memory in which row r owns the entries {@code r ·
 * capacity …}. K = key-value heads, D = head size, B = rows, S = entries.
 */
final class KeyValueCache implements AutoCloseable {
    private final Ownership owned = new Ownership();
    private final List<Tensor> layers = new ArrayList<>();
    private final ModelConfig config;
    private final int rows;
    private final int capacity;

    /**
     * @param rows most rows at once
     * @param capacity most entries a row
     */
    KeyValueCache(ModelConfig config, int rows, int capacity) {
        this.config = config;
        this.rows = rows;
        this.capacity = capacity;
        try (PointerScope scope = new PointerScope()) {
            for (int i = 0; i < config.layers(); i++) {
                layers.add(owned.keep(torch.zeros((long) rows * capacity, 2L * config.keyValueWidth())));
            }
        }
    }

    /** Where an entry of a row is. */
    long index(int row, int entry) {
        if (row >= rows || entry >= capacity) {
            throw new IndexOutOfBoundsException("Row [%d] entry [%d] in a cache of [%d] rows of [%d] entries"
                    .formatted(row, entry, rows, capacity));
        }
        return (long) row * capacity + entry;
    }

    /**
     * Stores keys and values.
     *
     * @param indices from {@link #index}. Shape: (T)
     * @param keyValue Shape: (T, 2·K·D)
     */
    void write(int layer, Tensor indices, Tensor keyValue) {
        layers.get(layer).index_copy_(0, indices, keyValue);
    }

    /**
     * Stores the first keys and values of a row.
     *
     * @param keyValue Shape: (S, 2·K·D)
     */
    void begin(int layer, int row, Tensor keyValue) {
        index(row, (int) keyValue.size(0) - 1);
        layers.get(layer).narrow(0, (long) row * capacity, keyValue.size(0)).copy_(keyValue);
    }

    /** Keys of the first entries of the first rows. Shape: (B, K, S, D) */
    Tensor keys(int layer, int rows, int entries) {
        return heads(layer, rows, entries, 0);
    }

    /** Values of the first entries of the first rows. Shape: (B, K, S, D) */
    Tensor values(int layer, int rows, int entries) {
        return heads(layer, rows, entries, config.keyValueWidth());
    }

    private Tensor heads(int layer, int rows, int entries, int offset) {
        return layers.get(layer)
                .view(this.rows, capacity, 2L * config.keyValueWidth())
                .narrow(0, 0, rows)
                .narrow(1, 0, entries)
                .narrow(2, offset, config.keyValueWidth())
                .view(rows, entries, config.keyValueHeads(), config.headSize())
                .permute(0, 2, 1, 3);
    }

    /** Copies the first entries of a row over another row. */
    void move(int from, int to, int entries) {
        try (PointerScope scope = new PointerScope()) {
            for (Tensor layer : layers) {
                layer.narrow(0, index(to, 0), entries).copy_(layer.narrow(0, index(from, 0), entries));
            }
        }
    }

    @Override
    public void close() {
        owned.close();
    }
}
