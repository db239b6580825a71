package dev.hone.sample;

import dev.hone.model.ModelConfig;
import dev.hone.tensor.HostArrays;
import dev.hone.tensor.Operators;
import dev.hone.tensor.Operators.Attention;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import org.bytedeco.pytorch.Tensor;

/**
 * Attention of one decoding step. Every row attends to its own entries in the cache, all rows in one call; rows of a group
 * that shares its prompt attend to that too, all rows of the group in one call. Both parts are merged by their log-sum-exps,
 * which is exact. B = rows, K = key-value heads, G = query heads a key-value head, D = head size, S = entries, R = rows of a
 * group.
 */
final class StepAttention implements Decoder.Attend {
    private final ModelConfig config;
    private final KeyValueCache cache;
    private final int rows;
    private final int entries;
    private final Tensor indices;
    private final Tensor mask;
    private final Map<Group, Tensor> sharing = new IdentityHashMap<>();

    /**
     * @param entries S, most entries that a row has, the new one included
     * @param indices where each row's new keys and values go. Shape: (B)
     */
    StepAttention(ModelConfig config, KeyValueCache cache, List<Row> rows, int entries, Tensor indices) {
        this.config = config;
        this.cache = cache;
        this.rows = rows.size();
        this.entries = entries;
        this.indices = indices;
        this.mask = mask(rows, entries);
        Map<Group, List<Long>> members = new IdentityHashMap<>();
        for (int i = 0; i < rows.size(); i++) {
            Group group = rows.get(i).group();
            if (group.shared()) {
                members.computeIfAbsent(group, key -> new ArrayList<>()).add((long) i);
            }
        }
        members.forEach((group, places) -> sharing.put(
                group,
                HostArrays.longs(places.stream().mapToLong(Long::longValue).toArray())));
    }

    /** 0 where a row has an entry, -∞ beyond. Shape: (B, 1, 1, S) */
    private static Tensor mask(List<Row> rows, int entries) {
        float[] values = new float[rows.size() * entries];
        for (int i = 0; i < rows.size(); i++) {
            Arrays.fill(values, i * entries + rows.get(i).entry() + 1, (i + 1) * entries, Float.NEGATIVE_INFINITY);
        }
        return HostArrays.floats(values).view(rows.size(), 1, 1, entries);
    }

    @Override
    public void attend(int layer, Tensor queryKeyValue, Tensor output) {
        int groups = config.heads() / config.keyValueHeads();
        cache.write(layer, indices, queryKeyValue.narrow(1, config.queryWidth(), 2L * config.keyValueWidth()));
        // Shape: (B, K, G, D)
        Tensor query = queryKeyValue
                .narrow(1, 0, config.queryWidth())
                .view(rows, config.keyValueHeads(), groups, config.headSize());
        Attention own =
                Operators.attention(query, cache.keys(layer, rows, entries), cache.values(layer, rows, entries), mask);
        Tensor result = output.view(rows, config.keyValueHeads(), groups, config.headSize());
        result.copy_(own.output());
        sharing.forEach((group, places) -> {
            Tensor prompt = attendToPrompt(layer, group, query.index_select(0, places), own, places);
            result.index_copy_(0, places, prompt);
        });
    }

    /** The merged attention of a group's rows. Shape: (R, K, G, D) */
    private Tensor attendToPrompt(int layer, Group group, Tensor query, Attention own, Tensor places) {
        long members = query.size(0);
        long groups = query.size(2);
        // Shape: (R, K, G, D) → (1, K, R·G, D)
        Tensor together =
                query.permute(1, 0, 2, 3).reshape(1, config.keyValueHeads(), members * groups, config.headSize());
        Attention shared = Operators.attention(together, group.keys(layer, config), group.values(layer, config), false);
        Tensor sharedOutput = shared.output()
                .reshape(config.keyValueHeads(), members, groups, config.headSize())
                .permute(1, 0, 2, 3);
        Tensor sharedLogSumExp = shared.logSumExp()
                .reshape(config.keyValueHeads(), members, groups)
                .permute(1, 0, 2);
        Tensor share = sharedLogSumExp
                .sub(own.logSumExp().index_select(0, places))
                .sigmoid()
                .unsqueeze(-1); // Shape: (R, K, G, 1)
        return own.output().index_select(0, places).lerp(sharedOutput, share);
    }
}
