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
 * capacity …}. It grows as it is needed. K = key-value heads, D = head size, B = rows, S = entries.
 */
final class KeyValueCache implements AutoCloseable {
    private final List<Layer> layers = new ArrayList<>();
    private final ModelConfig config;
    private final long most;
    private int rows;
    private int capacity;

    private record Layer(Ownership owned, Tensor block) {
        static Layer of(ModelConfig config, int rows, int capacity) {
            Ownership owned = new Ownership();
            return new Layer(owned, owned.keep(torch.zeros((long) rows * capacity, 2L * config.keyValueWidth())));
        }
    }

    /**
     * @param rows for the beginning
     * @param capacity entries of a row for the beginning
     * @param most entries of all rows that it may grow to
     */
    KeyValueCache(ModelConfig config, int rows, int capacity, long most) {
        this.config = config;
        this.rows = rows;
        this.capacity = capacity;
        this.most = most;
        try (PointerScope scope = new PointerScope()) {
            for (int i = 0; i < config.layers(); i++) {
                layers.add(Layer.of(config, rows, capacity));
            }
        }
    }

    /** Makes room for the first rows with their first entries, by half more than there is where that is not too much. */
    void require(int neededRows, int neededEntries) {
        if (neededRows <= rows && neededEntries <= capacity) {
            return;
        }
        int newRows = grown(rows, neededRows);
        int newCapacity = grown(capacity, neededEntries);
        if ((long) newRows * newCapacity > most) {
            newRows = neededRows;
            newCapacity = neededEntries;
        }
        if ((long) newRows * newCapacity > most) {
            throw new IllegalStateException(
                    "A cache of [%d] entries cannot hold [%d] rows of [%d]".formatted(most, neededRows, neededEntries));
        }
        int keptRows = Math.min(rows, newRows);
        int keptEntries = Math.min(capacity, newCapacity);
        try (PointerScope scope = new PointerScope()) {
            for (int i = 0; i < layers.size(); i++) {
                Layer old = layers.get(i);
                Layer grown = Layer.of(config, newRows, newCapacity);
                long width = 2L * config.keyValueWidth();
                grown.block()
                        .view(newRows, newCapacity, width)
                        .narrow(0, 0, keptRows)
                        .narrow(1, 0, keptEntries)
                        .copy_(old.block()
                                .view(rows, capacity, width)
                                .narrow(0, 0, keptRows)
                                .narrow(1, 0, keptEntries));
                layers.set(i, grown);
                old.owned().close();
            }
        }
        rows = newRows;
        capacity = newCapacity;
    }

    private static int grown(int have, int needed) {
        return needed <= have ? have : Math.max(needed, have + have / 2);
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
        layers.get(layer).block().index_copy_(0, indices, keyValue);
    }

    /**
     * Stores the first keys and values of a row.
     *
     * @param keyValue Shape: (S, 2·K·D)
     */
    void begin(int layer, int row, Tensor keyValue) {
        index(row, (int) keyValue.size(0) - 1);
        layers.get(layer)
                .block()
                .narrow(0, (long) row * capacity, keyValue.size(0))
                .copy_(keyValue);
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
                .block()
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
            for (Layer layer : layers) {
                Tensor block = layer.block();
                block.narrow(0, index(to, 0), entries).copy_(block.narrow(0, index(from, 0), entries));
            }
        }
    }

    @Override
    public void close() {
        layers.forEach(layer -> layer.owned().close());
    }
}
