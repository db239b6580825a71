package dev.hone.sample;

import dev.hone.schema.Grammar;
import dev.hone.schema.Grammar.Position;
import java.util.Arrays;
import java.util.BitSet;
import java.util.Collection;
import java.util.IdentityHashMap;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** A grammar over tokens: which of a vocabulary may come next. For one thread at a time. */
final class TokenGrammar {
    /** Masks of 49,152 tokens take 6 KiB each. */
    private static final int MOST_MASKS = 20_000;

    private final Grammar grammar;
    private final TokenTrie trie;
    private final byte[][] tokens;
    private final Map<Position, BitSet> masks = new IdentityHashMap<>();

    /**
     * @param tokens bytes of each id; none for ids that are no text
     * @throws dev.hone.schema.SchemaException when the constraint's schema cannot be followed
     */
    TokenGrammar(Grammar grammar, TokenTrie trie, byte[][] tokens) {
        this.grammar = grammar;
        this.trie = trie;
        this.tokens = tokens;
    }

    Position start() {
        return grammar.start();
    }

    /** After a token that {@link #allowed} has. */
    Position after(Position position, int token) {
        Position at = position;
        for (byte b : tokens[token]) {
            at = Objects.requireNonNull(grammar.after(at, b & 0xff));
        }
        return at;
    }

    /**
     * The tokens that may come next; the caller must not change them.
     *
     * @param ends tokens that may come where the text is complete
     */
    BitSet allowed(Position position, Collection<Integer> ends) {
        BitSet known = masks.get(position);
        if (known == null) {
            known = compute(position);
            if (masks.size() == MOST_MASKS) {
                masks.clear();
            }
            masks.put(position, known);
        }
        if (!position.mayEnd()) {
            return known;
        }
        BitSet withEnds = (BitSet) known.clone();
        ends.forEach(withEnds::set);
        return withEnds;
    }

    private BitSet compute(Position position) {
        BitSet allowed = new BitSet(trie.vocabulary());
        Walk walk = new Walk(allowed);
        walk.path[0] = position;
        trie.walk(walk);
        return allowed;
    }

    private final class Walk implements TokenTrie.Visitor {
        private final BitSet allowed;
        private @Nullable Position[] path = new @Nullable Position[64];

        Walk(BitSet allowed) {
            this.allowed = allowed;
        }

        @Override
        public boolean enter(int depth, int b) {
            if (depth + 1 == path.length) {
                path = Arrays.copyOf(path, 2 * path.length);
            }
            Position next = grammar.after(Objects.requireNonNull(path[depth]), b);
            path[depth + 1] = next;
            return next != null;
        }

        @Override
        public void token(int id) {
            allowed.set(id);
        }
    }
}
