package dev.hone.evaluate.classic;

import de.bwaldvogel.liblinear.Feature;
import de.bwaldvogel.liblinear.FeatureNode;
import de.bwaldvogel.liblinear.Linear;
import de.bwaldvogel.liblinear.Model;
import de.bwaldvogel.liblinear.Parameter;
import de.bwaldvogel.liblinear.Problem;
import de.bwaldvogel.liblinear.SolverType;
import java.util.List;

/** A linear classifier, one class against the rest, by LIBLINEAR (Fan et al. 2008). No chance is involved. */
final class LinearModel {
    private static final double TOLERANCE = 1e-3;
    private static final int MOST_PASSES = 2_000;

    private final List<String> labels;
    private final int bias;
    private final Model model;

    /**
     * Learns.
     *
     * @param examples features of each, in the order of their places
     * @param solver one of the primal problem, which takes no examples by chance
     * @param cost of an error against the length of the weights
     */
    LinearModel(List<List<Feature>> examples, List<String> right, SolverType solver, double cost) {
        labels = right.stream().distinct().sorted().toList();
        bias = 1
                + examples.stream()
                        .flatMap(List::stream)
                        .mapToInt(Feature::getIndex)
                        .max()
                        .orElse(0);
        Problem problem = new Problem();
        problem.l = examples.size();
        problem.n = bias;
        problem.bias = 1;
        problem.x = examples.stream().map(this::vector).toArray(Feature[][]::new);
        problem.y = right.stream().mapToDouble(labels::indexOf).toArray();
        Parameter parameter = new Parameter(solver, cost, MOST_PASSES, TOLERANCE);
        Linear.disableDebugOutput();
        model = Linear.train(problem, parameter);
    }

    String label(List<Feature> features) {
        return labels.get((int) Linear.predict(model, vector(features)));
    }

    /** With a last feature that is always 1. */
    private Feature[] vector(List<Feature> features) {
        Feature[] vector = features.toArray(new Feature[features.size() + 1]);
        vector[features.size()] = new FeatureNode(bias, 1);
        return vector;
    }
}
