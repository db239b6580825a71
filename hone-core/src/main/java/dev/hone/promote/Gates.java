package dev.hone.promote;

import com.fasterxml.jackson.annotation.JsonProperty;
import dev.hone.evaluate.Interval;
import dev.hone.fetch.Hashes;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * All rules that a version of a use case must keep before it gets traffic. Every one must be met, so none needs a correction for the number of them: that a bad version
 * passes all is no more probable than that it passes the one that it breaks (an intersection–union test, Berger 1982, Technometrics 24, 295–300). A version is not worse
 * by more than a margin when the lower end of the 95 % interval of the difference is not below it (non-inferiority, Blackwelder 1982, Controlled Clinical Trials 3,
 * 345–353): a version that is worse by just the margin passes with a probability of 0.025. What is not known is not met.
 *
 * @param all at least one
 * @param contender what reports call the version; null for its own name, or the last contender
 * @param baseline what reports call what it would replace; null for the live version, or today's model where nothing is live
 */
public record Gates(
        List<Gate> all,
        @Nullable String contender,
        @Nullable String baseline) {
    public Gates {
        all = List.copyOf(all);
        if (all.isEmpty()) {
            throw new IllegalArgumentException("Without a gate nothing would be asked");
        }
    }

    /** Whether a gate lets through. */
    public enum State {
        @JsonProperty("met")
        MET("met"),
        @JsonProperty("not met")
        NOT_MET("not met"),
        /** Which is not met. */
        @JsonProperty("unknown")
        UNKNOWN("unknown");

        private final String words;

        State(String words) {
            this.words = words;
        }

        /** For people. */
        public String words() {
            return words;
        }
    }

    /**
     * What a gate says.
     *
     * @param gate its key
     * @param figure what is judged; null where it is not known. Differences are of the version less its baseline
     * @param interval of the figure, 95 %; null where there is none
     * @param limit that the figure's interval, or the figure, must keep
     * @param sentence in words
     * @param remedy how it could be met; null where it is, or where it takes a better version
     */
    public record Line(
            String gate,
            State state,
            @Nullable Double figure,
            @Nullable Interval interval,
            double limit,
            String sentence,
            @Nullable String remedy) {}

    /** What all gates say. */
    public record Verdict(boolean passed, List<Line> lines) {
        public Verdict {
            lines = List.copyOf(lines);
        }
    }

    /** Judges a version by what is known of it. */
    public Verdict judge(GateEvidence evidence) {
        List<Line> lines =
                all.stream().map(gate -> new GateJudgement(evidence).line(gate)).toList();
        return new Verdict(lines.stream().allMatch(line -> line.state() == State.MET), lines);
    }

    /** What a verdict is kept with: whoever declares other gates, or the same of somebody else, has another hash. */
    public String hash() {
        List<String> lines =
                new ArrayList<>(all.stream().map(Gates::text).sorted().toList());
        lines.add("contender " + contender);
        lines.add("baseline " + baseline);
        return Hashes.sha256(String.join("\n", lines));
    }

    private static String text(Gate gate) {
        String values = switch (gate) {
            case Gate.Quality quality -> String.valueOf(quality.margin());
            case Gate.Slices slices -> slices.margin() + " " + slices.leastRows();
            case Gate.Cost cost -> String.valueOf(cost.most());
            case Gate.P95 p95 -> String.valueOf(p95.most());
            case Gate.Retention retention -> retention.margin() + " " + retention.data();
            case Gate.SampleSize size -> String.valueOf(size.least());
        };
        return gate.key() + " " + values;
    }

    /** Whether some compare on the tasks themselves. */
    public boolean compare() {
        return all.stream().anyMatch(gate -> gate instanceof Gate.Quality || gate instanceof Gate.Slices);
    }

    /** The sets of earlier tasks that are asked for. */
    public List<String> retention() {
        return all.stream()
                .filter(Gate.Retention.class::isInstance)
                .map(Gate.Retention.class::cast)
                .flatMap(gate -> gate.data().stream())
                .toList();
    }
}
