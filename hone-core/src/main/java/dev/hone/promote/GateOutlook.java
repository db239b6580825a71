package dev.hone.promote;

import dev.hone.evaluate.DifferenceInterval;
import dev.hone.evaluate.Power;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * What gates can say at all of a version that is not there yet: the number of tasks that it will be judged by bounds how narrow an interval can be. Made before
 * anything is trained; read by whoever would begin that.
 *
 * @param impossible gates that no version could meet, whatever it answered, each with how to mend it
 * @param unlikely gates that a version which is just as good as what it replaces could not meet, or mostly not
 */
public record GateOutlook(List<String> impossible, List<String> unlikely) {
    /** Shares of tasks on which exactly one of two contenders is right, between which most comparisons lie. */
    private static final double FEW = 0.05;

    private static final double MANY = 0.3;

    /** Differences of this size are none: they come from halving. */
    private static final double NOTHING = 1e-9;

    /** A margin below it is none: no use case has so many tasks. */
    private static final double LEAST = 1e-6;

    private static final String MORE =
            "import labelled rows, answer more of what is drawn by chance, or ask for less under [gates] in the charter";

    public GateOutlook {
        impossible = List.copyOf(impossible);
        unlikely = List.copyOf(unlikely);
    }

    /**
     * By what a version will be judged, at most.
     *
     * @param all tasks that it will answer
     * @param compared of these, those that what it would replace answers, too
     * @param earlier tasks that both will answer, of each set that {@code retention} names; sets that are missing are not known
     */
    public record Tasks(int all, int compared, Map<String, Integer> earlier) {
        public Tasks {
            earlier = Map.copyOf(earlier);
        }
    }

    /** What gates can say by so many tasks. */
    public static GateOutlook of(Gates gates, Tasks tasks) {
        List<String> impossible = new ArrayList<>();
        List<String> unlikely = new ArrayList<>();
        for (Gate gate : gates.all()) {
            switch (gate) {
                case Gate.Quality quality ->
                    compare(gate.key(), quality.margin(), tasks.compared(), impossible, unlikely);
                case Gate.Slices slices -> compare(gate.key(), slices.margin(), tasks.compared(), impossible, unlikely);
                case Gate.Retention retention -> {
                    for (String data : retention.data()) {
                        String name = "[%s] of [%s]".formatted(gate.key(), data);
                        Integer earlier = tasks.earlier().get(data);
                        if (earlier != null && earlier == 0) {
                            impossible.add(
                                    "%s: no task of it would be answered both by the version and by what it would replace: name the beginning of a dataset's hash whose test split has tasks (hone tasks list), and have a version live, or take it out of the charter"
                                            .formatted(name));
                        } else if (earlier != null) {
                            judge(name, retention.margin(), earlier, impossible, unlikely);
                        }
                    }
                }
                case Gate.SampleSize size -> {
                    if (tasks.all() < size.least()) {
                        impossible.add(String.format(
                                Locale.ROOT,
                                "[%s] asks for %,d tasks to judge by, and there are %,d at most: %s",
                                gate.key(),
                                size.least(),
                                tasks.all(),
                                MORE));
                    }
                }
                case Gate.Cost cost -> {}
                case Gate.P95 p95 -> {}
            }
        }
        return new GateOutlook(impossible, unlikely);
    }

    /** On all tasks: a part of them has no more. */
    private static void compare(String gate, double margin, int tasks, List<String> impossible, List<String> unlikely) {
        if (tasks == 0) {
            impossible.add(
                    "[%s] compares with what the version would replace, and nobody beside it would answer the tasks: leave the gate out until a version is live, or record what production answers (docs/loop.md)"
                            .formatted(gate));
        } else {
            judge("[%s]".formatted(gate), margin, tasks, impossible, unlikely);
        }
    }

    private static void judge(String gate, double margin, int tasks, List<String> impossible, List<String> unlikely) {
        int lead = lead(margin, tasks);
        if (lead > tasks) {
            impossible.add(
                    "%s: on %s not even a version that has all right, where what it would replace has none, is shown not to be worse by more than %s: %s"
                            .formatted(gate, counted(tasks), points(margin), MORE));
        } else if (lead > 0) {
            unlikely.add("%s: %s".formatted(gate, agreeing(margin, tasks, lead)));
        } else if (tasks < Power.needed(margin, Math.max(margin, FEW))) {
            unlikely.add(
                    "%s: that a version which is just as good is not worse by more than %s is shown by %s, four times of five, and there are %s: %s"
                            .formatted(gate, points(margin), about(margin), counted(tasks), MORE));
        }
    }

