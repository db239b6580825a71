package dev.hone.promote;

import dev.hone.evaluate.DifferenceInterval;
import dev.hone.evaluate.Interval;
import dev.hone.evaluate.Power;
import dev.hone.evaluate.Scores;
import dev.hone.promote.GateEvidence.Difference;
import dev.hone.promote.Gates.Line;
import dev.hone.promote.Gates.State;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.stream.Collectors;
import org.apache.commons.statistics.distribution.BinomialDistribution;
import org.jspecify.annotations.Nullable;

/** What one gate says of the evidence. */
record GateJudgement(GateEvidence evidence) {
    /** Differences of this size are none: they come from adding up. */
    private static final double NOTHING = 1e-9;

    /** What is usual, where nobody knows. */
    private static final double DISCORDANT = 0.3;

    private static final double QUANTILE = 0.95;
    private static final double TAIL = 0.025;
    private static final int SHOWN = 5;

    Line line(Gate gate) {
        return switch (gate) {
            case Gate.Quality quality -> quality(quality);
            case Gate.Slices slices -> slices(slices);
            case Gate.Cost cost -> cost(cost);
            case Gate.P95 p95 -> p95(p95);
            case Gate.Retention retention -> retention(retention);
            case Gate.SampleSize size -> sampleSize(size);
        };
    }

    private String baseline() {
        return Objects.requireNonNullElse(evidence.baseline(), "what it would replace");
    }

    private static Line unknown(Gate gate, double limit, String sentence, String remedy) {
        return new Line(gate.key(), State.UNKNOWN, null, null, limit, sentence, remedy);
    }

    private static State state(boolean met) {
        return met ? State.MET : State.NOT_MET;
    }

    private static boolean isNotWorse(Difference difference, double margin) {
        return difference.interval().low() >= -margin - NOTHING;
    }

    private Line quality(Gate.Quality gate) {
        Difference difference = evidence.difference();
        if (difference == null) {
            return unknown(
                    gate,
                    -gate.margin(),
                    "no report compares [%s] with [%s] on the same tasks".formatted(evidence.contender(), baseline()),
                    "let both answer the same tasks, and give that report");
        }
        boolean met = isNotWorse(difference, gate.margin());
        return new Line(
                gate.key(),
                state(met),
                difference.interval().value(),
                difference.interval(),
                -gate.margin(),
                "[%s] less [%s]: %s; it may be worse by %s"
                        .formatted(evidence.contender(), baseline(), shown(difference), points(gate.margin())),
                met ? null : remedy(difference, gate.margin()));
    }

    private Line slices(Gate.Slices gate) {
        List<GateEvidence.Slice> judged = slices(gate.leastRows());
        if (judged.isEmpty()) {
            return unknown(
                    gate,
                    -gate.margin(),
                    "no report has [%s] and [%s] on parts of the tasks".formatted(evidence.contender(), baseline()),
                    "give a report with [scores] or [slices] of both (docs/report.md)");
        }
        GateEvidence.Slice worst = judged.stream()
                .min(Comparator.comparingDouble(
                        slice -> slice.difference().interval().low()))
                .orElseThrow();
        List<GateEvidence.Slice> failing = judged.stream()
                .filter(slice -> !isNotWorse(slice.difference(), gate.margin()))
                .toList();
        String names = failing.stream()
                .limit(SHOWN)
                .map(slice -> "[%s]".formatted(slice.name()))
                .collect(Collectors.joining(", "));
        return new Line(
                gate.key(),
                state(failing.isEmpty()),
                worst.difference().interval().value(),
                worst.difference().interval(),
                -gate.margin(),
                "of %d slices [%s] is lowest: %s; each may be worse by %s%s"
                        .formatted(
                                judged.size(),
                                worst.name(),
                                shown(worst.difference()),
                                points(gate.margin()),
                                failing.isEmpty()
                                        ? ""
                                        : ", and %d may be by more: %s".formatted(failing.size(), names)),
                failing.isEmpty() ? null : remedy(worst.difference(), gate.margin()));
    }

