package dev.hone.task;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class NearDuplicatesTest {
    private static final String[] WORDS = "card payment lost pin cash top up fee app login my the is not".split(" ");

    private static List<String> texts(int count, long seed) {
        Random random = new Random(seed);
        List<String> texts = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            StringBuilder text = new StringBuilder();
            int words = random.nextInt(8);
            for (int word = 0; word < words; word++) {
                text.append(WORDS[random.nextInt(WORDS.length)]).append(random.nextInt(12) == 0 ? "s " : " ");
            }
            texts.add(text.toString());
        }
        return texts;
    }

    /** Every pair compared, by sets of strings. */
    private static Set<String> slowly(List<String> texts, double threshold) {
        Set<String> pairs = new TreeSet<>();
        for (int later = 0; later < texts.size(); later++) {
            for (int earlier = 0; earlier < later; earlier++) {
                Set<String> one = Similarity.shingles(texts.get(earlier));
                Set<String> other = Similarity.shingles(texts.get(later));
                boolean bothShort = one.isEmpty() && other.isEmpty();
                if (bothShort
                        ? AssistantActions.normalised(texts.get(earlier))
                                .equals(AssistantActions.normalised(texts.get(later)))
                        : Similarity.jaccard(one, other) >= threshold - 1e-9) {
                    pairs.add(earlier + "-" + later);
                }
            }
        }
        return pairs;
    }

    @ParameterizedTest
    @ValueSource(doubles = {0.05, 0.3, 0.5, 0.6, 0.75, 0.9, 1})
    void noPairIsMissedAndNoneInvented(double threshold) {
        for (long seed = 0; seed < 5; seed++) {
            List<String> texts = texts(120, seed);
            Set<String> found = new TreeSet<>();
            new NearDuplicates(texts).pairs(threshold, (earlier, later) -> {
                assertTrue(found.add(earlier + "-" + later), "reported once");
                return false;
            });
            assertEquals(slowly(texts, threshold), found);
        }
    }

    @Test
    void groupsAreLinkedThroughOthers() {
        String a = "how do I top up my card by bank transfer";
        String b = "how do I top up my card by bank transfer please";
        String c = "hello how do I top up my card by bank transfer please";
        List<String> texts = List.of("where is my cash", c, a, "what is the fee", b);
        assertEquals(
                List.of(List.of(0), List.of(1, 2, 4), List.of(3)),
                new NearDuplicates(texts).links(0.8).groups());
        Set<String> direct = slowly(texts, 0.8);
        assertTrue(direct.contains("2-4") && direct.contains("1-4") && !direct.contains("1-2"), direct.toString());
    }

    @Test
    void whatIsDroppedIsComparedWithNothingMore() {
        List<String> found = new ArrayList<>();
        new NearDuplicates(List.of("same words", "Same words!", "same, words")).pairs(1, (earlier, later) -> {
            found.add(earlier + "-" + later);
            return true;
        });
        assertEquals(List.of("0-1", "0-2"), found);
    }

    @Test
    void scriptsOtherThanLatinAreTexts() {
        assertEquals(
                List.of(List.of(0, 2), List.of(1)),
                new NearDuplicates(List.of("请问我的银行卡在哪里", "我想要退款谢谢你们", "请问我的银行卡在哪里?"))
                        .links(0.9)
                        .groups());
    }

    @Test
    void aThresholdOfNothingIsRefused() {
        assertThrows(IllegalArgumentException.class, () -> new NearDuplicates(List.of("a")).links(0));
    }
}
