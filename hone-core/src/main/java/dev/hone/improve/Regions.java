package dev.hone.improve;

import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;

/**
 * What the reference asked: clusters that two fifths of it made, and how far from them the rest lies, which they know nothing of.
 *
 * @param fitted that made the clusters
 * @param held all others
 * @param distances of these to the nearest centre, sorted
 */
record Regions(Clusters clusters, List<Sight> fitted, List<Sight> held, double[] distances) {
    /** Share of the held that is farther away than what is called novel. */
    static final double NOVEL = 0.02;

    static Regions of(List<Sight> reference, long seed) {
        List<Sight> fitted = part(reference, true);
        List<Sight> held = part(reference, false);
        Clusters clusters = Clusters.fit(fitted.stream().map(Sight::input).toList(), seed);
        return new Regions(
                clusters,
                fitted,
                held,
                held.stream()
                        .mapToDouble(sight -> clusters.distance(sight.input()))
                        .sorted()
                        .toArray());
    }

    private static List<Sight> part(List<Sight> reference, boolean fitted) {
        return IntStream.range(0, reference.size())
                .filter(i -> i % 5 < 2 == fitted)
                .mapToObj(reference::get)
                .toList();
    }

    /** Beyond it a call is novel. */
    double radius() {
        return distances[(int) Math.min(distances.length - 1, Math.floor((1 - NOVEL) * distances.length))];
    }

    /** How novel a call is: 0 as far as the middle one of the reference, 1 where it is novel, and between. */
    double novelty(float[] input) {
        double middle = distances[distances.length / 2];
        double radius = radius();
        double distance = clusters.distance(input);
        return radius <= middle
                ? (distance > radius ? 1 : 0)
                : Math.clamp((distance - middle) / (radius - middle), 0, 1);
    }

    int[] counts(List<Sight> sights) {
        int[] counts = new int[clusters.size()];
        sights.forEach(sight -> counts[clusters.of(sight.input())]++);
        return counts;
    }

    double[] distances(List<Sight> sights) {
        return sights.stream()
                .mapToDouble(sight -> clusters.distance(sight.input()))
                .toArray();
    }

    int novel(List<Sight> sights) {
        double radius = radius();
        return (int) Arrays.stream(distances(sights))
                .filter(distance -> distance > radius)
                .count();
    }
}
