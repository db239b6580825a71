package dev.hone.evaluate.classic;

import dev.hone.record.Embedder;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** The label that the {@value #NEIGHBOURS} examples of nearest meaning give a text, each counted by its cosine. */
final class NearestMeaning implements Labeller {
    static final int NEIGHBOURS = 5;

    private final List<Example> train;
    private final List<float[]> vectors;
    private final Embedder embedder;

    /** @param vectors of the examples, in their order */
    NearestMeaning(List<Example> train, List<float[]> vectors, Embedder embedder) {
        this.train = train;
        this.vectors = vectors;
        this.embedder = embedder;
    }

    private record Neighbour(Example example, double cosine) {}

    @Override
    public String label(String text) {
        float[] vector = embedder.embed(text);
        List<Neighbour> neighbours = new ArrayList<>();
        for (int i = 0; i < vectors.size(); i++) {
            neighbours.add(new Neighbour(train.get(i), Embedder.cosine(vector, vectors.get(i))));
        }
        neighbours.sort(Comparator.comparingDouble(Neighbour::cosine).reversed());
        Map<String, Double> votes = new TreeMap<>();
        neighbours.stream()
                .limit(NEIGHBOURS)
                .forEach(near -> votes.merge(near.example().label(), near.cosine(), Double::sum));
        return votes.entrySet().stream()
                .max(Map.Entry.comparingByValue())
                .orElseThrow()
                .getKey();
    }
}
