package dev.hone.improve;

import dev.hone.record.Embedder;
import dev.hone.record.Seeds;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;

/**
 * Texts as vectors of what they are written with, where no model of meaning is at hand: sublinear counts of words and pairs of words, hashed into 256
 * places with a sign each (the hashing trick; Weinberger et al. 2009). It learns nothing, so that vectors of different days can be compared.
 */
public final class HashedWords implements Embedder {
    private static final int PLACES = 256;
    private static final Pattern WORD = Pattern.compile("[\\p{L}\\p{M}\\p{N}_]+");

    @Override
    public float[] embed(String text) {
        List<String> words = WORD.matcher(text.toLowerCase(Locale.ROOT))
                .results()
                .map(MatchResult::group)
                .toList();
        Map<String, Integer> counts = new HashMap<>();
        for (int i = 0; i < words.size(); i++) {
            counts.merge(words.get(i), 1, Integer::sum);
            if (i > 0) {
                counts.merge(words.get(i - 1) + " " + words.get(i), 1, Integer::sum);
            }
        }
        float[] vector = new float[PLACES];
        // So that a text without words has a direction too.
        vector[0] = 1e-3f;
        counts.forEach((piece, count) -> {
            long hash = Seeds.mix(piece.hashCode(), piece.length());
            vector[(int) (hash >>> 56)] += (float) ((hash & 1) == 0 ? 1 + Math.log(count) : -1 - Math.log(count));
        });
        return Vectors.unit(vector);
    }
}
