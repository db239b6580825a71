package dev.hone.sample;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class TokenTrieTest {
    @Test
    void aWalkFindsTheTokensWhoseBytesAreAllowedAtTheirPlaces() {
        Random random = new Random(1);
        byte[][] tokens = new byte[3_000][];
        for (int id = 0; id < tokens.length; id++) {
            // Few letters, so that tokens share beginnings and some are equal; some have none.
            tokens[id] = new byte[random.nextInt(6)];
            for (int i = 0; i < tokens[id].length; i++) {
                tokens[id][i] = (byte) (250 + random.nextInt(5));
            }
        }
        TokenTrie trie = new TokenTrie(tokens);
        int found = 0;
        for (int round = 0; round < 50; round++) {
            boolean[][] allowed = new boolean[6][256];
            for (boolean[] place : allowed) {
                IntStream.range(0, 256).forEach(b -> place[b] = random.nextInt(3) > 0);
            }
            Set<Integer> expected = IntStream.range(0, tokens.length)
                    .filter(id -> tokens[id].length > 0)
                    .filter(id -> IntStream.range(0, tokens[id].length)
                            .allMatch(place -> allowed[place][tokens[id][place] & 0xff]))
                    .boxed()
                    .collect(Collectors.toCollection(TreeSet::new));
            Set<Integer> actual = new TreeSet<>();
            trie.walk(new TokenTrie.Visitor() {
                @Override
                public boolean enter(int depth, int b) {
                    return allowed[depth][b];
                }

                @Override
                public void token(int id) {
                    assertTrue(actual.add(id), "token " + id + " twice: " + Arrays.toString(tokens[id]));
                }
            });
            assertEquals(expected, actual);
            found += actual.size();
        }
        assertTrue(found > 1_000, "found " + found);
    }
}
