package dev.hone.sample;

import java.util.Arrays;
import java.util.Comparator;
import java.util.stream.IntStream;

/**
 * A vocabulary by its tokens' bytes. Nodes are in depth-first order, children by rising byte, so that a walk that leaves a
 * branch out jumps over it.
 */
final class TokenTrie {
    private final int vocabulary;
    private int[] bytes = new int[1024];
    private int[] ends = new int[1024];
    private int[] firstTokens = new int[1024];
    private final int[] nextTokens;
    private int size;

    /** What a walk does at the nodes. */
    interface Visitor {
        /**
         * Goes one byte down.
         *
         * @return whether to go on below
         */
        boolean enter(int depth, int b);

        /** A token ends here. */
        void token(int id);
    }

    /** @param tokens bytes of each id; none for ids that are no text */
    TokenTrie(byte[][] tokens) {
        vocabulary = tokens.length;
        nextTokens = new int[vocabulary];
        Integer[] order = IntStream.range(0, vocabulary)
                .filter(id -> tokens[id].length > 0)
                .boxed()
                .toArray(Integer[]::new);
        Arrays.sort(order, Comparator.comparing((Integer id) -> tokens[id], Arrays::compareUnsigned));
        add(order, tokens, 0, order.length, 0);
    }

    /** Adds the nodes below one whose tokens share their first bytes. */
    private void add(Integer[] order, byte[][] tokens, int from, int to, int depth) {
        int at = from;
        while (at < to) {
            byte[] token = tokens[order[at]];
            if (token.length == depth) {
                at++;
                continue;
            }
            byte b = token[depth];
            int end = at;
            int node = node(b & 0xff);
            while (end < to && tokens[order[end]][depth] == b) {
                int id = order[end];
                if (tokens[id].length == depth + 1) {
                    nextTokens[id] = firstTokens[node];
                    firstTokens[node] = id;
                }
                end++;
            }
            add(order, tokens, at, end, depth + 1);
            ends[node] = size;
            at = end;
        }
    }

    private int node(int b) {
        if (size == bytes.length) {
            bytes = Arrays.copyOf(bytes, 2 * size);
            ends = Arrays.copyOf(ends, 2 * size);
            firstTokens = Arrays.copyOf(firstTokens, 2 * size);
        }
        bytes[size] = b;
        firstTokens[size] = -1;
        return size++;
    }

    int vocabulary() {
        return vocabulary;
    }

    void walk(Visitor visitor) {
        walk(visitor, 0, size, 0);
    }

    private void walk(Visitor visitor, int from, int to, int depth) {
        int node = from;
        while (node < to) {
            if (visitor.enter(depth, bytes[node])) {
                for (int id = firstTokens[node]; id >= 0; id = nextTokens[id]) {
                    visitor.token(id);
                }
                walk(visitor, node + 1, ends[node], depth + 1);
            }
            node = ends[node];
        }
    }
}
