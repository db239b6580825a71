package dev.hone.task;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;

class NearDuplicatesTest {
    @Test
    void whatIsNearlyTheSameIsOneGroup() {
        List<String> texts = List.of(
                "A crafted font file overflows a buffer of the renderer",
                "The password is sent without encryption",
                "a crafted font file overflows a buffer of the renderer!",
                "A crafted font file overflows the buffer of a renderer",
                "the PASSWORD is sent, without encryption");
        assertEquals(List.of(List.of(0, 2), List.of(1, 4), List.of(3)), NearDuplicates.groups(texts, 0.8));
    }

    @Test
    void linksReachThroughOthers() {
        Links links = new Links(5);
        links.join(0, 3);
        links.join(4, 3);
        assertTrue(links.joined(0, 4));
        assertEquals(List.of(List.of(0, 3, 4), List.of(1), List.of(2)), links.groups());
    }

    /** On texts with planted copies of every degree, against comparing all with all. */
    @Test
    void findsWhatComparingAllFinds() {
        List<String> texts = texts();
        List<Set<String>> shingles = texts.stream().map(Folds::shingles).toList();
        Links all = new Links(texts.size());
        int near = 0;
        for (int i = 0; i < texts.size(); i++) {
            for (int j = 0; j < i; j++) {
                if (Folds.jaccard(shingles.get(i), shingles.get(j)) >= 0.8) {
                    all.join(i, j);
                    near++;
                }
            }
        }
        assertTrue(
                near > 100 && all.groups().size() > 100,
                near + " pairs, " + all.groups().size() + " groups");
        assertEquals(new HashSet<>(all.groups()), new HashSet<>(NearDuplicates.groups(texts, 0.8)));
    }

    private static List<String> texts() {
        Random random = new Random(5);
        List<String> texts = new ArrayList<>();
        for (int i = 0; i < 120; i++) {
            List<String> words = new ArrayList<>();
            for (int word = 0; word < 25; word++) {
                words.add(Integer.toString(random.nextInt(100_000), 36));
            }
            for (int copy = 0; copy < 4; copy++) {
                texts.add(String.join(" ", words));
                words.set(random.nextInt(words.size()), "changed" + copy);
            }
        }
        return texts;
    }
}
