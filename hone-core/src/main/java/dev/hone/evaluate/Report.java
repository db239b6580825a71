package dev.hone.evaluate;

import dev.hone.grade.GoldCheck;
import dev.hone.grade.ToolCallGrader;
import dev.hone.record.Grader.Grade;
import dev.hone.record.SamplingMode;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

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
        List<Slice> slices,
        Training training,
        @Nullable Reinforcement reinforcement,
        double wallSeconds,
        long peakMemoryBytes,
        Map<String, String> versions,
        @Nullable Verdict verdict,
        Map<String, Integer> excluded,
        @Nullable Gold gold,
        List<Constraint> constraints,
        @Nullable Scores scores,
        @Nullable String created,
        @Nullable PriceList prices) {
    /** Raised when a field changes its meaning; new fields do not raise it. */
    public static final int SCHEMA_VERSION = 2;

    static final int LEAST_OF_SLICE = 5;

    public Report {
        contenders = List.copyOf(contenders);
        comparisons = corrected(comparisons);
        slices = List.copyOf(slices);
        excluded = Map.copyOf(excluded);
        constraints = List.copyOf(constraints);
    }

    /**
     * How many tasks were learned from, and how many judged.
     *
     * @param detectable smallest true difference between two contenders that the judged tasks would show ({@link Power}), if
     *     they decide {@value Rows#DISCORDANT} of them differently
     * @param unseen how many of the judged tasks are of a class that none is of that was learned from; null where that was not counted
     */
    public record Rows(
            int train,
            int test,
            double detectable,
            @Nullable Integer unseen) {
        /** Share of the tasks that two contenders are taken to decide differently. */
        public static final double DISCORDANT = 0.3;

        public Rows(int train, int test) {
            this(train, test, null);
        }

        public Rows(int train, int test, @Nullable Integer unseen) {
            this(train, test, Power.detectable(test, DISCORDANT), unseen);
        }
    }

    /**
     * One way to do the job; flat, as {@code report.json} has it.
     *
     * @param artifact SHA-256 of the files of a registered version; null of whoever is none
     * @param cut answers that ended because they were as long as they might be; null where nobody counted
     */
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
            double costPerThousand,
            @Nullable String artifact,
            @Nullable Integer cut) {
        /**
         * How often it was right.
         *
         * @param rows that it was judged on
         * @param functionAccuracy share with the right function
         * @param validOutput share that is an answer at all
         */
        public record Correctness(Interval quality, int rows, double functionAccuracy, double validOutput) {}

        /**
         * Means of a request.
         *
         * @param perSecond completion tokens at full throughput
         */
        public record Tokens(double prompt, double completion, double perSecond) {}

        /** Of single requests. */
        public record Latency(double p50Ms, double p95Ms) {}

        /** Of whoever is no registered version. */
        public Contender(String name, Correctness correctness, Tokens tokens, Latency latency, double costPerThousand) {
            this(
                    name,
                    correctness.quality(),
                    correctness.rows(),
                    correctness.functionAccuracy(),
                    correctness.validOutput(),
                    tokens.prompt(),
                    tokens.completion(),
                    tokens.perSecond(),
                    latency.p50Ms(),
                    latency.p95Ms(),
                    costPerThousand,
                    null,
                    null);
        }

        /** The same of a version with these files. */
        public Contender of(@Nullable String files) {
            return with(files, cut);
        }

        /** The same, of whose answers so many were cut. */
        Contender cutting(@Nullable Integer count) {
            return with(artifact, count);
        }

        private Contender with(@Nullable String files, @Nullable Integer count) {
            return new Contender(
                    name,
                    quality,
                    rows,
                    functionAccuracy,
                    validOutput,
                    promptTokens,
                    completionTokens,
                    tokensPerSecond,
                    p50Ms,
                    p95Ms,
                    costPerThousand,
                    files,
                    count);
        }
    }

    /**
     * Quality of a minus quality of b, on the tasks that both answered.
     *
     * @param pHolm p, corrected for all comparisons of the report
     */
    public record Comparison(String a, String b, double difference, double low, double high, double p, double pHolm) {}

    /** One contender on one part of the tasks. */
    public record Slice(String name, String contender, int rows, Interval quality) {}

    /**
     * Whether the grader can be believed, tried on everything that it judges by.
     *
     * @param tasks whose references it was tried on
     * @param corrupted references made wrong, that it was tried on
     * @param failures tasks whose reference it calls wrong, or a corrupted one right
     * @param first of these, why
     * @param refused tasks whose reference their own schema forbids, so that no answer under it is right; null where nobody looked
     * @param firstRefused of these, why; null where nobody looked
     */
    public record Gold(
            int tasks,
            int corrupted,
            int failures,
            String first,
            @Nullable Integer refused,
            @Nullable String firstRefused) {
        /** Where nobody looked at what schemas forbid. */
        public Gold(int tasks, int corrupted, int failures, String first) {
            this(tasks, corrupted, failures, first, null, null);
        }

        /** Of a check. */
        public static Gold of(GoldCheck.Result result) {
            return new Gold(
                    result.tasks(),
                    result.corrupted(),
                    result.failures().size(),
                    first(result.failures()),
                    result.refused().size(),
                    first(result.refused()));
        }

        private static String first(List<GoldCheck.Failure> failures) {
            return failures.isEmpty() ? "" : ": " + failures.getFirst();
        }
    }

    /**
     * How a contender stands to a constraint of the use case.
     *
     * @param constraint its key in the charter
     * @param limit most that is allowed: the report's currency, or milliseconds
     * @param measured in the same unit
     */
    public record Constraint(String contender, String constraint, double limit, double measured, boolean met) {
        /** In words, where it is not met. */
        public String fault() {
            return Double.isNaN(measured)
                    ? String.format(Locale.ROOT, "is not known to keep %s (%.4g is allowed)", constraint, limit)
                    : String.format(
                            Locale.ROOT, "exceeds %s (%.4g, where %.4g is allowed)", constraint, measured, limit);
        }
    }

    /** What the training took. */
    public record Training(long tokens, double tokensPerSecond, double epochs, double finalLoss) {}

    /**
     * What the training from rewards took, and what came of it.
     *
     * @param steps samplings, each with some optimiser steps
     * @param samples drawn of each of the prompts of a step
     * @param prompts of a step
     * @param tokens drawn
     * @param tokensPerSecond drawn, over sampling and training
     * @param firstReward mean of the first tenth of the steps, whose number is rounded up (down in older reports)
     * @param finalReward mean of the last tenth
     * @param alarms steps in which the sampler and the trainer were too far apart ({@code Drift.alarm})
     * @param wallSeconds of the stage
     */
    public record Reinforcement(
            long steps,
            int prompts,
            int samples,
            long tokens,
            double tokensPerSecond,
            double firstReward,
            double finalReward,
            int alarms,
            double wallSeconds) {}

    /** A contender in figures; speed, latency and cost are NaN where nobody measured them. */
    public static Contender contender(Judged judged, Pricing pricing) {
        Answers answers = judged.answers();
        double[] sorted = Arrays.stream(answers.latencies()).sorted().toArray();
        return new Contender(
                        answers.contender(),
                        new Contender.Correctness(
                                quality(judged.grades()),
                                judged.grades().size(),
                                judged.mean(ToolCallGrader.FUNCTION),
                                judged.mean(ToolCallGrader.VALID)),
                        tokens(answers),
                        new Contender.Latency(1000 * quantile(sorted, 0.5), 1000 * quantile(sorted, 0.95)),
                        pricing.perThousand(answers))
                .cutting(answers.cut());
    }

    private static Contender.Tokens tokens(Answers answers) {
        return new Contender.Tokens(
                answers.answers().stream()
                        .mapToInt(Answer::promptTokens)
                        .average()
                        .orElse(0),
                answers.answers().stream()
                        .mapToInt(Answer::completionTokens)
                        .average()
                        .orElse(0),
                answers.answers().stream().mapToInt(Answer::completionTokens).sum() / answers.seconds());
    }

    private static Interval quality(List<Grade> grades) {
        int right = (int) grades.stream().filter(grade -> grade.score() == 1).count();
        return Interval.wilson(right, grades.size());
    }

    /** Compares two contenders on the tasks that both answered; the report corrects p. */
    public static Comparison comparison(Judged a, Judged b, long seed) {
        Judged.Pair pair = Judged.Pair.of(a, b);
        PairedComparison paired = PairedComparison.of(pair.a(), pair.b(), seed);
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

    /**
     * Quality of every contender on the tasks that have a metadatum in common, the largest slice first; slices of fewer than
     * {@value #LEAST_OF_SLICE} tasks are too small to say anything, and left out.
     */
    public static List<Slice> slices(List<Judged> contenders, String metadatum) {
        Map<String, List<Slice>> slices = new TreeMap<>();
        for (Judged judged : contenders) {
            Map<String, List<Grade>> grades = new TreeMap<>();
            for (int i = 0; i < judged.tasks().size(); i++) {
                grades.computeIfAbsent(judged.tasks().get(i).require(metadatum), name -> new ArrayList<>())
                        .add(judged.grades().get(i));
            }
            grades.forEach((name, of) -> {
                if (of.size() >= LEAST_OF_SLICE) {
                    slices.computeIfAbsent(name, any -> new ArrayList<>())
                            .add(new Slice(name, judged.contender(), of.size(), quality(of)));
                }
            });
        }
        return slices.values().stream()
                .sorted(Comparator.comparing(
                        (List<Slice> slice) -> -slice.getFirst().rows()))
                .flatMap(List::stream)
                .toList();
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

    /** Linear interpolation between the closest ranks (Hyndman and Fan's type 7); NaN of nothing. */
    static double quantile(double[] sorted, double q) {
        if (sorted.length == 0) {
            return Double.NaN;
        }
        double place = q * (sorted.length - 1);
        int below = (int) place;
        int above = Math.min(below + 1, sorted.length - 1);
        return sorted[below] + (place - below) * (sorted[above] - sorted[below]);
    }
}
