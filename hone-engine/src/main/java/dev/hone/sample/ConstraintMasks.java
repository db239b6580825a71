package dev.hone.sample;

import dev.hone.record.Constraint;
import dev.hone.schema.Grammar.Position;
import dev.hone.tensor.TensorMemory;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.List;
import org.bytedeco.pytorch.Tensor;
import org.jspecify.annotations.Nullable;

/**
 * Which tokens could be drawn at each place of a constrained text: a trainer sees the sampler's distribution only under the
 * same masks. For one thread at a time.
 */
public final class ConstraintMasks {
    private static final float[] NONE = new float[0];

    private final TokenGrammars grammars;

    public ConstraintMasks(Detokenizer detokenizer, int vocabulary) {
        grammars = new TokenGrammars(detokenizer, vocabulary);
    }

    /** The grammars behind the masks, for a sampler of the same vocabulary. */
    TokenGrammars grammars() {
        return grammars;
    }

    /**
     * What could be drawn in the place of each token of a text; null where anything could.
     *
     * @param ends tokens that could come where the text was complete
     * @throws IllegalArgumentException when a token could not be drawn in its place
     */
    public List<@Nullable BitSet> of(Constraint constraint, List<Integer> ends, int[] tokens) {
        TokenGrammar grammar = grammars.of(constraint);
        List<@Nullable BitSet> masks = new ArrayList<>(tokens.length);
        Position position = grammar == null ? null : grammar.start();
        for (int i = 0; i < tokens.length; i++) {
            if (grammar == null || position == null) {
                masks.add(null);
                continue;
            }
            BitSet allowed = grammar.allowed(position, ends);
            if (!allowed.get(tokens[i])) {
                throw new IllegalArgumentException(
                        "Token [%d] of a drawn text, id [%d], breaks the constraint that it was drawn under"
                                .formatted(i, tokens[i]));
            }
            masks.add(allowed);
            if (!ends.contains(tokens[i])) {
                position = grammar.after(position, tokens[i]);
            }
        }
        return masks;
    }

    /**
     * Gives what may not be drawn the score −∞.
     *
     * @param logits Shape: (B, V)
     * @param allowed for each row what may be drawn; null where anything may
     */
    public static void apply(Tensor logits, List<? extends @Nullable BitSet> allowed) {
        MemorySegment scores = TensorMemory.floats(logits);
        int vocabulary = Math.toIntExact(logits.size(1));
        float[] never = NONE;
        for (int row = 0; row < allowed.size(); row++) {
            BitSet mask = allowed.get(row);
            if (mask == null) {
                continue;
            }
            long first = (long) row * vocabulary;
            if (mask.cardinality() > vocabulary / 2) {
                forbid(scores, first, vocabulary, mask);
            } else {
                never = never.length == vocabulary ? never : never(vocabulary);
                allow(scores, first, never, mask);
            }
        }
    }

    private static float[] never(int vocabulary) {
        float[] never = new float[vocabulary];
        Arrays.fill(never, Float.NEGATIVE_INFINITY);
        return never;
    }

    /** Overwrites the few that may not be drawn. */
    private static void forbid(MemorySegment scores, long first, int vocabulary, BitSet mask) {
        for (int id = mask.nextClearBit(0); id < vocabulary; id = mask.nextClearBit(id + 1)) {
            scores.setAtIndex(ValueLayout.JAVA_FLOAT, first + id, Float.NEGATIVE_INFINITY);
        }
    }

    /** Overwrites the row at once, and puts back the few that may be drawn. */
    private static void allow(MemorySegment scores, long first, float[] never, BitSet mask) {
        int[] ids = mask.stream().filter(id -> id < never.length).toArray();
        float[] kept = new float[ids.length];
        for (int i = 0; i < ids.length; i++) {
            kept[i] = scores.getAtIndex(ValueLayout.JAVA_FLOAT, first + ids[i]);
        }
        MemorySegment.copy(never, 0, scores, ValueLayout.JAVA_FLOAT, first * Float.BYTES, never.length);
        for (int i = 0; i < ids.length; i++) {
            scores.setAtIndex(ValueLayout.JAVA_FLOAT, first + ids[i], kept[i]);
        }
    }
}
