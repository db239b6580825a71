package dev.hone.evaluate;

import dev.hone.record.Grader;
import dev.hone.record.Grader.Grade;
import dev.hone.record.SamplingMode;
import dev.hone.record.Task;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;

/** {@code report.json}: what came out of comparing contenders. Its fields are a contract: docs/report.md. */
public record Report(
        int schemaVersion,
        String useCase,
        String baseModel,
        String baseModelHash,
        SamplingMode samplingMode,
        long seed,
        String dataHash,
        Rows rows,
        List<Contender> contenders,
        List<Comparison> comparisons,
        Training training,
        double wallSeconds,
        long peakMemoryBytes,
        Map<String, String> versions) {
    /** Raised when a field changes its meaning; new fields do not raise it. */
    public static final int SCHEMA_VERSION = 1;

    public Report {
        contenders = List.copyOf(contenders);
        comparisons = corrected(comparisons);
    }

    /**
     * How many tasks were learned from, and how many judged.
     *
     * @param detectable smallest true difference between two contenders that the judged tasks would show ({@link Power}), if
     *     they decide {@value Rows#DISCORDANT} of them differently
     */
    public record Rows(int train, int test, double detectable) {
        private static final double DISCORDANT = 0.3;

        public Rows(int train, int test) {
            this(train, test, Power.detectable(test, DISCORDANT));
        }
    }

    /** One way to do the job. */
    public record Contender(
            String name,
            Interval quality,
            int rows,
            double functionAccuracy,
            double validOutput,
            double promptTokens,
            double completionTokens,
            double tokensPerSecond,
            double p50Ms,
            double p95Ms,
            double costPerThousand) {}

    /**
     * Quality of a minus quality of b, on the tasks that both answered.
     *
     * @param pHolm p, corrected for all comparisons of the report
     */
    public record Comparison(String a, String b, double difference, double low, double high, double p, double pHolm) {}

    /** What the training took. */
    public record Training(long tokens, double tokensPerSecond, double epochs, double finalLoss) {}

    /**
     * Grades answers.
     *
     * @param pricePerCoreHour in the report's currency
     * @param cores that the contender had
     */
    public static Contender contender(
            List<Task> tasks, Answers answers, Grader grader, double pricePerCoreHour, int cores) {
        List<Grade> grades = grades(tasks, answers, grader);
        int n = tasks.size();
        int right = (int) grades.stream().filter(grade -> grade.score() == 1).count();
        double[] sorted = Arrays.stream(answers.latencies()).sorted().toArray();
        return new Contender(
                answers.contender(),
                Interval.wilson(right, n),
                n,
                mean(grades, "function"),
                mean(grades, "valid"),
                answers.answers().stream()
                        .mapToInt(Answer::promptTokens)
                        .average()
                        .orElse(0),
                answers.answers().stream()
                        .mapToInt(Answer::completionTokens)
                        .average()
                        .orElse(0),
                answers.answers().stream().mapToInt(Answer::completionTokens).sum() / answers.seconds(),
                1000 * quantile(sorted, 0.5),
                1000 * quantile(sorted, 0.95),
                answers.seconds() / n * 1000 / 3600 * cores * pricePerCoreHour);
    }

    /** Compares two contenders on the first tasks, as many as both answered; the report corrects p. */
    public static Comparison comparison(List<Task> tasks, Answers a, Answers b, Grader grader, long seed) {
        int common = Math.min(a.answers().size(), b.answers().size());
        PairedComparison paired = PairedComparison.of(
                scores(tasks.subList(0, common), a, grader), scores(tasks.subList(0, common), b, grader), seed);
        Interval difference = paired.difference();
        return new Comparison(
                a.contender(),
                b.contender(),
                difference.value(),
                difference.low(),
                difference.high(),
                paired.p(),
                paired.p());
    }

    private static List<Comparison> corrected(List<Comparison> comparisons) {
        double[] p =
                Holm.correct(comparisons.stream().mapToDouble(Comparison::p).toArray());
        List<Comparison> corrected = new ArrayList<>();
        for (int i = 0; i < p.length; i++) {
            Comparison one = comparisons.get(i);
            corrected.add(new Comparison(one.a(), one.b(), one.difference(), one.low(), one.high(), one.p(), p[i]));
        }
        return corrected;
    }

    private static double[] scores(List<Task> tasks, Answers answers, Grader grader) {
        return grades(tasks, answers, grader).stream().mapToDouble(Grade::score).toArray();
    }

    private static List<Grade> grades(List<Task> tasks, Answers answers, Grader grader) {
        List<Grade> grades = new ArrayList<>();
        for (int i = 0; i < tasks.size(); i++) {
            grades.add(grader.grade(tasks.get(i), answers.answers().get(i).output()));
        }
        return grades;
    }

    private static double mean(List<Grade> grades, String part) {
        return grades.stream()
                .mapToDouble(grade -> grade.parts().getOrDefault(part, 0.0))
                .average()
                .orElseThrow();
    }

    /** Linear interpolation between the closest ranks (Hyndman and Fan's type 7). */
    static double quantile(double[] sorted, double q) {
        double place = q * (sorted.length - 1);
        int below = (int) place;
        int above = Math.min(below + 1, sorted.length - 1);
        return sorted[below] + (place - below) * (sorted[above] - sorted[below]);
    }
}
