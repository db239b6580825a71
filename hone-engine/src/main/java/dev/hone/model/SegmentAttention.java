package dev.hone.model;

import dev.hone.tensor.Operators;
import dev.hone.tensor.Operators.Attention;
import dev.hone.tensor.Operators.AttentionGradients;
import dev.hone.tensor.Ownership;
import java.util.ArrayList;
import java.util.List;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;

/**
 * Causal attention inside each sequence of a packed batch. Query heads that share a key-value head are laid along the
 * kernel's batch dimension, where keys and values are read with stride 0 instead of being repeated. L = length of a
 * sequence, G = query heads a key-value head, K = key-value heads, D = head size.
 */
public final class SegmentAttention {
    private final int keyValueHeads;
    private final int groups;
    private final int headSize;
    private final int queryWidth;
    private final int keyValueWidth;

    public SegmentAttention(ModelConfig config) {
        keyValueHeads = config.keyValueHeads();
        groups = config.heads() / config.keyValueHeads();
        headSize = config.headSize();
        queryWidth = config.queryWidth();
        keyValueWidth = config.keyValueWidth();
    }

    /**
     * @param queryKeyValue rotated queries, rotated keys, values. Shape: (T, (H + 2K)·D)
     * @param saved owner of what {@link #backward} needs
     * @return what each sequence's kernel gave, in order
     */
    public List<Attention> forward(Tensor queryKeyValue, int[] lengths, Tensor output, Ownership saved) {
        List<Attention> parts = new ArrayList<>(lengths.length);
        long start = 0;
        for (int length : lengths) {
            Tensor rows = queryKeyValue.narrow(0, start, length);
            Attention part = Operators.attention(query(rows), key(rows), value(rows), true);
            queries(output.narrow(0, start, length)).copy_(part.output());
            parts.add(new Attention(saved.keep(part.output()), saved.keep(part.logSumExp())));
            start += length;
        }
        return parts;
    }

    /**
     * @param gradient of the output. Shape: (T, H·D)
     * @return gradient of the rotated queries, rotated keys and values. Shape: (T, (H + 2K)·D)
     */
    public Tensor backward(Tensor gradient, Tensor queryKeyValue, List<Attention> parts, int[] lengths) {
        Tensor result = torch.empty_like(queryKeyValue);
        long start = 0;
        for (int i = 0; i < lengths.length; i++) {
            Tensor rows = queryKeyValue.narrow(0, start, lengths[i]);
            Tensor out = result.narrow(0, start, lengths[i]);
            AttentionGradients gradients = Operators.attentionBackward(
                    queries(gradient.narrow(0, start, lengths[i])),
                    query(rows),
                    key(rows),
                    value(rows),
                    parts.get(i),
                    true);
            query(out).copy_(gradients.query());
            plainKey(out).copy_(gradients.key().sum(0));
            plainValue(out).copy_(gradients.value().sum(0));
            start += lengths[i];
        }
        return result;
    }

    // Shape: (L, (H + 2K)·D) → (G, K, L, D)
    private Tensor query(Tensor rows) {
        return queries(rows.narrow(1, 0, queryWidth));
    }

    // Shape: (L, H·D) → (G, K, L, D)
    private Tensor queries(Tensor rows) {
        return rows.view(rows.size(0), keyValueHeads, groups, headSize).permute(2, 1, 0, 3);
    }

    // Shape: (L, (H + 2K)·D) → (G, K, L, D)
    private Tensor key(Tensor rows) {
        return shared(plainKey(rows));
    }

    // Shape: (L, (H + 2K)·D) → (G, K, L, D)
    private Tensor value(Tensor rows) {
        return shared(plainValue(rows));
    }

    // Shape: (L, (H + 2K)·D) → (K, L, D)
    private Tensor plainKey(Tensor rows) {
        return heads(rows.narrow(1, queryWidth, keyValueWidth));
    }

    // Shape: (L, (H + 2K)·D) → (K, L, D)
    private Tensor plainValue(Tensor rows) {
        return heads(rows.narrow(1, (long) queryWidth + keyValueWidth, keyValueWidth));
    }

    // Shape: (L, K·D) → (K, L, D)
    private Tensor heads(Tensor rows) {
        return rows.view(rows.size(0), keyValueHeads, headSize).permute(1, 0, 2);
    }

    // Shape: (K, L, D) → (G, K, L, D)
    private Tensor shared(Tensor heads) {
        return heads.unsqueeze(0).expand(groups, keyValueHeads, heads.size(1), headSize);
    }
}