    private static String agreeing(double margin, int tasks, int lead) {
        String few =
                "on %s a version that answers just as what it would replace does cannot pass, since the interval of no difference reaches %s, and %s"
                        .formatted(
                                counted(tasks),
                                points(equal(tasks)),
                                margin < LEAST ? "none is allowed" : points(-margin) + " are allowed");
        return margin < LEAST
                ? few + ": it has to have %d more right, and none less".formatted(lead)
                : few
                        + ": it has to have %d more right, and none less; or take %s or more"
                                .formatted(lead, counted(least(margin)));
    }

    /**
     * What gates say of themselves, whatever the tasks: parts of tasks, or samples, that are large enough for them, and too small for a version that is just as good
     * to pass.
     */
    public static List<String> declared(Gates gates) {
        List<String> warnings = new ArrayList<>();
        int sample = 0;
        for (Gate gate : gates.all()) {
            if (gate instanceof Gate.SampleSize size) {
                sample = size.least();
            }
        }
        for (Gate gate : gates.all()) {
            if (gate instanceof Gate.Slices slices
                    && slices.margin() >= LEAST
                    && lead(slices.margin(), slices.leastRows()) > 0) {
                warnings.add("[%s]: %s in a part; let [least-rows] be %d or more, or [not-worse-than] %s"
                        .formatted(
                                gate.key(),
                                agreeing(
                                        slices.margin(), slices.leastRows(), lead(slices.margin(), slices.leastRows())),
                                least(slices.margin()),
                                share(-equal(slices.leastRows()))));
            }
            if (gate instanceof Gate.Quality quality
                    && quality.margin() >= LEAST
                    && sample > 0
                    && lead(quality.margin(), sample) > 0) {
                warnings.add("[%s] lets %s do, and [%s] does not: %s"
                        .formatted(
                                Gate.SAMPLE_SIZE,
                                counted(sample),
                                gate.key(),
                                agreeing(quality.margin(), sample, lead(quality.margin(), sample))));
            }
        }
        return warnings;
    }

    /** Tasks that it takes to show of a version that is just as good that it is not worse by a margin above 0, with a probability of 0.8 (Connor 1987). */
    public static String about(double margin) {
        return String.format(
                Locale.ROOT,
                "about %,d to %,d tasks, where exactly one of both is right on %.0f to %.0f %% of them",
                Power.needed(margin, Math.max(margin, FEW)),
                Power.needed(margin, Math.max(margin, MANY)),
                100 * FEW,
                100 * MANY);
    }

    /** How many more tasks a version must have right, and none less, to be shown not to be worse by more than a margin; more than there are where it cannot be. */
    static int lead(double margin, int tasks) {
        int low = 0;
        int high = tasks + 1;
        while (low < high) {
            int middle = (low + high) >>> 1;
            if (DifferenceInterval.paired(middle, 0, tasks).low() >= -margin - NOTHING) {
                high = middle;
            } else {
                low = middle + 1;
            }
        }
        return low;
    }

    /** The fewest tasks on which two that answer alike are shown not to differ by more than a margin, which is {@value #LEAST} or more. */
    static int least(double margin) {
        int low = 1;
        int high = 1;
        while (equal(high) < -margin - NOTHING) {
            low = high + 1;
            high *= 2;
        }
        while (low < high) {
            int middle = (low + high) >>> 1;
            if (equal(middle) >= -margin - NOTHING) {
                high = middle;
            } else {
                low = middle + 1;
            }
        }
        return low;
    }

    /** The lower end of the interval where two contenders answer alike. */
    private static double equal(int tasks) {
        return DifferenceInterval.paired(0, 0, tasks).low();
    }

    private static String counted(int tasks) {
        return tasks == 1 ? "1 task" : String.format(Locale.ROOT, "%,d tasks", tasks);
    }

    private static String points(double share) {
        return String.format(Locale.ROOT, "%.1f points", 100 * share);
    }

    /** As a charter has it, and none too little. */
    private static String share(double share) {
        return String.format(Locale.ROOT, "%.3f", Math.ceil(1000 * share) / 1000);
    }
}
