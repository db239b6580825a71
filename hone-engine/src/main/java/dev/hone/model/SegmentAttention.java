package dev.hone.model;

import dev.hone.model.PrefixTree.Segment;
import dev.hone.tensor.Operators;
import dev.hone.tensor.Operators.Attention;
import dev.hone.tensor.Operators.AttentionGradients;
import java.util.List;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;

/**
 * Causal attention inside each sequence of a {@link PrefixTree}: a row sees its own segment up to itself, and the whole of
 * the segments that its own continues. Each is a call of the kernel; their results are merged by their log-sum-exps, which is
 * exact, and given back to each call's backward it makes the gradient exact too, because the probabilities and the row sums
 * that the kernel needs depend on the merged values alone. Query heads that share a key-value head are laid along the
 * kernel's batch dimension, where keys and values are read with stride 0 instead of being repeated. L = rows of a call, G =
 * query heads a key-value head, K = key-value heads, D = head size, H = G·K.
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
     * @param output where the attended values go. Shape: (T, H·D)
     * @return log-sum-exp of each row's scaled scores, in the caller's scope. Shape: (T, H)
     */
    public Tensor forward(Tensor queryKeyValue, List<Segment> segments, Tensor output) {
        Tensor logSumExp = torch.empty(queryKeyValue.size(0), (long) groups * keyValueHeads);
        for (Segment segment : segments) {
            Tensor rows = own(queryKeyValue, segment);
            Attention part = Operators.attention(query(rows), key(rows), value(rows), true);
            queries(own(output, segment)).copy_(part.output());
            sums(own(logSumExp, segment)).copy_(part.logSumExp());
        }
        for (Segment segment : segments) {
            if (segment.continued() > 0) {
                Tensor rows = own(queryKeyValue, segment);
                Attention part =
                        Operators.attention(query(after(queryKeyValue, segment)), key(rows), value(rows), false);
                Tensor sum = sums(after(logSumExp, segment));
                Tensor share = part.logSumExp().sub(sum).sigmoid_().unsqueeze(-1);
                queries(after(output, segment)).lerp_(part.output(), share);
                sum.copy_(torch.logaddexp(sum, part.logSumExp()));
            }
        }
        return logSumExp;
    }

    /**
     * @param gradient of the output. Shape: (T, H·D)
     * @param output of {@link #forward}. Shape: (T, H·D)
     * @param logSumExp of {@link #forward}. Shape: (T, H)
     * @return gradient of the rotated queries, rotated keys and values. Shape: (T, (H + 2K)·D)
     */
    public Tensor backward(
            Tensor gradient, Tensor queryKeyValue, Tensor output, Tensor logSumExp, List<Segment> segments) {
        Tensor result = torch.empty_like(queryKeyValue);
        for (Segment segment : segments) {
            Tensor rows = own(queryKeyValue, segment);
            AttentionGradients gradients = Operators.attentionBackward(
                    queries(own(gradient, segment)),
                    query(rows),
                    key(rows),
                    value(rows),
                    new Attention(queries(own(output, segment)), sums(own(logSumExp, segment))),
                    true);
            Tensor out = own(result, segment);
            query(out).copy_(gradients.query());
            plainKey(out).copy_(gradients.key().sum(0));
            plainValue(out).copy_(gradients.value().sum(0));
        }
        for (Segment segment : segments) {
            if (segment.continued() > 0) {
                Tensor rows = own(queryKeyValue, segment);
                AttentionGradients gradients = Operators.attentionBackward(
                        queries(after(gradient, segment)),
                        query(after(queryKeyValue, segment)),
                        key(rows),
                        value(rows),
                        new Attention(queries(after(output, segment)), sums(after(logSumExp, segment))),
                        false);
                query(after(result, segment)).add_(gradients.query());
                plainKey(own(result, segment)).add_(gradients.key().sum(0));
                plainValue(own(result, segment)).add_(gradients.value().sum(0));
            }
        }
        return result;
    }

    private static Tensor own(Tensor rows, Segment segment) {
        return rows.narrow(0, segment.start(), segment.length());
    }

    private static Tensor after(Tensor rows, Segment segment) {
        return rows.narrow(0, (long) segment.start() + segment.length(), segment.continued());
    }

    // Shape: (L, H) → (G, K, L)
    private Tensor sums(Tensor rows) {
        return rows.view(rows.size(0), keyValueHeads, groups).permute(2, 1, 0);
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
