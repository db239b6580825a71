package dev.hone.schema;

import java.nio.charset.StandardCharsets;
import java.util.BitSet;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Texts by their UTF-8 bytes; each has a number, its place in the list that it was built from. */
final class ByteTrie {
    private final BitSet texts = new BitSet();
    private final @Nullable ByteTrie[] children = new @Nullable ByteTrie[256];
    private int text = -1;

    private ByteTrie() {}

    static ByteTrie of(List<String> texts) {
        ByteTrie root = new ByteTrie();
        for (int i = 0; i < texts.size(); i++) {
            ByteTrie node = root;
            node.texts.set(i);
            for (byte b : texts.get(i).getBytes(StandardCharsets.UTF_8)) {
                ByteTrie child = node.children[b & 0xff];
                if (child == null) {
                    child = new ByteTrie();
                    node.children[b & 0xff] = child;
                }
                node = child;
                node.texts.set(i);
            }
            if (node.text < 0) {
                node.text = i;
            }
        }
        return root;
    }

    @Nullable
    ByteTrie child(int b) {
        return children[b];
    }

    /** Number of the text that ends here, or -1. */
    int text() {
        return text;
    }

    /** Whether a text that goes through here is not among some others. */
    boolean leadsBeyond(BitSet others) {
        for (int i = texts.nextSetBit(0); i >= 0; i = texts.nextSetBit(i + 1)) {
            if (!others.get(i)) {
                return true;
            }
        }
        return false;
    }

    boolean leadsTo(int number) {
        return texts.get(number);
    }
}
