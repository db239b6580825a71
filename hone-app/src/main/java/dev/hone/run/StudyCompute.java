package dev.hone.run;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * What a {@link Study}'s equal compute came to: what each control took, for what rewards and learning what they found took together. Above 1 the control had more.
 *
 * @param ratios by cell, and of all cells together
 * @param sentence what those of the same demonstrations again mean; empty before any is finished
 */
public record StudyCompute(List<Ratio> ratios, String sentence) {
    public StudyCompute {
        ratios = List.copyOf(ratios);
    }

    /**
     * A control's share.
     *
     * @param fold null of all cells together
     * @param seed null of all cells together
     * @param control the arm, by its name as a contender
     * @param tokens of positions of demonstrations, and of tokens drawn for rewards
     * @param seconds measured
     * @param fastest of seconds, were all demonstrations and all rewards learned at the highest speed that each had in any cell: other work slows them unevenly
     */
    public record Ratio(
            @Nullable Integer fold,
            @Nullable Long seed,
            String control,
            double tokens,
            double seconds,
            double fastest) {}

    /** @param times of every finished training */
    static StudyCompute of(List<StudyReport.Time> times) {
        List<Ratio> ratios = new ArrayList<>();
        for (Study.Arm control : List.of(Study.Arm.AGAIN, Study.Arm.ALL)) {
            List<StudyReport.Time> with = times.stream()
                    .filter(one -> times.stream().anyMatch(other -> other.isOf(control) && other.isBeside(one)))
                    .toList();
            with.stream()
                    .filter(one -> one.isOf(control))
                    .map(one -> ratio(
                            one.fold(),
                            one.seed(),
                            control,
                            with.stream().filter(one::isBeside).toList(),
                            times))
                    .forEach(ratios::add);
            if (!with.isEmpty()) {
                ratios.add(ratio(null, null, control, with, times));
            }
        }
        return new StudyCompute(ratios, sentence(ratios));
    }

    /** @param times of the cells that it is about, of {@code all} */
    private static Ratio ratio(
            @Nullable Integer fold,
            @Nullable Long seed,
            Study.Arm control,
            List<StudyReport.Time> times,
            List<StudyReport.Time> all) {
        Took controlled = took(times, one -> one.isOf(control), all);
        Took rewarded = took(times, one -> one.isOf(Study.Arm.REWARDS) || one.isOf(Study.Arm.FOUND), all);
        return new Ratio(
                fold,
                seed,
                control.contender(),
                controlled.tokens() / rewarded.tokens(),
                controlled.seconds() / rewarded.seconds(),
                controlled.fastest() / rewarded.fastest());
    }

    private record Took(double tokens, double seconds, double fastest) {}

    private static Took took(
            List<StudyReport.Time> times, Predicate<StudyReport.Time> which, List<StudyReport.Time> all) {
        double tokens = 0;
        double seconds = 0;
        double fastest = 0;
        for (StudyReport.Time one : times) {
            if (which.test(one)) {
                double speed = all.stream()
                        .filter(other -> other.isOf(Study.Arm.REWARDS) == one.isOf(Study.Arm.REWARDS))
                        .mapToDouble(StudyReport.Time::tokensPerSecond)
                        .max()
                        .orElseThrow();
                tokens += one.tokens();
                seconds += one.seconds();
                fastest += one.tokens() / speed;
            }
        }
        return new Took(tokens, seconds, fastest);
    }

    private static String sentence(List<Ratio> ratios) {
        String again = Study.Arm.AGAIN.contender();
        List<Ratio> cells = ratios.stream()
                .filter(one -> one.control().equals(again) && one.fold() != null)
                .toList();
        Optional<Ratio> all = ratios.stream()
                .filter(one -> one.control().equals(again) && one.fold() == null)
                .findFirst();
        if (all.isEmpty()) {
            return "";
        }
        double[] seconds = cells.stream().mapToDouble(Ratio::seconds).sorted().toArray();
        double least = Math.min(all.get().seconds(), all.get().fastest());
        double most = Math.max(all.get().seconds(), all.get().fastest());
        return String.format(
                Locale.ROOT,
                "[%s] had %.2f times the seconds of rewards and what they found (%.2f to %.2f in single cells), %.2f times were all work as fast as its kind was in any cell, and %.2f times the tokens; those of rewards are drawn before they are learned from. %s.",
                again,
                all.get().seconds(),
                seconds[0],
                seconds[seconds.length - 1],
                all.get().fastest(),
                all.get().tokens(),
                meaning(least, most));
    }

    /** @param least of the two ways to count time */
    private static String meaning(double least, double most) {
        if (least >= 1) {
            return "So it had as much time or more: a lead of rewards over it is not bought by compute";
        }
        return most < 1
                ? "So it had less time: some of a lead of rewards over it may be compute"
                : "So it had more time by one count and less by the other: compute is equal to within these factors, no closer";
    }
}
