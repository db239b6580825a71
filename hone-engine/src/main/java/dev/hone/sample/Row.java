package dev.hone.sample;

import dev.hone.record.Sample;
import dev.hone.record.Sample.StopReason;
import dev.hone.record.SamplingParams;
import dev.hone.record.Seeds;
import dev.hone.schema.Grammar.Position;
import java.util.Arrays;
import java.util.BitSet;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;

/** One sample in flight. */
final class Row {

    private final Group group;
    private final int index;
    private final int maxPositions;
    private final SplittableRandom random;
    private final @Nullable TokenGrammar grammar;
    private @Nullable Position position;
    private int[] tokens = new int[16];
    private float[] logprobs = new float[16];
    private final int stopTokens;
    private int length;

    /** @param index which of the group's samples */
    Row(Group group, int index, int maxPositions) {
        this.grammar = group.grammar();
        this.position = grammar == null ? null : grammar.start();
        this.group = group;
        this.index = index;
        this.maxPositions = maxPositions;
        this.stopTokens = stopTokens(params(group));
        this.random = new SplittableRandom(Seeds.mix(params(group).seed(), index));
    }

    /**
     * How many tokens at the end surely hold a stop text that the last one completes: a token is at least a byte, and a
     * character at most four; some more, since the first of them may lack its beginning.
     */
    private static int stopTokens(SamplingParams params) {
        int longest = params.stop().stream().mapToInt(String::length).max().orElse(0);
        return 4 * longest + 8;
    }

    private static SamplingParams params(Group group) {
        return group.request().params();
    }

    Group group() {
        return group;
    }

    int index() {
        return index;
    }

    SamplingParams params() {
        return params(group);
    }

    double nextUniform() {
        return random.nextDouble();
    }

    void add(int token, float logprob) {
        if (length == tokens.length) {
            tokens = Arrays.copyOf(tokens, 2 * length);
            logprobs = Arrays.copyOf(logprobs, 2 * length);
        }
        tokens[length] = token;
        logprobs[length++] = logprob;
    }

    boolean isConstrained() {
        return grammar != null;
    }

    /** Goes on in the grammar by the token that was added last. */
    void follow(int token) {
        if (grammar != null && position != null && !params().stopTokens().contains(token)) {
            position = grammar.after(position, token);
        }
    }

    /** The tokens that may come next; null when all may. */
    @Nullable
    BitSet allowed() {
        return grammar == null || position == null ? null : grammar.allowed(position, params().stopTokens());
    }

    /** The token to be computed next: the last one chosen. */
    int last() {
        return tokens[length - 1];
    }

    /** Its position in the whole sequence. */
    int position() {
        return group.request().prompt().length + length - 1;
    }

    /** Its entry in the row's own part of the cache. */
    int entry() {
        return group.ownPromptEntries() + length - 1;
    }

    /** Why the sample ends with its last token, or null while it goes on. */
    @Nullable
    StopReason stopReason(Detokenizer detokenizer) {
        if (params().stopTokens().contains(last())) {
            return StopReason.END;
        }
        if (!params().stop().isEmpty()) {
            String text = detokenizer.decode(Arrays.copyOfRange(tokens, Math.max(0, length - stopTokens), length));
            if (params().stop().stream().anyMatch(text::contains)) {
                return StopReason.STOP;
            }
        }
        return length >= params().maxTokens() || position() + 1 >= maxPositions ? StopReason.LENGTH : null;
    }

    Sample sample(StopReason reason) {
        return new Sample(Arrays.copyOf(tokens, length), Arrays.copyOf(logprobs, length), reason);
    }
}
