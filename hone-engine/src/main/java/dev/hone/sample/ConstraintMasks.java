package dev.hone.sample;

import dev.hone.record.Constraint;
import dev.hone.schema.Grammar.Position;
import dev.hone.tensor.TensorMemory;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import org.bytedeco.pytorch.Tensor;
import org.jspecify.annotations.Nullable;

/**
 * Which tokens could be drawn at each place of a constrained text: a trainer sees the sampler's distribution only under the
 * same masks. For one thread at a time.
 */
public final class ConstraintMasks {
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
        long vocabulary = logits.size(1);
        for (int row = 0; row < allowed.size(); row++) {
            BitSet mask = allowed.get(row);
            if (mask == null) {
                continue;
            }
            int id = mask.nextClearBit(0);
            while (id < vocabulary) {
                scores.setAtIndex(ValueLayout.JAVA_FLOAT, row * vocabulary + id, Float.NEGATIVE_INFINITY);
                id = mask.nextClearBit(id + 1);
            }
        }
    }
}
