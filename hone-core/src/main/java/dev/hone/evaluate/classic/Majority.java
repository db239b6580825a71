package dev.hone.evaluate.classic;

import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** Always the most frequent label; of equally frequent ones the first by name. */
final class Majority implements Labeller {
    private final String label;

    Majority(List<Example> train) {
        Map<String, Long> counts =
                train.stream().collect(Collectors.groupingBy(Example::label, TreeMap::new, Collectors.counting()));
        long most = counts.values().stream().max(Long::compare).orElseThrow();
        label = counts.entrySet().stream()
                .filter(entry -> entry.getValue() == most)
                .map(Map.Entry::getKey)
                .findFirst()
                .orElseThrow();
    }

    @Override
    public String label(String text) {
        return label;
    }
}
