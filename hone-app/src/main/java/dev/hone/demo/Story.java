package dev.hone.demo;

import dev.hone.evaluate.Interval;
import dev.hone.loop.Results;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * {@code loop.json}: what came of a demo of the loop, with all that is needed to make it again. Its page tells the same.
 *
 * @param useCase what it is about
 * @param model base model
 * @param quick whether it is the toy job of a tiny model
 * @param simulated what of the world is simulated, in sentences
 * @param rates of mistakes that the simulated ones make, by who
 * @param known tools that were there from the beginning
 * @param coming tools that came later
 * @param lines quality over time
 * @param shares right answers of whole spans
 * @param differences between such
 * @param began who began the round of the new version, and why
 * @param evaluated of the new version beside the one before, on tasks that neither learned from; {@code fresh} are those that no earlier round judged by, of old tools and new ones
 * @param kinds the same by the kind of call, new tools first
 * @param good the rollout of the new version
 * @param bad the rollout of the bad version
 * @param seconds that everything took
 * @param versions of what computed
 */
public record Story(
        int schemaVersion,
        String useCase,
        String model,
        boolean quick,
        long seed,
        List<String> simulated,
        Map<String, Double> rates,
        List<String> known,
        List<String> coming,
        List<Event> events,
        List<Line> lines,
        List<Share> shares,
        List<Difference> differences,
        Began began,
        Results.@Nullable Evaluated evaluated,
        List<Kind> kinds,
        Rolled good,
        Rolled bad,
        int calls,
        double seconds,
        Map<String, String> versions) {
    public static final int SCHEMA = 3;

    /**
     * As the store has it.
     *
     * @param who began it
     * @param why in a sentence
     * @param unattended whether no person did
     */
    public record Began(String who, String why, boolean unattended) {}

    /** @param kind a word, such as {@code drift} */
    public record Event(double seconds, String kind, String words) {}

    /** @param interval of the share of right answers, 95 % */
    public record Point(double seconds, int calls, Interval interval) {}

    public record Line(String name, List<Point> points) {}

    /** @param interval 95 %; null without calls */
    public record Share(
            String name, int calls, int right, @Nullable Interval interval) {}

    /** The share of the first less that of the second, with a 95 % interval (Newcombe 1998, method 10). */
    public record Difference(String first, String second, Interval interval) {
        static @Nullable Difference of(Share first, Share second) {
            Interval a = first.interval();
            Interval b = second.interval();
            if (a == null || b == null) {
                return null;
            }
            double difference = a.value() - b.value();
            double below = Math.hypot(a.value() - a.low(), b.high() - b.value());
            double above = Math.hypot(a.high() - a.value(), b.value() - b.low());
            return new Difference(
                    first.name(),
                    second.name(),
                    new Interval(difference, Math.max(-1, difference - below), Math.min(1, difference + above)));
        }
    }

    /**
     * Two versions on tasks of a kind.
     *
     * @param name of the kind
     * @param right answers of the version
     * @param beforeRight answers of the one before
     * @param difference of the shares of right answers, task by task, with a 95 % interval (Tango 1998)
     */
    public record Kind(
            String name, int tasks, String version, int right, String before, int beforeRight, Interval difference) {}

    /**
     * A rollout.
     *
     * @param phase it ended in
     * @param candidateCalls of users that the version answered until its end
     * @param decisions that were made, in words
     */
    public record Rolled(String version, String phase, int candidateCalls, double seconds, List<String> decisions) {}
}
