package dev.hone.sample;

import dev.hone.record.SamplingParams;
import dev.hone.tensor.HostArrays;
import dev.hone.tensor.TensorMemory;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.List;
import org.bytedeco.pytorch.LongOptional;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;
import org.bytedeco.pytorch.global.torch.ScalarType;

/**
 * The next token of every row, drawn for all rows together: the place where a uniform number falls in the running sum of the
 * row's probabilities. What a row draws does not depend on the others. B = rows, V = vocabulary.
 *
 * @param tokens one a row
 * @param logprobs of the tokens, after temperature and before filters
 */
record TokenDraw(int[] tokens, float[] logprobs) {
    private static final long[] LAST = {-1};

    /**
     * @param logits overwritten. Shape: (B, V), contiguous
     * @throws ArithmeticException if scores are no numbers
     */
    static TokenDraw of(Tensor logits, List<Row> rows) {
        divideByTemperature(logits, rows);
        long vocabulary = logits.size(1);
        Tensor largest = logits.amax(LAST, true); // Shape: (B, 1)
        Tensor weights = logits.sub(largest).exp_(); // Shape: (B, V)
        Tensor sums = weights.cumsum(1); // Shape: (B, V)
        float[] totals = HostArrays.toFloats(sums.narrow(1, vocabulary - 1, 1).contiguous());
        float[] wanted = new float[rows.size()];
        for (int i = 0; i < wanted.length; i++) {
            requireNumber(totals[i]);
            // Never 0, so that a first token of probability 0 is not drawn.
            wanted[i] = Math.max((float) (rows.get(i).nextUniform() * totals[i]), Float.MIN_VALUE);
        }
        float[] drawn =
                indices(torch.searchsorted(sums, HostArrays.floats(wanted).unsqueeze(1)));
        float[] best = indices(logits.argmax(new LongOptional(1), false));

        MemorySegment scores = TensorMemory.floats(logits);
        float[] greatest = HostArrays.toFloats(largest);
        int[] tokens = new int[wanted.length];
        float[] logprobs = new float[wanted.length];
        for (int i = 0; i < wanted.length; i++) {
            SamplingParams params = rows.get(i).params();
            if (params.temperature() == 0) {
                tokens[i] = (int) best[i];
            } else if (FilteredChoice.filters(params)) {
                float[] row = HostArrays.toFloats(weights.narrow(0, i, 1));
                tokens[i] = FilteredChoice.choose(row, params, wanted[i] / (double) totals[i]);
            } else {
                tokens[i] = (int) drawn[i];
            }
            float score = scores.getAtIndex(ValueLayout.JAVA_FLOAT, i * vocabulary + tokens[i]);
            logprobs[i] = (float) ((double) score - greatest[i] - Math.log(totals[i]));
        }
        return new TokenDraw(tokens, logprobs);
    }

    private static void divideByTemperature(Tensor logits, List<Row> rows) {
        float[] divisors = new float[rows.size()];
        boolean plain = true;
        for (int i = 0; i < divisors.length; i++) {
            double temperature = rows.get(i).params().temperature();
            divisors[i] = temperature == 0 ? 1 : (float) temperature;
            plain &= divisors[i] == 1;
        }
        if (!plain) {
            logits.div_(HostArrays.floats(divisors).unsqueeze(1));
        }
    }

    /** Indices are exact in fp32 up to 2²⁴, far beyond any vocabulary. */
    private static float[] indices(Tensor longs) {
        return HostArrays.toFloats(longs.to(ScalarType.Float).contiguous());
    }

    private static void requireNumber(float total) {
        if (!(total > 0 && total <= Float.MAX_VALUE)) {
            throw new ArithmeticException(
                    "The model's scores are no numbers: the probabilities of the next token sum to [%s]. Its weights are damaged, or the rate that trained them was too high"
                            .formatted(total));
        }
    }
}