    /** Small ones are one: nothing is left out. */
    private List<GateEvidence.Slice> slices(int leastRows) {
        List<GateEvidence.Slice> judged = new ArrayList<>();
        List<Difference> small = new ArrayList<>();
        for (GateEvidence.Slice slice : evidence.slices()) {
            if (slice.difference().rows() >= leastRows && !slice.name().equals(Scores.OTHER)) {
                judged.add(slice);
            } else {
                small.add(slice.difference());
            }
        }
        if (!small.isEmpty()) {
            judged.add(new GateEvidence.Slice("all smaller ones", together(small)));
        }
        return judged;
    }

    /**
     * Differences on different tasks as one: task by task where that is known, else means weighted by tasks, and their widths as independent errors (the MOVER of Zou
     * and Donner 2008, Statistics in Medicine 27, 1693–1702).
     */
    private static Difference together(List<Difference> parts) {
        double rows = parts.stream().mapToInt(Difference::rows).sum();
        if (parts.stream().allMatch(part -> part.paired() && !Double.isNaN(part.discordant()))) {
            int discordant = 0;
            int lead = 0;
            for (Difference part : parts) {
                discordant += (int) Math.round(part.discordant() * part.rows());
                lead += (int) Math.round(part.interval().value() * part.rows());
            }
            return new Difference(
                    DifferenceInterval.paired((discordant + lead) / 2, (discordant - lead) / 2, (int) rows),
                    (int) rows,
                    discordant / rows,
                    true);
        }
        double value = 0;
        double below = 0;
        double above = 0;
        double discordant = 0;
        for (Difference part : parts) {
            double weight = part.rows() / rows;
            Interval interval = part.interval();
            value += weight * interval.value();
            below += Math.pow(weight * (interval.value() - interval.low()), 2);
            above += Math.pow(weight * (interval.high() - interval.value()), 2);
            discordant += weight * part.discordant();
        }
        return new Difference(
                new Interval(value, value - Math.sqrt(below), value + Math.sqrt(above)),
                (int) rows,
                discordant,
                parts.stream().allMatch(Difference::paired));
    }

    private Line cost(Gate.Cost gate) {
        double cost = evidence.costPerThousand();
        if (Double.isNaN(cost)) {
            return unknown(
                    gate,
                    gate.most(),
                    "nobody knows what a thousand requests of [%s] cost".formatted(evidence.contender()),
                    "measure it, or say the price of a core-hour (hone demo --price)");
        }
        return new Line(
                gate.key(),
                state(cost <= gate.most()),
                cost,
                null,
                gate.most(),
                "a thousand requests cost %s, and may cost %s".formatted(number(cost), number(gate.most())),
                null);
    }

    private Line p95(Gate.P95 gate) {
        double limit = gate.most().toNanos() / 1e6;
        double p95 = evidence.p95Ms();
        if (Double.isNaN(p95)) {
            return unknown(
                    gate,
                    limit,
                    "nobody measured how long single requests of [%s] take".formatted(evidence.contender()),
                    "measure them, one after the other");
        }
        double[] times =
                evidence.latenciesMs().stream().mapToDouble(ms -> ms).sorted().toArray();
        if (times.length == 0) {
            return new Line(
                    gate.key(),
                    state(p95 <= limit),
                    p95,
                    null,
                    limit,
                    String.format(
                            Locale.ROOT,
                            "95 of 100 requests take %.0f ms at most by the report's figure alone, which has no single times; %.0f are allowed",
                            p95,
                            limit),
                    null);
        }
        Interval interval = quantile(p95, times);
        if (interval == null) {
            double longest = times[times.length - 1];
            return new Line(
                    gate.key(),
                    state(longest <= limit),
                    p95,
                    null,
                    limit,
                    String.format(
                            Locale.ROOT,
                            "95 of 100 requests take %.0f ms at most; %d times are too few for an interval, so the longest counts: %.0f ms, and %.0f are allowed",
                            p95,
                            times.length,
                            longest,
                            limit),
                    longest <= limit ? null : "time %d requests or more".formatted(leastTimes()));
        }
        return new Line(
                gate.key(),
                state(interval.high() <= limit),
                p95,
                interval,
                limit,
                String.format(
                        Locale.ROOT,
                        "95 of 100 requests take %.0f ms at most (%.0f to %.0f, %d requests); %.0f are allowed",
                        p95,
                        interval.low(),
                        interval.high(),
                        times.length,
                        limit),
                null);
    }

