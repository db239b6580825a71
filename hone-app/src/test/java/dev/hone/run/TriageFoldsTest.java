package dev.hone.run;

import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.hone.evaluate.Answers;
import dev.hone.evaluate.Interval;
import dev.hone.evaluate.PairedComparison;
import dev.hone.evaluate.classic.ClassicContenders;
import dev.hone.fetch.FetchListener;
import dev.hone.fetch.FileCache;
import dev.hone.grade.LabelGrader;
import dev.hone.model.MiniLm;
import dev.hone.record.Task;
import dev.hone.task.Folds;
import dev.hone.task.VulnerabilityTriage;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** The classic contenders on the real rows, all five folds; prints the table of docs/results/triage.md. */
@Tag("slow")
class TriageFoldsTest {
    private static final long SEED = 1;

    /** The bars are what another implementation reached on such rows, less the half of an interval. */
    @Test
    void classicContendersReachWhatWasMeasuredElsewhere() throws IOException {
        VulnerabilityTriage.Labelled data = VulnerabilityTriage.load(FileCache.standard(), FetchListener.SILENT);
        Folds folds = Folds.of(data.tasks(), 5, VulnerabilityTriage.LABEL);
        Map<String, List<double[]>> scores = scores(folds, new LabelGrader(data.labels()));
        System.out.printf(
                "%d rows, %d classes; left out: %s%n",
                data.tasks().size(), data.labels().size(), data.excluded());
        scores.forEach((name, ofFolds) -> System.out.println(line(name, ofFolds)));
        double[] svm = all(scores.get("linear SVM"));
        for (String other : scores.keySet()) {
            if (!other.equals("linear SVM")) {
                PairedComparison paired = PairedComparison.of(svm, all(scores.get(other)), SEED);
                System.out.printf(
                        "linear SVM minus %s: %+.1f points (%+.1f to %+.1f), p = %.2g%n",
                        other,
                        100 * paired.difference().value(),
                        100 * paired.difference().low(),
                        100 * paired.difference().high(),
                        paired.p());
                assertTrue(paired.p() < 0.001 && paired.difference().value() > 0, other);
            }
        }
        assertTrue(mean(svm) > 0.72, "linear SVM");
        assertTrue(mean(all(scores.get("naive Bayes"))) > 0.60, "naive Bayes");
        assertTrue(mean(all(scores.get("majority"))) < 0.13, "majority");
    }

    private static Map<String, List<double[]>> scores(Folds folds, LabelGrader grader) {
        Map<String, List<double[]>> scores = new LinkedHashMap<>();
        MiniLm embedder = new MiniLm();
        for (int fold = 0; fold < folds.count(); fold++) {
            List<Task> test = folds.test(fold);
            for (Answers answers : new ClassicContenders(folds.train(fold), embedder).answer(test)) {
                double[] right = new double[test.size()];
                for (int i = 0; i < right.length; i++) {
                    right[i] = grader.grade(
                                    test.get(i), answers.answers().get(i).output())
                            .score();
                }
                scores.computeIfAbsent(answers.contender(), name -> new ArrayList<>())
                        .add(right);
            }
        }
        return scores;
    }

    private static String line(String name, List<double[]> folds) {
        StringBuilder line = new StringBuilder("| " + name);
        folds.forEach(fold -> line.append(" | %.1f".formatted(100 * mean(fold))));
        double[] all = all(folds);
        Interval share = Interval.wilson((int) Arrays.stream(all).sum(), all.length);
        return line.append(" | %.1f %% (%.1f to %.1f) |"
                        .formatted(100 * share.value(), 100 * share.low(), 100 * share.high()))
                .toString();
    }

    private static double[] all(List<double[]> folds) {
        return folds.stream().flatMapToDouble(Arrays::stream).toArray();
    }

    private static double mean(double[] values) {
        return Arrays.stream(values).average().orElseThrow();
    }
}
