package dev.hone.loop;

import dev.hone.evaluate.Interval;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What happened on a day (UTC) in a project, by use case. Made by {@link DigestReader}; written by {@code hone serve} once a day, and by
 * {@code hone digest}.
 *
 * @param day as {@code 2026-11-26}
 * @param whole whether the day is over
 */
public record Digest(int schemaVersion, String project, String day, boolean whole, List<UseCaseDay> useCases) {
    static final int SCHEMA = 2;

    public Digest {
        useCases = List.copyOf(useCases);
    }

    /**
     * A use case's day.
     *
     * @param traffic by variant
     * @param quality what was judged: by graders on sampled calls, and by feedback
     * @param labels traces that experts labelled on it
     * @param drift what looks at production found on it, each thing once; what was seen last comes first
     * @param better what they found to have changed for the better, likewise
     * @param moves aliases that people moved on it, and switches that they turned
     * @param rounds of the loop that began or ended on it
     * @param gates verdicts on versions of it
     * @param rollouts what was decided on it about versions on their way to calls
     * @param alarms what somebody should look at now
     */
    public record UseCaseDay(
            String useCase,
            List<Traffic> traffic,
            List<Quality> quality,
            int labels,
            List<Changed> drift,
            List<Changed> better,
            List<Event> moves,
            List<Event> rounds,
            List<Event> gates,
            List<Event> rollouts,
            List<String> alarms) {
        public UseCaseDay {
            traffic = List.copyOf(traffic);
            quality = List.copyOf(quality);
            drift = List.copyOf(drift);
            better = List.copyOf(better);
            moves = List.copyOf(moves);
            rounds = List.copyOf(rounds);
            gates = List.copyOf(gates);
            rollouts = List.copyOf(rollouts);
            alarms = List.copyOf(alarms);
        }

        /** Whether nothing happened at all. */
        boolean isQuiet() {
            return traffic.isEmpty()
                    && quality.isEmpty()
                    && labels == 0
                    && drift.isEmpty()
                    && better.isEmpty()
                    && moves.isEmpty()
                    && rounds.isEmpty()
                    && gates.isEmpty()
                    && rollouts.isEmpty()
                    && alarms.isEmpty();
        }
    }

    /**
     * Calls of a variant.
     *
     * @param shadow whether these are copies that answered nobody
     * @param spend by currency, exact
     * @param p50Ms half of the calls took no longer; NaN without calls
     * @param p95Ms 95 of 100 took no longer; NaN without calls
     */
    public record Traffic(
            String variant,
            boolean shadow,
            long calls,
            long errors,
            long promptTokens,
            long completionTokens,
            Map<String, String> spend,
            double p50Ms,
            double p95Ms) {}

    /**
     * What judgments came to.
     *
     * @param of a grader, or a metric of feedback, with the variant that it is about
     * @param mean with its 95 % interval; null where values have no bounds that are known
     */
    public record Quality(
            String of, long count, double mean, @Nullable Interval interval) {}

    /**
     * One thing that looks found changed.
     *
     * @param change in words, as the last of them had it
     * @param first of them
     * @param last of them
     * @param looks how many found it so
     */
    public record Changed(String of, String change, String first, String last, int looks) {}

    /** @param at UTC */
    public record Event(String at, String words) {}
}
