package dev.hone.evaluate.classic;

import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/** Multinomial naive Bayes over words (McCallum and Nigam 1998), with {@value #SMOOTHING} added to every count. */
final class NaiveBayes implements Labeller {
    private static final double SMOOTHING = 0.1;

    private final Set<String> vocabulary = new HashSet<>();
    private final Map<String, Counts> classes = new TreeMap<>();
    private final int examples;

    private static final class Counts {
        private final Map<String, Integer> words = new HashMap<>();
        private int examples;
        private int total;
    }

    NaiveBayes(List<Example> train) {
        examples = train.size();
        for (Example example : train) {
            Counts counts = classes.computeIfAbsent(example.label(), label -> new Counts());
            counts.examples++;
            Grams.words(example.text()).forEach((word, count) -> {
                counts.words.merge(word, count, Integer::sum);
                counts.total += count;
                vocabulary.add(word);
            });
        }
    }

    @Override
    public String label(String text) {
        Map<String, Integer> words = Grams.words(text);
        return classes.entrySet().stream()
                .max(Comparator.comparingDouble(entry -> logLikelihood(words, entry.getValue())))
                .orElseThrow()
                .getKey();
    }

    private double logLikelihood(Map<String, Integer> words, Counts counts) {
        double sum = Math.log((double) counts.examples / examples);
        double total = counts.total + SMOOTHING * vocabulary.size();
        for (Map.Entry<String, Integer> word : words.entrySet()) {
            if (vocabulary.contains(word.getKey())) {
                sum += word.getValue() * Math.log((counts.words.getOrDefault(word.getKey(), 0) + SMOOTHING) / total);
            }
        }
        return sum;
    }
}
