package dev.hone.evaluate.classic;

import de.bwaldvogel.liblinear.Feature;
import de.bwaldvogel.liblinear.FeatureNode;
import de.bwaldvogel.liblinear.SolverType;
import dev.hone.evaluate.Answers;
import dev.hone.record.Embedder;
import dev.hone.record.Task;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Stream;

/**
 * The contenders that a language model has to beat where the answer is a label: from the most frequent label to linear models
 * over words, characters and meaning. Their settings are fixed: none was chosen by looking at what is judged. No chance is
 * involved.
 */
public final class ClassicContenders {
    private static final double MARGIN_COST = 1;
    private static final double PROBE_COST = 10;

    private final Map<String, Labeller> labellers = new LinkedHashMap<>();

    /** Learns from tasks whose reference is a label. */
    public ClassicContenders(List<Task> train, Embedder embedder) {
        List<Example> examples = train.stream().map(Example::of).toList();
        labellers.put("majority", new Majority(examples));
        labellers.put("naive Bayes", new NaiveBayes(examples));
        labellers.put("linear SVM", linearSvm(examples));
        List<float[]> vectors =
                examples.stream().map(one -> embedder.embed(one.text())).toList();
        labellers.put("MiniLM, nearest " + NearestMeaning.NEIGHBOURS, new NearestMeaning(examples, vectors, embedder));
        labellers.put("MiniLM, linear", probe(examples, vectors, embedder));
    }

    /** Each one's answers to tasks. */
    public List<Answers> answer(List<Task> tasks) {
        return labellers.entrySet().stream()
                .map(one -> Answers.oneByOne(
                        one.getKey(), tasks, task -> one.getValue().label(task.question())))
                .toList();
    }

    /** TF-IDF of words with their pairs and of characters within words, each of length 1, side by side. */
    static Labeller linearSvm(List<Example> train) {
        List<String> texts = train.stream().map(Example::text).toList();
        TfIdf words = new TfIdf(texts, 0, Grams::wordsAndPairs);
        TfIdf characters = new TfIdf(texts, words.end(), Grams::characters);
        Function<String, List<Feature>> features =
                text -> Stream.concat(words.vector(text).stream(), characters.vector(text).stream())
                        .toList();
        LinearModel model = new LinearModel(
                texts.stream().map(features).toList(),
                train.stream().map(Example::label).toList(),
                SolverType.L2R_L2LOSS_SVC,
                MARGIN_COST);
        return text -> model.label(features.apply(text));
    }

    /** Logistic regression on embeddings. */
    static Labeller probe(List<Example> train, List<float[]> vectors, Embedder embedder) {
        LinearModel model = new LinearModel(
                vectors.stream().map(ClassicContenders::dense).toList(),
                train.stream().map(Example::label).toList(),
                SolverType.L2R_LR,
                PROBE_COST);
        return text -> model.label(dense(embedder.embed(text)));
    }

    private static List<Feature> dense(float[] vector) {
        List<Feature> features = new ArrayList<>();
        for (int i = 0; i < vector.length; i++) {
            features.add(new FeatureNode(i + 1, vector[i]));
        }
        return features;
    }
}
