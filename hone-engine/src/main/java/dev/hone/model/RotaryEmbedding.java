package dev.hone.model;

import dev.hone.tensor.HostArrays;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;

/**
 * Rotary position embedding (Su et al. 2021) as complex multiplication: dimensions 2i and 2i+1 of a head are the real and
 * imaginary part of a number that is turned by {@code position · frequency_i}.
 */
public final class RotaryEmbedding {
    private RotaryEmbedding() {}

    /**
     * The rotations of positions {@code 0 … positions-1}, rounded as Hugging Face's transformers rounds them: frequency and
     * angle in fp32.
     *
     * @return complex64. Shape: (positions, headSize / 2)
     */
    public static Tensor table(ModelConfig config, int positions) {
        float[] frequencies = frequencies(config.rope(), config.headSize());
        float[] values = new float[positions * frequencies.length * 2];
        int next = 0;
        for (int position = 0; position < positions; position++) {
            for (float frequency : frequencies) {
                float angle = position * frequency;
                values[next++] = (float) Math.cos(angle);
                values[next++] = (float) Math.sin(angle);
            }
        }
        Tensor pairs = HostArrays.floats(values).view(positions, frequencies.length, 2);
        return torch.view_as_complex(pairs);
    }

    /** Radians per position of each pair of dimensions. */
    static float[] frequencies(ModelConfig.Rope rope, int headSize) {
        float[] frequencies = new float[headSize / 2];
        for (int i = 0; i < frequencies.length; i++) {
            double exponent = (float) (2 * i) / headSize;
            frequencies[i] = 1 / (float) Math.pow(rope.theta(), exponent);
        }
        return switch (rope.scaling()) {
            case ModelConfig.Scaling.None() -> frequencies;
            case ModelConfig.Scaling.Llama3 scaling -> stretched(frequencies, scaling);
        };
    }

    /** Long wavelengths are stretched by the factor, short ones stay, those between are interpolated. */
    private static float[] stretched(float[] frequencies, ModelConfig.Scaling.Llama3 scaling) {
        double longest = scaling.originalPositions() / scaling.lowFrequencyFactor();
        double shortest = scaling.originalPositions() / scaling.highFrequencyFactor();
        float[] stretched = new float[frequencies.length];
        for (int i = 0; i < frequencies.length; i++) {
            float frequency = frequencies[i];
            double wavelength = 2 * Math.PI / frequency;
            if (wavelength > longest) {
                stretched[i] = (float) (frequency / scaling.factor());
            } else if (wavelength < shortest) {
                stretched[i] = frequency;
            } else {
                double share = (scaling.originalPositions() / wavelength - scaling.lowFrequencyFactor())
                        / (scaling.highFrequencyFactor() - scaling.lowFrequencyFactor());
                stretched[i] = (float) ((1 - share) * frequency / scaling.factor() + share * frequency);
            }
        }
        return stretched;
    }
}