    /** Without assumptions: between the order statistics that the quantile lies between with a probability of 0.95. Null where there are too few. */
    private static @Nullable Interval quantile(double estimate, double[] sorted) {
        BinomialDistribution below = BinomialDistribution.of(sorted.length, QUANTILE);
        int high = below.inverseCumulativeProbability(1 - TAIL) + 1;
        if (high > sorted.length) {
            return null;
        }
        int low = Math.max(1, below.inverseCumulativeProbability(TAIL));
        return new Interval(estimate, sorted[low - 1], sorted[high - 1]);
    }

    private static int leastTimes() {
        return (int) Math.ceil(Math.log(TAIL) / Math.log(QUANTILE));
    }

    private Line retention(Gate.Retention gate) {
        List<GateEvidence.Retained> known = evidence.retained().stream()
                .filter(retained -> gate.data().contains(retained.data()) && retained.difference() != null)
                .toList();
        List<String> missing = gate.data().stream()
                .filter(data ->
                        known.stream().noneMatch(retained -> retained.data().equals(data)))
                .toList();
        if (!missing.isEmpty()) {
            return unknown(
                    gate,
                    -gate.margin(),
                    "no report compares [%s] with [%s] on the earlier tasks %s"
                            .formatted(evidence.contender(), baseline(), missing),
                    "let both answer them, and give that report by --retention");
        }
        GateEvidence.Retained worst = known.stream()
                .min(Comparator.comparingDouble(retained ->
                        Objects.requireNonNull(retained.difference()).interval().low()))
                .orElseThrow();
        Difference difference = Objects.requireNonNull(worst.difference());
        boolean met = isNotWorse(difference, gate.margin());
        return new Line(
                gate.key(),
                state(met),
                difference.interval().value(),
                difference.interval(),
                -gate.margin(),
                "of %d sets of earlier tasks [%s] is lowest: %s; each may be worse by %s"
                        .formatted(known.size(), worst.data(), shown(difference), points(gate.margin())),
                met ? null : remedy(difference, gate.margin()));
    }

    private Line sampleSize(Gate.SampleSize gate) {
        int rows = evidence.difference() == null
                ? evidence.rows()
                : Math.min(evidence.rows(), evidence.difference().rows());
        boolean met = rows >= gate.least();
        return new Line(
                gate.key(),
                state(met),
                (double) rows,
                null,
                gate.least(),
                String.format(Locale.ROOT, "it was judged on %,d tasks, and must be on %,d", rows, gate.least()),
                met
                        ? null
                        : evidence.testRows() < gate.least()
                                ? String.format(
                                        Locale.ROOT,
                                        "the data has only %,d tasks to judge by, so that no evaluation on it can pass: freeze a dataset with more, or ask for fewer",
                                        evidence.testRows())
                                : String.format(
                                        Locale.ROOT,
                                        "judge it on more of the %,d tasks that there are",
                                        evidence.testRows()));
    }

    /** How a comparison could show that a version is not worse; null where what was seen says that it is. */
    private static @Nullable String remedy(Difference difference, double margin) {
        if (difference.interval().high() < -margin) {
            return null;
        }
        double discordant = Double.isNaN(difference.discordant()) ? DISCORDANT : difference.discordant();
        int each = (int) Math.round(difference.rows() * discordant / 2);
        double equal = DifferenceInterval.paired(each, each, Math.max(2 * each, difference.rows()))
                .low();
        if (equal >= -margin) {
            return null;
        }
        String few = String.format(
                Locale.ROOT, "on %,d tasks a version that is just as good cannot pass", difference.rows());
        return margin == 0
                ? few + ": give a margin above 0, which is %s at least with so few".formatted(points(-equal))
                : few
                        + String.format(
                                Locale.ROOT,
                                ": it takes about %,d tasks, or a margin of %s",
                                Power.needed(margin, Math.max(margin, discordant)),
                                points(-equal));
    }

    private static String shown(Difference difference) {
        Interval interval = difference.interval();
        return String.format(
                Locale.ROOT,
                "%+.1f points (%+.1f to %+.1f) on %,d tasks%s",
                100 * interval.value(),
                100 * interval.low(),
                100 * interval.high(),
                difference.rows(),
                difference.paired() ? "" : ", not taken task by task");
    }

    private static String points(double share) {
        return String.format(Locale.ROOT, "%.1f points", 100 * share);
    }

    private static String number(double value) {
        return String.format(Locale.ROOT, "%.4g", value);
    }
}
