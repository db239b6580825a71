package dev.hone.train;

import dev.hone.model.PrefixTree;
import dev.hone.model.PrefixTree.Segment;
import dev.hone.record.Constraint;
import dev.hone.record.Datum;
import dev.hone.record.Draw;
import dev.hone.sample.ConstraintMasks;
import dev.hone.tensor.HostArrays;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.stream.IntStream;
import org.bytedeco.pytorch.Tensor;
import org.jspecify.annotations.Nullable;

/**
 * Sequences laid out without padding, beginnings that they have in common once. T = rows, N = trained positions; a row is
 * trained as often as sequences train it.
 *
 * @param segments of the rows
 * @param tokens Shape: (T)
 * @param rotations rotary rotation of each row, counted from the start of its sequence. complex64, shape: (T, 1, D/2)
 * @param inverseRotations conjugates of {@code rotations}
 * @param trained row of each position with non-zero weight, sequence by sequence. Shape: (N)
 * @param targets of the trained positions. Shape: (N)
 * @param scoring what is done to the logits of the trained positions
 * @param terms what the loss needs of the trained positions
 */
record PackedBatch(
        List<Segment> segments,
        Tensor tokens,
        Tensor rotations,
        Tensor inverseRotations,
        Tensor trained,
        Tensor targets,
        Scoring scoring,
        LossTerms terms) {

    /** How sequences are laid out: {@link PackedBatch#of}. */
    @FunctionalInterface
    interface Layout {
        PackedBatch of(List<Datum> data, Tensor rotationTable, ConstraintMasks masks);
    }

    /**
     * Lays out sequences. The tensors belong to the caller's scope.
     *
     * @param rotationTable complex64. Shape: (positions, D/2)
     * @param masks for what was drawn under a constraint
     */
    static PackedBatch of(List<Datum> data, Tensor rotationTable, ConstraintMasks masks) {
        PrefixTree tree = PrefixTree.of(data.stream().map(Datum::tokens).toList());
        int trainedTotal = data.stream().mapToInt(Datum::trained).sum();
        long[] trained = new long[trainedTotal];
        long[] targets = new long[trainedTotal];
        float[] weights = new float[trainedTotal];
        float[] behaviour = new float[trainedTotal];
        float[] advantages = new float[trainedTotal];
        float[] temperatures = new float[trainedTotal];
        int next = 0;
        for (int sequence = 0; sequence < data.size(); sequence++) {
            Datum datum = data.get(sequence);
            Draw draw = datum.draw();
            for (int position = 0; position < datum.length(); position++) {
                if (datum.weights()[position] != 0) {
                    trained[next] = tree.rows()[sequence][position];
                    targets[next] = datum.targets()[position];
                    weights[next] = datum.weights()[position];
                    temperatures[next] = (float) draw.temperature();
                    if (draw.known()) {
                        behaviour[next] = draw.behaviour()[position];
                        advantages[next] = draw.advantages()[position];
                    }
                    next++;
                }
            }
        }
        Tensor rotations = rotationTable
                .index_select(0, HostArrays.longs(tree.positions()))
                .unsqueeze(1);
        boolean plain = data.stream().allMatch(datum -> datum.draw().temperature() == 1);
        return new PackedBatch(
                tree.segments(),
                HostArrays.longs(tree.tokens()),
                rotations,
                rotations.conj().resolve_conj(),
                HostArrays.longs(trained),
                HostArrays.longs(targets),
                new Scoring(plain ? null : HostArrays.floats(temperatures).unsqueeze(1), allowed(data, masks)),
                new LossTerms(weights, behaviour, advantages));
    }

    /** What could be drawn at each trained position; empty when nothing was constrained. */
    private static List<@Nullable BitSet> allowed(List<Datum> data, ConstraintMasks masks) {
        List<@Nullable BitSet> allowed = new ArrayList<>();
        if (data.stream().allMatch(datum -> datum.draw().constraint() instanceof Constraint.None)) {
            return allowed;
        }
        for (Datum datum : data) {
            int[] drawn = IntStream.range(0, datum.length())
                    .filter(position -> datum.weights()[position] != 0)
                    .map(position -> datum.targets()[position])
                    .toArray();
            allowed.addAll(masks.of(datum.draw().constraint(), datum.draw().ends(), drawn));
        }
        return allowed;
    }
}
