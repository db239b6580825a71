package dev.hone.train;

import dev.hone.record.Datum;
import dev.hone.record.Draw;
import dev.hone.tensor.HostArrays;
import java.util.Arrays;
import java.util.List;
import org.bytedeco.pytorch.Tensor;
import org.jspecify.annotations.Nullable;

/**
 * Sequences laid end to end without padding. T = all positions, N = trained positions.
 *
 * @param lengths of the sequences; they sum to T
 * @param tokens Shape: (T)
 * @param rotations rotary rotation of each position, counted from the start of its sequence. complex64, shape: (T, 1, D/2)
 * @param inverseRotations conjugates of {@code rotations}
 * @param trained positions with non-zero weight. Shape: (N)
 * @param targets of the trained positions. Shape: (N)
 * @param temperatures of the trained positions, or null where all are 1. Shape: (N, 1)
 * @param terms what the loss needs of the trained positions
 */
record PackedBatch(
        int[] lengths,
        Tensor tokens,
        Tensor rotations,
        Tensor inverseRotations,
        Tensor trained,
        Tensor targets,
        @Nullable Tensor temperatures,
        LossTerms terms) {

    /**
     * Packs sequences in their order. The tensors belong to the caller's scope.
     *
     * @param rotationTable complex64. Shape: (positions, D/2)
     */
    static PackedBatch of(List<Datum> data, Tensor rotationTable) {
        int total = data.stream().mapToInt(Datum::length).sum();
        int trainedTotal = data.stream().mapToInt(Datum::trained).sum();
        int[] lengths = new int[data.size()];
        long[] tokens = new long[total];
        long[] positions = new long[total];
        long[] trained = new long[trainedTotal];
        long[] targets = new long[trainedTotal];
        float[] weights = new float[trainedTotal];
        float[] behaviour = new float[trainedTotal];
        float[] advantages = new float[trainedTotal];
        float[] temperatures = new float[trainedTotal];
        int row = 0;
        int trainedRow = 0;
        for (int sequence = 0; sequence < lengths.length; sequence++) {
            Datum datum = data.get(sequence);
            Draw draw = datum.draw();
            lengths[sequence] = datum.length();
            for (int position = 0; position < datum.length(); position++) {
                tokens[row] = datum.tokens()[position];
                positions[row] = position;
                if (datum.weights()[position] != 0) {
                    trained[trainedRow] = row;
                    targets[trainedRow] = datum.targets()[position];
                    weights[trainedRow] = datum.weights()[position];
                    temperatures[trainedRow] = (float) draw.temperature();
                    if (draw.known()) {
                        behaviour[trainedRow] = draw.behaviour()[position];
                        advantages[trainedRow] = draw.advantages()[position];
                    }
                    trainedRow++;
                }
                row++;
            }
        }
        Tensor rotations =
                rotationTable.index_select(0, HostArrays.longs(positions)).unsqueeze(1);
        boolean plain = data.stream().allMatch(datum -> datum.draw().temperature() == 1);
        return new PackedBatch(
                lengths,
                HostArrays.longs(tokens),
                rotations,
                rotations.conj().resolve_conj(),
                HostArrays.longs(trained),
                HostArrays.longs(targets),
                plain ? null : HostArrays.floats(temperatures).unsqueeze(1),
                new LossTerms(weights, behaviour, advantages));
    }

    /** T, the number of positions. */
    int positions() {
        return Arrays.stream(lengths).sum();
    }
}
