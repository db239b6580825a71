package dev.hone.sample;

import dev.hone.record.Constraint;
import dev.hone.schema.Grammar;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The grammars of the constraints that were asked for lately, over one vocabulary. For one thread at a time. */
final class TokenGrammars {
    private static final int MOST_KEPT = 64;

    private final Detokenizer detokenizer;
    private final int vocabulary;
    private final Map<Constraint, TokenGrammar> kept = new LinkedHashMap<>(16, 0.75f, true);
    private byte @Nullable [][] tokens;
    private @Nullable TokenTrie trie;

    TokenGrammars(Detokenizer detokenizer, int vocabulary) {
        this.detokenizer = detokenizer;
        this.vocabulary = vocabulary;
    }

    /**
     * @return null when anything may be written
     * @throws dev.hone.schema.SchemaException when the constraint's schema cannot be followed
     */
    @Nullable
    TokenGrammar of(Constraint constraint) {
        TokenGrammar known = kept.get(constraint);
        if (known != null) {
            return known;
        }
        Grammar grammar = switch (constraint) {
            case Constraint.None() -> null;
            case Constraint.Schema(String schema) -> Grammar.ofSchema(schema);
            case Constraint.Call(var tools) -> Grammar.ofCalls(tools);
        };
        if (grammar == null) {
            return null;
        }
        if (tokens == null || trie == null) {
            byte[][] all = new byte[vocabulary][];
            for (int id = 0; id < vocabulary; id++) {
                byte[] bytes = detokenizer.bytes(id);
                all[id] = bytes == null ? new byte[0] : bytes;
            }
            tokens = all;
            trie = new TokenTrie(all);
        }
        TokenGrammar made = new TokenGrammar(grammar, trie, tokens);
        kept.put(constraint, made);
        if (kept.size() > MOST_KEPT) {
            kept.remove(kept.keySet().iterator().next());
        }
        return made;
    }
}
