package dev.hone.model;

import dev.hone.model.ModelConfig.Architecture;
import dev.hone.model.ModelConfig.Rope;
import dev.hone.model.ModelConfig.Scaling;
import dev.hone.tensor.GgufFile;
import dev.hone.tensor.GgufMetadata;
import dev.hone.tensor.ModelFileException;
import dev.hone.tensor.StoredTensor;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.List;

/** A model's shape from the metadata of a GGUF file. What would change the mathematics is refused. */
final class GgufConfig {

    /** Divisors of the rotary frequencies; only Llama 3.1 and later have it. */
    static final String ROPE_FACTORS = "rope_freqs.weight";

    private static final String OTHER_MODEL = "choose another model";

    private final GgufFile file;
    private final GgufMetadata metadata;
    private final String prefix;

    private GgufConfig(GgufFile file) {
        this.file = file;
        this.metadata = file.metadata();
        this.prefix = metadata.text("general.architecture") + ".";
    }

    static ModelConfig read(GgufFile file) {
        return new GgufConfig(file).read();
    }

    private ModelConfig read() {
        Architecture architecture = switch (metadata.text("general.architecture")) {
            case "llama" -> Architecture.LLAMA;
            case "qwen2" -> Architecture.QWEN2;
            case "qwen3" -> Architecture.QWEN3;
            default ->
                throw unsupported(
                        "has the architecture [" + metadata.text("general.architecture") + "]",
                        "choose a model of llama, qwen2, qwen3");
        };
        int heads = whole("attention.head_count");
        int hidden = whole("embedding_length");
        int headSize = has("attention.key_length") ? whole("attention.key_length") : hidden / Math.max(1, heads);
        refuseUnsupported(headSize);
        List<Long> embedding = file.tensor(TensorNames.GGUF.embedding()).shape();
        try {
            return new ModelConfig(
                    architecture,
                    Math.toIntExact(embedding.getFirst()),
                    hidden,
                    whole("block_count"),
                    heads,
                    has("attention.head_count_kv") ? whole("attention.head_count_kv") : heads,
                    headSize,
                    whole("feed_forward_length"),
                    whole("context_length"),
                    decimal("attention.layer_norm_rms_epsilon"),
                    rope(headSize),
                    !file.tensors().containsKey(TensorNames.GGUF.head()),
                    architecture == Architecture.QWEN2,
                    architecture == Architecture.QWEN3);
        } catch (IllegalArgumentException | ArithmeticException e) {
            throw new ModelFileException(
                    file.path(), "describes no model: " + e.getMessage(), "download or convert the file again", e);
        }
    }

    private void refuseUnsupported(int headSize) {
        if (has("expert_count") && whole("expert_count") != 0) {
            throw unsupported("is a mixture of [" + whole("expert_count") + "] experts", OTHER_MODEL);
        }
        if (has("attention.sliding_window") && whole("attention.sliding_window") != 0) {
            throw unsupported("uses a sliding window", OTHER_MODEL);
        }
        if (has("attention.value_length") && whole("attention.value_length") != headSize) {
            throw unsupported("has value heads of another size than its key heads", OTHER_MODEL);
        }
        if (has("rope.dimension_count") && whole("rope.dimension_count") != headSize) {
            throw unsupported(
                    "rotates [%d] of [%d] dimensions".formatted(whole("rope.dimension_count"), headSize), OTHER_MODEL);
        }
        if (has("rope.scaling.type")
                && !metadata.text(prefix + "rope.scaling.type").equals("none")) {
            throw unsupported(
                    "has rotary scaling of type [" + metadata.text(prefix + "rope.scaling.type") + "]", OTHER_MODEL);
        }
        for (String factor : List.of("rope.scaling.factor", "rope.scale_linear")) {
            if (has(factor) && decimal(factor) != 1) {
                throw unsupported("has a [" + factor + "] of [" + decimal(factor) + "]", OTHER_MODEL);
            }
        }
    }

    private Rope rope(int headSize) {
        double theta = has("rope.freq_base") ? decimal("rope.freq_base") : 10_000;
        StoredTensor factors = file.tensors().get(ROPE_FACTORS);
        return new Rope(theta, factors == null ? new Scaling.None() : llama3(factors, headSize, theta));
    }

    /**
     * The parameters behind stored divisors. A GGUF file has the divisors alone; all Llama 3 models have the same
     * parameters but for the factor, which is the largest divisor. Other divisors are refused.
     */
    private Scaling llama3(StoredTensor stored, int headSize, double theta) {
        float[] divisors = floats(stored);
        float factor = 1;
        for (float divisor : divisors) {
            factor = Math.max(factor, divisor);
        }
        Scaling.Llama3 scaling = new Scaling.Llama3(Double.parseDouble(Float.toString(factor)), 1, 4, 8192);
        boolean same = divisors.length == headSize / 2;
        if (same) {
            float[] plain = RotaryEmbedding.frequencies(new Rope(theta, new Scaling.None()), headSize);
            float[] stretched = RotaryEmbedding.frequencies(new Rope(theta, scaling), headSize);
            for (int i = 0; i < divisors.length; i++) {
                same &= Math.abs(divisors[i] * stretched[i] - plain[i]) <= 1e-4 * plain[i];
            }
        }
        if (!same) {
            throw unsupported("has other rotary frequencies [" + ROPE_FACTORS + "] than Llama 3", OTHER_MODEL);
        }
        return scaling;
    }

    private static float[] floats(StoredTensor stored) {
        if (stored.elements() > 1 << 16) {
            throw new ModelFileException(
                    stored.file(), "has [%d] rotary divisors".formatted(stored.elements()), OTHER_MODEL);
        }
        try (Arena arena = Arena.ofShared()) {
            MemorySegment floats = arena.allocate(stored.elements() * Float.BYTES, Float.BYTES);
            stored.copyTo(floats);
            return floats.toArray(ValueLayout.JAVA_FLOAT);
        }
    }

    private boolean has(String key) {
        return metadata.has(prefix + key);
    }

    private int whole(String key) {
        long value = metadata.whole(prefix + key);
        if (value < 0 || value > Integer.MAX_VALUE) {
            throw new ModelFileException(
                    file.path(), "has a [%s] of [%d]".formatted(prefix + key, value), "convert the model again");
        }
        return (int) value;
    }

    /** The shortest decimal of an fp32 number: 1e-5, not 9.99999974e-6. */
    private double decimal(String key) {
        return Double.parseDouble(Float.toString((float) metadata.real(prefix + key)));
    }

    private ModelFileException unsupported(String problem, String remedy) {
        return new ModelFileException(file.path(), problem + ", which is not supported", remedy);
    }
}
