package dev.hone.web.site;

import dev.hone.promote.Evidence;
import dev.hone.promote.Measure;
import dev.hone.promote.Stage;
import dev.hone.record.RolloutDecision;
import dev.hone.record.StoredRollout;
import dev.hone.store.Rollouts;
import dev.hone.web.SequencePlot;
import dev.hone.web.SequencePlot.Mark;
import dev.hone.web.SequencePlot.Point;
import dev.hone.web.SequencePlot.Stratum;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;

/**
 * What was known of a candidate, from the beginning of its rollout to its end, or to what is known last.
 *
 * @param looks in their order
 * @param decisions in their order
 */
record SequenceDrawing(StoredRollout rollout, List<Rollouts.Look> looks, List<RolloutDecision> decisions) {
    private static final Set<String> MARKED = Set.of(
            "shadow",
            "canary",
            "ready",
            "promote",
            RolloutDecision.ROLL_BACK,
            RolloutDecision.WITHDRAW,
            "back",
            "stop");

    /** No axis of time is shorter. */
    private static final Duration SHORTEST = Duration.ofSeconds(1);

    /** The proportion in which calls were divided: each is looked at by itself. */
    private record Share(boolean copies, int step, double share) {
        static Share of(Evidence evidence) {
            return new Share(evidence.copies(), evidence.step(), evidence.share());
        }

        String name(Instant at) {
            return KnownTable.step(new Stage(copies, step, share, at, null));
        }
    }

    /** Looks of one measure that follow each other, while calls were divided in one proportion. */
    private record Run(Share share, List<Point> points) {}

    /** One for each measure that was ever looked at. */
    List<SequencePlot> plots() {
        Map<Measure, List<Run>> runs = new EnumMap<>(Measure.class);
        for (Rollouts.Look look : looks) {
            Evidence evidence = Evidence.of(look.evidence());
            if (evidence != null) {
                evidence.measures()
                        .forEach(known -> add(
                                runs.computeIfAbsent(known.measure(), measure -> new ArrayList<>()),
                                Share.of(evidence),
                                new Point(look.at(), known.difference())));
            }
        }
        List<Mark> marks = decisions.stream()
                .filter(decision -> MARKED.contains(decision.action()))
                .map(decision -> new Mark(
                        decision.at(),
                        decision.action().equals("canary") ? "step " + (decision.step() + 1) : decision.action()))
                .toList();
        Instant from = times().min(Instant::compareTo).orElse(rollout.created());
        Instant last = times().max(Instant::compareTo).orElse(from);
        Instant to = last.isBefore(from.plus(SHORTEST)) ? from.plus(SHORTEST) : last;
        return runs.entrySet().stream()
                .map(entry -> new SequencePlot(
                        "The candidate less what it is compared with, by "
                                + entry.getKey().word(),
                        from,
                        to,
                        entry.getValue().stream()
                                .map(run -> new Stratum(
                                        run.share().name(run.points().getFirst().at()), run.points()))
                                .toList(),
                        marks))
                .toList();
    }

    private static void add(List<Run> runs, Share share, Point point) {
        if (runs.isEmpty() || !runs.getLast().share().equals(share)) {
            runs.add(new Run(share, new ArrayList<>()));
        }
        runs.getLast().points().add(point);
    }

    /** Its beginning, and whatever happened since: clocks of gateways may be behind that of the database, by which it began. */
    private Stream<Instant> times() {
        return Stream.of(
                        Stream.of(rollout.created(), rollout.since()),
                        looks.stream().map(Rollouts.Look::at),
                        decisions.stream().map(RolloutDecision::at))
                .flatMap(one -> one);
    }
}
